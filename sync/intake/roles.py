"""Who takes part, and which roles a device or a person can have."""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What somebody is here for. Every role but the last three belongs to one unit, or to the whole province."""

    VOLUNTEER = "volunteer"  #: captures and sends dossiers
    TEAM_LEADER = "team_leader"  #: the same, and invites or shuts out the devices of the unit
    TRAINER = "trainer"  #: holds classes: practice never reaches the province, so this role sends nothing
    OFFICER = "officer"  #: works on the dossiers of one office
    PROVINCIAL_OFFICER = "provincial_officer"  #: works on all, and looks after devices and accounts
    AUDITOR = "auditor"  #: sees who looked at what, changes nothing
    SYSTEM = "system"  #: the province's own systems, which tell statuses


CARRIERS: Final = frozenset({Role.VOLUNTEER, Role.TEAM_LEADER})
ENROLLED: Final = CARRIERS | {Role.TRAINER}
DEVICE_ROLES: Final = ENROLLED
LEADERS: Final = frozenset({Role.TEAM_LEADER, Role.PROVINCIAL_OFFICER})
#: Who sends volunteers to homes, in their own unit or anywhere.
LIST_MAKERS: Final = frozenset({Role.TEAM_LEADER, Role.OFFICER, Role.PROVINCIAL_OFFICER})
READERS: Final = frozenset({Role.OFFICER, Role.PROVINCIAL_OFFICER})
PEOPLE: Final = frozenset(Role) - {Role.SYSTEM}
SYSTEMS: Final = frozenset({Role.SYSTEM})
AUDITORS: Final = frozenset({Role.AUDITOR, Role.PROVINCIAL_OFFICER})
#: These see the whole province; everybody else only their own unit.
EVERYWHERE: Final = frozenset({Role.PROVINCIAL_OFFICER, Role.AUDITOR, Role.SYSTEM})
