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
