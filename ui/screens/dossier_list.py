"""All dossiers of this machine, those that need a person first."""

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from bnhelper.actions.bin_dossier import bin_dossier, take_from_bin
from bnhelper.domain.custody import StatusKey
from bnhelper.domain.dossier import DossierRow
from bnhelper.ids import DossierId
from bnhelper.queries.dossier_list import FILTERS, DossierPage, ListPlace, dossier_list
from ui.presenters.desk import Desk
from ui.presenters.routes import DossierList, FindProcedure
from ui.screens.today import place_of
from ui.screens.trouble import tell
from ui.widgets.chip import status_chip
from ui.widgets.page import Page
from ui.widgets.parts import RowButton, button, card, clear, label, row
from ui.widgets.toast import Toast
from ui.words import formats


class DossierListScreen(Page):
    """Filters with their counts, a text filter, rows in pages."""

    def __init__(self, desk: Desk, route: DossierList) -> None:
        super().__init__()
        self._desk = desk
        self._filter = route.status_filter or "all"
        self._shown = 0
        self._next: ListPlace | None = None
        self.set_title(self.tr("Dossiers"))
        self.field = QLineEdit(route.text)
        self.field.setObjectName("filterField")
        self.field.setMaximumWidth(480)
        self.field.setClearButtonEnabled(True)
        self.field.setPlaceholderText(self.tr("Filter by name, code or procedure"))
        self.field.setAccessibleName(self.tr("Filter by name, code or procedure"))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(150)
        self._pause.timeout.connect(self._load)
        self.field.textChanged.connect(lambda _text: self._pause.start())
        self.content.addWidget(self.field)
        self._tabs = QGridLayout()
        self._tabs.setSpacing(8)
        self.content.addLayout(self._tabs)
        frame, self._rows = card(margin=0, spacing=0)
        self.content.addWidget(frame)
        self._said = label("", "small")
        self.content.addWidget(self._said)
        self.set_actions(primary=(self.tr("New dossier"), lambda: desk.navigator.go(FindProcedure())))
        self._load()

    def first_focus(self) -> QWidget:
        return self.field

    def _load(self) -> None:
        """Ask for the first page; what was shown goes when it is here."""
        self._ask(None)

    def _ask(self, start: ListPlace | None) -> None:
        desk, text, chosen = self._desk, self.field.text(), self._filter
        desk.work.run(
            lambda: dossier_list(desk.machine, status_filter=chosen, text=text, start=start), owner=self
        ).then(partial(self._draw, is_first=start is None)).on_trouble(lambda wrong: tell(self.content, wrong))

    def _draw(self, page: DossierPage, *, is_first: bool) -> None:
        names = {
            "all": self.tr("All"),
            "draft": self.tr("Drafts"),
            "ready": self.tr("Waiting to send"),
            "sendfail": self.tr("Could not send"),
            "delivered": self.tr("At the province"),
            "supplement": self.tr("Needs supplement"),
            "done": self.tr("Finished"),
        }
        clear(self._tabs)
        for key in FILTERS:
            tab = button(
                f"{names[key]} {page.counts[key]}", partial(self._choose, key), kind="tab", name=f"filter_{key}"
            )
            tab.setCheckable(True)
            tab.setChecked(key == self._filter)
            place = list(FILTERS).index(key)
            self._tabs.addWidget(tab, place // 4, place % 4)
        if is_first:
            clear(self._rows)
            self._shown = 0
        more = self.findChild(QWidget, "showMore")
        if more is not None:
            more.setObjectName("")
            more.hide()
            more.deleteLater()
        self._shown += len(page.rows)
        self._next = page.next
        if not self._shown:
            self._rows.addWidget(label(self._empty(), "muted"))
            self._rows.setContentsMargins(16, 16, 16, 16)
        else:
            self._rows.setContentsMargins(0, 0, 0, 0)
        for one in page.rows:
            self._rows.addWidget(self._row(one))
        said = self.tr("%1 of %2").replace("%1", str(self._shown)).replace("%2", str(page.total))
        heard = max((one.wire_at for one in page.rows if one.wire_at is not None), default=None)
        if heard is not None:
            said += " · " + self.tr("last word from the province %1").replace(
                "%1", formats.when(heard, self._desk.clock.now(), self._desk.language)
            )
        self._said.setText(said if page.total else "")
        if page.next is not None and self._shown < page.total:
            self._rows.addWidget(button(self.tr("Show more"), self._more, kind="link", name="showMore"))

    def _row(self, one: DossierRow) -> QWidget:
        now, language = self._desk.clock.now(), self._desk.language
        detail = f"{one.title(language)} · {one.readable_code} · {formats.when(one.changed_at, now, language)}"
        if one.status is StatusKey.SUPPLEMENT and one.deadline is not None:
            detail += " · " + self.tr("due %1").replace("%1", formats.date(one.deadline))
        name = one.applicant or self.tr("No name yet")
        go = partial(self._desk.navigator.go, place_of(one))
        made = RowButton(name, detail, status_chip(one.status), go, name=f"dossier_{one.readable_code}")
        if one.status is not StatusKey.DRAFT:
            return made
        holder = QWidget()
        inside = row(
            made, button(self.tr("Delete"), partial(self._bin, one.id), kind="link", name=f"delete_{one.readable_code}")
        )
        inside.setContentsMargins(0, 0, 8, 0)
        inside.setStretch(0, 1)
        holder.setLayout(inside)
        return holder

    def _empty(self) -> str:
        return {
            "draft": self.tr("No drafts. What you are working on will be here."),
            "ready": self.tr("Nothing waits. Locked dossiers wait here until they are sent."),
            "sendfail": self.tr("Nothing is stuck. What the province returns will be here, with its reason."),
            "supplement": self.tr("No supplement is asked for. Requests of officers will be here."),
        }.get(self._filter, self.tr("No dossiers here. Begin with “New dossier”."))

    def _choose(self, key: str) -> None:
        self._filter = key
        self._load()

    def _more(self) -> None:
        self._ask(self._next)

    def _bin(self, dossier: DossierId) -> None:
        desk = self._desk

        def binned(_none: None) -> None:
            self._load()
            Toast(self, self.tr("Deleted"), self.tr("Undo"), back)

        def back() -> None:
            desk.work.run(lambda: take_from_bin(desk.machine, dossier), owner=self).then(lambda _none: self._load())

        desk.work.run(lambda: bin_dossier(desk.machine, dossier), owner=self).then(binned).on_trouble(
            lambda wrong: tell(self.content, wrong)
        )


def make(desk: Desk, route: DossierList) -> DossierListScreen:
    return DossierListScreen(desk, route)
