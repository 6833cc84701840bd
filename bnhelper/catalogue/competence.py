"""Which office receives a dossier and which decides it, for a commune of today or an address in old units.

Sources: NĐ 118/2025/NĐ-CP as amended by NĐ 367/2025/NĐ-CP (two-tier government; centres of the province receive
regardless of boundaries); identity cards and level-2 accounts at any commune police of the country; a household
business at any registration office of the province's communes (texts of the National Portal).
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

_ANYWHERE: Final = ("can cuoc", "dinh danh")  #: fields whose desk is any commune police
_POLICE: Final = "cong an"
_INSURANCE: Final = ("bao hiem", "bhxh", "bhyt", "thue")  #: fields with offices of their own


@dataclass(frozen=True, slots=True)
class Competence:
    """Who receives and who decides, as words of this module; `agency_vi` is what the record says.

    `ask` is the units one of which must be chosen first; then nothing else is known yet. `is_elsewhere` says that the
    address lies in another province. `is_partly` says that a piece of the old ward went to another unit.
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
    return Competence(
        unit,
        receives,
        decides,
        procedure.agency_vi,
        is_elsewhere=is_elsewhere,
        is_partly=found is not None and found.is_partly,
    )


def _offices(procedure: Procedure) -> tuple[tuple[str, ...], str]:
    levels = set(procedure.level.replace("|", ",").split(","))
    sector, agency = fold(procedure.sector_vi), fold(procedure.agency_vi)
    if any(word in sector for word in _INSURANCE):
        return (AGENCY,), AGENCY
    if _POLICE in agency:
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
