"""Keeps revisions: many that arrive together share one commit, and none is answered before it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from bnhelper.clock import to_text
from sync.intake import accept, commits, desk_card, feed, identity, ledger, observe, receipts
from sync.intake.accept import Arrival
from sync.intake.commits import Line, file_list
from sync.intake.deadlines import reception_due
from sync.intake.gathering import Gathering
from sync.intake.identity import Caller
from sync.intake.number_stock import Stock
from sync.intake.refusals import Refused
from sync.intake.station import Site, hash_of
from sync.wire.changes import Change
from sync.wire.dossiers import RevisionVerdict, WireState
from sync.wire.problems import ProblemCode, Retry

_MOST_AT_ONCE: Final = 64
Kept = tuple[int, RevisionVerdict]  #: 201 or 200, and the verdict
Heard = Kept | Refused | SQLAlchemyError  #: what one of many hears


class Arrivals:
    """The revisions of one worker that wait for the next commit."""

    def __init__(self, site: Site, stock: Stock) -> None:
        self._site = site
        self._gathering = Gathering[Arrival, Kept]("commit", lambda batch: keep_new(site, stock, batch), _MOST_AT_ONCE)

    async def put(self, arrival: Arrival) -> Kept:
        """Keep a revision; return once it is durable. Raises Refused, or what the database says."""
        if arrival.envelope.revision != 1:
            return await run_in_threadpool(keep_one, self._site, arrival)
        return await self._gathering.put(arrival)


def keep_new(site: Site, stock: Stock, batch: Sequence[Arrival]) -> list[Heard]:
    """Keep first revisions in one transaction; those of a dossier that is known go their own way afterwards."""
    observe.PER_COMMIT.observe(len(batch))
    try:
        if site.engine.dialect.name == "postgresql":
            found = _at_once(site, stock, batch)
        else:
            with site.engine.begin() as db:
                found = _insert(site, db, batch)
    except IntegrityError:  # one of them cannot stand beside what is there; the others must not hear of it
        found = {}
    said = [found[place] if place in found else _alone(site, one) for place, one in enumerate(batch)]
    observe.KEPT.inc(sum(isinstance(one, tuple) and one[0] == 201 for one in said))
    return said


def _alone(site: Site, arrival: Arrival) -> Heard:
    try:
        return keep_one(site, arrival)
    except (Refused, SQLAlchemyError) as no:
        return no


def _at_once(site: Site, stock: Stock, batch: Sequence[Arrival]) -> dict[int, Heard]:
    """Keep what is new by one statement of PostgreSQL, by place in the batch; what was known is left out."""
    first = {one.envelope.dossier: place for place, one in reversed(list(enumerate(batch)))}
    whole = [name for name, place in first.items() if not batch[place].envelope.blobs()]
    numbers = dict(zip(whole, stock.take(len(whole)), strict=True))
    at = site.clock.now()
    lines = []
    for name, place in first.items():
        told = _delivered(site, batch[place], numbers[name], 1, at) if name in numbers else None
        lines.append(Line(batch[place], told))
    done = commits.keep(site, lines, at)
    receipt = {line.arrival.envelope.dossier: line.told.receipt for line in lines if line.told is not None}
    found: dict[int, Heard] = {}
    for place, one in enumerate(batch):
        name, owner = one.envelope.dossier, one.who.device
        if owner not in done.devices:
            found[place] = Refused(401, ProblemCode.REVOKED, Retry.AFTER_LOGIN)
        elif first[name] != place or name not in done.kept:
            continue
        elif name in receipt:
            found[place] = (201, RevisionVerdict(id=name, rev=1, state=WireState.DELIVERED, receipt=receipt[name]))
        elif missing := {sha256 for sha256 in one.envelope.blobs() if (owner, sha256) not in done.brought}:
            found[place] = (201, _lacking(name, missing))
        else:
            found[place] = _settled(site, name)
    return found


def _settled(site: Site, dossier: str) -> Heard:
    """Finish a dossier that was just kept, whose files had all come before."""
    try:
        with site.engine.begin() as db:
            return 201, receipts.settle(site, db, dossier, 1)
    except SQLAlchemyError as wrong:
        return wrong


def _lacking(dossier: str, missing: set[str]) -> RevisionVerdict:
    return RevisionVerdict(id=dossier, rev=1, state=WireState.RECEIVING, missing=tuple(sorted(missing)))


def _delivered(site: Site, one: Arrival, number: str, seq: int, at: dt.datetime) -> Change:
    """Return what an owner hears of a revision that is wholly there, with the receipt over it."""
    receipt = receipts.sign(
        site,
        dossier=one.envelope.dossier,
        revision=one.envelope.revision,
        envelope=one.body.sha256,
        blobs=set(one.envelope.blobs()),
        number=number,
        at=at,
    )
    name, rev, state = one.envelope.dossier, one.envelope.revision, WireState.DELIVERED
    return Change(seq=seq, dossier=name, rev=rev, state=state, at=at, office_number=number, receipt=receipt)


def _insert(site: Site, db: Connection, batch: Sequence[Arrival]) -> dict[int, Heard]:
    """Insert what is new in a transaction, by place in the batch.

    Devices are locked first and in one order: the lock orders each owner's feed, and a device that was revoked
    meanwhile is seen here, so that a worker may remember tokens.
    """
    owners = sorted({one.who.device for one in batch})
    device, dossier, blob = ledger.devices.c, ledger.dossiers.c, ledger.blobs.c
    locked = select(device.id, device.last_seq).where(device.id.in_(owners), device.revoked_at.is_(None))
    seqs = {row.id: row.last_seq for row in db.execute(locked.order_by(device.id).with_for_update())}
    names = [one.envelope.dossier for one in batch]
    known = set(db.execute(select(dossier.id).where(dossier.id.in_(names))).scalars())
    found: dict[int, Heard] = {}
    for place, one in enumerate(batch):
        name, owner = one.envelope.dossier, one.who.device
        if owner not in seqs:
            found[place] = Refused(401, ProblemCode.REVOKED, Retry.AFTER_LOGIN)
            continue
        if name in known:
            continue
        known.add(name)
        wanted = file_list(one)
        there = select(blob.sha256, blob.size, blob.media_type).where(blob.owner == owner)
        there = there.where(blob.sha256.in_([sha256 for sha256, _, _ in wanted]))
        brought = {(row.sha256, row.size, row.media_type) for row in db.execute(there)} if wanted else set()
        missing = {file[0] for file in wanted if file not in brought}
        now = site.clock.now()
        told = None
        if not missing:
            (number,) = receipts.draw_numbers(site, db, 1)
            told = _delivered(site, one, number, seqs[owner] + 1, now)
            seqs[owner] = told.seq
            feed.append_at(db, owner, told)
            ledger.note(db, at=to_text(now), who=owner, what="delivered", dossier=name)
        db.execute(insert(ledger.dossiers).values(_dossier_row(one, told, now)))
        db.execute(insert(ledger.revisions).values(_revision_row(one, to_text(now), told.receipt if told else None)))
        desk_card.add_words(db, desk_card.word_rows(name, one.card.words, told.office_number if told else None))
        if files := _file_rows(one):
            db.execute(insert(ledger.files), files)
        receipt = told.receipt if told else None
        state = WireState.DELIVERED if told else WireState.RECEIVING
        rev = one.envelope.revision
        verdict = RevisionVerdict(id=name, rev=rev, state=state, missing=tuple(sorted(missing)), receipt=receipt)
        found[place] = (201, verdict)
    return found


def _dossier_row(one: Arrival, told: Change | None, at: dt.datetime) -> dict[str, Any]:
    envelope = one.envelope
    return {
        "id": envelope.dossier,
        "device": one.who.device,
        "procedure": envelope.procedure,
        "pack_version": envelope.pack.version,
        "readable_code": envelope.readable_code,
        "look_up_hash": hash_of(envelope.look_up_token),
        "revision": envelope.revision,
        "state": (WireState.DELIVERED if told else WireState.RECEIVING).value,
        "office_number": told.office_number if told else None,
        "unit": envelope.receiving_unit,
        "holder": envelope.receiving_unit,
        "applicant": one.card.applicant,
        "changed_at": to_text(at),
        "received_at": to_text(at) if told else None,
        "due_at": reception_due(at) if told else None,
        "version": 1,
    }


def _revision_row(one: Arrival, at: str, receipt: str | None) -> dict[str, Any]:
    return {
        "dossier": one.envelope.dossier,
        "revision": one.envelope.revision,
        "body": one.body.kept,
        "sha256": one.body.sha256,
        "signature": one.signature,
        "arrived_at": at,
        "receipt": receipt,
        "remark": one.remark,
    }


def _file_rows(one: Arrival) -> list[dict[str, Any]]:
    about = {"dossier": one.envelope.dossier, "revision": one.envelope.revision}
    return [{**about, "sha256": name, "size": size, "media_type": kind} for name, size, kind in file_list(one)]


def keep_one(site: Site, arrival: Arrival) -> Kept:
    """Keep any revision in a transaction of its own. Raises Refused."""
    try:
        return _keep_one(site, arrival)
    except IntegrityError:  # somebody was quicker with the same dossier: now it is seen
        try:
            return _keep_one(site, arrival)
        except IntegrityError as wrong:  # its look-up code stands on another dossier's slip
            raise Refused(409, ProblemCode.ID_CONFLICT) from wrong


def _keep_one(site: Site, arrival: Arrival) -> Kept:
    envelope = arrival.envelope
    with site.engine.begin() as db:
        wanted = select(ledger.dossiers).where(ledger.dossiers.c.id == envelope.dossier)
        row = db.execute(wanted.with_for_update()).first()
        gives_up = envelope.gives_up is not None and envelope.gives_up == envelope.revision - 1
        if row is None:
            if envelope.revision != 1 and not gives_up:  # of what was given up nothing may ever have come
                raise Refused(409, ProblemCode.REVISION_GAP, current=0)
            (said,) = _insert(site, db, [arrival]).values()
            if not isinstance(said, tuple):
                raise said
            return said
        identity.refuse_the_revoked(db, arrival.who.device)
        known = _replay(site, db, arrival.who, envelope.dossier, envelope.revision, arrival.body.sha256)
        if known is not None:
            return known
        if row.device != arrival.who.device:
            raise Refused(409, ProblemCode.ID_CONFLICT)
        if envelope.revision != row.revision + 1 and not (gives_up and envelope.revision > row.revision):
            raise Refused(409, ProblemCode.REVISION_GAP, current=row.revision)
        if WireState(row.state) in receipts.OVER:  # whatever it answers or replaces, nobody works on it any more
            raise Refused(409, ProblemCode.ALREADY_DECIDED)
        one = ledger.revisions.c
        kept = select(one.body, one.revision, one.receipt).where(one.dossier == envelope.dossier)
        last, *earlier = db.execute(kept.order_by(one.revision.desc()).limit(2)).all()
        if gives_up and last.receipt is None and receipts.settle(site, db, envelope.dossier, last.revision).missing:
            accept.may_take_the_place(last.body, earlier[0].body if earlier else None, envelope)
            give_up(site, db, arrival.who.device, envelope.dossier, last.revision)
        else:
            accept.only_what_was_asked(row.state, row.request, last.body, envelope)
        at = site.now()
        db.execute(
            update(ledger.dossiers)
            .where(ledger.dossiers.c.id == envelope.dossier)
            .values(
                revision=envelope.revision,
                state=WireState.RECEIVING.value,
                changed_at=at,
                version=row.version + 1,
                request=None,
                applicant=arrival.card.applicant,
            )
        )
        desk_card.add_words(db, desk_card.word_rows(envelope.dossier, arrival.card.words))
        db.execute(insert(ledger.revisions), [_revision_row(arrival, at, None)])
        if files := _file_rows(arrival):
            db.execute(insert(ledger.files), files)
        return 201, receipts.settle(site, db, envelope.dossier, envelope.revision)


def give_up(site: Site, db: Connection, owner: str, dossier: str, revision: int) -> None:
    """Forget a revision that was never whole: should its files still come, nothing is settled by them.

    Those that came may be named by nothing any more, so retention looks at them once again (`let_orphans_go`).
    """
    file, blob = ledger.files.c, ledger.blobs.c
    came = select(file.sha256).where(file.dossier == dossier, file.revision == revision)
    mine = update(ledger.blobs).where(blob.owner == owner, blob.sha256.in_(came))
    db.execute(mine.values(stored_at=site.now()))
    for table in (ledger.files, ledger.revisions):
        db.execute(delete(table).where(table.c.dossier == dossier, table.c.revision == revision))


def replay(site: Site, who: Caller, dossier: str, revision: int, sha256: str) -> Kept | None:
    """Return the verdict on a revision that is kept already; None when it is not. Raises Refused (409)."""
    with site.engine.begin() as db:
        return _replay(site, db, who, dossier, revision, sha256)


def _replay(site: Site, db: Connection, who: Caller, dossier: str, revision: int, sha256: str) -> Kept | None:
    kept = db.execute(
        select(ledger.revisions.c.sha256, ledger.dossiers.c.device)
        .join(ledger.dossiers, ledger.dossiers.c.id == ledger.revisions.c.dossier)
        .where(ledger.revisions.c.dossier == dossier, ledger.revisions.c.revision == revision)
    ).first()
    if kept is None:
        return None
    if kept.device != who.device or kept.sha256 != sha256:
        raise Refused(409, ProblemCode.ID_CONFLICT)
    verdict = receipts.settle(site, db, dossier, revision)
    if verdict.missing:
        receipts.refuse_falsely_named(db, dossier, revision)
    return 200, verdict
