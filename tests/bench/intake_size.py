"""What a province and a nation need, computed from the rows of `bench intake` and what people are assumed to hand in."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from tests.bench.bench_run import Row

_SPARE = 2  #: a machine may be lost, or be replaced by a newer version, in the busiest hour


@dataclass(frozen=True, slots=True)
class Measured:
    """What one machine did: the rows of the bench that the size follows from."""

    photo_dossiers_per_s: float  #: with three photos of 1 MB; texts alone are many times quicker
    ledger_kb: float  #: of PostgreSQL for a dossier, with indexes and feed


@dataclass(frozen=True, slots=True)
class Demand:
    """What is handed in at a place that has a ledger of its own; the design's assumptions for the province."""

    dossiers_a_day: float = 50_000
    in_busiest_hour: float = 0.25
    photos: int = 3
    photo_mb: float = 0.35
    days_a_year: int = 300  #: on which offices take dossiers
    years_kept: float = 1.0  #: until retention; what is open longer is little
    head_room: float = 0.5  #: how much of what a machine can do it is asked for


PROVINCE = Demand()
PROVINCES = 34
#: 1.4 million dossiers a day, over provinces that are as large as each other; the largest is planned by itself.
OF_THE_NATION = Demand(dossiers_a_day=1_400_000 / PROVINCES)


@dataclass(frozen=True, slots=True)
class Needs:
    """What carries a demand; everything adds up over places, since nothing is shared between them."""

    peak_per_s: float
    machines: int
    mb_per_s: float  #: of photos, in the busiest hour
    photos_tb: float  #: kept at a time
    ledger_tb: float

    def times(self, places: int) -> "Needs":
        """Return what so many such places need together."""
        return Needs(
            self.peak_per_s * places,
            self.machines * places,
            self.mb_per_s * places,
            self.photos_tb * places,
            self.ledger_tb * places,
        )

    def a_month(self, machine: float, terabyte: float) -> float:
        """Return what it costs a month, at a price for a machine with its database and one for a TB kept."""
        return self.machines * machine + (self.photos_tb + self.ledger_tb) * terabyte


def needs(measured: Measured, demand: Demand) -> Needs:
    """Return what one place needs: enough machines for its busiest hour, and as many again to spare."""
    peak = demand.dossiers_a_day * demand.in_busiest_hour / 3600
    kept = demand.dossiers_a_day * demand.days_a_year * demand.years_kept
    photos_mb = demand.photos * demand.photo_mb
    working = math.ceil(peak / (measured.photo_dossiers_per_s * demand.head_room))
    return Needs(
        peak_per_s=peak,
        machines=working * _SPARE,
        mb_per_s=peak * photos_mb,
        photos_tb=kept * photos_mb / 1e6,
        ledger_tb=kept * measured.ledger_kb / 1e9,
    )


def measured(rows: Iterable[Row]) -> Measured | None:
    """Return what the rows of a run say; None for a run that left out what is needed."""
    found = {row.what: row.value for row in rows}
    if not {"photo_dossiers_per_s", "ledger_per_dossier"} <= found.keys():
        return None
    return Measured(found["photo_dossiers_per_s"], found["ledger_per_dossier"])


def size_rows(rows: Iterable[Row]) -> list[Row]:
    """Return the needs of the province and of the nation as rows of the bench, each beside the busiest hour."""
    known = measured(rows)
    if known is None:
        return []
    made = []
    for place, wanted in (
        ("province", needs(known, PROVINCE)),
        ("nation", needs(known, OF_THE_NATION).times(PROVINCES)),
    ):
        for what, value, unit in (
            ("machines", float(wanted.machines), ""),
            ("mb_per_s", wanted.mb_per_s, "MB/s"),
            ("photos_kept", wanted.photos_tb, "TB"),
            ("ledger_kept", wanted.ledger_tb, "TB"),
        ):
            ratio = value / wanted.peak_per_s
            made.append(Row(f"{place}_{what}", value, unit, "dossiers/s, busiest hour", wanted.peak_per_s, ratio, None))
    return made
