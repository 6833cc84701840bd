"""What ends and when: run it daily, `... admin retention`. Every table has its rule in `ENDS`."""

import datetime as dt
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Table, and_, delete, func, insert, not_, or_, select, tuple_

from bnhelper.clock import to_text
from sync.intake import erasure, ledger, parts, strays, supplements, uploads, visits
from sync.intake.blobs import BlobsUnavailable
from sync.intake.station import Site

_log = logging.getLogger(__name__)

_READ_AUDIT_DAYS: Final = 5 * 365  #: breaches and reads are kept five years (Law 91/2025)
_SPENT_DAYS: Final = 30  #: invitations that were used or have ended
_TOMBSTONE_DAYS: Final = 10 * 365  #: what is left of a dossier, from its erasure on
_AT_ONCE: Final = 500
_SLICE: Final = 5_000  #: rows of one transaction
_OWNERS_AT_ONCE: Final = 50

#: Table -> when its rows end; `test_retention` lets twelve years pass and looks.
ENDS: Final[Mapping[str, str]] = {
    "dossiers": "emptied in time, gone ten years after that; at once where it never arrived whole",
    "revisions": "with their dossier: the bytes when it is emptied, the receipt ten years after that; a supplement that"
    " never came whole in time",
    "files": "when their dossier is emptied",
    "dossier_words": "when their dossier is emptied",
    "deeds": "when their dossier is emptied",
    "outbox": "when their dossier is emptied",
    "legal_holds": "when somebody releases them",
    "blobs": "with the last dossier that names them; after 30 days where none does; bytes without a row by their mark",
    "doomed_blobs": "when the bytes are deleted: at once, or 30 days after they were found without a row (`strays`)",
    "uploads": "seven days after the last sign of life",
    "bundles": "in time",
    "changes": "in time",
    "visit_lists": "emptied after 60 days or when taken back, gone in time after that",
    "visit_entries": "stays: one empty one of each unit; the others are emptied with their list, and gone in time",
    "records": "with their list; after 60 days where there is none",
    "visit_units": "stays: one a unit",
    "inbox": "in time",
    "audit": "after five years, a month at once; lines of held dossiers stay",
    "throttles": "after a day",
    "wrong_tries": "after a day",
    "sessions": "a day after their end, with the next login or the next retention",
    "invitations": "30 days after they were used or ended",
    "officer_invitations": "30 days after they were used or ended",
    "devices": "stays: one for each machine",
    "officers": "stays: one for each officer",
    "bearers": "stays: one for each system",
    "revoked_subjects": "stays: one for each person shut out",
    "office_numbers": "stays: one a day",
    "site": "stays: some few values",
}


class NotHere(KeyError):
    """No dossier of this name, or one that is erased already."""


def run(site: Site, days: int) -> dict[str, int]:
    """Do all of it; return what was done, by name. `days` is what "in time" means."""
    now = site.clock.now()
    old = to_text(now - dt.timedelta(days=_READ_AUDIT_DAYS))
    return {
        **erasure.erase_old(site, days),
        "supplements_given_up": supplements.give_up_old(site, days),
        **delete_told(site, days),
        **visits.erase_old(site, days),
        "tombstones": _delete_tombstones(site),
        "orphans": erasure.let_orphans_go(site),
        "months_made": parts.make_ahead(site.engine, now),
        "months_dropped": parts.drop_before(site.engine, old),
        "deleted_files": erasure.delete_doomed(site),
        "expired_uploads": uploads.sweep(site),
        "old_audit_lines": _delete_audit(site, old),
        **_look_for_strays(site),
    }


def _look_for_strays(site: Site) -> dict[str, int]:
    """Mark what nobody wrote down; a store that cannot be listed (it may be a right of its own) stops nothing else."""
    try:
        return {"strays_marked": strays.quarantine(site).strays}
    except BlobsUnavailable:
        _log.warning("the store of bytes could not be listed: what nobody wrote down stays there")
        return {"strays_not_looked_for": 1}


def delete_told(site: Site, days: int) -> dict[str, int]:
    """Delete what everybody has been told for longer than `days`, and what has ended; return how much, by name.

    A device that was away for so long is told that its place in the feed is gone, and begins anew.
    """
    now = site.clock.now()
    before, yesterday = to_text(now - dt.timedelta(days=days)), now - dt.timedelta(days=1)
    spent = to_text(now - dt.timedelta(days=_SPENT_DAYS))
    invited, officer = ledger.invitations.c, ledger.officer_invitations.c
    ended: dict[str, tuple[Table, ColumnElement[bool]]] = {
        "old_statuses": (ledger.inbox, ledger.inbox.c.at < before),
        "old_bundles": (ledger.bundles, ledger.bundles.c.at < before),
        # Some of the first ones have no end: they are over when nobody took them up in time.
        "old_invitations": (ledger.invitations, or_(invited.used_at < spent, invited.ends_at < spent)),
        "endless_invitations": (ledger.invitations, and_(invited.ends_at.is_(None), invited.made_at < before)),
        "old_officer_invitations": (ledger.officer_invitations, or_(officer.used_at < spent, officer.ends_at < spent)),
        "old_sessions": (ledger.sessions, ledger.sessions.c.ends_at < to_text(yesterday)),
        "old_tries": (ledger.wrong_tries, ledger.wrong_tries.c.latest_at < to_text(yesterday)),
        "old_look_ups": (ledger.throttles, ledger.throttles.c.free_at < yesterday.timestamp()),
    }
    return {
        "old_changes": _delete_changes(site, before),
        **{name: _delete(site, table, is_over) for name, (table, is_over) in ended.items()},
    }


def _delete(site: Site, table: Table, is_over: ColumnElement[bool]) -> int:
    """Delete rows a slice at a time, each in a short transaction: nobody waits behind the work of a day."""
    key, count = tuple_(*table.primary_key.columns), 0
    while True:
        found = select(*table.primary_key.columns).where(is_over).limit(_SLICE)  # SQLite's DELETE has no limit
        with site.engine.begin() as db:
            gone = db.execute(delete(table).where(key.in_(found))).rowcount
        count += gone
        if gone < _SLICE:
            return count


def _delete_changes(site: Site, before: str) -> int:
    """Delete what was told before an instant, but nothing of an owner from their first line of a held dossier on.

    A feed has no gaps (`feed.page`), so what came after that line stays with it.
    """
    told, held = ledger.changes.c, ledger.legal_holds.c
    is_old = and_(told.at > "", told.at < before)
    firsts: dict[str, int] = {}
    holds = select(held.dossier, ledger.dossiers.c.device).join(ledger.dossiers, ledger.dossiers.c.id == held.dossier)
    with site.engine.connect() as db:
        for row in db.execute(holds).all():
            # A dossier is named in the line's text; its id is so long that it stands for nothing else.
            wanted = select(func.min(told.seq)).where(told.owner == row.device, told.body.contains(row.dossier))
            first = db.execute(wanted).scalar()
            if first is not None:
                firsts[row.device] = min(first, firsts.get(row.device, first))
        owners = list(db.execute(select(told.owner).where(is_old).distinct()).scalars())
    count = 0
    # An owner's lines go at once: a reader who met half of them gone would pass over the rest without a word.
    for begin in range(0, len(owners), _OWNERS_AT_ONCE):
        with site.engine.begin() as db:
            some = owners[begin : begin + _OWNERS_AT_ONCE]
            free = [one for one in some if one not in firsts]
            count += db.execute(delete(ledger.changes).where(is_old, told.owner.in_(free))).rowcount
            for owner in (one for one in some if one in firsts):
                mine = delete(ledger.changes).where(is_old, told.owner == owner, told.seq < firsts[owner])
                count += db.execute(mine).rowcount
    return count


def _delete_audit(site: Site, old: str) -> int:
    line, held = ledger.audit.c, select(ledger.legal_holds.c.dossier)
    is_free = or_(line.dossier.is_(None), line.dossier.not_in(held))
    return _delete(site, ledger.audit, and_(line.at < old, is_free))


def _delete_tombstones(site: Site) -> int:
    """Delete what is left of dossiers that were erased long ago: number, procedure, dates, receipts."""
    one, count = ledger.dossiers.c, 0
    old = to_text(site.clock.now() - dt.timedelta(days=_TOMBSTONE_DAYS))
    is_free = not_(one.id.in_(select(ledger.legal_holds.c.dossier)))
    while True:
        with site.engine.begin() as db:
            found = db.execute(select(one.id).where(one.erased_at < old, is_free).limit(_AT_ONCE)).scalars().all()
            db.execute(delete(ledger.revisions).where(ledger.revisions.c.dossier.in_(found)))
            db.execute(delete(ledger.dossiers).where(one.id.in_(found)))
        count += len(found)
        if len(found) < _AT_ONCE:
            return count


# --- legal hold ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a dossier is kept whatever its age, since when, on whose word."""

    reason: str
    by: str
    at: str


def held(site: Site, dossier: str) -> Hold | None:
    """Return the hold on a dossier, None where there is none."""
    hold = ledger.legal_holds
    with site.engine.connect() as db:
        row = db.execute(select(hold).where(hold.c.dossier == dossier)).first()
    return None if row is None else Hold(row.reason, row.by, row.at)


def hold(site: Site, dossier: str, reason: str, by: str) -> None:
    """Keep a dossier whatever its age. Raises NotHere for one that is not here, or is erased already."""
    one = ledger.dossiers.c
    with site.engine.begin() as db:
        # Retention locks what it erases: whoever comes second sees what the first one did.
        row = db.execute(select(one.erased_at).where(one.id == dossier).with_for_update()).first()
        if row is None or row.erased_at is not None:
            raise NotHere(dossier)
        db.execute(delete(ledger.legal_holds).where(ledger.legal_holds.c.dossier == dossier))
        db.execute(insert(ledger.legal_holds).values(dossier=dossier, reason=reason, by=by, at=site.now()))
        ledger.note(db, at=site.now(), who=by, what="held", dossier=dossier)


def release(site: Site, dossier: str, by: str) -> bool:
    """End a hold; return whether there was one."""
    with site.engine.begin() as db:
        gone = db.execute(delete(ledger.legal_holds).where(ledger.legal_holds.c.dossier == dossier)).rowcount
        if gone:
            ledger.note(db, at=site.now(), who=by, what="released", dossier=dossier)
    return bool(gone)
