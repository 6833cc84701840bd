"""Sealed revisions that wait: dossiers, and the records that are none. All that an action adds to for the province.

Records lie in a table of their own, which has the columns of this one, and are numbered from `RECORDS_FROM` on: a
number says by itself which of the two it is of, one line holds both, and texts of dossiers go before them.

A revision that was given up, since a photo of it is lost here, stays below zero: no dossier looks for its newest there,
nothing sends it. Should a copy that left before arrive whole after all, its receipt is known by it (`give_up`).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Row,
    RowMapping,
    Table,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    union,
    update,
)

from bnhelper.clock import to_text
from bnhelper.domain.custody import OutboxState, may_move
from bnhelper.domain.dossier import instant
from bnhelper.domain.sealed import InLine, OutboxFile, OutboxItem
from bnhelper.errors import Bug
from bnhelper.ids import DossierId, PhotoId, Sha256
from bnhelper.store import tables as t


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """What the badge counts."""

    waiting: int
    failed: int
    done_today: int
    oldest_at: dt.datetime | None
    acknowledged_at: dt.datetime | None
    visits: int  #: of those that wait, outcomes of visits


RECORDS_FROM: Final = 1 << 40
_WAITING = ("queued", "sending", "confirming")
_NEWEST = 500  #: revisions the sync centre shows, beyond those that still need somebody
#: Nothing is put off longer than this: a time further ahead was written while the clock was wrong.
_FURTHEST = dt.timedelta(minutes=10)
_IS_DUE = or_(
    t.outbox.c.not_before.is_(None),
    t.outbox.c.not_before <= bindparam("now"),
    t.outbox.c.not_before > bindparam("furthest"),
)
#: asked after every task of every stream: building a statement costs more than asking it
_IN_LINE = (
    select(t.outbox.c.id, t.outbox.c.dossier, t.outbox.c.sealed_at)
    .where(t.outbox.c.state.in_(_WAITING), _IS_DUE)
    .order_by(t.outbox.c.id)
    .limit(bindparam("most"))
)
_FILES_IN_LINE = select(
    t.outbox_files.c.outbox, t.outbox_files.c.sha256, t.outbox_files.c.size, t.outbox_files.c.bytes_acked
).where(t.outbox_files.c.outbox.between(bindparam("first"), bindparam("last")))
_STATE = select(t.outbox.c.state).where(t.outbox.c.id == bindparam("outbox"))
_RECORD = t.records.c
_RECORDS_IN_LINE = (
    select(_RECORD.id, _RECORD.record, _RECORD.sealed_at)
    .where(
        _RECORD.state.in_(_WAITING),
        or_(
            _RECORD.not_before.is_(None),
            _RECORD.not_before <= bindparam("now"),
            _RECORD.not_before > bindparam("furthest"),
        ),
    )
    .order_by(_RECORD.id)
    .limit(bindparam("most"))
)


def _table(outbox: int) -> Table:
    return t.records if outbox >= RECORDS_FROM else t.outbox


def add(
    db: Connection,
    *,
    dossier: DossierId,
    revision: int,
    envelope: bytes,
    signature: str,
    envelope_sha256: Sha256,
    files: Sequence[OutboxFile],
    sealed_at: dt.datetime,
) -> int:
    """Queue a sealed revision; its bytes are fixed from here on."""
    total = len(envelope) + sum(file.size for file in files)
    made = db.execute(
        insert(t.outbox).values(
            dossier=dossier,
            revision=revision,
            state=OutboxState.QUEUED.value,
            envelope=envelope,
            signature=signature,
            envelope_sha256=envelope_sha256,
            bytes_total=total,
            sealed_at=to_text(sealed_at),
        )
    )
    outbox = int(made.inserted_primary_key[0])  # type: ignore[index]
    for file in files:
        db.execute(
            insert(t.outbox_files).values(
                outbox=outbox, sha256=file.sha256, photo=file.photo, size=file.size, media_type=file.media_type
            )
        )
    return outbox


def waiting(db: Connection, now: dt.datetime, limit: int = 200) -> list[OutboxItem]:
    """Return what may be tried now, oldest first; items put off until later are left out."""
    rows = db.execute(
        select(t.outbox)
        .where(
            t.outbox.c.state.in_(_WAITING),
            _IS_DUE,
        )
        .order_by(t.outbox.c.id)
        .limit(limit),
        {"now": to_text(now), "furthest": to_text(now + _FURTHEST)},
    ).mappings()
    return [_item(db, row) for row in rows]


def to_carry(db: Connection, dossier: DossierId | None = None) -> list[OutboxItem]:
    """Return what may be carried by hand, dossiers before records and the oldest first.

    That is all that waits; of one dossier also what is held.
    """
    query = select(t.outbox).order_by(t.outbox.c.id)
    if dossier is None:
        query = query.where(t.outbox.c.state.in_(_WAITING))
    else:
        query = query.where(t.outbox.c.state.in_((*_WAITING, "held")), t.outbox.c.dossier == dossier)
    found = [_item(db, row) for row in db.execute(query).mappings()]
    if dossier is None:
        records = select(t.records).where(_RECORD.state.in_(_WAITING)).order_by(_RECORD.id)
        found += [_item(db, row) for row in db.execute(records).mappings()]
    return found


def of_revision(db: Connection, dossier: DossierId, revision: int) -> OutboxItem | None:
    """Return one sealed revision, if this machine has it; one that was given up is a draft again."""
    numbers = t.outbox.c.revision.in_((revision, -revision))
    row = db.execute(select(t.outbox).where(t.outbox.c.dossier == dossier, numbers)).mappings()
    found = row.first()
    if found is None:
        record = select(t.records).where(_RECORD.record == dossier, _RECORD.revision == revision)
        found = db.execute(record).mappings().first()
    return None if found is None else _item(db, found)


def give_up(db: Connection, outbox: int) -> None:
    """Let a revision wait for nothing any more; a copy of it may be on its way by another road."""
    if state_of(db, outbox) in {OutboxState.SENDING, OutboxState.CONFIRMING}:
        move(db, outbox, OutboxState.QUEUED)
    move(db, outbox, OutboxState.DRAFT, revision=-t.outbox.c.revision)


def find(db: Connection, outbox: int) -> OutboxItem | None:
    """Return one item, if it is still sealed."""
    table = _table(outbox)
    row = db.execute(select(table).where(table.c.id == outbox)).mappings().first()
    return None if row is None else _item(db, row)


def note_carried(db: Connection, outbox: Sequence[int], **values: object) -> None:
    """Keep that revisions have left, or lie on a stick; their state stays what it was."""
    for table in (t.outbox, t.records):
        mine = [one for one in outbox if _table(one) is table]
        db.execute(update(table).where(table.c.id.in_(mine)).values(**values))


def in_line(db: Connection, now: dt.datetime, limit: int = 2_000) -> list[InLine]:
    """Return what may be tried now, oldest first, without the envelopes: cheap enough to ask after every task.

    The limit is more than a team holds: where photos wait for a free network, what lies beyond it waits with its text.
    """
    times = {"now": to_text(now), "furthest": to_text(now + _FURTHEST)}
    rows = list(db.execute(_IN_LINE, {**times, "most": limit}))
    files: dict[int, list[tuple[Sha256, int]]] = {}
    if rows:
        for one in db.execute(_FILES_IN_LINE, {"first": rows[0].id, "last": rows[-1].id}):
            files.setdefault(one.outbox, []).append((Sha256(one.sha256), one.size - one.bytes_acked))
    rows += db.execute(_RECORDS_IN_LINE, {**times, "most": limit}).all()
    return [
        InLine(
            row.id,
            DossierId(row[1]),
            instant(row.sealed_at) or dt.datetime.max.replace(tzinfo=dt.UTC),
            tuple(files.get(row.id, ())),
        )
        for row in rows
    ]


def get(db: Connection, outbox: int) -> OutboxItem:
    """Return one item."""
    table = _table(outbox)
    return _item(db, db.execute(select(table).where(table.c.id == outbox)).mappings().one())


def state_of(db: Connection, outbox: int) -> OutboxState:
    """Return where one item stands."""
    if outbox >= RECORDS_FROM:
        return OutboxState(db.execute(select(_RECORD.state).where(_RECORD.id == outbox)).scalar_one())
    return OutboxState(db.execute(_STATE, {"outbox": outbox}).scalar_one())


def next_attempt_at(db: Connection, after: dt.datetime) -> dt.datetime | None:
    """Return when the first item that was put off is due, of those due `after` then.

    What was due before was looked at; if it still waits, it waits for something else, photos for a free network.
    """
    found = [
        db.execute(
            select(func.min(table.c.not_before)).where(table.c.state.in_(_WAITING), table.c.not_before > to_text(after))
        ).scalar()
        for table in (t.outbox, t.records)
    ]
    return instant(min((one for one in found if one), default=None))


def make_due(db: Connection) -> None:
    """Let everything that was put off be due: a person asked."""
    for table in (t.outbox, t.records):
        is_put_off = table.c.state.in_(_WAITING) & table.c.not_before.is_not(None)
        db.execute(update(table).where(is_put_off).values(not_before=None))


def _item(db: Connection, row: RowMapping) -> OutboxItem:
    is_record = row["id"] >= RECORDS_FROM
    files = [] if is_record else _files(db, row["id"])
    return OutboxItem(
        id=row["id"],
        dossier=DossierId(row["record"] if is_record else row["dossier"]),
        kind=row["kind"] if is_record else "",
        revision=abs(row["revision"]),
        state=OutboxState(row["state"]),
        envelope=bytes(row["envelope"]),
        signature=row["signature"],
        envelope_sha256=Sha256(row["envelope_sha256"]),
        bytes_total=row["bytes_total"],
        sealed_at=instant(row["sealed_at"]) or dt.datetime.max.replace(tzinfo=dt.UTC),
        attempts=row["attempts"],
        not_before=instant(row["not_before"]),
        exported_at=instant(row["exported_at"]),
        files=tuple(files),
    )


def _files(db: Connection, outbox: int) -> list[OutboxFile]:
    wanted = select(t.outbox_files).where(t.outbox_files.c.outbox == outbox).order_by(t.outbox_files.c.size)
    return [
        OutboxFile(
            PhotoId(one["photo"]),
            Sha256(one["sha256"]),
            one["size"],
            one["media_type"],
            one["bytes_acked"],
            one["bytes_sent"],
        )
        for one in db.execute(wanted).mappings()
    ]


def move(db: Connection, outbox: int, after: OutboxState, **values: object) -> None:
    """Move an item to another state, with further columns. Raises Bug for a move the custody table lacks."""
    before = state_of(db, outbox)
    if before is not after and not may_move(before, after):
        raise Bug(f"outbox move {before} -> {after}")
    table = _table(outbox)
    db.execute(update(table).where(table.c.id == outbox).values(state=after.value, **values))


def hold_waiting(db: Connection, code: str) -> list[tuple[DossierId, int]]:
    """Let everything that waits need somebody's word first; return the dossiers among it with their revisions."""
    held = {"state": OutboxState.HELD.value, "held_code": code}
    db.execute(update(t.records).where(_RECORD.state.in_(_WAITING)).values(**held))
    waiting_now = update(t.outbox).where(t.outbox.c.state.in_(_WAITING)).values(**held)
    rows = db.execute(waiting_now.returning(t.outbox.c.dossier, t.outbox.c.revision))
    return [(DossierId(row.dossier), row.revision) for row in rows]


def has_left(db: Connection, outbox: int) -> bool:
    """Tell whether bytes of this revision may be elsewhere already."""
    table = _table(outbox)
    return bool(db.execute(select(table.c.has_left).where(table.c.id == outbox)).scalar())


def put_all_back(db: Connection) -> None:
    """Queue again what is marked as being on its way, when nothing is."""
    db.execute(
        update(t.outbox)
        .where(t.outbox.c.state.in_([OutboxState.SENDING.value, OutboxState.CONFIRMING.value]))
        .values(state=OutboxState.QUEUED.value)
    )
    is_on_its_way = _RECORD.state.in_([OutboxState.SENDING.value, OutboxState.CONFIRMING.value])
    db.execute(update(t.records).where(is_on_its_way).values(state=OutboxState.QUEUED.value))


def note_progress(db: Connection, outbox: int, sha256: Sha256, *, acked: int, sent_more: int) -> None:
    """Keep how much of a file the province confirmed, and how much was handed to the socket."""
    db.execute(
        update(t.outbox_files)
        .where(t.outbox_files.c.outbox == outbox, t.outbox_files.c.sha256 == sha256)
        .values(bytes_acked=acked, bytes_sent=t.outbox_files.c.bytes_sent + sent_more)
    )


def begin_files_anew(db: Connection, outbox: int) -> None:
    """Forget what was confirmed of a revision's files: the province has none of it any more."""
    db.execute(update(t.outbox_files).where(t.outbox_files.c.outbox == outbox).values(bytes_acked=0))


def counts(db: Connection, day_begins: dt.datetime) -> OutboxCounts:
    """Count the outbox; `day_begins` is the first instant of today in the province."""
    column = t.outbox.c
    waiting_now, oldest = db.execute(
        select(func.count(), func.min(column.sealed_at)).where(column.state.in_(_WAITING))
    ).one()
    failed = db.execute(select(func.count()).where(column.state == "held").select_from(t.outbox)).scalar_one()
    shown = t.outbox.join(t.dossiers, and_(t.dossiers.c.id == column.dossier, t.dossiers.c.binned_at.is_(None)))
    done = db.execute(
        select(func.count()).where(column.proved_at >= to_text(day_begins)).select_from(shown)
    ).scalar_one()
    told = _count_records(db, day_begins)
    last_proof = db.execute(select(func.max(column.proved_at))).scalar()
    last_word = db.execute(select(func.max(t.cursors.c.at))).scalar()
    newest = max((text for text in (last_proof, told.last_proof, last_word) if text), default=None)
    oldest = min((text for text in (oldest, told.oldest) if text), default=None)
    waiting_now += told.waiting
    return OutboxCounts(
        waiting_now, failed + told.held, done + told.done, instant(oldest), instant(newest), told.waiting
    )


def _count_records(db: Connection, day_begins: dt.datetime) -> Row[Any]:
    is_waiting, is_today = _RECORD.state.in_(_WAITING), _RECORD.proved_at >= to_text(day_begins)
    return db.execute(
        select(
            func.count().filter(is_waiting).label("waiting"),
            func.min(_RECORD.sealed_at).filter(is_waiting).label("oldest"),
            func.count().filter(_RECORD.state == "held").label("held"),
            func.count().filter(is_today).label("done"),
            func.max(_RECORD.proved_at).label("last_proof"),
        ).select_from(t.records)
    ).one()


def proved(db: Connection, after: int, limit: int) -> list[Row[tuple[int, str, int, str, str]]]:
    """Return the next `limit` proved revisions after an outbox id.

    Of each: id, dossier, revision, SHA-256 of the envelope, signed receipt.
    """
    column = t.outbox.c
    return list(
        db.execute(
            select(column.id, column.dossier, column.revision, column.envelope_sha256, column.receipt)
            .where(column.state == OutboxState.PROVED.value, column.id > after)
            .order_by(column.id)
            .limit(limit)
        )
    )


def before_the_newest(db: Connection, count: int) -> int:
    """Return the outbox id after which the newest `count` proved revisions lie, 0 where there are no more."""
    column = t.outbox.c
    older = select(column.id).where(column.state == OutboxState.PROVED.value).order_by(column.id.desc())
    return db.execute(older.offset(count).limit(1)).scalar() or 0


def proved_records(db: Connection, after: int, limit: int) -> list[Row[tuple[int, str, int, str, str]]]:
    """Return the same of records whose list is still here: elsewhere they are erased with it."""
    is_listed = select(t.visit_lists.c.id)
    return list(
        db.execute(
            select(
                _RECORD.id, _RECORD.record.label("dossier"), _RECORD.revision, _RECORD.envelope_sha256, _RECORD.receipt
            )
            .where(_RECORD.state == OutboxState.PROVED.value, _RECORD.id > after, _RECORD.list.in_(is_listed))
            .order_by(_RECORD.id)
            .limit(limit)
        )
    )


def proved_files(db: Connection, dossier: DossierId) -> set[Sha256]:
    """Return the files that the province has signed for with any revision of a dossier."""
    one, column = t.outbox_files.c, t.outbox.c
    wanted = select(one.sha256).join(t.outbox, column.id == one.outbox)
    is_proved = (column.dossier == dossier) & (column.state == OutboxState.PROVED.value)
    return {Sha256(name) for name in db.execute(wanted.where(is_proved)).scalars()}


def newest_receipt(db: Connection, dossier: str) -> str:
    """Return the signed receipt of a dossier's newest revision, or an empty text while there is none."""
    found = db.execute(
        select(t.outbox.c.receipt).where(t.outbox.c.dossier == dossier).order_by(t.outbox.c.revision.desc()).limit(1)
    ).scalar()
    return found or ""


def every(db: Connection) -> list[RowMapping]:
    """Return every revision that waits or is held, and the newest others, newest first, with the progress of each."""
    column = t.outbox.c
    newest = select(column.id).where(column.id > select(func.max(column.id) - _NEWEST).scalar_subquery())
    shown = db.execute(union(select(column.id).where(column.state.in_((*_WAITING, "held"))), newest)).scalars().all()
    acked = func.coalesce(func.sum(t.outbox_files.c.bytes_acked), 0).label("acked")
    return list(
        db.execute(
            select(
                t.outbox.c.id,
                t.outbox.c.dossier,
                t.outbox.c.revision,
                t.outbox.c.state,
                t.outbox.c.bytes_total,
                t.outbox.c.sealed_at,
                t.outbox.c.held_code,
                t.outbox.c.held_detail,
                t.outbox.c.proved_at,
                t.outbox.c.exported_at,
                t.outbox.c.office_number,
                t.dossiers.c.title_vi,
                t.dossiers.c.title_en,
                t.dossiers.c.applicant,
                t.dossiers.c.readable_code,
                t.dossiers.c.holder,
                func.count(t.outbox_files.c.sha256).label("files"),
                acked,
            )
            .join(t.dossiers, t.dossiers.c.id == t.outbox.c.dossier)
            .outerjoin(t.outbox_files, t.outbox_files.c.outbox == t.outbox.c.id)
            # what was given up, and what waits to be erased, is out of sight
            .where(column.id.in_(shown), column.revision > 0, t.dossiers.c.binned_at.is_(None))
            .group_by(t.outbox.c.id)
            .order_by(t.outbox.c.id.desc())
        ).mappings()
    )
