"""What a dossier says, as a page shows it: answers in the form's order with its labels, papers with their files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bnhelper.catalogue.pack import UnknownProcedure
from bnhelper.clock import province_date
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.questions import Question, sections
from bnhelper.forms.submission import read_xml
from bnhelper.ids import FieldPath, ProcedureCode
from sync.intake.station import Site
from sync.wire.dossiers import Envelope

_HANDED_IN: Final = frozenset({"submit", "form", "present"})


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer with its label; `was` is what the revision before said, where it said something else."""

    path: str
    label: str
    value: str
    was: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the form."""

    title: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class PaperFile:
    """One file; `number` counts the photos of the dossier from 1, 0 for what is no image."""

    sha256: str
    is_image: bool
    number: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """One paper that the case needs or that was brought."""

    id: str
    name: str
    is_shown: bool
    files: tuple[PaperFile, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """Everything of one revision."""

    sections: tuple[Part, ...]
    papers: tuple[ShownPaper, ...]

    @property
    def photos(self) -> list[tuple[ShownPaper, PaperFile]]:
        """Return every image with its paper, in the order they are numbered."""
        return [(paper, file) for paper in self.papers for file in paper.files if file.is_image]


def content_of(site: Site, envelope: Envelope, language: str, *, before: Envelope | None = None) -> Content:
    """Return what a revision says; with the revision `before` it, also what has changed."""
    try:
        form = site.library.pack_or_newest(envelope.pack.version).form(ProcedureCode(envelope.procedure))
    except UnknownProcedure:
        return _plain(envelope)
    sent = read_xml(envelope.instance, form)[2]
    instance = FormInstance(form, today=lambda: province_date(site.clock.now()), answers=sent, is_resumed=True)
    old: Mapping[FieldPath, str] | None = read_xml(before.instance, form)[2] if before is not None else None
    parts = tuple(
        Part(part.title, tuple(_answer(one, old) for one in part.questions())) for part in sections(instance, language)
    )
    names = {
        path.rpartition("/")[2]: form.controls[path].label.in_language(language)
        for path in form.under("/data/documents")
        if instance.is_relevant(path) and form.mark(path, "kind") in _HANDED_IN
    }
    return Content(parts, _papers(envelope, names, before))


def _plain(envelope: Envelope) -> Content:
    """Return the bare values of a procedure that this site does not know."""
    answers = read_xml(envelope.instance)[2]
    rows = tuple(Answer(path, path.rpartition("/")[2], value, None) for path, value in answers.items() if value)
    return Content((Part("", rows),), _papers(envelope, {}, None))


def _answer(question: Question, old: Mapping[FieldPath, str] | None) -> Answer:
    was = old.get(question.path, "") if old is not None else question.value
    return Answer(
        question.path,
        question.label,
        _words(question, question.value),
        _words(question, was) if was != question.value else None,
    )


def _words(question: Question, value: str) -> str:
    """Return a value as people write it: the labels of choices, dates by day, month, year."""
    labels = {choice.value: choice.label for choice in question.choices}
    if labels and value:
        return labels.get(value) or ", ".join(labels.get(one, one) for one in value.split())
    if question.appearance.startswith("bn-date") or question.kind == "date":
        return "/".join(reversed(value.split("-")))
    return value


def _papers(envelope: Envelope, names: Mapping[str, str], before: Envelope | None) -> tuple[ShownPaper, ...]:
    known = {file.sha256 for paper in before.papers for file in paper.files} if before is not None else None
    found, number = [], 0
    for paper in envelope.papers:
        files = []
        for file in paper.files:
            is_image = file.media_type.startswith("image/")
            number += is_image
            is_new = known is not None and file.sha256 not in known
            files.append(PaperFile(file.sha256, is_image, number if is_image else 0, is_new))
        found.append(ShownPaper(paper.paper, names.get(paper.paper, paper.paper), paper.shown, tuple(files)))
    brought = {paper.paper for paper in envelope.papers}
    found += [ShownPaper(paper, name, False, ()) for paper, name in names.items() if paper not in brought]
    return tuple(found)
