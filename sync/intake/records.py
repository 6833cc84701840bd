"""Takes in what devices tell beside dossiers: signed, each revision once, and told on to whoever it concerns."""

from typing import Any

from sqlalchemy import Connection, select

from bnhelper.domain.visits import Outcome
from bnhelper.vault.signatures import SignatureDoesNotHold, verify_detached
from sync.intake import identity, ledger, receipts, visits
from sync.intake.identity import Caller
from sync.intake.refusals import Refused
from sync.intake.station import Site
from sync.wire.changes import HeldByDevice, Reconcile, ReconcileAnswer
from sync.wire.dossiers import RevisionVerdict, WireState
from sync.wire.model import NotTheContract
from sync.wire.problems import FieldProblem, ProblemCode
from sync.wire.visits import VisitEntry, VisitOutcome, VisitRecord

VISIT = "visit"
_SCHEMA = 1
_one = ledger.records.c


def take(
    site: Site, who: Caller, kind: str, name: tuple[str, int], body: bytes, sha256: str, signature: str
) -> tuple[int, RevisionVerdict]:
    """Keep one revision of a record and tell it on: 201 new, 200 the same again. Raises Refused.

    The receipt is a dossier's, over the record's id and hash. A revision that comes after a newer one is kept and
    told to nobody; so is one of a list that is over, another's, or unknown. A list that was begun at the door is made
    with its first home.
    """
    if kind != VISIT:
        raise Refused(404, ProblemCode.NOT_FOUND)
    said = _opened(who, name, body, signature)
    now = site.clock.now()
    receipt = receipts.sign(
        site, dossier=said.record, revision=said.revision, envelope=sha256, blobs=set(), number="", at=now
    )
    with site.engine.begin() as db:
        identity.refuse_the_revoked(db, who.device)  # a body may take as long as its line
        found = visits.find(db, None, said.list)  # locked, so that nothing is told of a list that is being erased
        is_elsewhere = found is not None and (found.unit != who.unit or found.device not in {None, who.device})
        if is_elsewhere:  # as where there is no such list: nobody learns that there is one
            found = None
        elif found is None and said.new_home is not None and who.unit is not None:
            visits.begin_at_door(site, db, said.list, unit=who.unit, device=who.device, hamlet=said.hamlet)
            found = visits.find(db, who.unit, said.list)
        rows = db.execute(select(_one.revision, _one.device, _one.sha256, _one.receipt).where(_one.id == said.record))
        known = {row.revision: row for row in rows}
        if any(row.device != who.device for row in known.values()):
            raise Refused(409, ProblemCode.ID_CONFLICT)
        kept = {"kind": kind, "device": who.device, "list": said.list, "body": body, "sha256": sha256}
        kept |= {"signature": signature, "arrived_at": site.now(), "receipt": receipt}
        new = ledger.insert_once(db, ledger.records, id=said.record, revision=said.revision, **kept)
        if db.execute(new.returning(_one.id)).first() is None:
            return 200, _again(db, said, sha256)
        if found is not None and found.erased_at is None and said.revision > max(known, default=0):
            visits.append(db, found.unit, said.list, found.device, _told(db, said), site.now())
        ledger.note(db, at=site.now(), who=who.device, what="visit", dossier=said.list)
    return 201, _verdict(said, receipt)


def _opened(who: Caller, name: tuple[str, int], body: bytes, signature: str) -> VisitRecord:
    """Return the record that a device signed and that is the one it says. Raises Refused."""
    try:
        verify_detached(signature, body, [who.public_key])
    except SignatureDoesNotHold as wrong:
        raise Refused(403, ProblemCode.BAD_SIGNATURE) from wrong
    try:
        said = VisitRecord.read(body)
    except NotTheContract as wrong:
        errors = tuple(FieldProblem(pointer=one[:300], code="invalid") for one in wrong.pointers[:50])
        raise Refused(422, ProblemCode.INVALID, errors=errors) from wrong
    if (said.record, said.revision, said.device) != (*name, who.device):
        raise Refused(422, ProblemCode.INVALID, errors=(FieldProblem(pointer="/record", code="differs"),))
    if said.schema_version != _SCHEMA:
        raise Refused(426, ProblemCode.CLIENT_TOO_OLD)
    is_known = said.outcome is None or said.outcome in set(Outcome)
    if not is_known or (said.outcome is None and said.new_home is None):
        raise Refused(422, ProblemCode.INVALID, errors=(FieldProblem(pointer="/outcome", code="unknown"),))
    if said.new_home is not None and said.new_home.id != said.home:
        raise Refused(422, ProblemCode.INVALID, errors=(FieldProblem(pointer="/new_home/id", code="differs"),))
    return said


def _told(db: Connection, said: VisitRecord) -> list[tuple[str, VisitEntry]]:
    """Return what the list's devices hear of it: a home nobody had listed, and how the visit ended."""
    named: list[tuple[str, VisitEntry]] = []
    log = ledger.visit_entries.c
    if said.new_home is not None:
        is_there = select(log.seq).where(log.list == said.list, log.name == said.home, log.body != "")
        if db.execute(is_there).first() is None:
            home = said.new_home.model_copy(update={"is_new": True})
            named.append((home.id, VisitEntry(list=said.list, home=home)))
    if said.outcome is not None:
        about = {name: getattr(said, name) for name in ("record", "revision", "home", "outcome", "at", "by", "note")}
        outcome = VisitOutcome(**about, done=said.done)
        named.append((said.record, VisitEntry(list=said.list, outcome=outcome)))
    return named


def _again(db: Connection, said: VisitRecord, sha256: str) -> RevisionVerdict:
    row = db.execute(select(_one.sha256, _one.receipt).where(_one.id == said.record, _one.revision == said.revision))
    kept = row.one()
    if kept.sha256 != sha256:
        raise Refused(409, ProblemCode.ID_CONFLICT)
    return _verdict(said, kept.receipt)


def _verdict(said: VisitRecord, receipt: str) -> RevisionVerdict:
    return RevisionVerdict(id=said.record, rev=said.revision, state=WireState.DELIVERED, receipt=receipt)


def receipt_of(db: Connection, record: str, revision: int) -> str | None:
    """Return the receipt of a record's revision, None where there is none."""
    wanted = select(_one.receipt).where(_one.id == record, _one.revision == revision)
    return db.execute(wanted).scalar()


def held(db: Connection, who: Caller, asked: list[HeldByDevice]) -> set[tuple[Any, ...]]:
    """Return which of these are records of this device that lie here: id, revision, hash."""
    wanted = select(_one.id, _one.revision, _one.sha256).where(
        _one.device == who.device, _one.id.in_([one.dossier for one in asked])
    )
    return {tuple(row) for row in db.execute(wanted)}


def lacking(site: Site, who: Caller, asked: Reconcile) -> ReconcileAnswer:
    """Return what of these revisions, of dossiers and of records, is not wholly here with its receipt."""
    one, dossier = ledger.revisions.c, ledger.dossiers.c
    whole = (
        select(one.dossier, one.revision, one.sha256)
        .join(ledger.dossiers, dossier.id == one.dossier)
        .where(
            dossier.device == who.device,
            one.dossier.in_([item.dossier for item in asked.items]),
            one.receipt.is_not(None),
            ~receipts.lacks_a_file(one.dossier, one.revision, who.device),
        )
    )
    with site.engine.connect() as db:
        here = {(row.dossier, row.revision, row.sha256) for row in db.execute(whole)}
        here |= held(db, who, list(asked.items))
    return ReconcileAnswer(
        lacking=tuple(item for item in asked.items if (item.dossier, item.rev, item.envelope) not in here)
    )
