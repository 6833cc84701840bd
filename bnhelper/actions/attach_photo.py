"""Keeps one photo or PDF, checked; takes it off its paper and puts it back."""

from bnhelper.actions.answer_question import FieldNotOpen
from bnhelper.clock import to_text
from bnhelper.domain.attachments import MOST_FILES, media_type_of
from bnhelper.errors import KnownTrouble
from bnhelper.ids import DossierId, PaperId, PhotoId
from bnhelper.store import dossiers, paper_marks, photos
from bnhelper.store.open_form import editable_of
from bnhelper.store.open_machine import OpenMachine
from bnhelper.vault.audit_chain import Deed
from bnhelper.vault.canonical import sha256_of


class PhotoAlreadyThere(KnownTrouble):
    """The same file is on this paper already."""

    code = "photo-already-there"


class TooManyPhotos(KnownTrouble):
    """More files than one dossier may carry."""

    code = "too-many-photos"


def attach_photo(machine: OpenMachine, dossier: DossierId, paper: PaperId, content: bytes) -> PhotoId:
    """Keep a file for a paper: sealed and on the disk before its row says so.

    It takes the place of a photo of this paper whose file is lost or damaged. Raises PhotoIsNoImage, PhotoTooLarge,
    PhotoAlreadyThere, TooManyPhotos, DiskNearlyFull, DiskFull, DiskReadOnly, DiskFailed, FieldNotOpen. When it raises
    nothing was kept.
    """
    media_type = media_type_of(content)
    with machine.store.read() as db:
        if not editable_of(db, dossiers.get(db, dossier)).paper(paper):
            raise FieldNotOpen(path=paper)
        there = photos.of_dossier(db, dossier)
        digest = sha256_of(content)
        mine = [photos.sealed_row(db, one.id) for one in there if one.paper == paper]
    same = [row for row in mine if row["sha256"] == digest]
    lost = [row for row in mine if not machine.photos.is_whole(row)]
    if any(row not in lost for row in same):
        raise PhotoAlreadyThere
    if len(there) - bool(lost) >= MOST_FILES:  # a lost one gives its place up
        raise TooManyPhotos(most=MOST_FILES)
    machine.store.ground.want_room(len(content))
    now = machine.clock.now()
    kept = machine.photos.keep(content, digest, dossier=dossier, now=now)
    with machine.store.write() as db:
        if not editable_of(db, dossiers.get(db, dossier)).paper(paper):
            raise FieldNotOpen(path=paper)
        if lost:
            photos.set_removed(db, PhotoId(lost[0]["id"]), now)
        photos.add(db, kept, dossier=dossier, paper=paper, media_type=media_type, at=now)
        dossiers.change(db, dossier, changed_at=to_text(now))
        machine.note(db, Deed.PHOTO_KEPT, dossier, photo=kept.id, sha256=digest)
    return kept.id


def detach_photo(machine: OpenMachine, photo: PhotoId) -> None:
    """Take a photo off its paper; its file stays, so that it can be put back. Raises FieldNotOpen."""
    _set_removed(machine, photo, is_removed=True)


def restore_photo(machine: OpenMachine, photo: PhotoId) -> None:
    """Put a photo back on its paper. Raises FieldNotOpen, TooManyPhotos."""
    _set_removed(machine, photo, is_removed=False)


def _set_removed(machine: OpenMachine, photo: PhotoId, *, is_removed: bool) -> None:
    now = machine.clock.now()
    with machine.store.write() as db:
        row = photos.sealed_row(db, photo)
        dossier = DossierId(row["dossier"])
        if not editable_of(db, dossiers.get(db, dossier)).paper(PaperId(row["paper"])):
            raise FieldNotOpen(path=row["paper"])
        if not is_removed and row["removed_at"] is not None and len(photos.of_dossier(db, dossier)) >= MOST_FILES:
            raise TooManyPhotos(most=MOST_FILES)
        photos.set_removed(db, photo, now if is_removed else None)
        dossiers.change(db, dossier, changed_at=to_text(now))
        machine.note(db, Deed.PHOTO_REMOVED if is_removed else Deed.PHOTO_RESTORED, dossier, photo=photo)


def show_paper(machine: OpenMachine, dossier: DossierId, paper: PaperId, *, is_shown: bool) -> None:
    """Note that the original was shown (or not). Raises FieldNotOpen."""
    with machine.store.write() as db:
        if not editable_of(db, dossiers.get(db, dossier)).paper(paper):
            raise FieldNotOpen(path=paper)
        paper_marks.put(db, dossier, paper, is_shown=is_shown)
        dossiers.change(db, dossier, changed_at=to_text(machine.clock.now()))
