"""Accepts a revision: the same bytes again are fine, the same name with other bytes is refused."""

import hashlib
import json
from typing import Any, Final

import zstandard
from sqlalchemy import Connection, Row, func, insert, select, update

from bnhelper.catalogue.library import PackMissing
from bnhelper.catalogue.pack import UnknownProcedure
from bnhelper.clock import PROVINCE_TIME, province_date
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.submission import read_xml
from bnhelper.forms.trouble import FormRefused
from bnhelper.vault.signatures import SignatureDoesNotHold, verify_detached
from sync.intake import desk, feed, ledger
from sync.intake.identity import Caller
from sync.intake.refusals import Refused
from sync.intake.station import Site, hash_of
from sync.wire.dossiers import Envelope, RevisionVerdict, WireState, digest_matches
from sync.wire.model import NotTheContract
from sync.wire.problems import FieldProblem, ProblemCode, Retry
from sync.wire.receipts import Receipt
from sync.wire.version import ENVELOPE_SCHEMAS_READ, MAX_ENVELOPE_BYTES

_MOST_ERRORS: Final = 50


def plain_body(body: bytes, encoding: str) -> bytes:
    """Return a request body without its compression; bounded, so that a small bomb stays small."""
    if encoding in {"", "identity"}:
        return body
    if encoding != "zstd":
        raise Refused(415, ProblemCode.UNSUPPORTED_MEDIA)
    try:
        with zstandard.ZstdDecompressor().stream_reader(body) as reader:
            plain = reader.read(MAX_ENVELOPE_BYTES + 1)
    except zstandard.ZstdError as wrong:
        raise Refused(400, ProblemCode.INVALID) from wrong
    if len(plain) > MAX_ENVELOPE_BYTES:
        raise Refused(413, ProblemCode.TOO_LARGE)
    return plain


def put_revision(
    site: Site, who: Caller, dossier: str, revision: int, body: bytes, *, digest: str, signature: str, schema: str
) -> tuple[int, RevisionVerdict]:
    """Take one revision; return 201 or 200 with the verdict. Raises Refused."""
    if schema not in {str(one) for one in ENVELOPE_SCHEMAS_READ}:
        raise Refused(426, ProblemCode.CLIENT_TOO_OLD)
    if not digest_matches(digest, body):
        raise Refused(400, ProblemCode.DIGEST_MISMATCH, Retry.NOW)
    sha256 = hashlib.sha256(body).hexdigest()
    with site.engine.begin() as db:
        known = db.execute(
            select(ledger.revisions.c.sha256).where(
                ledger.revisions.c.dossier == dossier, ledger.revisions.c.revision == revision
            )
        ).scalar()
        if known is not None:
            owner = db.execute(select(ledger.dossiers.c.device).where(ledger.dossiers.c.id == dossier)).scalar()
            if owner != who.device or known != sha256:
                raise Refused(409, ProblemCode.ID_CONFLICT)
            return 200, settle(site, db, dossier, revision)
    envelope = _checked(who, dossier, revision, body, signature)
    remark = _valid(site, envelope)
    with site.engine.begin() as db:
        _keep(site, db, who, envelope, body, sha256, signature, remark)
        return 201, settle(site, db, dossier, revision)


def _checked(who: Caller, dossier: str, revision: int, body: bytes, signature: str) -> Envelope:
    try:
        verify_detached(signature, body, [who.public_key])
    except SignatureDoesNotHold as wrong:
        raise Refused(403, ProblemCode.BAD_SIGNATURE) from wrong
    try:
        envelope = Envelope.read(body)
    except NotTheContract as wrong:
        errors = tuple(FieldProblem(pointer=one[:300], code="invalid") for one in wrong.pointers[:_MOST_ERRORS])
        raise Refused(422, ProblemCode.INVALID, Retry.AFTER_EDIT, errors=errors) from wrong
    if (envelope.dossier, envelope.revision, envelope.device) != (dossier, revision, who.device):
        raise Refused(422, ProblemCode.INVALID, errors=(FieldProblem(pointer="/dossier", code="differs"),))
    return envelope


def _valid(site: Site, envelope: Envelope) -> str | None:
    """Check the answers against the very form they were given in, so that a client cannot lie.

    Returns a remark when this site does not have that pack. Raises Refused with a pointer per wrong field.
    """
    try:
        read_xml(envelope.instance)
    except FormRefused as wrong:
        raise Refused(
            422, ProblemCode.INVALID, errors=(FieldProblem(pointer="/instance", code="not-a-submission"),)
        ) from wrong
    try:
        form = site.library.pack(envelope.pack.version).form(envelope.procedure)
    except PackMissing:
        return "pack-unknown"
    except UnknownProcedure as wrong:
        raise Refused(422, ProblemCode.INVALID, errors=(FieldProblem(pointer="/procedure", code="unknown"),)) from wrong
    instance = FormInstance(form, today=lambda: province_date(site.clock.now()))
    instance.restore(read_xml(envelope.instance, form)[2])
    problems = instance.problems()
    if problems:
        errors = tuple(FieldProblem(pointer=one.path, code=one.kind) for one in problems[:_MOST_ERRORS])
        raise Refused(422, ProblemCode.INVALID, Retry.AFTER_EDIT, errors=errors)
    return None


def _keep(
    site: Site,
    db: Connection,
    who: Caller,
    envelope: Envelope,
    body: bytes,
    sha256: str,
    signature: str,
    remark: str | None,
) -> None:
    known = db.execute(select(ledger.dossiers).where(ledger.dossiers.c.id == envelope.dossier)).first()
    now = site.now()
    if known is None:
        if envelope.revision != 1:
            raise Refused(409, ProblemCode.REVISION_GAP, current=0)
        db.execute(
            insert(ledger.dossiers).values(
                id=envelope.dossier,
                device=who.device,
                procedure=envelope.procedure,
                pack_version=envelope.pack.version,
                readable_code=envelope.readable_code,
                look_up_hash=hash_of(envelope.look_up_token),
                revision=1,
                state=WireState.RECEIVING.value,
                unit=envelope.receiving_unit,
                changed_at=now,
                version=1,
            )
        )
    else:
        if known.device != who.device:
            raise Refused(409, ProblemCode.ID_CONFLICT)
        if envelope.revision != known.revision + 1:
            raise Refused(409, ProblemCode.REVISION_GAP, current=known.revision)
        _only_what_was_asked(db, known, envelope)
        db.execute(
            update(ledger.dossiers)
            .where(ledger.dossiers.c.id == envelope.dossier)
            .values(
                revision=envelope.revision,
                state=WireState.RECEIVING.value,
                changed_at=now,
                version=known.version + 1,
                request=None,
            )
        )
    db.execute(
        insert(ledger.revisions).values(
            dossier=envelope.dossier,
            revision=envelope.revision,
            body=body,
            sha256=sha256,
            signature=signature,
            arrived_at=now,
            remark=remark,
        )
    )
    media = {file.sha256: file.media_type for paper in envelope.papers for file in paper.files}
    for name, size in envelope.blobs().items():
        db.execute(
            insert(ledger.files).values(
                dossier=envelope.dossier, revision=envelope.revision, sha256=name, size=size, media_type=media[name]
            )
        )


def _only_what_was_asked(db: Connection, known: Row[Any], envelope: Envelope) -> None:
    """Refuse an answer to nothing, and an answer that changes more than the officer asked for."""
    request = json.loads(known.request) if known.request else None
    if known.state != WireState.NEEDS_INFO.value or request is None or envelope.answers_request != request["id"]:
        raise Refused(409, ProblemCode.NOT_ASKED)
    last = db.execute(
        select(ledger.revisions.c.body).where(
            ledger.revisions.c.dossier == envelope.dossier, ledger.revisions.c.revision == envelope.revision - 1
        )
    ).scalar_one()
    before = Envelope.read(last)
    old, new = read_xml(before.instance)[2], read_xml(envelope.instance)[2]
    changed = {path for path in old | new if old.get(path, "") != new.get(path, "")} - set(request["fields"])
    papers_before = {paper.paper: paper for paper in before.papers}
    papers_now = {paper.paper: paper for paper in envelope.papers}
    papers = {name for name in papers_before | papers_now if papers_before.get(name) != papers_now.get(name)} - set(
        request["papers"]
    )
    if changed or papers:
        wrong = [FieldProblem(pointer=path, code="not-asked") for path in sorted(changed)[:_MOST_ERRORS]]
        wrong += [FieldProblem(pointer=f"/papers/{name}", code="not-asked") for name in sorted(papers)[:_MOST_ERRORS]]
        raise Refused(422, ProblemCode.NOT_ASKED, errors=tuple(wrong))


def settle(site: Site, db: Connection, dossier: str, revision: int) -> RevisionVerdict:
    """Return how a revision stands; when the last byte is there, sign the receipt and tell the owner."""
    row = db.execute(select(ledger.dossiers).where(ledger.dossiers.c.id == dossier)).one()
    kept = db.execute(
        select(ledger.revisions).where(ledger.revisions.c.dossier == dossier, ledger.revisions.c.revision == revision)
    ).one()
    wanted = set(
        db.execute(
            select(ledger.files.c.sha256).where(ledger.files.c.dossier == dossier, ledger.files.c.revision == revision)
        ).scalars()
    )
    there = set(
        db.execute(
            select(ledger.blobs.c.sha256).where(ledger.blobs.c.owner == row.device, ledger.blobs.c.sha256.in_(wanted))
        ).scalars()
    )
    missing = {one for one in wanted if one not in there or not site.blobs.has(one)}
    state = WireState(row.state)
    receipt = kept.receipt
    if not missing and receipt is None:
        number = row.office_number or _next_number(site, db)
        now = site.clock.now()
        said = Receipt(
            iss=site.server_id,
            dossier=dossier,
            revision=revision,
            envelope=kept.sha256,
            blobs=tuple(sorted(wanted)),
            received_at=now,
            office_number=number,
        )
        receipt = site.signing.sign(said.write())
        state = WireState.DELIVERED
        db.execute(
            update(ledger.revisions)
            .where(ledger.revisions.c.dossier == dossier, ledger.revisions.c.revision == revision)
            .values(receipt=receipt)
        )
        db.execute(
            update(ledger.dossiers)
            .where(ledger.dossiers.c.id == dossier)
            .values(
                state=state.value,
                office_number=number,
                received_at=row.received_at or site.now(),
                changed_at=site.now(),
                version=row.version + 1,
                **desk.enter(site, db, row, read_xml(Envelope.read(kept.body).instance)[2], number),
            )
        )
        feed.append(
            db, row.device, dossier=dossier, rev=revision, state=state, at=now, office_number=number, receipt=receipt
        )
        ledger.note(db, at=site.now(), who=row.device, what="delivered", dossier=dossier)
    return RevisionVerdict(id=dossier, rev=revision, state=state, missing=tuple(sorted(missing)), receipt=receipt)


def _next_number(site: Site, db: Connection) -> str:
    """Return the next office number of today, such as H05.27-261124-0001; nothing may be read out of it."""
    day = site.clock.now().astimezone(PROVINCE_TIME).strftime("%y%m%d")
    prefix = f"H05.27-{day}-"
    last = db.execute(
        select(func.max(ledger.dossiers.c.office_number)).where(ledger.dossiers.c.office_number.startswith(prefix))
    ).scalar()
    return f"{prefix}{int(last.rpartition('-')[2]) + 1 if last else 1:04}"


def settle_owner(site: Site, owner: str, sha256: str) -> None:
    """A file arrived: settle every revision of this owner that waited for it."""
    with site.engine.begin() as db:
        rows = db.execute(
            select(ledger.files.c.dossier, ledger.files.c.revision)
            .join(ledger.dossiers, ledger.dossiers.c.id == ledger.files.c.dossier)
            .join(
                ledger.revisions,
                (ledger.revisions.c.dossier == ledger.files.c.dossier)
                & (ledger.revisions.c.revision == ledger.files.c.revision),
            )
            .where(
                ledger.files.c.sha256 == sha256, ledger.dossiers.c.device == owner, ledger.revisions.c.receipt.is_(None)
            )
        ).all()
        for row in rows:
            settle(site, db, row.dossier, row.revision)
