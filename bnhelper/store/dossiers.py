"""Keeps and finds dossiers."""

import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    String,
    Update,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    tuple_,
    update,
)

from bnhelper.domain.custody import FILE_DAMAGED, OutboxState, StatusKey
from bnhelper.domain.dossier import DossierRow, instant
from bnhelper.errors import KnownTrouble
from bnhelper.ids import DossierId, FieldPath, ProcedureCode, Sha256, readable_code
from bnhelper.store import outbox
from bnhelper.store import tables as t
from bnhelper.store.open_store import driver


class NoSuchDossier(KnownTrouble):
    """A dossier that is not on this machine, or is in the bin for good."""

    code = "no-such-dossier"


_ROWS: Final = select(
    t.dossiers,
    t.outbox.c.id.label("outbox_id"),
    t.outbox.c.state.label("outbox_state"),
    t.outbox.c.has_left,
    t.outbox.c.held_code,
    t.outbox.c.held_detail,
    t.outbox.c.sealed_at,
    t.outbox.c.proved_at,
    t.outbox.c.office_number.label("receipt_number"),
    t.server_truth.c.state.label("wire_state"),
    t.server_truth.c.at.label("wire_at"),
    t.server_truth.c.seen_at.label("wire_heard_at"),
    t.server_truth.c.revision.label("wire_revision"),
    t.server_truth.c.office_number.label("wire_number"),
    t.server_truth.c.request,
).select_from(
    t.dossiers.outerjoin(
        t.outbox, and_(t.outbox.c.dossier == t.dossiers.c.id, t.outbox.c.revision == t.dossiers.c.revision)
    ).outerjoin(t.server_truth, t.server_truth.c.dossier == t.dossiers.c.id)
)
_WHO: Final = bindparam("who", type_=String)
_WHICH: Final = bindparam("which", type_=String)
#: built once, since building costs ten times what running does, and every answer runs them (measured)
_IS_MINE: Final = or_(_WHO.is_(None), t.dossiers.c.holder == _WHO)
#: A person bins drafts alone. What was sealed and lies in the bin waits to be erased (`store/erasure.py`): it is gone.
_SEALED: Final = t.outbox.alias("any_sealed")
_IS_SEALED: Final = (
    select(_SEALED.c.id)
    .where(_SEALED.c.dossier == t.dossiers.c.id, _SEALED.c.revision > 0)
    .correlate(t.dossiers)
    .exists()
)
_IS_THERE: Final = or_(t.dossiers.c.binned_at.is_(None), ~_IS_SEALED)
_IS_THIS_ONE: Final = and_(t.dossiers.c.id == _WHICH, _IS_MINE, _IS_THERE)
_ONE: Final = _ROWS.where(_IS_THIS_ONE)
#: a plain `holder = ?` would have SQLite walk all that a person holds for a page of fifty (six times slower, measured)
_THESE: Final = _ROWS.where(t.dossiers.c.id.in_(bindparam("ids", expanding=True)), _IS_MINE)


def _rows(db: Connection) -> Select[Any]:
    """Select the dossiers of whoever works here; a connection without a person sees everybody's."""
    person = db.get_execution_options().get("bn_person")
    return _ROWS.where(t.dossiers.c.holder == person) if person is not None else _ROWS


def _this_one(db: Connection, dossier: DossierId) -> dict[str, str | None]:
    """Return the values of `_IS_THIS_ONE`: a dossier, if it is one of whoever works here."""
    return {"which": dossier, "who": db.get_execution_options().get("bn_person")}


def _row(row: RowMapping) -> DossierRow:
    request = json.loads(row["request"]) if row["request"] else {}
    return DossierRow(
        id=DossierId(row["id"]),
        readable_code=row["readable_code"],
        look_up_token=row["look_up_token"],
        procedure=ProcedureCode(row["procedure"]),
        title_vi=row["title_vi"],
        title_en=row["title_en"],
        pack_version=row["pack_version"],
        pack_sha256=Sha256(row["pack_sha256"]),
        revision=row["revision"],
        request_id=row["request_id"],
        applicant=row["applicant"],
        id_number=row["id_number"],
        screen=row["screen"],
        place=row["place"],
        begun_at=_needed(row["begun_at"]),
        changed_at=_needed(row["changed_at"]),
        outbox_id=row["outbox_id"],
        outbox_state=OutboxState(row["outbox_state"] or "draft"),
        has_left=bool(row["has_left"]),
        held_code=row["held_code"],
        held_detail=row["held_detail"],
        sealed_at=instant(row["sealed_at"]),
        proved_at=instant(row["proved_at"]),
        office_number=row["wire_number"] or row["receipt_number"],
        wire_state=row["wire_state"],
        wire_at=instant(row["wire_at"]),
        wire_heard_at=instant(row["wire_heard_at"]),
        wire_revision=row["wire_revision"] or 0,
        deadline=instant(request.get("deadline")),
        holder=row["holder"] or "",
    )


def _needed(text: str) -> Any:
    found = instant(text)
    assert found is not None
    return found


def add(db: Connection, values: Mapping[str, Any]) -> None:
    """Keep a new dossier; `values` are columns of the table. It belongs to whoever works here."""
    db.execute(insert(t.dossiers).values({"holder": db.get_execution_options().get("bn_person"), **values}))


def given_up(db: Connection, dossier: DossierId) -> int:
    """Return the newest revision that was opened again since it can never be whole, 0 for none.

    Its number is not given a second time: the province may have its text.
    """
    event, kept = t.events.c, t.outbox.c
    still = select(func.max(-kept.revision)).where(kept.dossier == dossier, kept.revision < 0)
    wanted = select(func.max(event.revision)).where(
        event.dossier == dossier, event.kind == "unlocked", event.note == FILE_DAMAGED
    )
    return max(db.execute(one).scalar() or 0 for one in (wanted, still))


def take_back(db: Connection, dossier: DossierId, revision: int) -> None:
    """Let a revision that was given up be the dossier's again: the province has it.

    Those after it wait for nothing any more, unless one of them is proved: what left of them is given up in its turn.
    """
    kept = t.outbox.c
    later = select(kept.id, kept.has_left, kept.state).where(kept.dossier == dossier, kept.revision > revision)
    rows = db.execute(later).all()
    db.execute(update(t.outbox).where(kept.dossier == dossier, kept.revision == -revision).values(revision=revision))
    if any(row.state == OutboxState.PROVED.value for row in rows):
        return
    for row in rows:
        if row.has_left:
            outbox.give_up(db, row.id)
        else:
            db.execute(delete(t.outbox).where(kept.id == row.id))
    change(db, dossier, revision=revision)


def new_code(db: Connection) -> str:
    """Return a readable code that no dossier of this machine has: of ten thousand, two meet once in twenty machines."""
    while True:
        made = readable_code()
        if db.execute(select(t.dossiers.c.id).where(t.dossiers.c.readable_code == made)).first() is None:
            return made


def get(db: Connection, dossier: DossierId) -> DossierRow:
    """Return one dossier. Raises NoSuchDossier."""
    row = db.execute(_ONE, _this_one(db, dossier)).mappings().first()
    if row is None:
        raise NoSuchDossier
    return _row(row)


def every(db: Connection) -> list[DossierRow]:
    """Return all dossiers that are not in the bin, the last changed first."""
    wanted = _rows(db).where(t.dossiers.c.binned_at.is_(None)).order_by(t.dossiers.c.changed_at.desc())
    return [_row(row) for row in db.execute(wanted).mappings()]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of a list ended: the next one begins after it, whatever came or went meanwhile."""

    changed_at: str
    id: str


def counts(db: Connection) -> dict[StatusKey, int]:
    """Count the dossiers of each status."""
    column = t.dossiers.c.status
    rows = db.execute(select(column, func.count()).where(*_mine(db)).group_by(column))
    return {StatusKey(status): count for status, count in rows}


def page(db: Connection, statuses: Iterable[StatusKey], after: Place | None, limit: int) -> list[DossierRow]:
    """Return the next dossiers of these statuses, the last changed first; only `limit` rows are ever read whole."""
    column = t.dossiers.c
    wanted = select(column.id).where(*_mine(db), column.status.in_([one.value for one in statuses]))
    if after is not None:
        wanted = wanted.where(tuple_(column.changed_at, column.id) < (after.changed_at, after.id))
    return _in_order(db, wanted, limit)


def matching(db: Connection, words: Sequence[str]) -> list[tuple[StatusKey, Place]]:
    """Return status and place of the dossiers in whose name, procedure or code every word (folded) begins one."""
    query = " ".join('"' + word.replace('"', "") + '"*' for word in words)
    person = db.get_execution_options().get("bn_person")
    # CROSS JOIN keeps SQLite from walking all dossiers and asking the index about each (20 times slower, measured).
    found = db.execute(
        text(
            "SELECT dossiers.status, dossiers.changed_at, dossiers.id FROM dossier_search"
            " CROSS JOIN dossiers ON dossiers.rowid = dossier_search.rowid"
            " WHERE dossier_search MATCH :words AND dossiers.status != 'binned'"
            " AND (:person IS NULL OR dossiers.holder = :person)"
        ),
        {"words": query, "person": person},
    )
    return [(StatusKey(status), Place(at, mine)) for status, at, mine in found]


def by_ids(db: Connection, ids: Sequence[str]) -> list[DossierRow]:
    """Return these dossiers in the order in which they are named."""
    if not ids:
        return []
    found = db.execute(_THESE, {"ids": ids, "who": db.get_execution_options().get("bn_person")})
    rows = {row["id"]: row for row in found.mappings()}
    return [_row(rows[one]) for one in ids]


def _in_order(db: Connection, wanted: Select[Any], limit: int) -> list[DossierRow]:
    column = t.dossiers.c
    return by_ids(
        db, db.execute(wanted.order_by(column.changed_at.desc(), column.id.desc()).limit(limit)).scalars().all()
    )


def _mine(db: Connection) -> list[ColumnElement[bool]]:
    """Select what whoever works here has, the bin left out."""
    person = db.get_execution_options().get("bn_person")
    found = [t.dossiers.c.status != "binned"]
    return [*found, t.dossiers.c.holder == person] if person is not None else found


def of_person(db: Connection, id_number: str) -> list[DossierRow]:
    """Return the dossiers whose applicant has this ID number, the last changed first."""
    wanted = (
        _rows(db)
        .where(t.dossiers.c.id_number == id_number, t.dossiers.c.binned_at.is_(None))
        .order_by(t.dossiers.c.changed_at.desc())
    )
    return [_row(row) for row in db.execute(wanted).mappings()]


def change(db: Connection, dossier: DossierId, **values: Any) -> None:
    """Change columns of one dossier. Raises NoSuchDossier."""
    new = {f"new_{name}": value for name, value in values.items()}
    if db.execute(_changing(tuple(values)), {**_this_one(db, dossier), **new}).rowcount == 0:
        raise NoSuchDossier


@functools.cache
def _changing(columns: tuple[str, ...]) -> Update:
    """Return the statement that changes these columns; there are as many as places that call `change`."""
    new = {name: bindparam(f"new_{name}", type_=t.dossiers.c[name].type) for name in columns}
    return update(t.dossiers).where(_IS_THIS_ONE).values(new)


def is_there(db: Connection, dossier: DossierId) -> bool:
    """Tell whether whoever works here has this dossier."""
    return db.execute(_ONE, _this_one(db, dossier)).first() is not None


def revision_of(db: Connection, dossier: DossierId) -> int:
    """Return the present revision, whoever holds the dossier: sending goes on for everybody. Raises NoSuchDossier."""
    found = db.execute(select(t.dossiers.c.revision).where(t.dossiers.c.id == dossier)).scalar()
    if found is None:
        raise NoSuchDossier
    return int(found)


def answers_of(db: Connection, dossier: DossierId) -> dict[FieldPath, str]:
    """Return every answer kept for a dossier."""
    rows = driver(db).execute("SELECT path, value FROM answers WHERE dossier = ?", (dossier,))
    return {FieldPath(path): value for path, value in rows}


def origins_of(db: Connection, dossier: DossierId) -> dict[FieldPath, str]:
    """Return where each answer came from: typed, card, earlier."""
    rows = db.execute(select(t.answers.c.path, t.answers.c.origin).where(t.answers.c.dossier == dossier))
    return {FieldPath(row.path): row.origin for row in rows}


_LAST: Final = "SELECT step, is_undone FROM answer_changes WHERE dossier = ? ORDER BY step DESC LIMIT 1"
_FORGET_UNDONE: Final = "DELETE FROM answer_changes WHERE dossier = ? AND is_undone"
_CHANGE: Final = (
    "INSERT INTO answer_changes (dossier, step, path, before, after, origin, at, is_undone)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, 0)"
)
_ANSWER: Final = (
    "INSERT INTO answers (dossier, path, value, origin, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (dossier, path)"
    " DO UPDATE SET value = excluded.value, origin = excluded.origin, at = excluded.at"
)


def put_answers(
    db: Connection, dossier: DossierId, changes: Iterable[tuple[FieldPath, str, str]], *, origin: str, at: str
) -> None:
    """Keep answers as one step of the journal: (path, before, after). What had been undone cannot be redone now.

    This is the road of every answer, hence the driver's own statements: the same through SQLAlchemy's took seven times
    as long as the disk did (measured).
    """
    run = driver(db).execute
    last = run(_LAST, (dossier,)).fetchone()
    if last is not None and last[1]:  # undone steps are always the newest
        run(_FORGET_UNDONE, (dossier,))
        last = run(_LAST, (dossier,)).fetchone()
    step = (last[0] if last is not None else 0) + 1
    for path, before, after in changes:
        run(_CHANGE, (dossier, step, path, before, after, origin, at))
        _keep(db, dossier, path, after, origin, at)


def _keep(db: Connection, dossier: DossierId, path: str, value: str, origin: str, at: str) -> None:
    driver(db).execute(_ANSWER, (dossier, path, value, origin, at))


def walk_journal(db: Connection, dossier: DossierId, *, is_undo: bool, at: str) -> dict[FieldPath, str]:
    """Undo the last step or redo the first undone one; return path -> value now, empty when there is none."""
    column = t.answer_changes.c
    pick = func.max(column.step) if is_undo else func.min(column.step)
    wanted = and_(column.dossier == dossier, column.is_undone.is_(not is_undo))
    step = db.execute(select(pick).where(wanted)).scalar()
    if step is None:
        return {}
    rows = db.execute(select(t.answer_changes).where(column.dossier == dossier, column.step == step)).mappings().all()
    now: dict[FieldPath, str] = {}
    for row in rows:
        now[FieldPath(row["path"])] = row["before"] if is_undo else row["after"]
        _keep(db, dossier, row["path"], now[FieldPath(row["path"])], row["origin"], at)
    db.execute(update(t.answer_changes).where(column.dossier == dossier, column.step == step).values(is_undone=is_undo))
    return now


def note_event(
    db: Connection,
    dossier: DossierId,
    *,
    at: str,
    kind: str,
    revision: int,
    by: str | None = None,
    note: str | None = None,
    server_seq: int | None = None,
) -> None:
    """Add one line to the timeline; the same event of the province is kept once."""
    if server_seq is not None:
        one = t.events.c
        known = select(one.id).where(one.dossier == dossier, one.server_seq == server_seq)
        if db.execute(known).first() is not None:
            return
        same = (one.dossier == dossier) & (one.at == at) & (one.kind == kind) & (one.revision == revision)
        earlier = db.execute(select(one.id).where(same, one.server_seq < 0).limit(1)).scalar()
        if earlier is not None:  # told again by a province that began to count anew
            db.execute(update(t.events).where(one.id == earlier).values(server_seq=server_seq))
            return
    db.execute(
        insert(t.events).values(
            dossier=dossier, at=at, kind=kind, revision=revision, by=by, note=note, server_seq=server_seq
        )
    )


def events_of(db: Connection, dossier: DossierId) -> list[RowMapping]:
    """Return the timeline, oldest first."""
    return list(
        db.execute(
            select(t.events).where(t.events.c.dossier == dossier).order_by(t.events.c.at, t.events.c.id)
        ).mappings()
    )


def open_drafts(db: Connection, limit: int) -> list[DossierRow]:
    """Return what is being worked on, the last changed first."""
    column = t.dossiers.c
    is_sealed = exists().where(t.outbox.c.dossier == column.id, t.outbox.c.revision == column.revision)
    wanted = select(column.id).where(*_mine(db), column.status.in_(["draft", "supplement"]), ~is_sealed)
    return _in_order(db, wanted, limit)
