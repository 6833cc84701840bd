"""Which office receives and which decides, for a commune or an address; an old name that stood twice is asked."""

from functools import partial

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from bnhelper.catalogue import competence as offices
from bnhelper.catalogue.competence import Competence, competence
from bnhelper.catalogue.procedure import Procedure
from bnhelper.catalogue.units import places, units
from ui.presenters.desk import Desk
from ui.widgets.parts import banner, button, clear, label, row


class WhereToFile(QWidget):
    """A field for the address, the answer below it. Begins with the commune this machine belongs to."""

    def __init__(self, desk: Desk, procedure: Procedure) -> None:
        super().__init__()
        self._procedure = procedure
        self._desk = desk
        self._asked = 0
        lying = QVBoxLayout(self)
        lying.setContentsMargins(0, 0, 0, 0)
        self.address = QLineEdit()
        self.address.setObjectName("fileAddress")
        self.address.setPlaceholderText(self.tr("Commune, or an address in old or new units"))
        self.address.setAccessibleName(self.tr("Where the resident lives"))
        lying.addWidget(self.address)
        self._answer = QVBoxLayout()
        lying.addLayout(self._answer)
        here = desk.machine.profile.unit
        self.address.setText(next((one.name for one in units() if one.code == here), ""))
        self.address.textChanged.connect(self._ask)
        self._ask(self.address.text())

    def _ask(self, address: str) -> None:
        self._asked += 1
        asked = self._asked
        self._desk.work.run(lambda: competence(self._procedure, address, places()), owner=self).then(
            lambda found: self._show(found) if asked == self._asked else None
        )

    def _show(self, found: Competence) -> None:
        clear(self._answer)
        if found.ask:
            self._answer.addWidget(label(self.tr("This name stood more than once. Which unit is it today?")))
            ways = [
                button(one.name, partial(self.address.setText, one.name), name=f"unit_{one.code}") for one in found.ask
            ]
            self._answer.addLayout(row(*ways, None))
            return
        if found.is_elsewhere:
            elsewhere = self.tr(
                "This address lies in another province, so other offices than ours may be the right ones."
            )
            self._answer.addWidget(banner("note", elsewhere))
        if found.is_partly:
            self._answer.addWidget(label(self.tr("A part of this old ward went to another unit: ask which."), "small"))
        receives = [self._words(one, found) for one in found.receives]
        self._answer.addWidget(label(self.tr("Receives: %1").replace("%1", self.tr(", or ").join(receives))))
        self._answer.addWidget(label(self.tr("Decides: %1").replace("%1", self._words(found.decides, found))))

    def _words(self, office: str, found: Competence) -> str:
        name = found.unit.name if found.unit is not None else ""
        unit = name[:1].lower() + name[1:] if name else self.tr("the commune")
        return {
            offices.COMMUNE_CENTRE: self.tr("the public administration centre of %1"),
            offices.ANY_CENTRE: self.tr("any such centre in the province"),
            offices.COMMUNE_POLICE: self.tr("the police of %1"),
            offices.ANY_POLICE: self.tr("any commune police in the country"),
            offices.PROVINCE_CENTRE: self.tr("the public administration centre of the province"),
            offices.PROVINCE_POLICE: self.tr("the police of the province"),
            offices.THERE_COMMUNE: self.tr("the office of the commune where the address lies (ask there)"),
            offices.THERE_PROVINCE: self.tr("the same office of that province (ask there)"),
            offices.HELPS_ONLINE: self.tr("a commune here, which helps to file it online to the right one"),
            offices.COMMUNE_COMMITTEE: self.tr("the people's committee of %1"),
            offices.AGENCY: found.agency_vi or self.tr("an agency that the portal does not name"),
        }[office].replace("%1", unit)
