"""Administrative units before and after the reform of 1 July 2025, resolved from an address as people write it.

The tables are those of `resources/places`: 99 units of today, 313 old ones, and aliases of older mergers. No old
ward was split, so an old ward names exactly one of today's, once it is known which old ward is meant: names repeat
between districts, and districts were redrawn before (Yên Dũng was dissolved on 1 January 2025), so the ward's name
is matched first and the district only decides between several.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bnhelper.domain.folding import fold

_MOST_LETTERS: Final = 400
_MOST_PARTS: Final = 12
_WARD, _DISTRICT, _PROVINCE = "ward", "district", "province"
_PREFIXES: Final = {
    "thi tran": _WARD, "phuong": _WARD, "tt": _WARD, "xa": _WARD, "p": _WARD, "x": _WARD,
    "thanh pho": _DISTRICT, "thi xa": _DISTRICT, "huyen": _DISTRICT, "quan": _DISTRICT,
    "tp": _DISTRICT, "tx": _DISTRICT, "h": _DISTRICT, "q": _DISTRICT, "tinh": _PROVINCE, "t": _PROVINCE,
}  # fmt: skip
_PREFIX: Final = re.compile(r"^(" + "|".join(sorted(_PREFIXES, key=len, reverse=True)) + r")(?:\.\s*|\s+)(?=\S)")
#: ward types that a name may carry, longest first; "p." and "phường" are the same type
_TYPES: Final = {"thi tran": "thi tran", "tt": "thi tran", "phuong": "phuong", "p": "phuong", "xa": "xa", "x": "xa"}
#: Without commas the parts are told by the words that begin them.
_BEGINS: Final = re.compile(r"\s+(?=(?:xã|phường|thị trấn|huyện|thị xã|thành phố|tỉnh)\s)", re.IGNORECASE)
_OURS: Final = frozenset({"bac ninh", "bac giang"})
#: A district of before 2025 that the table of 2025 no longer has.
_GONE_DISTRICTS: Final = frozenset({"yen dung"})
#: The other provinces and cities of before 1 July 2025 and their names of today.
_OTHERS: Final = frozenset(
    """an giang, ba ria vung tau, ba ria - vung tau, bac kan, bac lieu, ben tre, binh dinh, binh duong, binh phuoc,
    binh thuan, ca mau, can tho, cao bang, da nang, dak lak, dak nong, dien bien, dong nai, dong thap, gia lai,
    ha giang, ha nam, ha noi, ha tinh, hai duong, hai phong, hau giang, ho chi minh, hoa binh, hue, hung yen,
    khanh hoa, kien giang, kon tum, lai chau, lam dong, lang son, lao cai, long an, nam dinh, nghe an, ninh binh,
    ninh thuan, phu tho, phu yen, quang binh, quang nam, quang ngai, quang ninh, quang tri, soc trang, son la,
    tay ninh, thai binh, thai nguyen, thanh hoa, thua thien hue, tien giang, tra vinh, tuyen quang, vinh long,
    vinh phuc, yen bai""".replace("\n", " ").replace("    ", "").split(", ")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """One of the 99 communes and wards of today."""

    code: str
    name: str  #: with its type: "Phường Kinh Bắc"


@dataclass(frozen=True, slots=True)
class OldUnit:
    """A ward of before the reform and the unit it went into. `is_partly` says that a piece went elsewhere."""

    name: str
    district: str
    province: str
    new_code: str
    is_partly: bool = False


@dataclass(frozen=True, slots=True)
class Resolution:
    """What an address means today.

    `kind` is same (names a unit of today), moved (an old ward, now in `unit`), ambiguous (ask: one of
    `candidates`), outside (another province) or unknown. `rest` is what stands before the ward, as typed.
    """

    kind: str
    unit: Unit | None = None
    candidates: tuple[Unit, ...] = ()
    rest: str = ""
    is_partly: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    typed: str
    level: str  #: ward | district | province, or empty when no word says so
    kind: str  #: the ward's type, or empty
    name: str  #: folded, without the type


class Places:
    """Both tables, indexed. Immutable after making; any thread may ask."""

    def __init__(self, units: Iterable[Unit], old: Iterable[OldUnit]) -> None:
        """`old` holds the table of the reform and the aliases of older mergers alike."""
        self.units: Mapping[str, Unit] = {unit.code: unit for unit in units}
        self._new: dict[str, list[Unit]] = {}
        for unit in self.units.values():
            self._new.setdefault(_part(unit.name).name, []).append(unit)
        self._old: dict[str, list[OldUnit]] = {}
        for one in old:
            self._old.setdefault(_part(one.name).name, []).append(one)
        districts = {_part(one.district).name for several in self._old.values() for one in several}
        self._districts = districts | _GONE_DISTRICTS

    def resolve(self, address: str) -> Resolution:
        """Return what an address means today. Never raises; what is too long is cut."""
        parts = [_part(typed) for typed in _cut(address)]
        province, parts = self._take_province(parts)
        if province in _OTHERS:
            return Resolution("outside")
        district, parts = self._take_district(parts)
        place = self._ward_place(parts)
        if place is None:
            return Resolution("unknown")
        ward = parts[place]
        rest = ", ".join(part.typed for part in parts[:place])
        today = [unit for unit in self._new.get(ward.name, ()) if ward.kind in {"", _part(unit.name).kind}]
        if not district and province != "bac giang" and ward.kind and today:
            return Resolution("same", today[0], rest=rest)
        former = self._former(ward, district, province)
        codes = list(dict.fromkeys(one.new_code for one in former))
        if not district and province != "bac giang":
            codes += [unit.code for unit in today if unit.code not in codes]
        if not codes and today:
            codes = [unit.code for unit in today]
        if not codes:
            return Resolution("unknown")
        found = tuple(self.units[code] for code in codes)
        is_strange = bool(district) and district not in self._districts
        if len(found) > 1 or is_strange:
            return Resolution("ambiguous", candidates=found, rest=rest)
        is_partly = any(one.is_partly for one in former)
        return Resolution("moved" if former else "same", found[0], rest=rest, is_partly=is_partly)

    def _former(self, ward: _Part, district: str, province: str) -> list[OldUnit]:
        """Return the old wards of that name; district and then province decide only between several."""
        found = self._old.get(ward.name, [])
        for says, chosen in ((district, "district"), (province, "province")):
            if len(found) > 1 and says:
                narrowed = [one for one in found if _part(getattr(one, chosen)).name == says]
                # "Bắc Ninh" is both the old province and the new one: it may not exclude Bắc Giang's wards alone.
                if narrowed and not (chosen == "province" and says == "bac ninh"):
                    found = narrowed
        return found

    def _take_province(self, parts: list[_Part]) -> tuple[str, list[_Part]]:
        if not parts:
            return "", parts
        last = parts[-1]
        is_named = last.level == _PROVINCE or (last.level == "" and last.name in _OURS | _OTHERS)
        is_far_city = last.level == _DISTRICT and last.name in _OTHERS and len(parts) > 1
        if (is_named and len(parts) > 1) or is_far_city:
            return last.name, parts[:-1]
        return "", parts

    def _take_district(self, parts: list[_Part]) -> tuple[str, list[_Part]]:
        if len(parts) < 2:
            return "", parts
        last = parts[-1]
        if last.level == _DISTRICT or (last.level == "" and last.name in self._districts):
            return last.name, parts[:-1]
        # "Hoàng Hoa Thám, Chí Linh": a place after a ward that is itself no ward of ours is a district elsewhere.
        if last.level == "" and parts[-2].level == _WARD and not self._is_ward(last):
            return last.name, parts[:-1]
        return "", parts

    def _ward_place(self, parts: list[_Part]) -> int | None:
        """Return which part is the ward: the last one that says so, else the last whose name is one."""
        said = [place for place, part in enumerate(parts) if part.level == _WARD and self._is_ward(part)]
        if said:
            return said[-1]
        named = [place for place, part in enumerate(parts) if part.level == "" and self._is_ward(part)]
        return named[-1] if named else None

    def _is_ward(self, part: _Part) -> bool:
        return part.name in self._old or part.name in self._new


def _cut(address: str) -> list[str]:
    text = " ".join(address[:_MOST_LETTERS].split())
    pieces = re.split(r"\s*[,;–—]\s*|\s+-\s+", text) if re.search(r"[,;–—]|\s-\s", text) else _BEGINS.split(text)
    return [piece for piece in pieces if piece][-_MOST_PARTS:]


def _part(typed: str) -> _Part:
    folded = fold(typed).strip(" .")
    found = _PREFIX.match(folded)
    if found is None:
        return _Part(typed, "", "", folded)
    word = found.group(1)
    return _Part(typed, _PREFIXES[word], _TYPES.get(word, ""), folded[found.end() :].strip())
