"""What team leaders and officers do over the API, each inside their own unit."""

from sqlalchemy import select

from bnhelper.clock import province_date
from sync.intake import identity, ledger, visits
from sync.intake.identity import Caller
from sync.intake.refusals import Refused
from sync.intake.roles import EVERYWHERE
from sync.intake.station import Site
from sync.intake.visit_csv import NotAList, homes_of
from sync.wire.enrolment import DeviceNow, Devices
from sync.wire.problems import FieldProblem, ProblemCode
from sync.wire.visits import VisitListMade, VisitListRequest


def unit_for(who: Caller, asked: str | None) -> str | None:
    """Return the unit something is made for: the caller's own, or any where the caller is for the whole province.

    Raises Refused for another's unit, and for a leader without one.
    """
    if who.role in EVERYWHERE:
        return asked
    if who.unit is None or asked not in {None, who.unit}:
        raise Refused(403, ProblemCode.NOT_ALLOWED)
    return who.unit


def devices(site: Site, who: Caller) -> Devices:
    """Return the devices of the caller's unit, those in use first."""
    one = ledger.devices.c
    wanted = select(ledger.devices).order_by(one.revoked_at.is_not(None), one.enrolled_at.desc()).limit(2_000)
    if who.role not in EVERYWHERE:
        wanted = wanted.where(one.unit == (unit_for(who, None) or ""))
    with site.engine.begin() as db:
        ledger.note(db, at=site.now(), who=who.device, what="listed-devices")
        rows = db.execute(wanted).all()
    return Devices(
        devices=tuple(
            DeviceNow(
                device=row.id,
                name=row.name,
                role=row.role,
                unit=row.unit,
                enrolled_at=row.enrolled_at,
                revoked_at=row.revoked_at,
            )
            for row in rows
        )
    )


def revoke(site: Site, who: Caller, device: str) -> None:
    """Shut a device of the caller's unit out. Raises Refused (404), also for another unit's device."""
    with site.engine.connect() as db:
        row = db.execute(select(ledger.devices.c.unit).where(ledger.devices.c.id == device[:64])).first()
        if row is None or (who.role not in EVERYWHERE and (who.unit is None or row.unit != who.unit)):
            raise Refused(404, ProblemCode.NOT_FOUND)
    identity.revoke(site, device, who.device)


def envelope(site: Site, who: Caller, dossier: str) -> bytes:
    """Return what was handed in newest, and write down who read it. Raises Refused (404)."""
    one = ledger.dossiers.c
    with site.engine.begin() as db:
        row = db.execute(select(one.id, one.holder, one.unit, one.erased_at).where(one.id == dossier[:64])).first()
        is_theirs = row is not None and (who.role in EVERYWHERE or who.unit in {row.holder, row.unit} - {None})
        if row is None or not is_theirs or row.erased_at is not None:
            raise Refused(404, ProblemCode.NOT_FOUND)
        body: bytes = db.execute(
            select(ledger.revisions.c.body)
            .where(ledger.revisions.c.dossier == dossier)
            .order_by(ledger.revisions.c.revision.desc())
            .limit(1)
        ).scalar_one()
        ledger.note(db, at=site.now(), who=who.device, what="read", dossier=dossier)
    return bytes(body)


def make_visits(site: Site, who: Caller, asked: VisitListRequest) -> VisitListMade:
    """Make a list of homes to visit for the caller's unit. Raises Refused: 422 names every wrong row."""
    unit = unit_for(who, asked.unit)
    if unit is None:
        raise Refused(422, ProblemCode.INVALID, errors=(FieldProblem(pointer="/unit", code="missing"),))
    try:
        homes = homes_of(asked.csv, province_date(site.clock.now()))
    except NotAList as wrong:
        errors = tuple(FieldProblem(pointer=f"/csv/{one.row}", code=one.code) for one in wrong.errors)
        raise Refused(422, ProblemCode.INVALID, errors=errors) from wrong
    made = visits.make(site, unit=unit, hamlet=asked.hamlet, device=asked.device, homes=homes, by=who.device)
    return VisitListMade(list=made, homes=len(homes))
