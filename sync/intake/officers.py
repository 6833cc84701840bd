"""Officers at the door: log in, sessions that end, passwords."""

import datetime as dt
import secrets
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlalchemy import Connection, Row, delete, insert, select, update

from bnhelper.clock import from_text, to_text
from sync.intake import ledger
from sync.intake.officers_rights import Officer, Role
from sync.intake.station import Site, hash_of

#: A session ends after this long without a request, and at the latest at the end of a working day.
IDLE: Final = dt.timedelta(minutes=60)
LONGEST: Final = dt.timedelta(hours=10)
_KEPT_AFTER: Final = dt.timedelta(days=1)
_TOUCH: Final = dt.timedelta(minutes=2)
_MOST_TRIES: Final = 5
_WAIT: Final = dt.timedelta(minutes=1)
SHORTEST_PASSWORD: Final = 10
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A session that is over: who it was, and the token their forms carry."""

    user: str
    csrf: str


def password_hash(password: str) -> str:
    """Return how a password is kept: Argon2id with the sizes that OWASP asks for at least."""
    return _hasher.hash(password)


def log_in(site: Site, user: str, password: str) -> str | None:
    """Return a session token, or None. After five wrong tries a name waits a minute."""
    name_hash = hash_of(f"login:{user.casefold()}")
    if _must_wait(site, name_hash):
        return None
    row = _account(site, user)
    if not _is_right(row, password) or row is None:
        _count_wrong(site, name_hash)
        return None
    with site.engine.begin() as db:
        db.execute(delete(ledger.wrong_tries).where(ledger.wrong_tries.c.name_hash == name_hash))
        _forget_old_sessions(site, db)
        ledger.note(db, at=site.now(), who=f"officer:{row.user}", what="logged-in")
        return _begin(site, db, row.user)


def _account(site: Site, user: str) -> Row[Any] | None:
    known = select(ledger.officers).where(ledger.officers.c.user == user, ledger.officers.c.revoked_at.is_(None))
    with site.engine.connect() as db:
        return db.execute(known).first()


def _is_right(row: Row[Any] | None, password: str) -> bool:
    """Tell whether a password is right; an unknown name takes as long as a wrong password."""
    try:
        _hasher.verify(row.password_hash if row is not None else _nobody(), password)
    except Argon2Error:
        return False
    return row is not None


@cache
def _nobody() -> str:
    return password_hash(secrets.token_urlsafe(16))


def _must_wait(site: Site, name_hash: str) -> bool:
    tries = ledger.wrong_tries.c
    with site.engine.connect() as db:
        row = db.execute(select(ledger.wrong_tries).where(tries.name_hash == name_hash)).first()
    return row is not None and row.tries >= _MOST_TRIES and site.clock.now() - from_text(row.latest_at) < _WAIT


def _count_wrong(site: Site, name_hash: str) -> None:
    tries, now = ledger.wrong_tries.c, site.clock.now()
    fresh = to_text(now - _WAIT)
    with site.engine.begin() as db:
        db.execute(delete(ledger.wrong_tries).where(tries.latest_at < fresh))
        # Made first, so that two tries at once are two.
        db.execute(ledger.insert_once(db, ledger.wrong_tries, name_hash=name_hash, tries=0, latest_at=to_text(now)))
        mine = update(ledger.wrong_tries).where(tries.name_hash == name_hash)
        db.execute(mine.values(tries=tries.tries + 1, latest_at=to_text(now)))
        ledger.note(db, at=to_text(now), who="site", what="wrong-password")


def _begin(site: Site, db: Connection, user: str) -> str:
    now = site.clock.now()
    token = secrets.token_urlsafe(32)
    db.execute(
        insert(ledger.sessions).values(
            token_hash=hash_of(token),
            user=user,
            csrf=secrets.token_urlsafe(24),
            ends_at=to_text(now + IDLE),
            latest_at=to_text(now + LONGEST),
        )
    )
    return token


def _forget_old_sessions(site: Site, db: Connection) -> None:
    ended = to_text(site.clock.now() - _KEPT_AFTER)
    db.execute(delete(ledger.sessions).where(ledger.sessions.c.ends_at < ended))


def officer_of(site: Site, token: str) -> Officer | None:
    """Return who a live session belongs to, and let it live on; None for none, an ended or a revoked one."""
    if not token:
        return None
    now = site.clock.now()
    with site.engine.connect() as db:
        row = db.execute(
            select(ledger.sessions, ledger.officers.c.name, ledger.officers.c.role, ledger.officers.c.office)
            .join(ledger.officers, ledger.officers.c.user == ledger.sessions.c.user)
            .where(
                ledger.sessions.c.token_hash == hash_of(token),
                ledger.sessions.c.ends_at > to_text(now),
                ledger.officers.c.revoked_at.is_(None),
            )
        ).first()
    if row is None:
        return None
    later = min(to_text(now + IDLE), row.latest_at)
    if from_text(later) - from_text(row.ends_at) > _TOUCH:
        with site.engine.begin() as db:
            db.execute(
                update(ledger.sessions).where(ledger.sessions.c.token_hash == row.token_hash).values(ends_at=later)
            )
    return Officer(row.user, row.name, row.csrf, Role(row.role), row.office)


def lapsed(site: Site, token: str) -> Lapsed | None:
    """Return whose session ended by itself, while it is still remembered. Logging out leaves nothing."""
    with site.engine.connect() as db:
        row = db.execute(
            select(ledger.sessions).where(
                ledger.sessions.c.token_hash == hash_of(token), ledger.sessions.c.ends_at <= site.now()
            )
        ).first()
    return None if row is None else Lapsed(row.user, row.csrf)


def log_out(site: Site, token: str) -> None:
    with site.engine.begin() as db:
        db.execute(delete(ledger.sessions).where(ledger.sessions.c.token_hash == hash_of(token)))


def change_password(site: Site, officer: Officer, old: str, new: str) -> bool:
    """Change an officer's own password and end their other sessions; False when the old one is wrong."""
    name_hash = hash_of(f"login:{officer.user.casefold()}")
    if _must_wait(site, name_hash):
        return False
    if not _is_right(_account(site, officer.user), old):
        _count_wrong(site, name_hash)
        return False
    with site.engine.begin() as db:
        db.execute(
            update(ledger.officers)
            .where(ledger.officers.c.user == officer.user)
            .values(password_hash=password_hash(new))
        )
        db.execute(
            delete(ledger.sessions).where(
                ledger.sessions.c.user == officer.user, ledger.sessions.c.csrf != officer.csrf
            )
        )
        ledger.note(db, at=site.now(), who=f"officer:{officer.user}", what="changed-password")
    return True
