"""The task list of one dossier, and the check page before locking."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from bnhelper.catalogue.checklist import Checklist, ChecklistItem, checklist
from bnhelper.domain.consent import FILE_DOSSIER
from bnhelper.domain.dossier import DossierRow, PhotoRow
from bnhelper.forms.questions import Question, RepeatPlace, Section, sections
from bnhelper.forms.rich_text import plain_text
from bnhelper.ids import DossierId, FieldPath, PaperId, PhotoId
from bnhelper.store import dossiers, paper_marks, photos
from bnhelper.store import tables as t
from bnhelper.store.open_form import Editable, OpenForm, open_form
from bnhelper.store.open_machine import OpenMachine

EMPTY, PARTIAL, DONE, CHECK = "empty", "partial", "done", "check"


@dataclass(frozen=True, slots=True)
class TaskSection:
    """One section as a row: its state and the labels of what is still missing."""

    id: str
    title: str
    state: str
    missing: tuple[str, ...]
    is_editable: bool


@dataclass(frozen=True, slots=True)
class PaperTask:
    """One paper of the checklist with what is there of it."""

    item: ChecklistItem
    photos: tuple[PhotoRow, ...]
    is_shown: bool
    is_at_hand: bool
    is_editable: bool

    @property
    def is_done(self) -> bool:
        return bool(self.photos) or self.is_shown or self.item.kind in {"eform", "data", "note"}


@dataclass(frozen=True, slots=True)
class DossierTasks:
    """Everything the task list and the check page show."""

    row: DossierRow
    sections: tuple[TaskSection, ...]
    form_sections: tuple[Section, ...]
    papers: tuple[PaperTask, ...]
    has_consent: bool
    editable: Editable
    problems: int
    checklist: Checklist
    origins: dict[FieldPath, str]

    @property
    def is_ready(self) -> bool:
        """Tell whether the dossier can be locked."""
        return self.problems == 0 and self.has_consent

    @property
    def done_count(self) -> int:
        papers_done = all(paper.is_done for paper in self.papers if paper.item.need == "needed")
        return sum(one.state == DONE for one in self.sections) + int(papers_done) + int(self.has_consent)

    @property
    def total_count(self) -> int:
        return len(self.sections) + 2


def dossier_tasks(machine: OpenMachine, dossier: DossierId, language: str) -> DossierTasks:
    """Return the task list. Raises NoSuchDossier."""
    with machine.store.read() as db:
        form = open_form(db, dossier, machine.library, machine.clock)
        kept = photos.of_dossier(db, dossier)
        shown, at_hand = paper_marks.shown(db, dossier), paper_marks.at_hand(db, dossier)
        origins = dossiers.origins_of(db, dossier)
        has_consent = (
            db.execute(
                select(t.consents.c.id).where(
                    t.consents.c.dossier == dossier,
                    t.consents.c.purpose == FILE_DOSSIER,
                    t.consents.c.withdrawn_at.is_(None),
                )
            ).first()
            is not None
        )
    found = checklist(form.instance, form.procedure, language)
    parts = sections(form.instance, language)
    return DossierTasks(
        row=form.row,
        sections=tuple(_section(form, part) for part in parts),
        form_sections=tuple(parts),
        papers=tuple(
            PaperTask(
                item,
                tuple(photo for photo in kept if photo.paper == item.paper),
                item.paper in shown,
                item.paper in at_hand,
                form.editable.paper(item.paper),
            )
            for item in found.items
        ),
        has_consent=has_consent,
        editable=form.editable,
        problems=len(form.instance.problems()),
        checklist=found,
        origins=origins,
    )


def _section(form: OpenForm, part: Section) -> TaskSection:
    questions = [question for question in part.questions() if question.kind != "note"]
    wrong = [question for question in questions if question.problem is not None]
    begun = any(question.value and question.value != form.instance.default(question.path) for question in questions)
    if not wrong:
        state = DONE
    elif any(question.problem is not None and question.problem.kind != "required" for question in wrong):
        state = CHECK
    else:
        state = PARTIAL if begun else EMPTY
    return TaskSection(
        part.id,
        part.title,
        state,
        tuple(plain_text(question.label) for question in wrong),
        any(form.editable.field(question.path) for question in questions),
    )


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """One page of a section, ready to be asked."""

    row: DossierRow
    section: Section
    page: int
    pages: int
    questions: tuple[Question, ...]
    editable: Editable
    origins: dict[FieldPath, str]
    saved_at: dt.datetime
    repeat: RepeatPlace | None = None


def question_page(machine: OpenMachine, dossier: DossierId, section: str, page: int, language: str) -> QuestionPage:
    """Return one page; a section or page that an answer made irrelevant gives the nearest one."""
    with machine.store.read() as db:
        form = open_form(db, dossier, machine.library, machine.clock)
        origins = dossiers.origins_of(db, dossier)
    parts = sections(form.instance, language)
    part = next((one for one in parts if one.id == section), parts[0])
    number = max(0, min(page, len(part.pages) - 1))
    return QuestionPage(
        form.row,
        part,
        number,
        len(part.pages),
        part.pages[number].questions,
        form.editable,
        origins,
        form.row.changed_at,
        part.pages[number].repeat if form.editable.is_everything else None,
    )


def page_of(machine: OpenMachine, dossier: DossierId, path: FieldPath, language: str) -> tuple[str, int]:
    """Return section and number of the page that shows the instance at `path`, or the repeat where it stands empty.

    The first page of the first section when there is none.
    """
    with machine.store.read() as db:
        form = open_form(db, dossier, machine.library, machine.clock)
    parts = sections(form.instance, language)
    places = [(part.id, number, page.path) for part in parts for number, page in enumerate(part.pages)]
    return next(((part, number) for part, number, at in places if at == path), (parts[0].id, 0))


def photo_bytes(machine: OpenMachine, photo: PhotoId) -> bytes:
    """Return one photo, opened. Raises SealedFileDamaged, NoSuchPhoto, NoSuchDossier for somebody else's."""
    with machine.store.read() as db:
        row = photos.sealed_row(db, photo)
        dossiers.get(db, DossierId(row["dossier"]))
    with machine.photos.open(row) as file:
        return file.read_at(0, file.size)


def photos_of_paper(machine: OpenMachine, dossier: DossierId, paper: PaperId) -> list[PhotoRow]:
    """Return the photos of one paper."""
    with machine.store.read() as db:
        return [photo for photo in photos.of_dossier(db, dossier) if photo.paper == paper]
