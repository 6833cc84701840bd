"""What an officer or the province names in a dossier, as a person knows it: fields and papers by their labels."""

from collections.abc import Collection
from dataclasses import dataclass

from bnhelper.forms.questions import sections
from bnhelper.ids import DossierId, FieldPath, PaperId
from bnhelper.store.open_form import OpenForm, open_form
from bnhelper.store.open_machine import OpenMachine


@dataclass(frozen=True, slots=True)
class AskedField:
    """One field that is to be mended, and the page it stands on."""

    path: FieldPath
    label: str
    section: str
    page: int
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class AskedPaper:
    """One paper that is asked for again."""

    paper: PaperId
    name: str


def named_fields(
    form: OpenForm, wanted: Collection[str], language: str, *, changed: Collection[str] = ()
) -> tuple[AskedField, ...]:
    """Return the fields of `wanted` paths in the form's order; `changed` are those that were mended already."""
    return tuple(
        AskedField(question.path, question.label, part.id, number, question.path in changed)
        for part in sections(form.instance, language)
        for number, page in enumerate(part.pages)
        for question in page.questions
        if question.path in wanted
    )


def named_papers(form: OpenForm, wanted: Collection[str], language: str) -> tuple[AskedPaper, ...]:
    """Return the papers of these names that the form knows."""
    found = []
    for one in wanted:
        control = form.instance.form.controls.get(FieldPath(f"/data/documents/{one}"))
        if control is not None:
            found.append(AskedPaper(PaperId(one), control.label.in_language(language)))
    return tuple(found)


def places_in(detail: str) -> tuple[list[str], list[str]]:
    """Return the paths of fields and the names of papers in what was kept of a refusal: "pointer code, ..."."""
    pointers = [one.split(" ")[0] for one in detail.split(", ") if one]
    papers = [one.removeprefix("/papers/") for one in pointers if one.startswith("/papers/")]
    return [one for one in pointers if one.startswith("/data/")], papers


def held_places(
    machine: OpenMachine, dossier: DossierId, detail: str, language: str
) -> tuple[tuple[AskedField, ...], tuple[AskedPaper, ...]]:
    """Return what a refusal names in a dossier. Raises NoSuchDossier."""
    fields, papers = places_in(detail)
    if not fields and not papers:
        return (), ()
    with machine.store.read() as db:
        form = open_form(db, dossier, machine.library, machine.clock)
    return named_fields(form, fields, language), named_papers(form, papers, language)
