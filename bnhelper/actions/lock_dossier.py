"""Seals the dossier: canonical bytes, signature, outbox event, custody, in one transaction."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from bnhelper.clock import to_text
from bnhelper.domain.consent import FILE_DOSSIER
from bnhelper.domain.custody import FILE_DAMAGED, MENDED_BY_EDITING, OutboxState
from bnhelper.domain.envelope import Envelope, EnvelopeConsent, EnvelopeFile, EnvelopePaper
from bnhelper.domain.sealed import OutboxFile
from bnhelper.errors import KnownTrouble
from bnhelper.forms.submission import to_xml
from bnhelper.ids import DossierId, FieldPath, PaperId, Sha256
from bnhelper.store import dossiers, outbox, paper_marks, photos
from bnhelper.store import tables as t
from bnhelper.store.open_form import OpenForm, open_form
from bnhelper.store.open_machine import OpenMachine
from bnhelper.vault.audit_chain import Deed
from bnhelper.vault.canonical import canonical_bytes, sha256_of


class DossierIncomplete(KnownTrouble):
    """Something required is missing; `problems` fields and `consents` purposes are open."""

    code = "dossier-incomplete"


class AlreadyLeft(KnownTrouble):
    """Bytes of this revision have left the machine, so it can no longer be opened for changes."""

    code = "already-left"


class PhotosLost(KnownTrouble):
    """Photos whose files are gone from this machine or damaged; they are taken again before the dossier is sealed."""

    code = "photos-lost"


@dataclass(frozen=True, slots=True)
class Locked:
    """A revision that was sealed."""

    revision: int
    envelope_sha256: Sha256
    readable_code: str


def lock_dossier(machine: OpenMachine, dossier: DossierId) -> Locked:
    """Seal the present revision and queue it; from here on its bytes never change.

    Raises DossierIncomplete when a required answer or the consent is missing, PhotosLost when the file of a photo is no
    longer on this machine or is damaged: every byte is read. Papers that are needed but not yet photographed do not
    stop it: the check page says so, and the officer can ask.
    """
    now = machine.clock.now()
    with machine.store.write() as db:
        form = open_form(db, dossier, machine.library, machine.clock)
        if form.row.is_sealed:
            kept = outbox.get(db, form.row.outbox_id or 0)
            return Locked(kept.revision, kept.envelope_sha256, form.row.readable_code)
        agreed = _consents(db, dossier)
        problems = form.instance.problems()
        has_agreed = any(consent.purpose == FILE_DOSSIER for consent in agreed)
        if problems or not has_agreed:
            raise DossierIncomplete(problems=len(problems), consents=int(not has_agreed))
        papers, files = _papers(db, form)
        there = outbox.proved_files(db, dossier)  # the province has these: a supplement only names them again
        sent = [file for file in files if file.sha256 not in there]
        lost = sum(not machine.photos.is_whole(photos.sealed_row(db, file.photo)) for file in sent)
        if lost:  # sealed, it could neither be sent nor mended
            raise PhotosLost(count=lost)
        given_up = dossiers.given_up(db, dossier)
        revision = max(form.row.revision, given_up + 1)
        said = Envelope(
            dossier=dossier,
            revision=revision,
            procedure=form.row.procedure,
            pack_version=form.row.pack_version,
            pack_sha256=form.row.pack_sha256,
            readable_code=form.row.readable_code,
            look_up_token=form.row.look_up_token,
            sealed_at=to_text(now),
            receiving_unit=machine.profile.unit
            or form.instance.value(FieldPath("/data/applicant/address_unit"))
            or None,
            author=machine.profile.person,
            device=machine.profile.device,
            instance=to_xml(form.instance, instance_id=dossier),
            papers=papers,
            consents=agreed,
            answers_request=form.row.request_id,
            gives_up=given_up if given_up == revision - 1 else 0,
        )
        body = canonical_bytes(said.to_json())
        digest = sha256_of(body)
        outbox.add(
            db,
            dossier=dossier,
            revision=revision,
            envelope=body,
            signature=machine.signing.sign_detached(body),
            envelope_sha256=digest,
            files=files,
            sealed_at=now,
        )
        dossiers.change(db, dossier, revision=revision, changed_at=to_text(now), screen=None, place=None)
        dossiers.note_event(db, dossier, at=to_text(now), kind="sealed", revision=revision, by=machine.profile.person)
        machine.note(db, Deed.DOSSIER_SEALED, dossier, revision=said.revision, envelope_sha256=digest)
    return Locked(said.revision, digest, said.readable_code)


def unlock_dossier(machine: OpenMachine, dossier: DossierId, reason: str) -> None:
    """Open a sealed revision again.

    That is so while nothing of it has left the machine, once the province refused its answers, and where a photo of it
    is lost here. The last may lie at the province in part, so its number is given up: the next one is sealed as the
    revision after it. Raises AlreadyLeft.
    """
    now = to_text(machine.clock.now())
    with machine.store.write() as db:
        row = dossiers.get(db, dossier)
        if row.outbox_id is None:
            return
        was_refused = row.outbox_state is OutboxState.HELD and row.held_code in MENDED_BY_EDITING
        is_here = not row.has_left and row.outbox_state in {OutboxState.QUEUED, OutboxState.HELD}
        if not (is_here or was_refused):
            raise AlreadyLeft
        dossiers.change(db, dossier, changed_at=now)
        if not (row.has_left and row.held_code == FILE_DAMAGED):
            db.execute(delete(t.outbox).where(t.outbox.c.id == row.outbox_id))
        else:
            outbox.give_up(db, row.outbox_id)  # a copy of it may arrive whole by another road
            reason = FILE_DAMAGED  # by which `dossiers.given_up` knows it
            if row.request_id is None:  # nobody asked for anything: all of it may be changed, as before it was sealed
                dossiers.change(db, dossier, revision=1)
        dossiers.note_event(
            db, dossier, at=now, kind="unlocked", revision=row.revision, by=machine.profile.person, note=reason
        )
        machine.note(db, Deed.DOSSIER_UNSEALED, dossier, revision=row.revision)


def send_again(machine: OpenMachine, dossier: DossierId) -> None:
    """Queue a held revision once more."""
    now = to_text(machine.clock.now())
    with machine.store.write() as db:
        row = dossiers.get(db, dossier)
        if row.outbox_id is not None and row.outbox_state is OutboxState.HELD:
            outbox.move(
                db, row.outbox_id, OutboxState.QUEUED, held_code=None, held_detail=None, attempts=0, not_before=None
            )
            dossiers.note_event(
                db, dossier, at=now, kind="queued_again", revision=row.revision, by=machine.profile.person
            )


def _papers(db: Connection, form: OpenForm) -> tuple[list[EnvelopePaper], list[OutboxFile]]:
    """Return the papers of the envelope in the form's order, and the distinct files behind them."""
    shown = paper_marks.shown(db, form.row.id)
    kept = photos.of_dossier(db, form.row.id)
    papers: list[EnvelopePaper] = []
    files: dict[Sha256, OutboxFile] = {}
    for path in form.instance.form.under("/data/documents"):
        paper = PaperId(path.rpartition("/")[2])
        mine = [photo for photo in kept if photo.paper == paper]
        if not form.instance.is_relevant(path) or not (mine or paper in shown):
            continue
        for photo in mine:
            files.setdefault(photo.sha256, OutboxFile(photo.id, photo.sha256, photo.size, photo.media_type))
        papers.append(
            EnvelopePaper(
                paper,
                shown=paper in shown,
                files=tuple(EnvelopeFile(photo.sha256, photo.size, photo.media_type) for photo in mine),
            )
        )
    return papers, list(files.values())


def _consents(db: Connection, dossier: DossierId) -> list[EnvelopeConsent]:
    rows = db.execute(
        select(t.consents)
        .where(t.consents.c.dossier == dossier, t.consents.c.withdrawn_at.is_(None))
        .order_by(t.consents.c.id)
    )
    return [
        EnvelopeConsent(
            row.purpose,
            row.text_version,
            Sha256(row.text_sha256),
            row.given_at,
            row.given_by,
            row.representative,
            row.method,
        )
        for row in rows
    ]
