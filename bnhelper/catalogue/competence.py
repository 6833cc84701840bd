"""Which office receives a dossier and which decides it, for a commune of today or an address in old units.

Sources: NĐ 118/2025/NĐ-CP as amended by NĐ 367/2025/NĐ-CP (two-tier government; centres of the province receive
regardless of boundaries); identity cards and level-2 accounts at any commune police of the country; a household
business at any registration office of the province's communes; a commune that is not competent for a matter of civil
status helps to file it online to the one that is (texts of the National Portal).
"""

from dataclasses import dataclass
from typing import Final

from bnhelper.catalogue.procedure import Procedure
from bnhelper.catalogue.search_key import fold
from bnhelper.domain.places import Places, Unit

COMMUNE_CENTRE: Final = "commune-centre"  #: the unit's own centre for public administration
ANY_CENTRE: Final = "any-centre"  #: any such centre of the province: boundaries do not matter for receiving
COMMUNE_POLICE: Final = "commune-police"
ANY_POLICE: Final = "any-police"  #: any commune police of the country
PROVINCE_CENTRE: Final = "province-centre"
PROVINCE_POLICE: Final = "province-police"
AGENCY: Final = "agency"  #: the agency the record names, itself
COMMUNE_COMMITTEE: Final = "commune-committee"
THERE_COMMUNE: Final = "there-commune"  #: the same office in the commune of another province where the address lies
THERE_PROVINCE: Final = "there-province"  #: the same office of that other province
HELPS_ONLINE: Final = "helps-online"  #: a commune here, which only helps to file it online to the right one

_ANYWHERE: Final = ("can cuoc", "dinh danh")  #: fields whose desk is any commune police
_HELPED: Final = "ho tich"  #: fields in which a commune that is not competent must help
_THERE: Final = {
    COMMUNE_CENTRE: THERE_COMMUNE,
    COMMUNE_POLICE: THERE_COMMUNE,
    COMMUNE_COMMITTEE: THERE_COMMUNE,
    PROVINCE_CENTRE: THERE_PROVINCE,
    PROVINCE_POLICE: THERE_PROVINCE,
}
_POLICE: Final = ("cong an", "canh sat", "xuat nhap canh")
#: Offices of the state's own that sit in the province, and receive at their own desks: the portal calls their level
#: "commune" or "province" all the same.
_OWN_DESKS: Final = ("hai quan", "kho bac", "ngan hang nha nuoc", "toa an", "cang vu", "du tru nha nuoc")
_LOCAL: Final = ("cap xa", "cap tinh", "uy ban nhan dan", "ubnd", "so ")
_INSURANCE: Final = ("bao hiem", "bhxh", "bhyt", "thue")  #: fields with offices of their own


@dataclass(frozen=True, slots=True)
class Competence:
    """Who receives and who decides, as words of this module; `agency_vi` is what the record says.

    `ask` is the units one of which must be chosen first; then nothing else is known yet. `is_elsewhere` says that the
    address lies in another province: then boundaries matter, and what stands for this province says nothing of it.
    `is_partly` says that a piece of the old ward went to another unit.
    """

    unit: Unit | None
    receives: tuple[str, ...] = ()
    decides: str = ""
    agency_vi: str = ""
    ask: tuple[Unit, ...] = ()
    is_elsewhere: bool = False
    is_partly: bool = False


def competence(procedure: Procedure, address: str, places: Places) -> Competence:
    """Return who is competent for `procedure` at an address or a unit's name; a name that stood twice is asked.

    A commune's matter needs the commune; the province's and a ministry's do not.
    """
    found = places.resolve(address) if address.strip() else None
    if found is not None and found.kind == "ambiguous":
        return Competence(None, agency_vi=procedure.agency_vi, ask=found.candidates)
    unit = found.unit if found is not None else None
    is_elsewhere = found is not None and found.kind == "outside"
    receives, decides = _offices(procedure)
    if is_elsewhere:
        receives, decides = _offices_there(procedure, receives, decides)
    return Competence(
        unit,
        receives,
        decides,
        procedure.agency_vi,
        is_elsewhere=is_elsewhere,
        is_partly=found is not None and found.is_partly,
    )


def _offices_there(procedure: Procedure, receives: tuple[str, ...], decides: str) -> tuple[tuple[str, ...], str]:
    """Return who receives and decides when the address lies in another province."""
    if ANY_POLICE in receives:
        return (ANY_POLICE,), AGENCY
    is_national = _levels(procedure) <= {"bo", "khac", ""}
    if is_national:
        return receives, decides
    there = tuple(dict.fromkeys(_THERE.get(one, THERE_PROVINCE) for one in receives if one != ANY_CENTRE))
    helped = (HELPS_ONLINE,) if _HELPED in fold(procedure.sector_vi) and THERE_COMMUNE in there else ()
    return (*there, *helped), _THERE.get(decides, there[0])


def _levels(procedure: Procedure) -> set[str]:
    return set(procedure.level.replace("|", ",").split(","))


def _offices(procedure: Procedure) -> tuple[tuple[str, ...], str]:
    levels = _levels(procedure)
    sector, agency = fold(procedure.sector_vi), fold(procedure.agency_vi)
    if any(word in sector for word in _INSURANCE):
        return (AGENCY,), AGENCY
    if any(word in agency for word in _OWN_DESKS) and not any(f" {agency}".find(f" {one}") >= 0 for one in _LOCAL):
        return (AGENCY,), AGENCY
    if any(word in agency for word in _POLICE):
        if "xa" in levels:
            is_anywhere = any(word in sector for word in _ANYWHERE)
            return ((COMMUNE_POLICE, ANY_POLICE) if is_anywhere else (COMMUNE_POLICE,)), COMMUNE_POLICE
        return ((PROVINCE_POLICE,), PROVINCE_POLICE) if "tinh" in levels else ((AGENCY,), AGENCY)
    if "xa" in levels:
        is_communes = levels == {"xa"} or "cap xa" in agency
        return (COMMUNE_CENTRE, ANY_CENTRE), COMMUNE_COMMITTEE if is_communes else AGENCY
    if "tinh" in levels:
        return (PROVINCE_CENTRE, ANY_CENTRE), AGENCY
    return (AGENCY,), AGENCY
