"""What an officer does to a dossier: log in, accept, ask for a supplement, refuse, give the result."""

import datetime as dt
import hashlib
import json
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlalchemy import Connection, Row, delete, insert, select, update

from bnhelper.clock import to_text
from bnhelper.ids import uuid7
from sync.intake import feed, ledger
from sync.intake.station import Site, hash_of
from sync.wire.changes import Result, SupplementRequest
from sync.wire.dossiers import WireState

_SESSION: Final = dt.timedelta(hours=10)
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_LOCK = threading.Lock()
_wrong_since: dict[str, list[dt.datetime]] = {}

#: From which states an officer's act is possible.
ACTS: Final = {
    "accept": frozenset({WireState.DELIVERED}),
    "review": frozenset({WireState.DELIVERED, WireState.ACCEPTED}),
    "supplement": frozenset({WireState.DELIVERED, WireState.ACCEPTED, WireState.IN_REVIEW}),
    "reject": frozenset({WireState.DELIVERED, WireState.ACCEPTED, WireState.IN_REVIEW, WireState.NEEDS_INFO}),
    "result": frozenset({WireState.DELIVERED, WireState.ACCEPTED, WireState.IN_REVIEW}),
    "returned": frozenset({WireState.APPROVED}),
}


class NotNow(Exception):
    """Somebody else changed the dossier meanwhile, or its state does not allow the act."""


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer who is logged in."""

    user: str
    name: str
    csrf: str


def password_hash(password: str) -> str:
    return _hasher.hash(password)


def log_in(site: Site, user: str, password: str) -> str | None:
    """Return a session token, or None. After five wrong tries a name waits a minute."""
    now = site.clock.now()
    with _LOCK:
        recent = [at for at in _wrong_since.get(user, []) if now - at < dt.timedelta(minutes=1)]
        _wrong_since[user] = recent
        if len(_wrong_since) > 1000:
            _wrong_since.clear()
        if len(recent) >= 5:
            return None
    with site.engine.connect() as db:
        row = db.execute(select(ledger.officers).where(ledger.officers.c.user == user)).first()
    try:
        _hasher.verify(row.password_hash if row is not None else _nobody(), password)
    except Argon2Error:
        row = None
    if row is None:
        with _LOCK:
            _wrong_since.setdefault(user, []).append(now)
        return None
    token = secrets.token_urlsafe(32)
    with site.engine.begin() as db:
        db.execute(delete(ledger.sessions).where(ledger.sessions.c.ends_at < site.now()))
        db.execute(
            insert(ledger.sessions).values(
                token_hash=hash_of(token),
                user=row.user,
                csrf=secrets.token_urlsafe(24),
                ends_at=to_text(now + _SESSION),
            )
        )
        ledger.note(db, at=site.now(), who=f"officer:{row.user}", what="logged-in")
    return token


_nobody_hash: list[str] = []


def _nobody() -> str:
    """Return a hash nobody's password matches, so that an unknown name takes as long as a wrong password."""
    if not _nobody_hash:
        _nobody_hash.append(password_hash(secrets.token_urlsafe(16)))
    return _nobody_hash[0]


def officer_of(site: Site, token: str) -> Officer | None:
    """Return who a session belongs to, or None."""
    if not token:
        return None
    with site.engine.connect() as db:
        row = db.execute(
            select(ledger.sessions, ledger.officers.c.name)
            .join(ledger.officers, ledger.officers.c.user == ledger.sessions.c.user)
            .where(ledger.sessions.c.token_hash == hash_of(token), ledger.sessions.c.ends_at > site.now())
        ).first()
    return None if row is None else Officer(row.user, row.name, row.csrf)


def log_out(site: Site, token: str) -> None:
    with site.engine.begin() as db:
        db.execute(delete(ledger.sessions).where(ledger.sessions.c.token_hash == hash_of(token)))


def queue(site: Site, state: str = "") -> list[Row[Any]]:
    """Return the dossiers, those that wait for an officer first, the oldest first."""
    waits = {WireState.DELIVERED: 0, WireState.ACCEPTED: 1, WireState.IN_REVIEW: 2, WireState.NEEDS_INFO: 3}
    wanted = select(ledger.dossiers).where(ledger.dossiers.c.state != WireState.RECEIVING.value)
    if state:
        wanted = wanted.where(ledger.dossiers.c.state == state)
    with site.engine.connect() as db:
        rows = list(db.execute(wanted.order_by(ledger.dossiers.c.changed_at).limit(500)))
    return sorted(rows, key=lambda row: waits.get(WireState(row.state), 9))


def act(
    site: Site,
    officer: Officer,
    dossier: str,
    deed: str,
    version: int,
    *,
    note: str = "",
    fields: Sequence[str] = (),
    papers: Sequence[str] = (),
    deadline: dt.datetime | None = None,
    result: tuple[str, str, bytes] | None = None,
) -> None:
    """Do one deed and tell the owner. Raises NotNow when the dossier is not as the officer saw it."""
    now = site.clock.now()
    states = {
        "accept": WireState.ACCEPTED,
        "review": WireState.IN_REVIEW,
        "supplement": WireState.NEEDS_INFO,
        "reject": WireState.REJECTED,
        "result": WireState.APPROVED,
        "returned": WireState.RETURNED,
    }
    stored = _store_result(site, result) if result is not None else None
    with site.engine.begin() as db:
        row = db.execute(select(ledger.dossiers).where(ledger.dossiers.c.id == dossier).with_for_update()).first()
        if row is None or row.version != version or WireState(row.state) not in ACTS[deed]:
            raise NotNow
        state = states[deed]
        said: dict[str, Any] = {}
        values: dict[str, Any] = {
            "state": state.value,
            "changed_at": to_text(now),
            "version": row.version + 1,
            "officer": officer.name,
            "note": note or None,
        }
        if deed == "supplement":
            said["request"] = SupplementRequest(
                id=uuid7(now), deadline=deadline, fields=tuple(fields), papers=tuple(papers), note=note
            )
            values["request"] = said["request"].write().decode("utf-8")
        if stored is not None:
            said["result"] = stored
            values["result"] = stored.write().decode("utf-8")
            _own_result(site, db, row.device, stored)
        db.execute(update(ledger.dossiers).where(ledger.dossiers.c.id == dossier).values(**values))
        feed.append(
            db,
            row.device,
            dossier=dossier,
            rev=row.revision,
            state=state,
            at=now,
            note=note or None,
            office_number=row.office_number,
            officer=officer.name,
            **said,
        )
        ledger.note(db, at=to_text(now), who=f"officer:{officer.user}", what=deed, dossier=dossier)


def _store_result(site: Site, result: tuple[str, str, bytes]) -> Result:
    name, media_type, content = result
    sha256 = hashlib.sha256(content).hexdigest()
    if not site.blobs.has(sha256):
        site.blobs.put(sha256, site.spool.place(content))
    return Result(sha256=sha256, size=len(content), name=name[:200], media_type=media_type)


def _own_result(site: Site, db: Connection, owner: str, result: Result) -> None:
    known = select(ledger.blobs).where(ledger.blobs.c.owner == owner, ledger.blobs.c.sha256 == result.sha256)
    if db.execute(known).first() is None:
        db.execute(
            insert(ledger.blobs).values(
                owner=owner,
                sha256=result.sha256,
                size=result.size,
                media_type=result.media_type,
                stored_at=site.now(),
            )
        )


def envelope_bytes(site: Site, dossier: str) -> bytes | None:
    """Return the stored bytes of the newest revision."""
    with site.engine.connect() as db:
        found: bytes | None = db.execute(
            select(ledger.revisions.c.body)
            .where(ledger.revisions.c.dossier == dossier)
            .order_by(ledger.revisions.c.revision.desc())
            .limit(1)
        ).scalar()
    return None if found is None else bytes(found)


def dossier_row(site: Site, officer: Officer, dossier: str) -> Row[Any] | None:
    """Return one dossier, and note who read it."""
    with site.engine.begin() as db:
        row = db.execute(select(ledger.dossiers).where(ledger.dossiers.c.id == dossier)).first()
        if row is not None:
            ledger.note(db, at=site.now(), who=f"officer:{officer.user}", what="read", dossier=dossier)
    return row


def request_of(row: Row[Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(row.request) if row.request else {}
    return found
