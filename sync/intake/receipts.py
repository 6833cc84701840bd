"""Settles revisions: when the last byte of one is there, numbers it, signs its receipt and tells its owner."""

import datetime as dt

from sqlalchemy import Connection, select, update

from bnhelper.clock import PROVINCE_TIME, to_text
from sync.intake import desk_card, feed, ledger
from sync.intake.deadlines import reception_due
from sync.intake.station import Site
from sync.wire.dossiers import RevisionVerdict, WireState
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


def settle(site: Site, db: Connection, dossier: str, revision: int) -> RevisionVerdict:
    """Return how a revision stands, and settle it if the last byte has come. Locks the dossier."""
    row = db.execute(select(ledger.dossiers).where(ledger.dossiers.c.id == dossier).with_for_update()).one()
    kept = db.execute(
        select(ledger.revisions.c.sha256, ledger.revisions.c.receipt).where(
            ledger.revisions.c.dossier == dossier, ledger.revisions.c.revision == revision
        )
    ).one()
    state, receipt = WireState(row.state), kept.receipt
    if receipt is not None:
        return RevisionVerdict(id=dossier, rev=revision, state=state, receipt=receipt)
    wanted = set(
        db.execute(
            select(ledger.files.c.sha256).where(ledger.files.c.dossier == dossier, ledger.files.c.revision == revision)
        ).scalars()
    )
    # A row of `blobs` is written after the bytes are durable, so it is the proof that they are there.
    there = set(
        db.execute(
            select(ledger.blobs.c.sha256).where(ledger.blobs.c.owner == row.device, ledger.blobs.c.sha256.in_(wanted))
        ).scalars()
    )
    if wanted - there:
        return RevisionVerdict(id=dossier, rev=revision, state=state, missing=tuple(sorted(wanted - there)))
    # One order of locks everywhere: dossiers, then the owner, then the day's counter (the kill tests found another).
    db.execute(select(ledger.devices.c.id).where(ledger.devices.c.id == row.device).with_for_update())
    number = row.office_number or draw_numbers(site, db, 1)[0]
    now = site.clock.now()
    receipt = sign(site, dossier=dossier, revision=revision, envelope=kept.sha256, blobs=wanted, number=number, at=now)
    state = WireState.DELIVERED
    db.execute(
        update(ledger.revisions)
        .where(ledger.revisions.c.dossier == dossier, ledger.revisions.c.revision == revision)
        .values(receipt=receipt)
    )
    db.execute(
        update(ledger.dossiers)
        .where(ledger.dossiers.c.id == dossier)
        .values(
            state=state.value,
            office_number=number,
            received_at=row.received_at or to_text(now),
            changed_at=to_text(now),
            version=row.version + 1,
            due_at=reception_due(now),
        )
    )
    desk_card.add_words(db, desk_card.word_rows(dossier, frozenset(), number))
    feed.append(
        db, row.device, dossier=dossier, rev=revision, state=state, at=now, office_number=number, receipt=receipt
    )
    ledger.note(db, at=to_text(now), who=row.device, what="delivered", dossier=dossier)
    return RevisionVerdict(id=dossier, rev=revision, state=state, receipt=receipt)


def settle_owner(site: Site, db: Connection, owner: str, sha256: str) -> None:
    """A file arrived: settle every revision of this owner that waited for it.

    The dossiers are locked first and in one order, before any row of the feed: officers lock in that order too.
    """
    rows = db.execute(
        select(ledger.files.c.dossier, ledger.files.c.revision)
        .join(ledger.dossiers, ledger.dossiers.c.id == ledger.files.c.dossier)
        .join(
            ledger.revisions,
            (ledger.revisions.c.dossier == ledger.files.c.dossier)
            & (ledger.revisions.c.revision == ledger.files.c.revision),
        )
        .where(ledger.files.c.sha256 == sha256, ledger.dossiers.c.device == owner, ledger.revisions.c.receipt.is_(None))
        .order_by(ledger.files.c.dossier, ledger.files.c.revision)
        .with_for_update(of=ledger.dossiers)
    ).all()
    for row in rows:
        settle(site, db, row.dossier, row.revision)
