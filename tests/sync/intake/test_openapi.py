"""The contract is described as it is kept, and a tester that knows nothing else finds no hole in it."""

import contextlib
import secrets
from pathlib import Path
from typing import Any
from unittest import SkipTest

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, checks
from schemathesis.specs.openapi import checks as openapi_checks
from starlette.routing import Route

import resources
from bnhelper.vault.signatures import SigningKey
from sync.intake.app import make_app
from sync.intake.contract import OPERATIONS
from sync.intake.openapi import FILE, text
from sync.transport.enrolment import enrol
from sync.wire.blobs import OFFSET_MEDIA_TYPE
from tests.sync.conftest import RunningIntake, running

_BY_DAY = 3
_LONG = [pytest.mark.long, pytest.mark.timeout(3600)]
_DEVICE = "01936f00-0000-7000-8000-000000000001"


@schemathesis.serializer(OFFSET_MEDIA_TYPE)
def plain_bytes(_ctx: Any, value: Any) -> bytes:
    """Send what tus calls a body as it is."""
    return value if isinstance(value, bytes) else str(getattr(value, "data", value)).encode("utf-8")


def test_the_kept_description_is_the_one_the_operations_make() -> None:
    assert resources.read_text(FILE) == text(), "the contract changed: python -m sync.intake.openapi"


def test_every_route_below_v1_is_an_operation(tmp_path: Path) -> None:
    with running(tmp_path) as intake:
        app = make_app(intake.site)
        routes = {
            (method, route.path)
            for route in app.routes
            if isinstance(route, Route) and route.path.startswith(("/v1", "/.well-known"))
            for method in route.methods or ()
        }
    said = {(one.method, one.path) for one in OPERATIONS}
    assert said <= routes
    # Starlette answers HEAD wherever GET is answered.
    assert {one for one in routes - said if one[0] != "HEAD"} == set()


def test_the_served_description_is_the_kept_one(intake: RunningIntake) -> None:
    answer = requests.get(f"{intake.url}/v1/openapi.json", timeout=10)
    assert answer.text == resources.read_text(FILE)
    assert answer.headers["BN-Server"] == "intake/1"


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/me/x"])
def test_what_is_no_route_is_a_problem_too(intake: RunningIntake, path: str) -> None:
    answer = requests.get(intake.url + path, timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    answer = requests.delete(f"{intake.url}/v1/me", timeout=10)
    assert (answer.status_code, answer.headers["Content-Type"]) == (405, "application/problem+json")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("engine", "examples"),
    [("embedded", _BY_DAY), *(pytest.param(one, 200, marks=_LONG) for one in ("embedded", "postgresql"))],
    ids=["bounded", "long", "long-postgresql"],
)
def test_no_request_makes_the_server_break_its_own_contract(
    tmp_path: Path, request: pytest.FixtureRequest, engine: str, examples: int
) -> None:
    """schemathesis: no fault of ours, only described statuses, bodies as their schemas say, also when malformed.

    By day the same examples each time, by night others; their seed is printed.
    """
    url = "" if engine == "embedded" else request.getfixturevalue("postgres").fresh_database()
    chance = None if examples <= _BY_DAY else secrets.randbits(32)
    print("seed", chance)
    with running(tmp_path / "intake", postgres=url) as intake:
        _, answer = enrol(
            intake.invitation(), device=_DEVICE, public_key=SigningKey.generate().public(), name="Schemathesis"
        )
        schema = schemathesis.openapi.from_url(f"{intake.url}/v1/openapi.json")
        seen: set[str] = set()
        for found in schema.get_all_operations():
            operation: Any = found.ok() if hasattr(found, "ok") else None
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                try:
                    cases = operation.as_strategy(generation_mode=mode)
                except SkipTest:  # nothing about this operation can be wrong
                    continue
                _play(operation.label, cases, answer.token, seen, examples, chance)
        assert len({label.rpartition(" ")[0] for label in seen}) >= 14, seen


def _play(label: str, cases: Any, token: str, seen: set[str], examples: int, chance: int | None) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=chance is None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def play(case: Any) -> None:
        said = case.call(timeout=20, headers={"Authorization": f"Bearer {token}"})
        seen.add(f"{label} {said.status_code}")
        assert said.headers["bn-server"] in ("intake/1", ["intake/1"])
        case.validate_response(
            said,
            checks=[
                checks.not_a_server_error,
                openapi_checks.status_code_conformance,
                openapi_checks.content_type_conformance,
                openapi_checks.response_schema_conformance,
            ],
        )

    with contextlib.suppress(Unsatisfiable):  # an operation that takes nothing has nothing wrong to be given
        (play if chance is None else seed(chance)(play))()
