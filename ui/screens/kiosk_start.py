"""The kiosk's first two screens: touch to begin, and what one may want."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.presenters.kiosk import Place
from ui.presenters.kiosk_desk import KioskDesk
from ui.screens.kiosk_page import KioskPage
from ui.theme.look import look
from ui.widgets.kiosk_parts import GAP, Pages, Tile
from ui.widgets.parts import banner, label
from ui.words import formats

_CENTRE = Qt.AlignmentFlag.AlignCenter


class KioskAttract(KioskPage):
    """At rest. Nothing moves, nothing sounds; the whole middle is one target."""

    def __init__(self, desk: KioskDesk) -> None:
        super().__init__(desk)
        self._start = QPushButton()
        self._start.setObjectName("kioskStart")
        self._start.setProperty("kind", "attract")
        self._start.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._start.clicked.connect(lambda _checked=False: desk.go(Place.HOME))
        inside = QVBoxLayout(self._start)
        inside.setSpacing(GAP)
        inside.addStretch(1)
        if desk.name:
            inside.addWidget(_centred(label(desk.name, "h2", name="kioskOffice")))
        self._touch = _centred(label(self.tr("Touch the screen to start"), "display"))
        inside.addWidget(self._touch)
        ring = QLabel()
        ring.setPixmap(look.pixmap("radio_button_checked", "primary", 120))
        ring.setAlignment(_CENTRE)
        inside.addWidget(ring)
        ring.setVisible(not desk.resident.is_large)  # larger words need its room on a low screen
        self._offers = _centred(label("", name="kioskOffers"))
        inside.addWidget(self._offers)
        inside.addWidget(_centred(label(self.tr("Free. No computer skills needed."), "strong")))
        inside.addStretch(1)
        for part in self._start.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.content.addWidget(self._start, 1)
        self._state = label("", name="kioskState")
        self._state.setAlignment(_CENTRE)
        self.content.addWidget(self._state)
        self._now = label("", "small", name="kioskNow")
        self._now.setAlignment(_CENTRE)
        self.content.addWidget(self._now)
        self.refresh()

    def first_focus(self) -> QWidget:
        return self._start

    def press_number(self, _number: int) -> None:
        self._start.click()

    def refresh(self) -> None:
        """Say what is so now: the time, whether there is a network, whether it opens or rests."""
        desk = self.desk
        papers = self.tr("Ask which papers are needed")
        status = self.tr("See where a dossier is")
        if desk.can_look_up and not desk.has_network and not desk.board:
            status += f" ({self.tr('when there is a network')})"
        self._offers.setText(" · ".join([papers, status] if desk.can_look_up else [papers]))
        if desk.is_ready and not self._start.isEnabled():
            self._start.setEnabled(True)
            self._start.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not desk.is_ready:
            self._start.setEnabled(False)
        self._touch.setVisible(not desk.is_resting)
        if desk.is_resting:
            self._state.setText(self.tr("This kiosk is resting. Please go to the counter."))
        elif not desk.is_ready:
            self._state.setText(self.tr("The machine is opening, about 20 seconds"))
        elif desk.is_cleared:
            self._state.setText("✓ " + self.tr("The screen has been cleared for the next person"))
        else:
            self._state.setText("")
        now = desk.clock.now()
        self._now.setText(f"{formats.clock_time(now)} · {formats.weekday(now, desk.language)}")
        self._start.setAccessibleName(f"{desk.name} · {self._touch.text()} · {self._offers.text()}")


class KioskHome(KioskPage):
    """What do you need? Only what this kiosk can really do stands here."""

    def __init__(self, desk: KioskDesk) -> None:
        super().__init__(desk)
        self.say(self.tr("What do you need?"))
        tiles = [
            Tile(
                self.tr("Which papers do I need?"),
                lambda: desk.go(Place.TOPICS),
                detail=self.tr("Answer a few questions, take the list along"),
                icon="description",
                name="tilePapers",
                big=True,
            )
        ]
        if desk.can_look_up:
            tiles.append(
                Tile(
                    self.tr("Where is my dossier?"),
                    lambda: desk.go(Place.LOOK_UP),
                    detail=self.tr("With the slip you were given"),
                    icon="inventory",
                    name="tileStatus",
                    big=True,
                )
            )
        self.pages = Pages(columns=2, tallest=280)
        self.pages.set_items(tiles)
        self.content.addWidget(self.pages, 1)
        note = self.tr("This machine asks for no name, and keeps nothing you enter.")
        self.content.addWidget(banner("note", note, name="kioskKeepsNothing"))


def _centred(made: QLabel) -> QLabel:
    made.setAlignment(_CENTRE)
    return made
