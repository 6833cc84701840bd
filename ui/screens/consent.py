"""What is kept, what for, who sees it: agree or not, one purpose at a time."""

import tomllib

from PySide6.QtWidgets import QButtonGroup, QCheckBox, QLineEdit, QWidget

import resources
from bnhelper.actions.bin_dossier import erase_dossier
from bnhelper.actions.record_consent import record_consent
from bnhelper.domain.consent import FILE_DOSSIER
from bnhelper.domain.dossier import DossierRow
from bnhelper.queries.dossier_list import dossier
from ui.presenters.desk import Desk
from ui.presenters.routes import Consent, PersonalChecklist
from ui.screens.trouble import tell
from ui.widgets.page import Page
from ui.widgets.parts import banner, button, card, label, label_for
from ui.widgets.question_field import two_columns


class ConsentScreen(Page):
    """Nothing is ticked beforehand and both answers are the same size (Law 91/2025/QH15, article 9)."""

    MOST_WIDTH = 840  # lines of at most some 75 letters

    def __init__(self, desk: Desk, route: Consent) -> None:
        super().__init__()
        self._desk = desk
        self._route = route
        self._row: DossierRow | None = None
        said = tomllib.loads(resources.read_text(f"consent/{FILE_DOSSIER}.toml"))
        self._version: str = said["version"]
        self._categories: list[str] = said["categories"]
        self._is_sensitive: bool = said["sensitive"]
        self._text: dict[str, str] = said["en" if desk.language == "en" else "vi"]
        self.set_title(self.tr("Do you agree?"))
        frame, inside = card()
        rows = (
            (self.tr("What we keep"), "keep"),
            (self.tr("What for"), "use"),
            (self.tr("Who sees it"), "who"),
            (self.tr("Where and for how long"), "where"),
            (self.tr("You have the right to"), "rights"),
        )
        inside.addWidget(two_columns([(name, label(self._text[key])) for name, key in rows]))
        self.content.addWidget(frame)
        frame, inside = card()
        inside.addWidget(label(self.tr("Who answers"), "strong"))
        self._group = QButtonGroup(self)
        for key, words in (
            ("self", self.tr("The person")),
            ("representative", self.tr("A representative")),
            ("read_aloud", self.tr("Read out to the person, who agreed by voice or thumbprint")),
        ):
            one = button(words, self._chosen, kind="choice", name=f"giver_{key}")
            one.setCheckable(True)
            one.setProperty("giver", key)
            self._group.addButton(one)
            inside.addWidget(one)
        self._name = QLineEdit()
        self._name.setObjectName("representative")
        self._relation = QLineEdit()
        self._relation.setObjectName("relation")
        self._relation.setPlaceholderText(self.tr("mother, guardian…"))
        self._minor = QCheckBox(self.tr("The person is under 18"))
        self._minor.setObjectName("isForMinor")
        self._of_representative: list[QWidget] = []
        for field, words in (
            (self._name, self.tr("Name of the representative")),
            (self._relation, self.tr("What the representative is to the person")),
        ):
            field.setMaximumWidth(560)
            self._of_representative += [label_for(field, words), field]
        self._of_representative.append(self._minor)
        for widget in self._of_representative:
            widget.setVisible(False)
            inside.addWidget(widget)
        self.content.addWidget(frame)
        self.content.addWidget(
            label(self.tr("Saying no, you still get guidance and the printed list of papers."), "small")
        )
        decline = button(self.tr("I do not agree"), self._decline, name="decline")
        self.set_actions(
            back=(self.tr("Back"), desk.navigator.back), others=(decline,), primary=(self.tr("I agree"), self._agree)
        )
        decline.setMinimumWidth(160)
        if self._primary is not None:
            self._primary.setMinimumWidth(160)
        desk.work.run(lambda: dossier(desk.machine, route.dossier), owner=self).then(self._loaded).on_trouble(
            lambda wrong: tell(self.content, wrong)
        )

    def first_focus(self) -> QWidget | None:
        return self._group.buttons()[0]

    def _loaded(self, row: DossierRow) -> None:
        self._row = row
        if row.applicant:
            self.set_title(self.tr("%1, do you agree?").replace("%1", row.applicant), row.title(self._desk.language))

    def _chosen(self) -> None:
        for widget in self._of_representative:
            widget.setVisible(self._giver() == "representative")

    def _giver(self) -> str:
        chosen = self._group.checkedButton()
        return str(chosen.property("giver")) if chosen is not None else ""

    def _agree(self) -> None:
        giver = self._giver()
        name = self._name.text().strip()
        if not giver or (giver == "representative" and not name):
            old = self.findChild(QWidget, "trouble")
            if old is None:
                said = self.tr("Choose who answers") if not giver else self.tr("Enter the representative's name")
                self.content.insertWidget(0, banner("trouble", said, name="trouble"))
            self.scroller.verticalScrollBar().setValue(0)
            return
        relation, is_for_minor = self._relation.text().strip(), giver == "representative" and self._minor.isChecked()
        desk, route, text = self._desk, self._route, "\n".join(self._text.values())
        desk.work.run(
            lambda: record_consent(
                desk.machine,
                route.dossier,
                purpose=FILE_DOSSIER,
                text_version=self._version,
                text=text,
                given_by=giver,
                representative=name if giver == "representative" else None,
                relation=relation if giver == "representative" else None,
                is_for_minor=is_for_minor,
                categories=self._categories,
                is_sensitive=self._is_sensitive,
                method="read_aloud" if giver == "read_aloud" else "tapped",
            ),
            owner=self,
        ).then(lambda _none: desk.navigator.back()).on_trouble(lambda wrong: tell(self.content, wrong))

    def _decline(self) -> None:
        """Keep nothing: the draft is erased at once; the list of papers stays available."""
        row, desk = self._row, self._desk
        if row is None:
            return
        desk.work.run(lambda: erase_dossier(desk.machine, row.id), owner=self).then(
            lambda _none: desk.navigator.replace(PersonalChecklist(row.procedure, full=True))
        ).on_trouble(lambda wrong: tell(self.content, wrong))


def make(desk: Desk, route: Consent) -> ConsentScreen:
    return ConsentScreen(desk, route)
