"""Who is calling: a device that was invited, a person an OIDC issuer vouches for, or one of the province's systems."""

import json
import logging
import secrets
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, bindparam, exists, insert, or_, select, true, update

from bnhelper.vault.signatures import SignatureDoesNotHold, thumbprint, verify_detached
from sync.intake import courier_keys, ledger, proofs, receipt_keys
from sync.intake.oidc import Issuer, IssuerAway, TokenRefused
from sync.intake.refusals import Refused
from sync.intake.roles import Role
from sync.intake.station import Site, hash_of
from sync.wire.enrolment import MOST_KEYS, DeviceRegistration, EnrolmentAnswer, EnrolmentRequest, Me
from sync.wire.problems import ProblemCode, Retry

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Caller:
    """An enrolled device."""

    device: str
    name: str
    public_key: dict[str, Any]
    role: Role = Role.VOLUNTEER
    unit: str | None = None
    subject: str | None = None  #: issuer#sub of a person; none for a device's or system's own token
    holder: str | None = None  #: thumbprint of the key that a person's token is bound to


def enrol(site: Site, request: EnrolmentRequest) -> EnrolmentAnswer:
    """Exchange a code for a token. Raises Refused for a code that is unknown or used, or a device known already."""
    _checked_key(request.public_key)
    token = secrets.token_urlsafe(32)
    invitation = ledger.invitations.c
    with site.engine.begin() as db:
        used = db.execute(
            update(ledger.invitations)
            .where(
                invitation.code_hash == hash_of(request.code),
                invitation.used_at.is_(None),
                invitation.ends_at.is_(None) | (invitation.ends_at > site.now()),
            )
            .values(used_at=site.now())
            .returning(invitation.role, invitation.unit)
        ).first()
        if used is None:
            raise Refused(403, ProblemCode.INVITATION_SPENT, title="the invitation was used or is not ours")
        if db.execute(select(ledger.devices.c.id).where(ledger.devices.c.id == request.device)).first():
            raise Refused(409, ProblemCode.ID_CONFLICT)
        db.execute(
            insert(ledger.devices).values(
                id=request.device,
                public_key=json.dumps(request.public_key),
                name=request.name.replace("\x00", ""),
                token_hash=hash_of(token),
                enrolled_at=site.now(),
                last_seq=0,
                role=used.role,
                unit=used.unit,
            )
        )
        ledger.note(db, at=site.now(), who=request.device, what="enrolled")
    return EnrolmentAnswer(
        token=token,
        server_id=site.server_id,
        receipt_keys=receipt_keys.published(site).keys[:MOST_KEYS],
        unit=used.unit,
        office=site.office,
        courier=courier_keys.signed(site),
    )


def _checked_key(jwk: dict[str, Any]) -> None:
    """Refuse a key that is no public Ed25519 key: a device with one could never sign anything."""
    try:
        thumbprint(jwk)
    except ValueError as wrong:
        raise Refused(422, ProblemCode.INVALID) from wrong
    if jwk.get("kty") != "OKP" or "d" in jwk:
        raise Refused(422, ProblemCode.INVALID)


@dataclass(frozen=True, slots=True)
class Asking:
    """What a request says of its sender."""

    authorization: str
    method: str = "GET"
    url: str = ""
    proof: str = ""  #: the DPoP header
    device: str = ""  #: the BN-Device header, for people who sign in by OIDC on an enrolled machine


_remembered: OrderedDict[tuple[str, str], tuple[Caller, float]] = OrderedDict()
_MOST_REMEMBERED: Final = 5_000
_REMEMBERED_S: Final = 60.0  #: a machine that changes hands forgets its old token everywhere within this time


def remembered(site: Site, asking: Asking) -> Caller | None:
    """Return who sent a request if this worker has met them: only for a deed whose own transaction sees a revocation.

    A device's key never changes and its token only when it changes hands, by its own signature, so the worst that
    memory holds is a device that was revoked.
    """
    if asking.authorization.count(".") == 2:
        return None  # a person's token ends, and its proof is good once
    known, until = _remembered.get((site.server_id, hash_of(asking.authorization)), (None, 0.0))
    return known if time.monotonic() < until else None


def caller_remembered(site: Site, asking: Asking) -> Caller:
    """Return who sent a request, and remember them."""
    known = caller(site, asking)
    if known.public_key and asking.authorization.count(".") != 2:  # a bearer of a token is no device to look up
        _remembered[site.server_id, hash_of(asking.authorization)] = known, time.monotonic() + _REMEMBERED_S
        while len(_remembered) > _MOST_REMEMBERED:
            _remembered.popitem(last=False)
    return known


def forget(device: str) -> None:
    """Drop what this worker remembers of a device."""
    for key in [key for key, (known, _) in _remembered.items() if known.device == device]:
        del _remembered[key]


def token_of(asking: Asking) -> str:
    return asking.authorization.partition(" ")[2]


def is_of_person(site: Site, asking: Asking) -> bool:
    """Tell whether a request comes with a token of the issuer that this site trusts, as it looks."""
    kind, _, token = asking.authorization.partition(" ")
    return site.issuer is not None and kind in {"Bearer", "DPoP"} and token.count(".") == 2


def may_be_a_token(site: Site, asking: Asking) -> bool:
    """Tell whether it is worth looking who sent a request."""
    kind, _, token = asking.authorization.partition(" ")
    return is_of_person(site, asking) or (kind == "Bearer" and 20 <= len(token) <= 200)


def caller(site: Site, asking: Asking | str) -> Caller:
    """Return who sent a request. Raises Refused: 401 for an unknown token, a revoked device, person or system."""
    asking = asking if isinstance(asking, Asking) else Asking(asking)
    token = token_of(asking)
    if site.issuer is not None and is_of_person(site, asking):
        return _person(site, site.issuer, token, asking)
    if not may_be_a_token(site, asking):
        raise stranger()
    with site.loosely() as db:  # single looks
        row = db.execute(select(ledger.devices).where(ledger.devices.c.token_hash == hash_of(token))).first()
        other = (
            db.execute(select(ledger.bearers).where(ledger.bearers.c.token_hash == hash_of(token))).first()
            if row is None
            else None
        )
    if other is not None:
        if other.revoked_at is not None:
            raise shut_out()
        return Caller(f"{other.role}:{other.name}", other.name, {}, Role(other.role), other.unit)
    if row is None:
        raise stranger()
    if row.revoked_at is not None:
        raise shut_out()
    return of_device(row)


def of_device(row: Any) -> Caller:
    """Return the caller that a row of `devices` names, with the role it was enrolled for."""
    return Caller(row.id, row.name, json.loads(row.public_key), Role(row.role), row.unit)


def still_in(site: Site, who: Caller, asking: Asking) -> None:
    """Raise Refused (401) for whoever was shut out since they asked: a request may be held for a minute."""
    if who.subject is None:
        caller(site, asking)
        return
    with site.engine.connect() as db:  # a proof is good once, so a person is not asked for another
        if is_shut_out(db, who.subject):
            raise shut_out()


def refuse_the_revoked(db: Connection, device: str) -> None:
    """Raise Refused (401) for a device that was shut out, or whose person was, however well a worker remembers it."""
    if db.execute(_REVOKED, {"device": device}).first() is not None:
        raise shut_out()


def person_is_out(subject: ColumnElement[Any]) -> ColumnElement[bool]:
    """Tell in a statement whether somebody of an issuer was shut out here."""
    one = ledger.revoked_subjects.c.subject
    return exists().where(one == subject)


#: Whether a row of `devices` was shut out, or the person it belongs to.
IS_OUT: Final = or_(ledger.devices.c.revoked_at.is_not(None), person_is_out(ledger.devices.c.subject))
_MINE: Final = select(ledger.devices.c.id).where(ledger.devices.c.id == bindparam("device"), IS_OUT)
#: One row if so. A person without a machine is called by their own name.
_REVOKED: Final = select(true()).where(or_(_MINE.exists(), person_is_out(bindparam("device"))))


def stranger() -> Refused:
    """Return what whoever nobody knows hears."""
    return Refused(401, ProblemCode.UNKNOWN_DEVICE, Retry.AFTER_LOGIN, headers={"WWW-Authenticate": "Bearer, DPoP"})


def shut_out() -> Refused:
    """Return what a device, a person or a system hears that may not come in any more."""
    return Refused(401, ProblemCode.REVOKED, Retry.AFTER_LOGIN, headers={"WWW-Authenticate": "Bearer, DPoP"})


def _person(site: Site, issuer: Issuer, token: str, asking: Asking) -> Caller:
    """Return a person whom an issuer vouches for, with the device they registered, if they carry dossiers."""
    try:
        person = issuer.person(
            token,
            proof=asking.proof,
            method=asking.method,
            url=asking.url,
            is_first_use=lambda name: proofs.is_first_use(site, name),
        )
    except TokenRefused as wrong:
        _log.info("token refused: %s", wrong.why)
        raise stranger() from wrong
    except IssuerAway as wrong:
        raise Refused(503, ProblemCode.BUSY, Retry.LATER, retry_after=5) from wrong
    with site.engine.connect() as db:
        is_shut = is_shut_out(db, person.subject)
        row = db.execute(
            select(ledger.devices).where(
                ledger.devices.c.id == asking.device, ledger.devices.c.subject == person.subject
            )
        ).first()
    if is_shut or (row is not None and row.revoked_at is not None):
        raise shut_out()
    now = {"role": person.role.value, "unit": person.unit}
    if row is not None and (row.role, row.unit) != tuple(now.values()):
        # What their machine brings by stick is judged by it, and whose leader may shut it out.
        with site.engine.begin() as db:
            db.execute(update(ledger.devices).where(ledger.devices.c.id == row.id).values(**now))
    about: dict[str, Any] = {"subject": person.subject, "holder": person.holder}
    if row is None:
        return Caller(person.subject, person.name, {}, person.role, person.unit, **about)
    return Caller(row.id, person.name, json.loads(row.public_key), person.role, person.unit, **about)


def is_shut_out(db: Connection, subject: str | None) -> bool:
    """Tell whether a person of an issuer was shut out here."""
    one = ledger.revoked_subjects.c.subject
    return subject is not None and db.execute(select(one).where(one == subject)).first() is not None


def register(
    site: Site, who: Caller, device: str, registration: DeviceRegistration, *, body: bytes = b"", signature: str = ""
) -> tuple[int, Me]:
    """Bind a device's signing key to the person who is signed in: 201 new, 200 the same again. Raises Refused.

    A device of somebody else, or one that came by invitation, changes hands when it says so itself: `signature` over
    `body` is the device's, and names the key of the very caller. One that was shut out stays outside.
    """
    _checked_key(registration.public_key)
    key = json.dumps(registration.public_key, sort_keys=True)
    if who.subject is None:
        raise Refused(403, ProblemCode.NOT_ALLOWED)
    with site.engine.begin() as db:
        known = db.execute(select(ledger.devices).where(ledger.devices.c.id == device).with_for_update()).first()
        if known is not None and known.revoked_at is not None:
            raise shut_out()
        if known is not None and json.loads(known.public_key).get("x") != registration.public_key.get("x"):
            raise Refused(409, ProblemCode.ID_CONFLICT)
        if known is not None and known.subject != who.subject:
            if who.holder is None or registration.holder != who.holder or not _signed(known, body, signature):
                raise Refused(409, ProblemCode.ID_CONFLICT)
            mine: dict[str, Any] = {
                "subject": who.subject,
                "name": registration.name.replace("\x00", ""),
                "token_hash": _nobody_s(),
            }
            mine |= {"role": who.role.value, "unit": who.unit}
            db.execute(update(ledger.devices).where(ledger.devices.c.id == device).values(**mine))
            ledger.note(db, at=site.now(), who=device, what="changed-hands")
            forget(device)
        if known is None:
            db.execute(
                insert(ledger.devices).values(
                    id=device,
                    public_key=key,
                    name=registration.name.replace("\x00", ""),
                    token_hash=_nobody_s(),
                    enrolled_at=site.now(),
                    last_seq=0,
                    role=who.role.value,
                    unit=who.unit,
                    subject=who.subject,
                )
            )
            ledger.note(db, at=site.now(), who=device, what="registered")
    return 201 if known is None else 200, Me(device=device, name=who.name, unit=who.unit, office=site.office)


def _nobody_s() -> str:
    """Return the hash of a token nobody has: such a device comes with tokens of its issuer."""
    return hash_of(secrets.token_urlsafe(32))


def _signed(known: Any, body: bytes, signature: str) -> bool:
    try:
        verify_detached(signature, body, [json.loads(known.public_key)])
    except SignatureDoesNotHold:
        return False
    return True


def revoke(site: Site, device: str, by: str = "site") -> None:
    """Let a device in no more; it bites with the next request. `by` stands in the audit."""
    one = ledger.devices.c
    with site.engine.begin() as db:
        db.execute(
            update(ledger.devices).where(one.id == device, one.revoked_at.is_(None)).values(revoked_at=site.now())
        )
        ledger.note(db, at=site.now(), who=by, what=f"revoked:{device}")
    forget(device)


def make_bearer(site: Site, name: str, role: Role, unit: str | None = None) -> str:
    """Return a new token for somebody who is no device; it is told once and kept as a hash."""
    token = secrets.token_urlsafe(32)
    values = {"name": name, "role": role.value, "unit": unit, "made_at": site.now()}
    with site.engine.begin() as db:
        db.execute(insert(ledger.bearers).values(token_hash=hash_of(token), **values))
        ledger.note(db, at=site.now(), who="site", what=f"made-token:{role.value}:{name}")
    return token


def revoke_bearer(site: Site, name: str) -> int:
    """Shut out everybody's tokens of one name; return how many they were."""
    one = ledger.bearers.c
    with site.engine.begin() as db:
        shut = db.execute(
            update(ledger.bearers).where(one.name == name, one.revoked_at.is_(None)).values(revoked_at=site.now())
        )
        ledger.note(db, at=site.now(), who="site", what=f"revoked-token:{name}")
    return shut.rowcount


def revoke_subject(site: Site, subject: str) -> None:
    """Shut a person of an issuer out at once, whatever their token says."""
    with site.engine.begin() as db:
        db.execute(ledger.insert_once(db, ledger.revoked_subjects, subject=subject, at=site.now()))
        ledger.note(db, at=site.now(), who="site", what="revoked-person")
