"""Keeps revisions: many that arrive together share one commit, and none is answered before it."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from bnhelper.clock import to_text
from sync.intake import accept, desk_card, ledger, observe, receipts
from sync.intake.accept import Arrival
from sync.intake.deadlines import reception_due
from sync.intake.identity import Caller
from sync.intake.refusals import Refused
from sync.intake.station import Site, hash_of
from sync.wire.changes import Change
from sync.wire.dossiers import RevisionVerdict, WireState
from sync.wire.problems import ProblemCode, Retry

_MOST_AT_ONCE: Final = 64
Kept = tuple[int, RevisionVerdict]  #: 201 or 200, and the verdict


class Arrivals:
    """The revisions of one worker that wait for the next commit.

    While one commit is on its way to the disk, whatever arrives gathers for the next: the busier the worker, the
    more dossiers share the price of a commit, and a lonely one waits for nobody.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._waiting: list[tuple[Arrival, asyncio.Future[Kept]]] = []
        self._task: asyncio.Task[None] | None = None

    async def put(self, arrival: Arrival) -> Kept:
        """Keep a revision; return once it is durable. Raises Refused, or what the database says."""
        if arrival.envelope.revision != 1:
            return await run_in_threadpool(keep_one, self._site, arrival)
        promise: asyncio.Future[Kept] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, promise))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._commit())
        return await promise

    async def _commit(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:_MOST_AT_ONCE], self._waiting[_MOST_AT_ONCE:]
            try:
                done = await run_in_threadpool(keep_new, self._site, [arrival for arrival, _ in batch])
            except SQLAlchemyError as wrong:  # none of them is kept; each answer says so
                for _, promise in batch:
                    if not promise.done():
                        promise.set_exception(wrong)
                continue
            observe.PER_COMMIT.observe(len(batch))
            for (_, promise), one in zip(batch, done, strict=True):
                if promise.done():
                    continue
                if isinstance(one, Refused):
                    promise.set_exception(one)
                else:
                    observe.KEPT.inc(one[0] == 201)
                    promise.set_result(one)


def keep_new(site: Site, batch: Sequence[Arrival]) -> list[Kept | Refused]:
    """Keep first revisions in one transaction; those of a dossier that is known go their own way afterwards."""
    try:
        with site.engine.begin() as db:
            found = _insert(site, db, batch)
    except IntegrityError:  # another worker kept one of them in this very moment
        found = {}
    return [found[place] if place in found else _alone(site, one) for place, one in enumerate(batch)]


def _alone(site: Site, arrival: Arrival) -> Kept | Refused:
    try:
        return keep_one(site, arrival)
    except Refused as no:
        return no


def _insert(site: Site, db: Connection, batch: Sequence[Arrival]) -> dict[int, Kept | Refused]:
    """Insert what is new, by place in the batch.

    Devices are locked first and in one order. The lock orders each owner's feed, and a device that was revoked
    meanwhile is seen here, so that a worker may remember tokens.
    """
    owners = sorted({one.who.device for one in batch})
    devices = {
        row.id: row
        for row in db.execute(
            select(ledger.devices.c.id, ledger.devices.c.last_seq, ledger.devices.c.revoked_at)
            .where(ledger.devices.c.id.in_(owners))
            .order_by(ledger.devices.c.id)
            .with_for_update()
        )
    }
    ids = [one.envelope.dossier for one in batch]
    known = set(db.execute(select(ledger.dossiers.c.id).where(ledger.dossiers.c.id.in_(ids))).scalars())
    found: dict[int, Kept | Refused] = {}
    new: list[tuple[int, Arrival]] = []
    for place, one in enumerate(batch):
        device = devices.get(one.who.device)
        if device is None or device.revoked_at is not None:
            found[place] = Refused(401, ProblemCode.REVOKED, Retry.AFTER_LOGIN)
        elif one.envelope.dossier not in known:
            known.add(one.envelope.dossier)
            new.append((place, one))
    if not new:
        return found
    missing = _missing(db, [one for _, one in new])
    whole = [one for _, one in new if not missing[one.envelope.dossier]]
    numbers = dict(
        zip((one.envelope.dossier for one in whole), receipts.draw_numbers(site, db, len(whole)), strict=True)
        if whole
        else ()
    )
    now = site.clock.now()
    at = to_text(now)
    seq = {name: int(row.last_seq) for name, row in devices.items()}
    words: list[dict[str, str]] = []
    tables = ("dossiers", "revisions", "files", "changes", "audit")
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in tables}
    for place, one in new:
        envelope, lacks, receipt = one.envelope, missing[one.envelope.dossier], None
        number = numbers.get(envelope.dossier)
        state = WireState.RECEIVING
        if number is not None:
            state = WireState.DELIVERED
            receipt = receipts.sign(
                site,
                dossier=envelope.dossier,
                revision=1,
                envelope=one.sha256,
                blobs=set(envelope.blobs()),
                number=number,
                at=now,
            )
            seq[one.who.device] += 1
            change = Change(
                seq=seq[one.who.device],
                dossier=envelope.dossier,
                rev=1,
                state=state,
                at=now,
                office_number=number,
                receipt=receipt,
            )
            rows["changes"].append({"owner": one.who.device, "seq": change.seq, "body": change.write().decode("utf-8")})
            rows["audit"].append({"at": at, "who": one.who.device, "what": "delivered", "dossier": envelope.dossier})
        due_at = reception_due(now) if number is not None else None
        rows["dossiers"].append({**_dossier_row(one, state, number, at), "due_at": due_at})
        words.extend(desk_card.word_rows(envelope.dossier, one.card.words, number))
        rows["revisions"].append(_revision_row(one, at, receipt))
        rows["files"].extend(_file_rows(one))
        verdict = RevisionVerdict(
            id=envelope.dossier, rev=1, state=state, missing=tuple(sorted(lacks)), receipt=receipt
        )
        found[place] = (201, verdict)
    for name, many in rows.items():
        if many:
            db.execute(insert(ledger.metadata.tables[name]), many)
    desk_card.add_words(db, words)
    told = [{"owner": name, "seq": value} for name, value in seq.items() if value != devices[name].last_seq]
    if told:
        db.execute(
            update(ledger.devices).where(ledger.devices.c.id == bindparam("owner")).values(last_seq=bindparam("seq")),
            told,
        )
    return found


def _missing(db: Connection, new: Sequence[Arrival]) -> dict[str, set[str]]:
    """Return what each dossier's owner has still to bring."""
    wanted = {one.envelope.dossier: set(one.envelope.blobs()) for one in new}
    hashes = set().union(*wanted.values())
    if not hashes:
        return wanted
    there = {
        (row.owner, row.sha256)
        for row in db.execute(
            select(ledger.blobs.c.owner, ledger.blobs.c.sha256).where(
                ledger.blobs.c.owner.in_({one.who.device for one in new}), ledger.blobs.c.sha256.in_(hashes)
            )
        )
    }
    return {
        one.envelope.dossier: {name for name in wanted[one.envelope.dossier] if (one.who.device, name) not in there}
        for one in new
    }


def _dossier_row(one: Arrival, state: WireState, number: str | None, at: str) -> dict[str, Any]:
    envelope = one.envelope
    return {
        "id": envelope.dossier,
        "device": one.who.device,
        "procedure": envelope.procedure,
        "pack_version": envelope.pack.version,
        "readable_code": envelope.readable_code,
        "look_up_hash": hash_of(envelope.look_up_token),
        "revision": 1,
        "state": state.value,
        "office_number": number,
        "unit": envelope.receiving_unit,
        "holder": envelope.receiving_unit,
        "applicant": one.card.applicant,
        "changed_at": at,
        "received_at": at if number is not None else None,
        "version": 1,
    }


def _revision_row(one: Arrival, at: str, receipt: str | None) -> dict[str, Any]:
    return {
        "dossier": one.envelope.dossier,
        "revision": one.envelope.revision,
        "body": one.body,
        "sha256": one.sha256,
        "signature": one.signature,
        "arrived_at": at,
        "receipt": receipt,
        "remark": one.remark,
    }


def _file_rows(one: Arrival) -> list[dict[str, Any]]:
    media = {file.sha256: file.media_type for paper in one.envelope.papers for file in paper.files}
    return [
        {
            "dossier": one.envelope.dossier,
            "revision": one.envelope.revision,
            "sha256": name,
            "size": size,
            "media_type": media[name],
        }
        for name, size in one.envelope.blobs().items()
    ]


def keep_one(site: Site, arrival: Arrival) -> Kept:
    """Keep any revision in a transaction of its own. Raises Refused."""
    envelope = arrival.envelope
    with site.engine.begin() as db:
        wanted = select(ledger.dossiers).where(ledger.dossiers.c.id == envelope.dossier)
        row = db.execute(wanted.with_for_update()).first()
        if row is None:
            if envelope.revision != 1:
                raise Refused(409, ProblemCode.REVISION_GAP, current=0)
            (said,) = _insert(site, db, [arrival]).values()
            if isinstance(said, Refused):
                raise said
            return said
        known = _replay(site, db, arrival.who, envelope.dossier, envelope.revision, arrival.sha256)
        if known is not None:
            return known
        if row.device != arrival.who.device:
            raise Refused(409, ProblemCode.ID_CONFLICT)
        if envelope.revision != row.revision + 1:
            raise Refused(409, ProblemCode.REVISION_GAP, current=row.revision)
        last = db.execute(
            select(ledger.revisions.c.body).where(
                ledger.revisions.c.dossier == envelope.dossier, ledger.revisions.c.revision == row.revision
            )
        ).scalar_one()
        accept.only_what_was_asked(row.state, row.request, last, envelope)
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
    return 200, receipts.settle(site, db, dossier, revision)
