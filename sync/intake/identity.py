"""Who is calling: enrolment by invitation, device-bound tokens, revocation. OIDC can stand behind the same call."""

import json
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import insert, select, update

from sync.intake import courier_keys, ledger
from sync.intake.refusals import Refused
from sync.intake.roles import Role
from sync.intake.station import Site, hash_of, public_key
from sync.wire.enrolment import EnrolmentAnswer, EnrolmentRequest
from sync.wire.problems import ProblemCode, Retry


@dataclass(frozen=True, slots=True)
class Caller:
    """An enrolled device."""

    device: str
    name: str
    public_key: dict[str, Any]
    role: Role = Role.VOLUNTEER
    unit: str | None = None


def enrol(site: Site, request: EnrolmentRequest) -> EnrolmentAnswer:
    """Exchange a code for a token. Raises Refused for a code that is unknown or used, or a device known already."""
    if request.public_key.get("kty") != "OKP" or "d" in request.public_key:
        raise Refused(422, ProblemCode.INVALID)
    token = secrets.token_urlsafe(32)
    with site.engine.begin() as db:
        used = db.execute(
            update(ledger.invitations)
            .where(ledger.invitations.c.code_hash == hash_of(request.code), ledger.invitations.c.used_at.is_(None))
            .values(used_at=site.now())
        )
        if used.rowcount != 1:
            raise Refused(403, ProblemCode.INVITATION_SPENT, title="the invitation was used or is not ours")
        if db.execute(select(ledger.devices.c.id).where(ledger.devices.c.id == request.device)).first():
            raise Refused(409, ProblemCode.ID_CONFLICT)
        db.execute(
            insert(ledger.devices).values(
                id=request.device,
                public_key=json.dumps(request.public_key),
                name=request.name,
                token_hash=hash_of(token),
                enrolled_at=site.now(),
                last_seq=0,
            )
        )
        ledger.note(db, at=site.now(), who=request.device, what="enrolled")
    return EnrolmentAnswer(
        token=token,
        server_id=site.server_id,
        receipt_keys=(public_key(site),),
        office=site.office,
        courier=courier_keys.signed(site),
    )


_remembered: OrderedDict[tuple[str, str], Caller] = OrderedDict()
_MOST_REMEMBERED: Final = 5_000


def caller_remembered(site: Site, authorization: str) -> Caller:
    """Return who sent a request, perhaps from memory: only for a deed whose own transaction sees a revocation.

    A token and the key of its device never change, so the worst that memory holds is a device that was revoked.
    """
    key = (site.server_id, hash_of(authorization))
    known = _remembered.get(key)
    if known is None:
        known = _remembered[key] = caller(site, authorization)
        while len(_remembered) > _MOST_REMEMBERED:
            _remembered.popitem(last=False)
    return known


def caller(site: Site, authorization: str) -> Caller:
    """Return who sent a request. Raises Refused: 401 for an unknown token, 403 for a revoked device."""
    kind, _, token = authorization.partition(" ")
    if kind != "Bearer" or not 20 <= len(token) <= 200:
        raise Refused(401, ProblemCode.UNKNOWN_DEVICE, Retry.AFTER_LOGIN)
    with site.engine.connect() as db:
        row = db.execute(select(ledger.devices).where(ledger.devices.c.token_hash == hash_of(token))).first()
    if row is None:
        raise Refused(401, ProblemCode.UNKNOWN_DEVICE, Retry.AFTER_LOGIN)
    if row.revoked_at is not None:
        raise Refused(401, ProblemCode.REVOKED, Retry.AFTER_LOGIN)
    return Caller(row.id, row.name, json.loads(row.public_key))


def revoke(site: Site, device: str) -> None:
    """Let a device in no more; it bites with the next request."""
    with site.engine.begin() as db:
        db.execute(update(ledger.devices).where(ledger.devices.c.id == device).values(revoked_at=site.now()))
        ledger.note(db, at=site.now(), who="site", what="revoked")
