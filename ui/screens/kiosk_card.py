"""Making a kiosk of a machine: the keeper's choice, with what stands on its first screen."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from bnhelper.settings import Settings
from ui.presenters.desk import Desk
from ui.widgets.parts import button, label, label_for, row


class KioskCard(QWidget):
    """What the kiosk must know with the machine locked is kept here: the office's name, the province's address."""

    def __init__(
        self, desk: Desk, settings: Settings, change: Callable[[Settings], object], begin: Callable[[], object]
    ) -> None:
        super().__init__()
        self._desk = desk
        self._settings = settings
        self._change = change
        self._begin = begin
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        said = self.tr(
            "Residents use it alone: which papers they need, where their dossier is. The machine is locked meanwhile and sends nothing; a key of somebody who works with it leads out, under “Call staff”."
        )
        inside.addWidget(label(said, "small"))
        self.name = QLineEdit(settings.kiosk_name or self._office())
        self.name.setObjectName("kioskName")
        inside.addWidget(label_for(self.name, self.tr("Name of the office on its first screen")))
        inside.addWidget(self.name)
        start = button(self.tr("Open the kiosk now"), self._open, name="openKiosk")
        words = self.tr("No longer open as a kiosk") if settings.kiosk else self.tr("Always open as a kiosk")
        always = button(words, self._turn, name="alwaysKiosk")
        inside.addLayout(row(start, always, None))
        if settings.kiosk:
            inside.addWidget(label(self.tr("This machine opens as a kiosk when the program starts."), "strong"))

    def _office(self) -> str:
        province = self._desk.machine.profile.province
        return province.office if province is not None else ""

    def kept(self) -> Settings:
        """Return the settings with everything a locked kiosk needs to know."""
        province = self._desk.machine.profile.province
        return replace(
            self._settings,
            kiosk_name=self.name.text().strip(),
            kiosk_look_up=province.url if province is not None else "",
            kiosk_certificate=(province.certificate_sha256 or "") if province is not None else "",
        )

    def _turn(self) -> None:
        self._change(replace(self.kept(), kiosk=not self._settings.kiosk))

    def _open(self) -> None:
        self._change(self.kept())
        self._begin()
