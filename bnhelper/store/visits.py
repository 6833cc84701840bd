"""Keeps and finds visit lists: what the province tells of them, what was said at the door, what waits to be told."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, exists, func, insert, select, update

from bnhelper.clock import from_text, to_text
from bnhelper.domain.custody import OutboxState
from bnhelper.domain.visits import Home, Outcome, Visit, known_reasons
from bnhelper.ids import DossierId, Sha256
from bnhelper.store import tables as t
from bnhelper.store.outbox import RECORDS_FROM

VISIT = "visit"
_list, _home, _visit, _record = t.visit_lists.c, t.visit_homes.c, t.visits.c, t.records.c


@dataclass(frozen=True, slots=True)
class ListRow:
    """One list; `homes` is how many the province says are on it."""

    id: str
    hamlet: str
    homes: int
    made_at: dt.datetime
    keep_until: dt.datetime
    pulled_at: dt.datetime


# --- told by the province ------------------------------------------------------------------------------------------


def apply(db: Connection, entry: Mapping[str, Any], now: dt.datetime) -> bool:
    """Keep one entry of the feed (the JSON of sync.wire.visits.VisitEntry); return whether it was news.

    The newest of a name holds, and every entry may come again. What belongs to no list of this machine is passed over.
    """
    list_id = str(entry["list"])
    if entry.get("head"):
        return _head(db, list_id, entry["head"], now)
    if db.execute(select(_list.id).where(_list.id == list_id)).first() is None:
        return False
    if entry.get("home"):
        return _keep_home(db, list_id, entry["home"])
    return _keep_outcome(db, list_id, entry["outcome"]) if entry.get("outcome") else False


def _head(db: Connection, list_id: str, head: Mapping[str, Any], now: dt.datetime) -> bool:
    until = from_text(head["keep_until"])
    if head.get("is_over") or until <= now:
        return erase_list(db, list_id)
    values = {"hamlet": head["hamlet"], "homes": head["homes"], "made_at": to_text(from_text(head["made_at"]))}
    values |= {"keep_until": to_text(until), "pulled_at": to_text(now)}
    if db.execute(update(t.visit_lists).where(_list.id == list_id).values(**values)).rowcount:
        return False
    db.execute(insert(t.visit_lists).values(id=list_id, **values))
    return True


def _keep_home(db: Connection, list_id: str, home: Mapping[str, Any]) -> bool:
    values = {name: home.get(name) for name in ("place", "lane", "number", "who", "born", "note", "is_new")}
    values |= {"reasons": json.dumps(list(home.get("reasons", ())))}
    here = and_(_home.list == list_id, _home.home == home["id"])
    if db.execute(update(t.visit_homes).where(here).values(**values)).rowcount:
        return False
    db.execute(insert(t.visit_homes).values(list=list_id, home=home["id"], **values))
    return True


def _keep_outcome(db: Connection, list_id: str, said: Mapping[str, Any]) -> bool:
    if said["outcome"] not in set(Outcome):
        return False  # of a newer program
    known = db.execute(select(_visit.revision).where(_visit.record == said["record"])).scalar()
    if known is not None and known >= said["revision"]:
        return False
    visit = Visit(
        record=said["record"],
        revision=said["revision"],
        home=said["home"],
        outcome=Outcome(said["outcome"]),
        at=from_text(said["at"]),
        by=said["by"],
        note=said.get("note", ""),
        done=known_reasons(said.get("done", ())),
        is_mine=db.execute(select(_record.id).where(_record.record == said["record"])).first() is not None,
    )
    put(db, list_id, visit)
    return not visit.is_mine


# --- said here -----------------------------------------------------------------------------------------------------


def put(db: Connection, list_id: str, visit: Visit) -> None:
    """Keep what was said of a visit, in the place of an earlier revision."""
    db.execute(delete(t.visits).where(_visit.record == visit.record))
    db.execute(
        insert(t.visits).values(
            record=visit.record,
            list=list_id,
            home=visit.home,
            revision=visit.revision,
            outcome=visit.outcome.value,
            at=to_text(visit.at),
            by=visit.by,
            note=visit.note,
            done=json.dumps([one.value for one in visit.done]),
            is_mine=visit.is_mine,
        )
    )


def forget(db: Connection, record: str) -> None:
    """Take a visit back that nobody else has heard of."""
    db.execute(delete(t.visits).where(_visit.record == record))


def begin_list(db: Connection, list_id: str, hamlet: str, now: dt.datetime, until: dt.datetime) -> None:
    """Begin a list at the door."""
    values = {"hamlet": hamlet, "homes": 0, "made_at": to_text(now), "pulled_at": to_text(now)}
    db.execute(insert(t.visit_lists).values(id=list_id, keep_until=to_text(until), **values))


def add_home(db: Connection, list_id: str, home: Home) -> None:
    """Add a home at the end of a list."""
    said = {"id": home.id, "place": home.place, "lane": home.lane, "number": home.number, "who": home.who}
    said |= {"born": home.born, "reasons": [one.value for one in home.reasons], "note": home.note}
    _keep_home(db, list_id, {**said, "is_new": home.is_new})


def next_place(db: Connection, list_id: str) -> int:
    return (
        int(db.execute(select(func.coalesce(func.max(_home.place), -1)).where(_home.list == list_id)).scalar_one()) + 1
    )


def queue(
    db: Connection,
    *,
    record: str,
    revision: int,
    list_id: str,
    body: bytes,
    signature: str,
    sha256: Sha256,
    at: dt.datetime,
) -> int:
    """Queue a signed record; its bytes are fixed from here on. Its number says that it is no dossier (`outbox`)."""
    number = int(db.execute(select(func.coalesce(func.max(_record.id), RECORDS_FROM))).scalar_one()) + 1
    values: dict[str, Any] = {"kind": VISIT, "record": record, "revision": revision, "list": list_id}
    values |= {"state": OutboxState.QUEUED.value, "envelope": body, "signature": signature, "envelope_sha256": sha256}
    db.execute(insert(t.records).values(id=number, bytes_total=len(body), sealed_at=to_text(at), **values))
    return number


def newest_record(db: Connection, record: str) -> Row[Any, Any, Any, Any] | None:
    """Return the newest revision of a record: id, revision, state, has_left."""
    wanted = select(_record.id, _record.revision, _record.state, _record.has_left).where(_record.record == record)
    return db.execute(wanted.order_by(_record.revision.desc()).limit(1)).first()


def unqueue(db: Connection, number: int) -> None:
    """Take a record out of the line of which no byte has left."""
    db.execute(delete(t.records).where(_record.id == number))


def held(db: Connection) -> list[Row[Any]]:
    """Return the records that the province refused: id, held_code, held_detail, sealed_at, and where the home is."""
    where = t.records.outerjoin(t.visits, _visit.record == _record.record).outerjoin(
        t.visit_homes, and_(_home.list == _visit.list, _home.home == _visit.home)
    )
    wanted = select(_record.id, _record.held_code, _record.held_detail, _record.sealed_at, _home.lane, _home.number)
    return list(db.execute(wanted.select_from(where).where(_record.state == "held").order_by(_record.id)))


def link(db: Connection, dossier: DossierId, list_id: str, home: str) -> None:
    """Note that a dossier was begun for a home."""
    db.execute(insert(t.visit_dossiers).values(dossier=dossier, list=list_id, home=home))


# --- read ----------------------------------------------------------------------------------------------------------


def lists(db: Connection) -> list[ListRow]:
    """Return every list, the newest first."""
    return [
        ListRow(
            row.id,
            row.hamlet,
            row.homes,
            from_text(row.made_at),
            from_text(row.keep_until),
            from_text(row.pulled_at),
        )
        for row in db.execute(select(t.visit_lists).order_by(_list.made_at.desc(), _list.id.desc()))
    ]


def homes(db: Connection, list_id: str) -> list[Home]:
    """Return the homes of a list in the order of the way."""
    rows = db.execute(select(t.visit_homes).where(_home.list == list_id).order_by(_home.place, _home.home))
    return [_as_home(row) for row in rows]


def home_of(db: Connection, list_id: str, home: str) -> Home | None:
    row = db.execute(select(t.visit_homes).where(_home.list == list_id, _home.home == home)).first()
    return None if row is None else _as_home(row)


def _as_home(row: Row[Any]) -> Home:
    return Home(
        id=row.home,
        place=row.place,
        lane=row.lane,
        number=row.number,
        who=row.who,
        born=row.born,
        reasons=known_reasons(json.loads(row.reasons)),
        note=row.note,
        is_new=row.is_new,
    )


def of_homes(db: Connection, list_id: str) -> dict[str, list[tuple[str, Visit]]]:
    """Return home -> what was said of it, each with the list it was said on: all of a list's homes, from every list."""
    mine = select(_home.home).where(_home.list == list_id)
    found: dict[str, list[tuple[str, Visit]]] = {}
    for row in db.execute(select(t.visits).where(_visit.home.in_(mine)).order_by(_visit.at, _visit.record)):
        found.setdefault(row.home, []).append((row.list, _as_visit(row)))
    return found


def visit_of(db: Connection, record: str) -> Visit | None:
    row = db.execute(select(t.visits).where(_visit.record == record)).first()
    return None if row is None else _as_visit(row)


def _as_visit(row: Row[Any]) -> Visit:
    return Visit(
        record=row.record,
        revision=row.revision,
        home=row.home,
        outcome=Outcome(row.outcome),
        at=from_text(row.at),
        by=row.by,
        note=row.note,
        done=known_reasons(json.loads(row.done)),
        is_mine=row.is_mine,
    )


def dossiers_of(db: Connection, list_id: str) -> dict[str, list[DossierId]]:
    """Return home -> the dossiers that were begun for it by whoever works here, the bin left out, from every list."""
    mine = select(_home.home).where(_home.list == list_id)
    link, one = t.visit_dossiers.c, t.dossiers.c
    person = db.get_execution_options().get("bn_person")
    wanted = select(link.home, link.dossier).join(t.dossiers, one.id == link.dossier)
    wanted = wanted.where(link.home.in_(mine), one.status != "binned")
    if person is not None:
        wanted = wanted.where(one.holder == person)
    found: dict[str, list[DossierId]] = {}
    for row in db.execute(wanted.order_by(link.dossier)):
        found.setdefault(row.home, []).append(DossierId(row.dossier))
    return found


# --- erased --------------------------------------------------------------------------------------------------------


def erase_list(db: Connection, list_id: str) -> bool:
    """Take a list off the machine with all that was said of it; what waits to be told still is. Tell if it was here."""
    told = and_(_record.list == list_id, _record.state == OutboxState.PROVED.value)
    db.execute(delete(t.records).where(told))
    db.execute(delete(t.visit_dossiers).where(t.visit_dossiers.c.list == list_id))
    return bool(db.execute(delete(t.visit_lists).where(_list.id == list_id)).rowcount)


def erase_over(db: Connection, now: dt.datetime) -> Sequence[str]:
    """Erase the lists whose time is over at `now`, and what was told of lists that are gone; return their names."""
    over = db.execute(select(_list.id).where(_list.keep_until <= to_text(now))).scalars().all()
    for one in over:
        erase_list(db, one)
    is_gone = ~exists().where(_list.id == _record.list)
    db.execute(delete(t.records).where(_record.state == OutboxState.PROVED.value, is_gone))
    return over
