"""Reads a citizen card's QR code from a picture and fills the applicant's fields, once confirmed."""

from collections.abc import Callable

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from bnhelper.actions.answer_question import answer_questions
from bnhelper.codes.citizen_card import CitizenCard, read_card
from bnhelper.ids import FieldPath
from ui.devices.picture import Offered, codes_in, offered_by, read_file
from ui.presenters.desk import Desk
from ui.presenters.routes import ScanCard
from ui.screens.trouble import tell
from ui.widgets.page import Page
from ui.widgets.parts import banner, button, card, clear, label
from ui.widgets.question_field import two_columns
from ui.words import formats


class ScanCardScreen(Page):
    """A picture in, five fields out; nothing is filled before a person has looked."""

    def __init__(self, desk: Desk, route: ScanCard) -> None:
        super().__init__()
        self._desk = desk
        self._route = route
        self._card: CitizenCard | None = None
        self.setAcceptDrops(True)
        QShortcut(QKeySequence("Ctrl+V"), self).activated.connect(self._paste)
        self._draw()

    def first_focus(self) -> QWidget | None:
        return self.findChild(QWidget, "chooseFile")

    def _draw(self) -> None:
        clear(self.content)
        self.set_title(self.tr("Scan the ID card"))
        self.content.addWidget(
            label(self.tr("Choose a picture of the side with the QR code, drag it here, or paste it with Ctrl+V."))
        )
        self.add_row(
            button(self.tr("Choose a picture"), self._choose, name="chooseFile", icon="folder_open"),
            button(self.tr("Paste"), self._paste, name="paste"),
            None,
        )
        self.content.addWidget(
            label(self.tr("Only the read fields are kept. The picture and the code itself are not."), "small")
        )
        found = self._card
        if found is None:
            self.set_actions(back=(self.tr("Back"), self._desk.navigator.back))
            return
        frame, inside = card()
        inside.addWidget(label(self.tr("Is this the person in front of you?"), "h2"))
        sexes = {"nam": self.tr("Male"), "nu": self.tr("Female")}
        inside.addWidget(
            two_columns(
                [
                    (self.tr("Full name"), label(found.full_name, "strong")),
                    (self.tr("ID number"), label(formats.masked_number(found.id_number))),
                    (self.tr("Date of birth"), label(formats.shown_date(found.birth_date) or "—")),
                    (self.tr("Sex"), label(sexes.get(found.sex, "—"))),
                    (self.tr("Address on the card"), label(found.address)),
                ]
            )
        )
        self.content.addWidget(frame)
        words = {
            "birth-date-impossible": self.tr("The card's date of birth does not exist: type it in."),
            "birth-year-differs": self.tr("The year of birth does not fit the ID number: look at the card."),
            "sex-differs": self.tr("The sex does not fit the ID number: look at the card."),
            "century-ahead": self.tr("The ID number names a birth in the future: look at the card."),
        }
        for warning in found.warnings:
            self.content.addWidget(banner("warn", words[warning]))
        self.set_actions(back=(self.tr("Back"), self._desk.navigator.back), primary=(self.tr("Fill in"), self._fill))

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a picture"), "", "*.jpg *.jpeg *.png *.webp *.bmp")
        if path:
            self.read(lambda: read_file(path))

    def _paste(self) -> None:
        offered = offered_by(QApplication.clipboard().mimeData())
        if offered:
            self.read(lambda: offered[0])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        offered = offered_by(event.mimeData())
        event.acceptProposedAction()
        if offered:
            self.read(lambda: offered[0])

    def read(self, offer: Callable[[], Offered]) -> None:
        """Read a card from what `offer` gives; also the way in for the demo and tests."""

        def work() -> CitizenCard:
            return read_card(codes_in(offer().content)[0])

        self._desk.work.run(work, owner=self).then(self._found).on_trouble(lambda wrong: tell(self.content, wrong))

    def _found(self, found: CitizenCard) -> None:
        self._card = found
        self._draw()

    def _fill(self) -> None:
        desk, dossier = self._desk, self._route.dossier
        assert self._card is not None
        values = {FieldPath(path): value for path, value in self._card.as_answers().items()}
        desk.work.run(lambda: answer_questions(desk.machine, dossier, values, "card"), owner=self).then(
            lambda _saved: desk.navigator.back()
        ).on_trouble(lambda wrong: tell(self.content, wrong))


def make(desk: Desk, route: ScanCard) -> ScanCardScreen:
    return ScanCardScreen(desk, route)
