"""Visit lists of a unit: made, read on by its devices in one order, taken back, erased when their time is over.

All devices of a unit read the same log, numbered by a counter that is updated in the entry's own transaction: an
outcome is told to everybody by one row, whoever joins the unit later reads it from the beginning, and what a device
knows of it is one place in its cursor (`feed`).
"""

import datetime as dt
import hmac
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, delete, distinct, exists, func, insert, or_, select, update

from bnhelper.clock import from_text, to_text
from bnhelper.domain.folding import fold
from bnhelper.domain.visits import KEPT_DAYS, Outcome
from bnhelper.ids import uuid7
from sync.intake import ledger
from sync.intake.refusals import Refused
from sync.intake.roles import CARRIERS
from sync.intake.station import Site
from sync.intake.visit_csv import CsvHome
from sync.wire.problems import ProblemCode
from sync.wire.visits import ListHead, VisitEntry, VisitHome

_PLACE: Final = re.compile(r"(\d{1,15})-([0-9a-f]{16})", re.ASCII)
_HEAD: Final = "head"
_MOST_LISTS: Final = 200
_MOST_DEVICES: Final = 500
_log, _list, _unit = ledger.visit_entries.c, ledger.visit_lists.c, ledger.visit_units.c


@dataclass(frozen=True, slots=True)
class Part:
    """What a page of the feed brings of the lists. `place` is empty where a unit never had one."""

    entries: tuple[VisitEntry, ...]
    place: str
    has_more: bool


# --- written ---------------------------------------------------------------------------------------------------------


def make(site: Site, *, unit: str, hamlet: str, device: str | None, homes: Sequence[CsvHome], by: str) -> str:
    """Make a list and tell it to the devices it is for; return its id. Raises Refused (404) for a device elsewhere."""
    now = site.clock.now()
    list_id, until = uuid7(now), now + dt.timedelta(days=KEPT_DAYS)
    head = ListHead(hamlet=hamlet, homes=len(homes), made_at=now, keep_until=until)
    named: list[tuple[str, VisitEntry]] = [(_HEAD, VisitEntry(list=list_id, head=head))]
    for place, one in enumerate(homes):
        home = VisitHome(id=home_id(site, unit, hamlet, one), place=place, **one.said())
        named.append((home.id, VisitEntry(list=list_id, home=home)))
    with site.engine.begin() as db:
        known = ledger.devices.c
        if (
            device is not None
            and not db.execute(
                select(known.id).where(known.id == device, known.unit == unit, known.revoked_at.is_(None))
            ).first()
        ):
            raise Refused(404, ProblemCode.NOT_FOUND)
        at = to_text(now)
        about = {"unit": unit, "hamlet": hamlet, "device": device, "homes": len(homes), "made_by": by}
        db.execute(
            insert(ledger.visit_lists).values(id=list_id, made_at=at, keep_until=to_text(until), **about),
        )
        append(db, unit, list_id, device, named, at)
        ledger.note(db, at=at, who=by, what="made-visits", dossier=list_id)
    return list_id


def begin_at_door(site: Site, db: Connection, list_id: str, *, unit: str, device: str, hamlet: str) -> None:
    """Make a list that a device began where there was none; it is for that device, and its leader sees it."""
    now = site.clock.now()
    until = now + dt.timedelta(days=KEPT_DAYS)
    head = ListHead(hamlet=hamlet, homes=0, made_at=now, keep_until=until)
    about = {"unit": unit, "hamlet": hamlet, "device": device, "homes": 0, "made_by": device}
    at = to_text(now)
    new = ledger.insert_once(db, ledger.visit_lists, id=list_id, made_at=at, keep_until=to_text(until), **about)
    if db.execute(new.returning(_list.id)).first() is not None:
        append(db, unit, list_id, device, [(_HEAD, VisitEntry(list=list_id, head=head))], at)


def home_id(site: Site, unit: str, hamlet: str, home: CsvHome) -> str:
    """Return what a home is called on every list of its unit; nobody outside can tell whose it is.

    So what was said of a home last month stands beside it on the next list.
    """
    said = "|".join(fold(one) for one in (unit, hamlet, home.lane, home.number, home.who))
    digits = hmac.new(site.secret(), said.encode("utf-8"), "sha256").hexdigest()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:32]))


def append(
    db: Connection, unit: str, list_id: str, device: str | None, named: Sequence[tuple[str, VisitEntry]], at: str
) -> None:
    """Add entries to a unit's log; each takes the place of an earlier one of its name, which stays as an empty row."""
    counted = update(ledger.visit_units).where(_unit.unit == unit)
    counted = counted.values(last_seq=_unit.last_seq + len(named)).returning(_unit.last_seq)
    last = db.execute(counted).scalar()
    if last is None:
        db.execute(ledger.insert_once(db, ledger.visit_units, unit=unit, last_seq=0))
        last = db.execute(counted).scalar_one()
    for name, _entry in named if len(named) < 10 else ():  # a whole list is new
        _empty(db, and_(_log.list == list_id, _log.name == name))
    first = last - len(named) + 1
    about = {"unit": unit, "list": list_id, "device": device, "at": at}
    db.execute(
        insert(ledger.visit_entries),
        [
            {
                **about,
                "seq": seq,
                "name": name,
                "mark": secrets.token_hex(8),
                "body": entry.write().decode("utf-8"),
                "visited": _visited(entry),
            }
            for seq, (name, entry) in enumerate(named, start=first)
        ],
    )


def _visited(entry: VisitEntry) -> str | None:
    said = entry.outcome
    return said.home if said is not None and said.outcome != Outcome.UNDONE else None


def _empty(db: Connection, which: Any) -> None:
    db.execute(update(ledger.visit_entries).where(which, _log.body != "").values(body="", visited=None))


def withdraw(site: Site, unit: str | None, list_id: str, by: str) -> bool:
    """Take a list back: it is erased here at once, and on every device with its next pull. `unit` None: of any."""
    with site.engine.begin() as db:
        row = find(db, unit, list_id)
        if row is None or row.erased_at is not None:
            return False
        _erase(db, row, site.now())
        ledger.note(db, at=site.now(), who=by, what="withdrew-visits", dossier=list_id)
    return True


def _erase(db: Connection, row: Row[Any], at: str) -> None:
    """Take out everything personal of a list; its devices are told that it is over."""
    over = ListHead(hamlet="", homes=0, made_at=from_text(row.made_at), keep_until=from_text(at), is_over=True)
    append(db, row.unit, row.id, row.device, [(_HEAD, VisitEntry(list=row.id, head=over))], at)
    _empty(db, and_(_log.list == row.id, _log.name != _HEAD))
    db.execute(delete(ledger.records).where(ledger.records.c.list == row.id))
    db.execute(update(ledger.visit_lists).where(_list.id == row.id).values(hamlet="", made_by="", erased_at=at))


def erase_old(site: Site, days: int) -> dict[str, int]:
    """Erase lists whose time is over, and in `days` more what is left of them; return how much, by name."""
    now = site.clock.now()
    at, before = to_text(now), to_text(now - dt.timedelta(days=days))
    alone = to_text(now - dt.timedelta(days=KEPT_DAYS))
    with site.engine.connect() as db:
        over = select(_list.id).where(_list.keep_until <= at, _list.erased_at.is_(None))
        names = db.execute(over.order_by(_list.unit, _list.id)).scalars().all()
    erased = sum(_erase_one(site, name, at) for name in names)
    with site.engine.begin() as db:
        # Of a list that nobody knows any more, or that was over when they came.
        known = select(_list.id).where(_list.erased_at.is_(None))
        kept = ledger.records.c
        db.execute(delete(ledger.records).where(kept.arrived_at < alone, kept.list.not_in(known)))
        gone = db.execute(select(_list.id).where(_list.erased_at < before)).scalars().all()
        is_old = or_(and_(_log.body == "", _log.at < before), _log.list.in_(gone))
        later = ledger.visit_entries.alias()
        # The newest of a unit stays: readers who are there find their place by it.
        is_followed = exists().where(later.c.unit == _log.unit, later.c.seq > _log.seq)
        db.execute(delete(ledger.visit_entries).where(is_old, is_followed))
        newest_ones = update(ledger.visit_entries).where(_log.list.in_(gone))
        db.execute(newest_ones.values(body=""))
        db.execute(delete(ledger.visit_lists).where(_list.id.in_(gone)))
    return {"erased_visits": erased}


def _erase_one(site: Site, list_id: str, at: str) -> bool:
    """Erase one list whose time is over, locked first as by a device that tells of it; False where it is erased."""
    with site.engine.begin() as db:
        row = find(db, None, list_id)
        if row is None or row.erased_at is not None:
            return False
        _erase(db, row, at)
        ledger.note(db, at=at, who="site:retention", what="erased-visits", dossier=list_id)
    return True


# --- read ------------------------------------------------------------------------------------------------------------


def page(db: Connection, unit: str, device: str, place: str, limit: int) -> Part:
    """Return what a device of a unit may know after `place`.

    A place that this unit's log never gave, as it is now, means the beginning: the unit is another, or the province
    was restored from a backup. Reading it all again does no harm, since an entry takes the place of its like.
    """
    newest = db.execute(select(_unit.last_seq).where(_unit.unit == unit)).scalar()
    if newest is None:
        return Part((), "", has_more=False)
    since = _since(db, unit, place)
    wanted = select(_log.seq, _log.body).where(
        _log.unit == unit,
        _log.seq > since,
        _log.seq <= newest,
        _log.body != "",
        or_(_log.device.is_(None), _log.device == device),
    )
    rows = db.execute(wanted.order_by(_log.seq).limit(limit + 1)).all()
    has_more = len(rows) > limit
    shown = rows[:limit]
    reached = shown[-1].seq if has_more else newest
    mark = db.execute(select(_log.mark).where(_log.unit == unit, _log.seq == reached)).scalar()
    entries = tuple(VisitEntry.read(one.body.encode("utf-8")) for one in shown)
    return Part(entries, f"{reached}-{mark}" if mark else "", has_more)


def _since(db: Connection, unit: str, place: str) -> int:
    said = _PLACE.fullmatch(place)
    if said is None:
        return 0
    known = select(_log.seq).where(_log.unit == unit, _log.seq == int(said[1]), _log.mark == said[2])
    return int(db.execute(known).scalar() or 0)


def has_more_than(db: Connection, unit: str, place: str) -> bool:
    """Tell whether anything became known since a place, by one look at one row."""
    newest = db.execute(select(_unit.last_seq).where(_unit.unit == unit)).scalar()
    return newest is not None and newest > int(place.partition("-")[0] or 0)


def find(db: Connection, unit: str | None, list_id: str) -> Row[Any] | None:
    """Return a list of a unit, or of any; locked until the transaction ends."""
    wanted = select(ledger.visit_lists).where(_list.id == list_id)
    if unit is not None:
        wanted = wanted.where(_list.unit == unit)
    return db.execute(wanted.with_for_update()).first()


@dataclass(frozen=True, slots=True)
class ListNow:
    """One list as officers see it in the overview: numbers, and no name."""

    id: str
    unit: str
    hamlet: str
    device: str | None
    homes: int
    visited: int
    made_at: str
    made_by: str
    keep_until: str


def lists(site: Site, unit: str | None) -> list[ListNow]:
    """Return the lists of a unit, or of all, the newest first."""
    wanted = select(ledger.visit_lists).where(_list.erased_at.is_(None))
    if unit is not None:
        wanted = wanted.where(_list.unit == unit)
    with site.engine.connect() as db:
        rows = db.execute(wanted.order_by(_list.made_at.desc()).limit(_MOST_LISTS)).all()
        counted = select(_log.list, func.count(distinct(_log.visited))).where(_log.list.in_([row.id for row in rows]))
        visited = {one.list: one[1] for one in db.execute(counted.group_by(_log.list))}
    return [
        ListNow(
            id=row.id,
            unit=row.unit,
            hamlet=row.hamlet,
            device=row.device,
            homes=row.homes,
            visited=visited.get(row.id, 0),
            made_at=row.made_at,
            made_by=row.made_by,
            keep_until=row.keep_until,
        )
        for row in rows
    ]


def contents(site: Site, unit: str | None, list_id: str, by: str) -> tuple[Row[Any], list[VisitEntry]] | None:
    """Return a list with all that is known of its homes, and write down who read it; None where it is not theirs."""
    with site.engine.begin() as db:
        row = find(db, unit, list_id)
        if row is None or row.erased_at is not None:
            return None
        ledger.note(db, at=site.now(), who=by, what="read-visits", dossier=list_id)
        log = select(_log.body).where(_log.list == list_id, _log.body != "").order_by(_log.seq)
        return row, [VisitEntry.read(body.encode("utf-8")) for body in db.execute(log).scalars()]


def devices(site: Site, unit: str | None, by: str) -> list[tuple[str, str, str]]:
    """Return the devices of a unit, or of all units, that a list can be for: id, name, unit.

    Who looked at their people's names is written down.
    """
    one = ledger.devices.c
    wanted = select(one.id, one.name, one.unit).where(one.revoked_at.is_(None), one.unit.is_not(None))
    wanted = wanted.where(one.role.in_([role.value for role in CARRIERS]))
    if unit is not None:
        wanted = wanted.where(one.unit == unit)
    with site.engine.begin() as db:
        ledger.note(db, at=site.now(), who=by, what="listed-devices")
        return [tuple(row) for row in db.execute(wanted.order_by(one.name, one.id).limit(_MOST_DEVICES))]


def note_pulled(site: Site, device: str, entries: Iterable[VisitEntry]) -> None:
    """Write down which lists a device was told of: names and ages went to it."""
    told = sorted({one.list for one in entries if one.home is not None or one.outcome is not None})
    if told:
        with site.engine.begin() as db:
            for list_id in told:
                ledger.note(db, at=site.now(), who=device, what="pulled-visits", dossier=list_id)
