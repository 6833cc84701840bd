"""Settles revisions: when the last byte of one is there, numbers it, signs its receipt and tells its owner."""

import datetime as dt
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from bnhelper.clock import PROVINCE_TIME, to_text
from sync.intake import desk_card, feed, identity, ledger
from sync.intake.deadlines import reception_due
from sync.intake.refusals import Refused
from sync.intake.station import Site
from sync.wire.changes import Change
from sync.wire.dossiers import RevisionVerdict, WireState
from sync.wire.problems import FieldProblem, ProblemCode, Retry
from sync.wire.receipts import Receipt


def sign(
    site: Site, *, dossier: str, revision: int, envelope: str, blobs: set[str], number: str, at: dt.datetime
) -> str:
    """Return the receipt over exactly these hashes; to be handed out only after the commit that keeps it."""
    said = Receipt(
        iss=site.server_id,
        dossier=dossier,
        revision=revision,
        envelope=envelope,
        blobs=tuple(sorted(blobs)),
        received_at=at,
        office_number=number,
    )
    return site.signing.sign(said.write())


def day_of(site: Site) -> str:
    """Return today in the province, as office numbers write it."""
    return site.clock.now().astimezone(PROVINCE_TIME).strftime("%y%m%d")


def draw_numbers(site: Site, db: Connection | None, count: int) -> list[str]:
    """Return the next office numbers of today, such as H05.27-261124-0001; nothing may be read out of them.

    The day's counter is what all workers share. On PostgreSQL it is drawn at once and for good on a connection of
    its own, so that nobody waits for somebody else's commit; numbers of a commit that fails are never given again.
    On SQLite, where only one writes anyway, it is part of the transaction `db`.
    """
    if count == 0:
        return []
    if site.counting is not None:
        with site.counting.connect() as alone:
            return draw_for_good(site, alone, count)
    assert db is not None
    return draw_for_good(site, db, count)


def draw_for_good(site: Site, db: Connection, count: int) -> list[str]:
    """Return the next office numbers of today; they are the caller's when the transaction `db` is durable."""
    day = day_of(site)
    drawn = (
        update(ledger.office_numbers)
        .where(ledger.office_numbers.c.day == day)
        .values(last=ledger.office_numbers.c.last + count)
        .returning(ledger.office_numbers.c.last)
    )
    last = db.execute(drawn).scalar()
    if last is None:
        db.execute(ledger.insert_once(db, ledger.office_numbers, day=day, last=0))
        last = db.execute(drawn).scalar_one()
    return [f"{site.number_prefix}-{day}-{number:04}" for number in range(last - count + 1, last + 1)]


def standing(site: Site, owner: str, dossier: str) -> RevisionVerdict | None:
    """Return how the newest revision of an owner's dossier stands, settling it if need be; None where it is not theirs.

    Mostly it is settled, and then this is one look that locks nothing. It sees for itself an owner who was shut out,
    however well a worker remembers them. Raises Refused (401).
    """
    with site.loosely() as db:
        row = db.execute(_SETTLED, {"name": dossier, "owner": owner}).first()
        if row is None:
            identity.refuse_the_revoked(db, owner)
    if row is None:
        return None
    if row.revoked_at is not None:
        raise identity.shut_out()
    if row.receipt is not None:
        return RevisionVerdict(id=dossier, rev=row.revision, state=WireState(row.state), receipt=row.receipt)
    with site.engine.begin() as db:
        return settle(site, db, dossier, row.revision)


def settle(site: Site, db: Connection, dossier: str, revision: int) -> RevisionVerdict:
    """Return how a revision stands, and settle it if the last byte has come. Locks the dossier."""
    return _settle(site, db, db.execute(_LOCKED, {"name": dossier}).one(), revision)


def state_with_receipt(state: WireState) -> WireState:
    """Return where a dossier is when the last byte of a revision has come: delivered, unless it is over meanwhile.

    The province's systems may end a dossier that waits for a photo; the photo is received, and wakes nothing.
    """
    return state if state in OVER else WireState.DELIVERED


def refuse_falsely_named(db: Connection, dossier: str, revision: int) -> None:
    """Refuse a revision whose files came and are not of the size or kind that it says: it can never be settled."""
    found = db.execute(_FALSELY_NAMED, {"name": dossier, "number": revision}).scalars().all()
    if found:
        errors = tuple(FieldProblem(pointer=f"/files/{sha256}", code="differs") for sha256 in found[:50])
        raise Refused(422, ProblemCode.INVALID, Retry.AFTER_EDIT, errors=errors)


def settle_owner(site: Site, db: Connection, owner: str, sha256: str) -> tuple[str, ...]:
    """A file arrived: settle every revision of this owner that waited for it; return the receipts of those now whole.

    They may be handed out after the commit. The dossiers are locked first and in one order, before any row of the
    feed: officers lock in that order too.
    """
    waiting = db.execute(_WAITING, {"name": sha256, "owner": owner}).all()
    verdicts = [_settle(site, db, row, row.revision) for row in waiting]
    return tuple(one.receipt for one in verdicts if one.receipt is not None)


OVER: Final = frozenset({WireState.APPROVED, WireState.RETURNED, WireState.REJECTED, WireState.WITHDRAWN})

# Statements are made once: a photo asks a dozen of them, and making one costs as much as asking it.
_dossier, _revision, _file, _blob = ledger.dossiers.c, ledger.revisions.c, ledger.files.c, ledger.blobs.c
_TO_SETTLE: Final = (_dossier.id, _dossier.device, _dossier.state, _dossier.office_number, _dossier.received_at)
_LOCKED: Final = (
    select(*_TO_SETTLE, _dossier.version).where(_dossier.id == bindparam("name")).with_for_update(of=ledger.dossiers)
)
_SAME_REVISION: Final = (_revision.dossier == _file.dossier) & (_revision.revision == _file.revision)
_WAITING: Final = (
    select(*_TO_SETTLE, _dossier.version, _file.revision)
    .select_from(ledger.files)
    .join(ledger.dossiers, _dossier.id == _file.dossier)
    .join(ledger.revisions, _SAME_REVISION)
    .where(_file.sha256 == bindparam("name"), _dossier.device == bindparam("owner"), _revision.receipt.is_(None))
    .order_by(_file.dossier, _file.revision)
    .with_for_update(of=ledger.dossiers)
)
#: The bytes that a file's line means: a row of `blobs` is written after they are durable and says what they are by
#: themselves, so a line that says another size or kind is not settled by them, whatever its hash.
AS_SAID: Final = (_blob.sha256 == _file.sha256) & (_blob.size == _file.size) & (_blob.media_type == _file.media_type)
#: One row for each file of a revision, one in all where it has none; `there` is null without such bytes.
_PARTS: Final = (
    select(_revision.sha256, _revision.receipt, _file.sha256.label("file"), _blob.sha256.label("there"))
    .select_from(ledger.revisions)
    .outerjoin(ledger.files, _SAME_REVISION)
    .outerjoin(ledger.blobs, (_blob.owner == bindparam("owner")) & AS_SAID)
    .where(_revision.dossier == bindparam("name"), _revision.revision == bindparam("number"))
)
_FALSELY_NAMED: Final = (
    select(_file.sha256)
    .join(ledger.dossiers, _dossier.id == _file.dossier)
    .join(ledger.blobs, (_blob.owner == _dossier.device) & (_blob.sha256 == _file.sha256))
    .where(_file.dossier == bindparam("name"), _file.revision == bindparam("number"), ~AS_SAID)
    .order_by(_file.sha256)
)


def lacks_a_file(dossier: ColumnElement[str], revision: ColumnElement[int], owner: str) -> ColumnElement[bool]:
    """Tell in a statement whether a file that a revision names is not there any more."""
    there = select(_blob.sha256).where(_blob.owner == owner, AS_SAID).correlate(ledger.files).exists()
    return select(_file.sha256).where(_file.dossier == dossier, _file.revision == revision, ~there).exists()


_SETTLED: Final = (
    select(_dossier.revision, _dossier.state, _revision.receipt, ledger.devices.c.revoked_at)
    .join(ledger.revisions, (_revision.dossier == _dossier.id) & (_revision.revision == _dossier.revision))
    .outerjoin(ledger.devices, ledger.devices.c.id == _dossier.device)
    .where(_dossier.id == bindparam("name"), _dossier.device == bindparam("owner"))
)
_OWNER_LOCKED: Final = select(ledger.devices.c.id).where(ledger.devices.c.id == bindparam("owner")).with_for_update()


def _settle(site: Site, db: Connection, row: Any, revision: int) -> RevisionVerdict:
    """Settle a revision of a dossier whose row is locked; what it depends on is read only now."""
    dossier, owner, state = row.id, row.device, WireState(row.state)
    parts = db.execute(_PARTS, {"name": dossier, "number": revision, "owner": owner}).all()
    envelope, receipt = parts[0].sha256, parts[0].receipt
    wanted = {part.file for part in parts if part.file is not None}
    missing = {part.file for part in parts if part.file is not None and part.there is None}
    if receipt is not None and not missing:
        return RevisionVerdict(id=dossier, rev=revision, state=state, receipt=receipt)
    if missing:  # also where the store of bytes lost them after the receipt (`admin check --mend`)
        return RevisionVerdict(id=dossier, rev=revision, state=state, missing=tuple(sorted(missing)))
    # One order of locks everywhere: dossiers, then the owner, then the day's counter (the kill tests found another).
    # On PostgreSQL that counter is on its own, and no lock is taken while it is held.
    if db.dialect.name != "postgresql":
        db.execute(_OWNER_LOCKED, {"owner": owner})
    number = row.office_number or draw_numbers(site, db, 1)[0]
    now = site.clock.now()
    receipt = sign(site, dossier=dossier, revision=revision, envelope=envelope, blobs=wanted, number=number, at=now)
    state = state_with_receipt(state)
    is_over = state is not WireState.DELIVERED
    change = Change(seq=1, dossier=dossier, rev=revision, state=state, at=now, office_number=number, receipt=receipt)
    words = desk_card.word_rows(dossier, frozenset(), number)
    said = {"name": dossier, "number": revision, "owner": owner, "new_receipt": receipt, "new_number": number}
    due = None if is_over else reception_due(now)
    said |= {"at": to_text(now), "due": due, "received": row.received_at or to_text(now)}
    said |= {"new_version": row.version + 1, "new_state": state.value}
    if db.dialect.name == "postgresql":
        told = {"told": feed.without_number(change), "words": [one["word"] for one in words]}
        db.exec_driver_sql(_ALL_AT_ONCE, said | told)
    else:
        db.execute(_RECEIPTED, said)
        db.execute(_DELIVERED, said)
        desk_card.add_words(db, words)
        about = {"dossier": dossier, "rev": revision, "state": state, "at": now}
        feed.append(db, owner, is_told_by_province=is_over, **about, office_number=number, receipt=receipt)
        ledger.note(db, at=to_text(now), who=owner, what="delivered", dossier=dossier)
    return RevisionVerdict(id=dossier, rev=revision, state=state, receipt=receipt)


_RECEIPTED: Final = (
    update(ledger.revisions)
    .where(_revision.dossier == bindparam("name"), _revision.revision == bindparam("number"))
    .values(receipt=bindparam("new_receipt"))
)
_DELIVERED: Final = (
    update(ledger.dossiers)
    .where(_dossier.id == bindparam("name"))
    .values(
        state=bindparam("new_state"),
        office_number=bindparam("new_number"),
        received_at=bindparam("received"),
        changed_at=bindparam("at"),
        version=bindparam("new_version"),
        due_at=bindparam("due"),
        request=None,
    )
)
_ALL_AT_ONCE: Final = """
WITH counted AS (
    UPDATE devices SET last_seq = last_seq + 1 WHERE id = %(owner)s RETURNING last_seq
), receipted AS (
    UPDATE revisions SET receipt = %(new_receipt)s WHERE dossier = %(name)s AND revision = %(number)s
), delivered AS (
    UPDATE dossiers SET state = %(new_state)s, office_number = %(new_number)s, received_at = %(received)s,
        changed_at = %(at)s, version = %(new_version)s, due_at = %(due)s,
        request = NULL WHERE id = %(name)s
), new_words AS (
    INSERT INTO dossier_words (dossier, word) SELECT %(name)s, unnest(%(words)s::text[]) ON CONFLICT DO NOTHING
), noted AS (
    INSERT INTO audit (at, who, what, dossier) VALUES (%(at)s, %(owner)s, 'delivered', %(name)s)
)
INSERT INTO changes (owner, seq, body, at)
SELECT %(owner)s, last_seq, '{"seq":' || last_seq || ',' || %(told)s, %(at)s FROM counted
"""
