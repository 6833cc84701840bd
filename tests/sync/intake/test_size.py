"""The size of a site is computed from what was measured, and the runbook says what comes out."""

import re
from pathlib import Path

import pytest

from tests.bench.bench_run import Row
from tests.bench.intake_size import OF_THE_NATION, PROVINCE, PROVINCES, Demand, Measured, needs, size_rows

_RUNBOOK = (Path(__file__).parents[3] / "docs" / "intake" / "runbook.md").read_text(encoding="utf-8")


def _cells(start: str) -> list[str]:
    (row,) = re.findall(rf"^\| {re.escape(start)}[^|]*\|(.+)\|$", _RUNBOOK, re.MULTILINE)
    return [one.strip() for one in row.split("|")]


def test_the_runbook_says_what_follows_from_what_was_measured() -> None:
    (photos,), (ledger,) = _cells("`photo_dossiers_per_s`"), _cells("`ledger_per_dossier`")
    known = Measured(float(photos), float(ledger))
    both = needs(known, PROVINCE), needs(known, OF_THE_NATION).times(PROVINCES)
    assert _cells("dossiers a second") == [f"{both[0].peak_per_s:.1f}", f"{both[1].peak_per_s:.0f}"]
    assert _cells("machines") == [str(one.machines) for one in both]
    assert _cells("photos, MB a second") == [f"{both[0].mb_per_s:.1f}", f"{both[1].mb_per_s:.0f}"]
    assert _cells("photos kept") == [f"{one.photos_tb:.0f}" for one in both]
    assert _cells("ledger kept") == [f"{both[0].ledger_tb:.2f}", f"{both[1].ledger_tb:.1f}"]


@pytest.mark.parametrize(("per_s", "machines"), [(24, 2), (7, 2), (6.9, 4), (1, 14)])
def test_a_slower_machine_is_helped_by_more_of_them(per_s: float, machines: int) -> None:
    found = needs(Measured(per_s, 20), PROVINCE)
    assert found.machines == machines
    assert found.a_month(100, 10) == machines * 100 + (found.photos_tb + found.ledger_tb) * 10


def test_photos_and_years_cost_what_they_weigh() -> None:
    known = Measured(24, 20)
    one, twice = needs(known, PROVINCE), needs(known, Demand(photo_mb=0.7, years_kept=2))
    assert twice.photos_tb == pytest.approx(4 * one.photos_tb)
    assert twice.ledger_tb == pytest.approx(2 * one.ledger_tb)


def test_the_bench_ends_with_it_when_it_measured_enough() -> None:
    rows = [Row("photo_dossiers_per_s", 24, "/s", "", 1, 1, None)]
    assert size_rows(rows) == []
    rows.append(Row("ledger_per_dossier", 20, "kB", "", 1, 1, None))
    said = {one.what: one.value for one in size_rows(rows)}
    assert (said["province_machines"], said["nation_machines"]) == (2, 68)
    assert said["nation_photos_kept"] == pytest.approx(441)
