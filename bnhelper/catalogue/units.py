"""The communes and wards that are shipped: those of today, and how the old ones lead to them."""

import re
from functools import cache

import resources
from bnhelper.domain.places import OldUnit, Places, Unit


@cache
def units() -> tuple[Unit, ...]:
    """Return the 99 communes and wards of today, in the order of their codes."""
    return tuple(Unit(row[0], row[1]) for row in _rows("places/units-2025.tsv"))


@cache
def places() -> Places:
    """Return both tables and the aliases of older mergers, indexed."""
    table = [
        OldUnit(row[1], row[3], row[5].removeprefix("Tỉnh "), row[6], is_partly=row[9] == "1")
        for row in _rows("places/units-old-to-new.tsv")
    ]
    aliases = [OldUnit(row[0], row[1], row[2], row[3]) for row in _rows("places/aliases.tsv")]
    return Places(units(), [*table, *aliases])


@cache
def place_names() -> frozenset[str]:
    """Return what the communes, wards and districts of the province were and are called, without their kind."""
    names = {unit.name for unit in units()}
    for row in _rows("places/units-old-to-new.tsv"):
        names.update((row[1], row[3]))
    plain = {re.sub(r"^(xã|phường|thị trấn|thị xã|huyện|thành phố) ", "", name, flags=re.IGNORECASE) for name in names}
    return frozenset({*plain, "Bắc Ninh", "Bắc Giang"})


def _rows(name: str) -> list[list[str]]:
    return [line.split("\t") for line in resources.read_text(name).splitlines()[1:]]
