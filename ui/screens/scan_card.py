"""Reads a citizen card's QR code from a picture and fills the applicant's fields, once confirmed."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bnhelper.actions.fill_from_card import fill_from_card
from bnhelper.catalogue.units import places
from bnhelper.codes.citizen_card import CitizenCard, read_card
from bnhelper.domain.places import Resolution, Unit
from ui.devices.picture import Offer, codes_in, offers_of, read_file
from ui.presenters.desk import Desk
from ui.presenters.routes import ScanCard
from ui.screens.trouble import tell
from ui.widgets.page import Page
from ui.widgets.parts import banner, button, card, clear, label, row
from ui.widgets.question_field import two_columns
from ui.words import formats


class ScanCardScreen(Page):
    """A picture in, five fields out; nothing is filled before a person has looked."""

    def __init__(self, desk: Desk, route: ScanCard) -> None:
        super().__init__()
        self._desk = desk
        self._route = route
        self._card: CitizenCard | None = None
        self._place = Resolution("unknown")
        self._lives_there = QCheckBox()
        self._choices: dict[str, QPushButton] = {}
        self.setAcceptDrops(True)
        QShortcut(QKeySequence("Ctrl+V"), self).activated.connect(self._paste)
        self._draw()

    def first_focus(self) -> QWidget | None:
        return self.findChild(QWidget, "chooseFile")

    def _draw(self) -> None:
        clear(self.content)
        self.set_title(self.tr("Scan the QR code on the ID card"))
        found = self._card
        if found is None:
            self._draw_waiting()
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
        self._draw_place(inside)
        self.content.addWidget(frame)
        words = {
            "birth-date-impossible": self.tr("The card's date of birth does not exist: type it in."),
            "birth-year-differs": self.tr("The year of birth does not fit the ID number: look at the card."),
            "sex-differs": self.tr("The sex does not fit the ID number: look at the card."),
            "century-ahead": self.tr("The ID number names a birth in the future: look at the card."),
        }
        for warning in found.warnings:
            self.content.addWidget(banner("warn", words[warning]))
        self.set_actions(
            back=(self.tr("Back"), self._desk.navigator.back),
            others=(button(self.tr("No, scan again"), self._again, name="scanAgain"),),
            primary=(self.tr("Yes, fill in"), self._fill),
        )

    def _draw_waiting(self) -> None:
        """A place to drop a picture, and where the code is found on the card."""
        frame, inside = card("drop", margin=24)
        inside.addStretch(1)
        inside.addWidget(
            label(self.tr("Choose a picture of the side with the QR code, drag it here, or paste it with Ctrl+V."))
        )
        inside.addLayout(
            row(
                button(self.tr("Choose a picture"), self._choose, name="chooseFile", icon="folder_open"),
                button(self.tr("Paste"), self._paste, name="paste"),
                None,
            )
        )
        inside.addWidget(
            label(self.tr("Only the read fields are kept. The picture and the code itself are not."), "small")
        )
        inside.addStretch(1)
        frame.setMinimumHeight(220)
        tips = QVBoxLayout()
        for number, words in enumerate(
            (
                self.tr("Card with a chip: the QR code is at the top right of the front. Newer card: on the back."),
                self.tr("Hold the camera a hand's breadth away."),
                self.tr("Tilt the card a little if it shines."),
            ),
            start=1,
        ):
            tips.addWidget(label(f"{number}. {words}"))
        tips.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(24)
        columns.addWidget(frame, 3)
        columns.addLayout(tips, 2)
        self.content.addLayout(columns)
        self.set_actions(
            back=(self.tr("Back"), self._desk.navigator.back),
            others=(button(self.tr("Type it in"), self._desk.navigator.back, name="typeIn"),),
        )

    def _draw_place(self, inside: QBoxLayout) -> None:
        """The card's address is of before the reform: suggest the unit of today, and ask whether they still live there."""
        place = self._place
        self._choices = {}
        units = place.candidates or ((place.unit,) if place.unit is not None else ())
        if not units:
            return
        if len(units) > 1:
            inside.addWidget(label(self.tr("This name stood twice. Which one is it today?"), "strong"))
            for unit in units:
                self._choices[unit.code] = one = button(
                    unit.name, lambda: None, kind="choice", name=f"unit_{unit.code}"
                )
                one.setCheckable(True)
                one.setAutoExclusive(True)
                inside.addWidget(one)
            return
        said = self.tr("Now: %1 (suggested from the card's address)").replace("%1", units[0].name)
        inside.addWidget(label(said, "strong"))
        if place.is_partly:
            inside.addWidget(label(self.tr("A part of it went to another unit: ask which."), "small"))
        self._lives_there = QCheckBox(self.tr("Still lives there: fill in the residence too"))
        self._lives_there.setObjectName("livesThere")
        inside.addWidget(self._lives_there, 0, Qt.AlignmentFlag.AlignLeft)

    def _unit(self) -> Unit | None:
        """Return the unit of today that the person confirmed."""
        if self._choices:
            return next((one for one in self._place.candidates if self._choices[one.code].isChecked()), None)
        return self._place.unit if self._place.unit is not None and self._lives_there.isChecked() else None

    def _again(self) -> None:
        self._card = None
        self._draw()

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a picture"), "", "*.jpg *.jpeg *.png *.webp *.bmp")
        if path:
            self.read(lambda: read_file(path))

    def _paste(self) -> None:
        offers = offers_of(QApplication.clipboard().mimeData())
        if offers:
            self.read(offers[0])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        offers = offers_of(event.mimeData())
        event.acceptProposedAction()
        if offers:
            self.read(offers[0])

    def read(self, offer: Offer) -> None:
        """Read a card from what `offer` gives; also the way in for the demo and tests."""

        def work() -> tuple[CitizenCard, Resolution]:
            found = read_card(codes_in(offer().content)[0])
            return found, places().resolve(found.address)

        self._desk.work.run(work, owner=self).then(lambda found: self._found(*found)).on_trouble(
            lambda wrong: tell(self.content, wrong)
        )

    def _found(self, found: CitizenCard, place: Resolution) -> None:
        self._card, self._place = found, place
        self._draw()

    def _fill(self) -> None:
        desk, dossier = self._desk, self._route.dossier
        found, unit, rest = self._card, self._unit(), self._place.rest
        assert found is not None
        desk.work.run(lambda: fill_from_card(desk.machine, dossier, found, unit, rest), owner=self).then(
            lambda _saved: desk.navigator.back()
        ).on_trouble(lambda wrong: tell(self.content, wrong))


def make(desk: Desk, route: ScanCard) -> ScanCardScreen:
    return ScanCardScreen(desk, route)
