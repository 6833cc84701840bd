"""Every operation by every role, own and foreign unit, revoked: made from the operations, so that a new one is in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from bnhelper.clock import SystemClock
from bnhelper.ids import uuid7
from bnhelper.vault.signatures import SigningKey
from sync.intake import identity, ledger
from sync.intake.contract import OPERATIONS, Operation
from sync.intake.oidc import Issuer
from sync.intake.roles import DEVICE_ROLES, Role
from sync.intake.station import Site, hash_of, invite
from sync.wire.enrolment import EnrolmentRequest
from tests.sync.conftest import RunningIntake, running
from tests.sync.intake.test_oidc import AUDIENCE, Idp, idp

__all__ = ["idp"]

_OWN, _FOREIGN = "09208", "09226"
_DOSSIER, _ELSEWHERE = "01936f00-0000-7000-8000-00000000000a", "01936f00-0000-7000-8000-00000000000b"


@dataclass(frozen=True)
class Somebody:
    """A caller of the matrix."""

    role: Role
    device: str
    token: str


def _somebody(site: Site, role: Role, unit: str | None) -> Somebody:
    if role not in DEVICE_ROLES:
        return Somebody(role, "", identity.make_bearer(site, f"{role.value}-{unit}", role, unit))
    device = uuid7(SystemClock().now())
    code = invite(site, "http://127.0.0.1", role=role, unit=unit).code
    asked = EnrolmentRequest(code=code, device=device, public_key=SigningKey.generate().public(), name=role.value)
    return Somebody(role, device, identity.enrol(site, asked).token)


def _dossiers(site: Site, device: str) -> None:
    """A dossier of the own unit, and one of another unit and another device."""
    with site.engine.begin() as db:
        for dossier, owner, unit in ((_DOSSIER, device, _OWN), (_ELSEWHERE, "nobody", _FOREIGN)):
            db.execute(
                ledger.dossiers.insert().values(
                    id=dossier,
                    device=owner,
                    procedure="1.001193",
                    pack_version="1",
                    readable_code="BN-222-222",
                    look_up_hash=dossier,
                    revision=1,
                    state="delivered",
                    office_number=f"H05.27-261125-{dossier[-1:].upper()}",
                    unit=unit,
                    holder=unit,
                    changed_at=site.now(),
                    version=1,
                    applicant="",
                )
            )
            db.execute(
                ledger.revisions.insert().values(
                    dossier=dossier, revision=1, body=b"{}", sha256="0" * 64, signature="", arrived_at=site.now()
                )
            )


def _ask(url: str, one: Operation, token: str, *, dossier: str, device: str) -> requests.Response:
    """Ask an operation with what it needs to get past its door; what comes after the door does not matter here."""
    path = one.path.replace("{dossier}", dossier).replace("{device}", device)
    path = path.replace("{revision}", "1").replace("{name}", "0" * 32).replace("{sha256}", "0" * 64)
    path = path.replace("{kind}", "visit").replace("{record}", dossier)
    assert "{" not in path, f"say what {one.path} is called with"
    headers: dict[str, str | bytes] = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.request(one.method, url + path, headers=headers, data=b"{}", timeout=20)


@pytest.mark.parametrize("one", OPERATIONS, ids=lambda one: f"{one.method} {one.path}")
def test_every_operation_says_who_may_call_it(one: Operation) -> None:
    assert one.who is None or (one.who and one.who <= frozenset(Role))
    if one.who is None:
        assert one.handler in {"card", "jwks", "ping", "openapi", "enrol", "upload_options"}, "open to anybody?"


def test_what_others_sent_and_who_looked_is_for_few() -> None:
    """Said a second time: a rule that lets more people in than it should would pass the matrix made from it."""
    carriers = {Role.VOLUNTEER, Role.TEAM_LEADER}
    few = {
        "/v1/audit": {Role.AUDITOR, Role.PROVINCIAL_OFFICER},
        "/v1/devices": {Role.TEAM_LEADER, Role.PROVINCIAL_OFFICER},
        "/v1/devices/{device}/revocation": {Role.TEAM_LEADER, Role.PROVINCIAL_OFFICER},
        "/v1/dossiers/{dossier}/envelope": {Role.OFFICER, Role.PROVINCIAL_OFFICER},
        "/v1/invitations": {Role.TEAM_LEADER, Role.PROVINCIAL_OFFICER},
        "/v1/me": carriers | {Role.TRAINER},
        "/v1/statuses": {Role.SYSTEM},
        "/v1/visit-lists": {Role.TEAM_LEADER, Role.OFFICER, Role.PROVINCIAL_OFFICER},
    }
    assert few.keys() <= {one.path for one in OPERATIONS}
    for one in OPERATIONS:
        assert one.who is None or one.who == few.get(one.path, carriers), one.path


def test_the_door_of_every_operation_for_every_role(intake: RunningIntake) -> None:
    people = {role: _somebody(intake.site, role, _OWN) for role in Role}
    carrier = people[Role.VOLUNTEER]
    _dossiers(intake.site, carrier.device)
    wrong: list[str] = []
    for one in OPERATIONS:
        for role, somebody in people.items():
            status = _ask(intake.url, one, somebody.token, dossier=_DOSSIER, device="x" * 36).status_code
            is_let_in = one.who is None or role in one.who
            if (status in {401, 403}) == is_let_in and one.handler not in {"enrol", "register"}:
                wrong.append(f"{one.method} {one.path} {role}: {status}")
        for token in ("", "a-token-that-nobody-was-ever-given"):
            status = _ask(intake.url, one, token, dossier=_DOSSIER, device="x" * 36).status_code
            if (status == 401) != (one.who is not None):
                wrong.append(f"{one.method} {one.path} stranger: {status}")
    assert not wrong, "\n".join(wrong)


def test_the_door_of_every_operation_for_people_who_sign_in_elsewhere(idp: Idp, tmp_path: Path) -> None:
    """The same doors for people of an issuer, by the role in their token, until they are shut out here."""
    with running(tmp_path / "intake", issuer=Issuer(idp.url, AUDIENCE)) as intake:
        tokens = {role: idp.token(sub=role.value, bn_role=role.value, bn_unit=_OWN) for role in Role}
        _dossiers(intake.site, "nobody")

        def status(one: Operation, token: str) -> tuple[int, str]:
            said = _ask(intake.url, one, token, dossier=_DOSSIER, device="x" * 36)
            return said.status_code, said.json().get("code", "") if said.status_code in {401, 403} and said.text else ""

        wrong: list[str] = []
        for one in OPERATIONS:
            for role, token in tokens.items():
                is_let_in = one.who is None or role in one.who
                if (status(one, token)[0] in {401, 403}) == is_let_in and one.handler != "enrol":
                    wrong.append(f"{one.method} {one.path} {role}: {status(one, token)}")
            for what, token in (
                ("for others", idp.token(aud="urn:else")),
                ("without scope", idp.token(scope="openid")),
            ):
                if (status(one, token)[0] == 401) != (one.who is not None):
                    wrong.append(f"{one.method} {one.path} {what}: {status(one, token)}")
        assert not wrong, "\n".join(wrong)
        for role in Role:
            identity.revoke_subject(intake.site, f"{idp.url}#{role.value}")
        for one in OPERATIONS:
            for role in one.who or ():
                code, why = status(one, tokens[role])
                if code != 401 or (one.method != "HEAD" and why != "revoked"):
                    wrong.append(f"{one.method} {one.path} {role} is still let in: {code} {why}")
        assert not wrong, "\n".join(wrong)


def test_who_is_shut_out_is_out_with_the_next_request(intake: RunningIntake) -> None:
    people = {role: _somebody(intake.site, role, _OWN) for role in Role}
    for role, somebody in people.items():
        if role in DEVICE_ROLES:
            identity.revoke(intake.site, somebody.device)
        else:
            identity.revoke_bearer(intake.site, f"{role.value}-{_OWN}")
    for one in OPERATIONS:
        if one.who is None:
            continue
        for role in one.who:
            answer = _ask(intake.url, one, people[role].token, dossier=_DOSSIER, device="x" * 36)
            assert answer.status_code == 401, (one.path, role, answer.status_code)
            if one.method != "HEAD":
                assert answer.json()["code"] == "revoked"


def test_what_is_another_units_is_not_there(intake: RunningIntake) -> None:
    site = intake.site
    leader, officer = (_somebody(site, role, _OWN) for role in (Role.TEAM_LEADER, Role.OFFICER))
    theirs, mine = (_somebody(site, Role.VOLUNTEER, unit) for unit in (_FOREIGN, _OWN))
    everywhere = _somebody(site, Role.PROVINCIAL_OFFICER, None)
    nowhere = _somebody(site, Role.TEAM_LEADER, None)
    _dossiers(site, mine.device)

    def ask(who: Somebody, method: str, path: str, said: Mapping[str, str | None] | None = None) -> requests.Response:
        body = json.dumps(said).encode() if said is not None else None
        headers: dict[str, str | bytes] = {"Authorization": f"Bearer {who.token}"}
        return requests.request(method, intake.url + path, headers=headers, data=body, timeout=20)

    assert ask(officer, "GET", f"/v1/dossiers/{_DOSSIER}/envelope").status_code == 200
    assert ask(officer, "GET", f"/v1/dossiers/{_ELSEWHERE}/envelope").status_code == 404
    assert ask(everywhere, "GET", f"/v1/dossiers/{_ELSEWHERE}/envelope").status_code == 200
    with site.engine.connect() as db:
        reads = db.execute(ledger.audit.select().where(ledger.audit.c.what == "read")).all()
    assert [(one.who, one.dossier) for one in reads] == [
        (f"officer:officer-{_OWN}", _DOSSIER),
        ("provincial_officer:provincial_officer-None", _ELSEWHERE),
    ]
    assert ask(mine, "GET", f"/v1/dossiers/{_ELSEWHERE}").status_code == 404
    assert ask(leader, "PUT", f"/v1/devices/{theirs.device}/revocation").status_code == 404
    listed = {one["device"] for one in ask(leader, "GET", "/v1/devices").json()["devices"]}
    assert listed == {leader.device, mine.device}
    assert ask(leader, "POST", "/v1/invitations", {"role": "volunteer", "unit": _FOREIGN}).status_code == 403
    assert ask(nowhere, "POST", "/v1/invitations", {"role": "volunteer", "unit": None}).status_code == 403
    made = ask(leader, "POST", "/v1/invitations", {"role": "trainer"})
    assert made.status_code == 201
    with site.engine.connect() as db:
        row = db.execute(
            ledger.invitations.select().where(ledger.invitations.c.code_hash == hash_of(made.json()["code"]))
        ).one()
    assert (row.role, row.unit) == ("trainer", _OWN)
    assert ask(leader, "PUT", f"/v1/devices/{mine.device}/revocation").status_code == 204
    assert ask(mine, "GET", "/v1/me").json()["code"] == "revoked"
    assert ask(everywhere, "PUT", f"/v1/devices/{theirs.device}/revocation").status_code == 204
    lines = ask(everywhere, "GET", "/v1/audit?limit=500").json()["lines"]
    assert f"revoked:{mine.device}" in {one["what"] for one in lines}


def test_an_invitation_ends_after_a_week(intake: RunningIntake) -> None:
    code = invite(intake.site, intake.url).code
    intake.clock.move(days=8)
    said = {"code": code, "device": _DOSSIER, "public_key": SigningKey.generate().public(), "name": "x"}
    answer = requests.post(f"{intake.url}/v1/enrolments", json=said, timeout=20)
    assert (answer.status_code, answer.json()["code"]) == (403, "invitation-spent")
