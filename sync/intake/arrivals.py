"""Keeps revisions: many that arrive together share one commit, and none is answered before it."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError
from starlette.concurrency import run_in_threadpool

from bnhelper.clock import to_text
from sync.intake import accept, desk_card, ledger, observe, receipts
from sync.intake.accept import Arrival
from sync.intake.commits import Commit, Plain, committing
from sync.intake.deadlines import reception_due
from sync.intake.identity import Caller
from sync.intake.refusals import Refused
from sync.intake.station import Site, hash_of
from sync.wire.changes import Change
from sync.wire.dossiers import RevisionVerdict, WireState
from sync.wire.problems import ProblemCode, Retry

_MOST_AT_ONCE: Final = 64
_TABLES: Final = ("dossiers", "revisions", "files", "changes", "audit", "dossier_words")
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
        self._writer = ThreadPoolExecutor(1, "commit")  # a thread of its own: no queueing behind other requests

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
            new = [arrival for arrival, _ in batch]
            keeping = asyncio.get_running_loop().run_in_executor(self._writer, keep_new, self._site, new)
            await asyncio.wait({keeping})
            wrong = keeping.exception()
            if wrong is not None:  # whatever it is, nobody may wait for ever: none is kept, and each answer says so
                for _, promise in batch:
                    if not promise.done():
                        promise.set_exception(wrong)
                continue
            done = keeping.result()
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
        with committing(site.engine) as commit:
            found = _insert(site, commit, batch)
    except IntegrityError:  # another worker kept one of them in this very moment
        found = {}
    return [found[place] if place in found else _alone(site, one) for place, one in enumerate(batch)]


def _alone(site: Site, arrival: Arrival) -> Kept | Refused:
    try:
        return keep_one(site, arrival)
    except Refused as no:
        return no


def _insert(site: Site, commit: Commit, batch: Sequence[Arrival]) -> dict[int, Kept | Refused]:
    """Insert what is new, by place in the batch.

    Devices are locked first and in one order. The lock orders each owner's feed, and a device that was revoked
    meanwhile is seen here, so that a worker may remember tokens.
    """
    owners = sorted({one.who.device for one in batch})
    wanted = {one.envelope.dossier: set(one.envelope.blobs()) for one in batch}
    known = commit.look(owners, list(wanted), sorted(set().union(*wanted.values())))
    found: dict[int, Kept | Refused] = {}
    new: dict[str, tuple[int, Arrival]] = {}
    for place, one in enumerate(batch):
        dossier = one.envelope.dossier
        if one.who.device not in known.last_seq:
            found[place] = Refused(401, ProblemCode.REVOKED, Retry.AFTER_LOGIN)
        elif dossier not in known.dossiers and dossier not in new:
            new[dossier] = (place, one)
    if not new:
        return found
    missing = {
        dossier: {name for name in wanted[dossier] if (one.who.device, name) not in known.blobs}
        for dossier, (_, one) in new.items()
    }
    whole = [dossier for dossier in new if not missing[dossier]]
    numbers = dict(zip(whole, commit.draw(site, len(whole)), strict=True))
    now = site.clock.now()
    at = to_text(now)
    seqs: dict[str, int] = {}
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _TABLES}
    for dossier, (place, one) in new.items():
        receipt, owner = None, one.who.device
        number = numbers.get(dossier)
        state = WireState.RECEIVING
        if number is not None:
            state = WireState.DELIVERED
            receipt = receipts.sign(
                site,
                dossier=dossier,
                revision=1,
                envelope=one.sha256,
                blobs=wanted[dossier],
                number=number,
                at=now,
            )
            seq = seqs[owner] = seqs.get(owner, known.last_seq[owner]) + 1
            change = Change(seq=seq, dossier=dossier, rev=1, state=state, at=now, office_number=number, receipt=receipt)
            rows["changes"].append({"owner": owner, "seq": seq, "body": change.write().decode("utf-8"), "at": at})
            rows["audit"].append({"at": at, "who": owner, "what": "delivered", "dossier": dossier})
        due_at = reception_due(now) if number is not None else None
        rows["dossiers"].append({**_dossier_row(one, state, number, at), "due_at": due_at})
        rows["dossier_words"].extend(desk_card.word_rows(dossier, one.card.words, number))
        rows["revisions"].append(_revision_row(one, at, receipt))
        rows["files"].extend(_file_rows(one))
        verdict = RevisionVerdict(
            id=dossier, rev=1, state=state, missing=tuple(sorted(missing[dossier])), receipt=receipt
        )
        found[place] = (201, verdict)
    commit.write(rows, seqs)
    return found


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
            (said,) = _insert(site, Plain(db), [arrival]).values()
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
