"""Accounts of officers and devices: invite, join, revoke. Every change stands in the audit."""

import datetime as dt
import re
import secrets
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, delete, insert, select, update

from bnhelper.clock import to_text
from sync.intake import ledger
from sync.intake.officers import password_hash
from sync.intake.officers_rights import PROVINCE_OFFICE, Officer, Role, offices
from sync.intake.station import Site, hash_of

#: How long an officer has to choose a password.
INVITATION_LASTS: Final = dt.timedelta(days=3)
USER_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")


class NotAnAccount(Exception):
    """What was given cannot become an account; `code` says why: user, name, office, taken."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def accounts(site: Site) -> Sequence[Any]:
    """Return every officer's account, those in use first."""
    one = ledger.officers.c
    with site.engine.connect() as db:
        return db.execute(
            select(one.user, one.name, one.role, one.office, one.made_at, one.revoked_at).order_by(
                one.revoked_at.is_not(None), one.office, one.name
            )
        ).all()


def colleagues(site: Site, office: str | None) -> Sequence[Any]:
    """Return the officers in use of one office."""
    one = ledger.officers.c
    wanted = select(one.user, one.name).where(one.office == office, one.revoked_at.is_(None)).order_by(one.name)
    with site.engine.connect() as db:
        return db.execute(wanted).all()


def invite_officer(site: Site, by: Officer, *, user: str, name: str, role: Role, office: str) -> str:
    """Return the code with which an officer joins, or chooses a new password; told once, kept as a hash.

    Raises NotAnAccount. An invitation for a user name in use gives that account a new password when it is taken up,
    with the role and office said here.
    """
    name = " ".join(name.split())[:80]
    if not USER_NAME.fullmatch(user):
        raise NotAnAccount("user")
    if not name:
        raise NotAnAccount("name")
    place = {Role.PROVINCE: PROVINCE_OFFICE, Role.AUDITOR: None}.get(role, office)
    if role is Role.OFFICER and place not in offices():
        raise NotAnAccount("office")
    code = secrets.token_urlsafe(24)
    with site.engine.begin() as db:
        one = ledger.officer_invitations.c
        db.execute(delete(ledger.officer_invitations).where(one.user == user, one.used_at.is_(None)))
        db.execute(
            insert(ledger.officer_invitations).values(
                code_hash=hash_of(code),
                user=user,
                name=name,
                role=role.value,
                office=place,
                made_by=by.user,
                ends_at=to_text(site.clock.now() + INVITATION_LASTS),
            )
        )
        ledger.note(db, at=site.now(), who=f"officer:{by.user}", what=f"invited-officer:{user}")
    return code


def invited(site: Site, code: str) -> Row[Any] | None:
    """Return the invitation of a code that still works."""
    one = ledger.officer_invitations.c
    with site.engine.connect() as db:
        return db.execute(
            select(ledger.officer_invitations).where(
                one.code_hash == hash_of(code), one.used_at.is_(None), one.ends_at > site.now()
            )
        ).first()


def join(site: Site, code: str, password: str) -> str | None:
    """Take an invitation up: make the account or renew it; return its user name, None for a spent code."""
    one, account = ledger.officer_invitations.c, ledger.officers.c
    hashed = password_hash(password)
    with site.engine.begin() as db:
        used = db.execute(
            update(ledger.officer_invitations)
            .where(one.code_hash == hash_of(code), one.used_at.is_(None), one.ends_at > site.now())
            .values(used_at=site.now())
        )
        if used.rowcount != 1:
            return None
        row = db.execute(select(ledger.officer_invitations).where(one.code_hash == hash_of(code))).one()
        values = {"name": row.name, "role": row.role, "office": row.office, "password_hash": hashed}
        known = db.execute(update(ledger.officers).where(account.user == row.user).values(**values, revoked_at=None))
        if known.rowcount == 0:
            db.execute(insert(ledger.officers).values(user=row.user, made_at=site.now(), **values))
        db.execute(delete(ledger.sessions).where(ledger.sessions.c.user == row.user))
        ledger.note(db, at=site.now(), who=f"officer:{row.user}", what="joined")
        return str(row.user)


def revoke_officer(site: Site, by: Officer, user: str) -> bool:
    """End an account and its sessions at once; False for one's own, so that nobody locks the last door."""
    if user == by.user:
        return False
    with site.engine.begin() as db:
        db.execute(
            update(ledger.officers)
            .where(ledger.officers.c.user == user, ledger.officers.c.revoked_at.is_(None))
            .values(revoked_at=site.now())
        )
        db.execute(delete(ledger.sessions).where(ledger.sessions.c.user == user))
        db.execute(update(ledger.dossiers).where(ledger.dossiers.c.assigned == user).values(assigned=None))
        ledger.note(db, at=site.now(), who=f"officer:{by.user}", what=f"revoked-officer:{user}")
    return True


def devices(site: Site, by: Officer) -> Sequence[Any]:
    """Return every enrolled device, those in use first, and write down who looked at their people's names."""
    one = ledger.devices.c
    with site.engine.begin() as db:
        ledger.note(db, at=site.now(), who=f"officer:{by.user}", what="listed-devices")
        return db.execute(
            select(one.id, one.name, one.role, one.unit, one.enrolled_at, one.revoked_at).order_by(
                one.revoked_at.is_not(None), one.enrolled_at.desc()
            )
        ).all()
