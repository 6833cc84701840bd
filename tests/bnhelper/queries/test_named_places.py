"""What a refusal names, as a person knows it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.queries.named_places import held_places, places_in
from tests import factories, states
from tests.fakes.clock import FixedClock


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[OpenMachine]:
    opened = factories.machine(tmp_path, FixedClock())
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("detail", "fields", "papers"),
    [
        ("", [], []),
        ("/data/a constraint, /data/b/c missing", ["/data/a", "/data/b/c"], []),
        ("/papers/birth_evidence not-asked, /dossier differs", [], ["birth_evidence"]),
        ("Hồ sơ sai, /data", [], []),
    ],
)
def test_only_pointers_to_answers_and_papers_are_places(detail: str, fields: list[str], papers: list[str]) -> None:
    assert places_in(detail) == (fields, papers)


def test_places_are_named_in_the_form_s_order_and_unknown_ones_left_out(machine: OpenMachine) -> None:
    detail = (
        "/data/declaration/mother/residence missing, /data/applicant/full_name constraint, "
        "/papers/birth_evidence not-asked, /data/no/such missing, /papers/none x, /data/declaration/mot"
    )
    dossier = states.held(machine, "invalid", detail)
    fields, papers = held_places(machine, dossier, detail, "en")
    assert [one.path for one in fields] == ["/data/applicant/full_name", "/data/declaration/mother/residence"]
    assert all(one.label and "/" not in one.label for one in fields)
    assert [one.paper for one in papers] == ["birth_evidence"]
    assert held_places(machine, dossier, "/dossier differs", "vi") == ((), ())
