"""Takes in sealed bundles that were carried by hand, and answers by the same road.

A bundle is opened, its signature checked, and every revision and file in it goes through the very code that takes it
on line (`accept.judge`, `arrivals.keep_one`, `uploads.bring`): the same bundle twice, two copies, and a dossier that
came over the line in between all end in one dossier with one receipt.
"""

import contextlib
import hashlib
import json
import logging
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

from sqlalchemy import Connection, Row, delete, select

from bnhelper.vault.signatures import SignatureDoesNotHold, verify_detached
from sync.intake import accept, arrivals, courier_keys, identity, ledger, receipt_keys, receipts, records, uploads
from sync.intake.bodies import Body
from sync.intake.identity import Caller
from sync.intake.refusals import Refused
from sync.intake.roles import CARRIERS
from sync.intake.station import Site
from sync.wire.bundle import BundleDamaged, NotForUs, OpenedBundle, open_sealed, seal_to_one
from sync.wire.courier import (
    BUNDLE_FORMAT,
    BundleState,
    BundleStatus,
    CarriedFile,
    CarriedRevision,
    CarriedVerdict,
    CourierManifest,
    CourierReply,
)

_log = logging.getLogger(__name__)
_OPENED: Final = "opened-"
_LEFT_OVER_S: Final = 3600  #: an opened bundle that lies this long was left by a process that died


def take_in(site: Site, sha256: str, sealed: Path, brought_by: str) -> BundleStatus:
    """Take in one part and remember the outcome under its hash; the file stays the caller's.

    Whatever is wrong with the part as a whole refuses it (and says so in the status); what is wrong with one revision
    refuses that revision alone.
    """
    known = status(site, sha256)
    if known is not None and known.state is BundleState.DONE and not known.refused:
        return known
    try:
        with _opened(site, sealed) as opened:
            who = _maker(site, opened)
            outcome = [_take_revision(site, who, opened, one) for one in opened.manifest.revisions]
            _remember(site, sha256, brought_by, opened.manifest, outcome)
    except _Wrong as wrong:
        _remember_refusal(site, sha256, brought_by, wrong.code)
    made = status(site, sha256)
    assert made is not None
    return made


class _Wrong(Exception):
    """The part as a whole cannot be taken."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@contextlib.contextmanager
def _opened(site: Site, sealed: Path) -> Iterator[OpenedBundle]:
    """Open a part into the spool, where half-arrived files lie too, and take it away again."""
    _sweep(site)
    path = site.spool.path(f"{_OPENED}{secrets.token_hex(8)}")
    try:
        with sealed.open("rb") as source, _private(path) as target:
            try:
                open_sealed(source, target, courier_keys.identities(site))
                yield OpenedBundle(target)
            except NotForUs as wrong:
                raise _Wrong("not-for-us") from wrong
            except BundleDamaged as wrong:
                raise _Wrong("damaged") from wrong
    finally:
        path.unlink(missing_ok=True)


def _private(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")


def _sweep(site: Site) -> None:
    for left in site.spool.path(".").glob(f"{_OPENED}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_OVER_S:
                left.unlink()


def _maker(site: Site, opened: OpenedBundle) -> Caller:
    """Return the device that made a part, once its signature holds."""
    said = opened.manifest
    if said.format != BUNDLE_FORMAT:
        raise _Wrong("format-unknown")
    if said.province != site.server_id:
        raise _Wrong("wrong-province")
    with site.engine.connect() as db:
        row = db.execute(select(ledger.devices).where(ledger.devices.c.id == said.device)).first()
        is_shut = row is not None and identity.is_shut_out(db, row.subject)
    if row is None:
        raise _Wrong("unknown-device")
    if row.revoked_at is not None or is_shut:
        raise _Wrong("revoked")
    who = identity.of_device(row)
    if who.role not in CARRIERS:  # a class's machine: practice never reaches the province, by no road
        raise _Wrong("not-allowed")
    try:
        opened.verify(lambda signature, body: verify_detached(signature, body, [who.public_key]))
    except SignatureDoesNotHold as wrong:
        raise _Wrong("bad-signature") from wrong
    return who


def _take_revision(site: Site, who: Caller, opened: OpenedBundle, one: CarriedRevision) -> tuple[str, str]:
    """Take one revision and those of its files that are here; return why it was refused, if it was."""
    try:
        body = opened.envelope(one)
        if one.kind:
            sha256 = hashlib.sha256(body).hexdigest()
            records.take(site, who, one.kind, (one.dossier, one.rev), body, sha256, one.signature)
            return "", ""
        missing = set(_put(site, who, one, body))
        for file in one.files:
            if file.here and file.sha256 in missing:
                _bring(site, who, opened, file)
                missing.discard(file.sha256)
        with site.engine.connect() as db:
            receipts.refuse_falsely_named(db, one.dossier, one.rev)
    except Refused as wrong:
        problem = wrong.problem
        places = ", ".join(f"{error.pointer} {error.code}" for error in problem.errors[:5])
        return problem.code, places[:1000]
    except BundleDamaged:
        return "damaged", ""
    return "", ""


def _put(site: Site, who: Caller, one: CarriedRevision, body: bytes) -> tuple[str, ...]:
    """Judge and keep a revision as the line does; return what it lacks. Raises Refused."""
    accept.still_read(str(one.envelope_schema))
    carried = Body.of(body)
    try:
        arrival = accept.judge(site, who, one.dossier, one.rev, carried, one.signature)
    except Refused:
        known = arrivals.replay(site, who, one.dossier, one.rev, carried.sha256)
        if known is None:
            raise
        return known[1].missing
    return arrivals.keep_one(site, arrival)[1].missing


def _bring(site: Site, who: Caller, opened: OpenedBundle, file: CarriedFile) -> None:
    uploads.bring(site, who.device, file.sha256, file.size, opened.blob(file))


def _remember(site: Site, sha256: str, brought_by: str, said: CourierManifest, outcome: list[tuple[str, str]]) -> None:
    rows = [
        [one.dossier, one.rev, one.envelope, code, detail, one.is_last_here]
        for one, (code, detail) in zip(said.revisions, outcome, strict=True)
    ]
    with site.engine.begin() as db:
        db.execute(delete(ledger.bundles).where(ledger.bundles.c.sha256 == sha256))
        db.execute(  # whoever reads the same one in this moment writes the same
            ledger.insert_once(
                db,
                ledger.bundles,
                sha256=sha256,
                brought_by=brought_by,
                at=site.now(),
                state=BundleState.DONE.value,
                device=said.device,
                reply_to=said.reply_to,
                revisions=json.dumps(rows),
            )
        )
        ledger.note(db, at=site.now(), who=brought_by, what="brought-bundle")
    _log.info("bundle: %d revisions, %d refused", len(rows), sum(bool(row[3]) for row in rows))


def _remember_refusal(site: Site, sha256: str, brought_by: str, code: str) -> None:
    with site.engine.begin() as db:
        db.execute(delete(ledger.bundles).where(ledger.bundles.c.sha256 == sha256))
        db.execute(  # whoever reads the same one in this moment writes the same
            ledger.insert_once(
                db,
                ledger.bundles,
                sha256=sha256,
                brought_by=brought_by,
                at=site.now(),
                state=BundleState.REFUSED.value,
                code=code,
                revisions="[]",
            )
        )
        ledger.note(db, at=site.now(), who=brought_by, what=f"bundle-{code}")


# --- what became of it ---------------------------------------------------------------------------------------------


def status(site: Site, sha256: str) -> BundleStatus | None:
    """Return how a bundle that was read stands now: files of its other parts may have come since."""
    row = _row(site, sha256)
    if row is None:
        return None
    said = [one for one, is_counted in _verdicts(site, row) if is_counted]
    return BundleStatus(
        sha256=sha256,
        state=BundleState(row.state),
        code=row.code,
        proved=sum(one.receipt is not None for one in said),
        waiting=sum(one.receipt is None and one.code is None for one in said),
        refused=sum(one.code is not None for one in said),
    )


def reply(site: Site, sha256: str) -> bytes | None:
    """Return the province's signed word on a bundle, sealed to the device that made it; None when there is none."""
    row = _row(site, sha256)
    if row is None or row.state != BundleState.DONE.value:
        return None
    said = CourierReply(
        iss=site.server_id,
        device=row.device,
        bundle=sha256,
        at=site.clock.now(),
        items=tuple(one for one, _is_counted in _verdicts(site, row)),
    )
    lines = [site.signing.sign(said.write()), *receipt_keys.successions(site)]
    return seal_to_one("\n".join(lines).encode("ascii"), row.reply_to)


def recent(site: Site, limit: int = 50) -> list[BundleStatus]:
    """Return what was brought last, newest first."""
    with site.engine.connect() as db:
        found = db.execute(select(ledger.bundles.c.sha256).order_by(ledger.bundles.c.at.desc()).limit(limit)).scalars()
        names = list(found)
    return [one for one in (status(site, name) for name in names) if one is not None]


def _row(site: Site, sha256: str) -> Row[tuple[str, ...]] | None:
    with site.engine.connect() as db:
        return db.execute(select(ledger.bundles).where(ledger.bundles.c.sha256 == sha256)).first()


def _verdicts(site: Site, row: Row[tuple[str, ...]]) -> list[tuple[CarriedVerdict, bool]]:
    """Return how each revision of a bundle stands now, and whether it is counted here."""
    return [(_verdict(site, one), bool(one[-1])) for one in json.loads(row.revisions)]


def _verdict(site: Site, carried: list[Any]) -> CarriedVerdict:
    """Return how one revision stands, in a transaction of its own: no dossier is held while another is waited for."""
    dossier, revision, envelope, code, detail, _is_counted = carried
    said = CarriedVerdict(dossier=dossier, rev=revision, envelope=envelope, code=code or None)
    if code:
        return said.model_copy(update={"detail": detail or None})
    with site.engine.begin() as db:
        if (told := records.receipt_of(db, dossier, revision)) is not None:
            return said.model_copy(update={"receipt": told})
        if not _is_here(db, dossier, revision):
            return said.model_copy(update={"missing": 1})  # it never arrived whole, and its time is over
        verdict = receipts.settle(site, db, dossier, revision)
    return said.model_copy(update={"receipt": verdict.receipt, "missing": len(verdict.missing)})


def _is_here(db: Connection, dossier: str, revision: int) -> bool:
    one = ledger.revisions.c
    known = select(one.dossier).where(one.dossier == dossier, one.revision == revision)
    return db.execute(known).first() is not None
