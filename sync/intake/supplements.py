"""Supplements on their way: how much of one has come, how it is asked for again, and the end of one that never comes.

A supplement is a dossier's next revision. From its text to its last file the dossier is `receiving`; what was received
before has its receipt all the while, and nothing of that ever goes because something after it did not come.
"""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, Row, Select, and_, bindparam, delete, exists, func, select, update

from bnhelper.clock import from_text, to_text
from bnhelper.forms.submission import read_xml
from bnhelper.ids import uuid7
from sync.intake import arrivals, desk, desk_card, feed, ledger, receipts
from sync.intake.deadlines import NO_DATE
from sync.intake.station import Site
from sync.wire.changes import SupplementRequest
from sync.wire.dossiers import Envelope, WireState

#: The deeds that ask for something, an officer's and those of the province's systems.
_ASKS: Final = ("supplement", "ask_again", "status-5", "status-6")
_AT_ONCE: Final = 500
_one, _revision, _file, _blob = ledger.dossiers.c, ledger.revisions.c, ledger.files.c, ledger.blobs.c


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """A revision after one that has a receipt, of which files are still to come."""

    revision: int
    since: str  #: when its text came
    wanted: int  #: distinct files that it names
    missing: frozenset[str]  #: hashes of those that are not here

    @property
    def came(self) -> int:
        return self.wanted - len(self.missing)


def on_their_way(site: Site, rows: Iterable[Row[Any]]) -> dict[str, OnItsWay]:
    """Return what of these rows of `dossiers` waits for files of a supplement, by dossier. One statement, or none."""
    over = {one.value for one in desk.CLOSED}
    asked = [row.id for row in rows if row.revision > 1 and row.received_at and row.state not in over]
    if not asked:
        return {}
    named = and_(_file.dossier == _revision.dossier, _file.revision == _revision.revision)
    there = and_(_blob.owner == _one.device, receipts.AS_SAID)
    parts = (
        select(_one.id, _one.revision, _revision.arrived_at, _file.sha256, _blob.sha256.label("there"))
        .join(ledger.revisions, and_(_revision.dossier == _one.id, _revision.revision == _one.revision))
        .outerjoin(ledger.files, named)
        .outerjoin(ledger.blobs, there)
        .where(_one.id.in_(asked), _revision.receipt.is_(None))
    )
    with site.engine.connect() as db:
        found = db.execute(parts).all()
    said = {}
    for name in {part.id for part in found}:
        mine = [part for part in found if part.id == name]
        files = {part.sha256 for part in mine if part.sha256 is not None}
        missing = frozenset(part.sha256 for part in mine if part.sha256 is not None and part.there is None)
        said[name] = OnItsWay(mine[0].revision, mine[0].arrived_at, len(files), missing)
    return said


def last_whole(db: Connection, dossier: str) -> int:
    """Return the newest revision of a dossier that has a receipt, 0 where none has."""
    newest = select(func.max(_revision.revision)).where(_revision.dossier == dossier, _revision.receipt.is_not(None))
    return db.execute(newest).scalar() or 0


def asked_again(
    db: Connection, row: Row[Any], at: dt.datetime, *, note: str = "", deadline: dt.datetime | None = None
) -> SupplementRequest:
    """Return the request that a dossier's unfinished revision answers, as it was asked; a new note or deadline counts.

    It keeps its id, so that both roads are open to the device: to bring the rest, or to put another revision in the
    place of one that it cannot finish (`accept.may_take_the_place`).
    """
    body = db.execute(select(_revision.body).where(_revision.dossier == row.id, _revision.revision == row.revision))
    answered = Envelope.read(bytes(body.scalar_one())).answers_request
    deed = ledger.deeds.c
    asks = select(deed.note, deed.detail).where(deed.dossier == row.id, deed.deed.in_(_ASKS))
    last = db.execute(asks.order_by(deed.version.desc()).limit(1)).first()
    detail = json.loads(last.detail or "{}") if last is not None else {}
    before = detail.get("deadline", "")
    return SupplementRequest(
        id=answered or uuid7(at),
        deadline=deadline or (from_text(before) if before else None),
        fields=tuple(detail.get("fields", ())),
        papers=tuple(detail.get("papers", ())),
        note=note or (last.note if last is not None else None) or "",
    )


# --- the end of one that never comes ---------------------------------------------------------------------------------


def give_up_old(site: Site, days: int) -> int:
    """Give up the supplements that waited for their files for longer than `days`, each by itself; return how many.

    The dossier stays, with everything that was received: the request it answers is open again, and its device is told.
    Should the device come back, it sends the same revision as if for the first time.
    """
    before, count = to_text(site.clock.now() - dt.timedelta(days=days)), 0
    after = ""
    while True:
        with site.engine.connect() as db:
            found = _due(before).where(_one.id > after).order_by(_one.id).limit(_AT_ONCE)
            names = db.execute(found).scalars().all()
        count += sum(_give_up(site, name, before) for name in names)
        if len(names) < _AT_ONCE:
            return count
        after = names[-1]


def _due(before: str) -> Select[Any]:
    found = [one.value for one in (WireState.RECEIVING, *desk.OPEN)]
    states: BindParameter[Any] = bindparam("states", found, expanding=True, literal_execute=True)
    newest = and_(_revision.dossier == _one.id, _revision.revision == _one.revision)
    return select(_one.id).where(
        _one.state.in_(states),
        _one.changed_at < before,
        _one.received_at.is_not(None),
        exists().where(newest, _revision.receipt.is_(None)),
        ~exists().where(ledger.legal_holds.c.dossier == _one.id),
    )


def _give_up(site: Site, dossier: str, before: str) -> bool:
    with site.engine.begin() as db:
        found = db.execute(select(ledger.dossiers).where(_one.id == dossier).with_for_update()).first()
        # Whoever was quicker is seen now that the row is locked; so is a last file that nobody has settled.
        is_due = db.execute(_due(before).where(_one.id == dossier)).first() is not None
        whole = last_whole(db, dossier)
        if found is None or not is_due or not whole:
            return False
        if not receipts.settle(site, db, dossier, found.revision).missing:
            return False
        now = site.clock.now()
        asked = asked_again(db, found, now)
        arrivals.give_up(site, db, found.device, dossier, found.revision)
        is_open_again = found.state in {WireState.RECEIVING.value, WireState.NEEDS_INFO.value}
        card = _card_of(db, found, whole)
        values: dict[str, Any] = {"revision": whole, "version": found.version + 1, "changed_at": to_text(now)}
        values["applicant"] = card.applicant
        db.execute(delete(ledger.dossier_words).where(ledger.dossier_words.c.dossier == dossier))
        desk_card.add_words(db, desk_card.word_rows(dossier, card.words, found.office_number))
        if is_open_again:
            values |= {"state": WireState.NEEDS_INFO.value, "request": asked.write().decode("utf-8")}
            values["due_at"] = found.due_at or NO_DATE
            told: dict[str, Any] = {"note": asked.note or None, "request": asked, "office_number": found.office_number}
            feed.append(db, found.device, dossier=dossier, rev=whole, state=WireState.NEEDS_INFO, at=now, **told)
        db.execute(update(ledger.dossiers).where(_one.id == dossier).values(**values))
        ledger.note(db, at=to_text(now), who="site:retention", what="gave-up-supplement", dossier=dossier)
    return True


def _card_of(db: Connection, row: Row[Any], revision: int) -> desk_card.Card:
    """Return what a dossier is found by as one of its revisions has it: nothing of what was given up stays."""
    body = db.execute(select(_revision.body).where(_revision.dossier == row.id, _revision.revision == revision))
    answers = read_xml(Envelope.read(bytes(body.scalar_one())).instance)[2]
    return desk_card.card_of(answers, row.readable_code)
