"""Who may do what on the officers' pages: three roles, the offices they belong to, and what each may see and do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bnhelper.catalogue.units import units

#: The province's own public service centre among the offices; communes and wards have their five-digit codes.
PROVINCE_OFFICE: Final = "24"


class Role(StrEnum):
    """What an account is for."""

    OFFICER = "officer"  #: of one office: its dossiers, and those it received for others
    PROVINCE = "provincial_officer"  #: every dossier, and the accounts
    AUDITOR = "auditor"  #: sees everything and who looked at it, changes nothing


class Right(StrEnum):
    """What a page asks for."""

    READ = "read"
    ACT = "act"
    ADMINISTER = "administer"
    AUDIT = "audit"


RIGHTS: Final[Mapping[Role, frozenset[Right]]] = {
    Role.OFFICER: frozenset({Right.READ, Right.ACT}),
    Role.PROVINCE: frozenset({Right.READ, Right.ACT, Right.ADMINISTER, Right.AUDIT}),
    Role.AUDITOR: frozenset({Right.READ, Right.AUDIT}),
}


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer who is logged in. `office` is a commune's code, the province's, or None for an auditor."""

    user: str
    name: str
    csrf: str
    role: Role
    office: str | None

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.role]

    @property
    def sees_all(self) -> bool:
        return self.role is not Role.OFFICER

    def may_act_for(self, holder: str | None) -> bool:
        """Tell whether this officer may act on what `holder` has now."""
        return self.may(Right.ACT) and (self.role is Role.PROVINCE or (holder is not None and holder == self.office))


def offices() -> dict[str, tuple[str, str]]:
    """Return code -> (Vietnamese, English) of every office a dossier can lie at, the province's first."""
    province = {
        PROVINCE_OFFICE: (
            "Trung tâm Phục vụ hành chính công tỉnh Bắc Ninh",
            "Public Administration Service Centre of Bắc Ninh province",
        )
    }
    return province | {one.code: (one.name, one.name) for one in units()}
