"""What is wrong with the form an author wrote for a procedure: in itself, against `procedure.yaml`, in its papers."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from bnhelper.authoring.cases import never_needed
from bnhelper.authoring.certainty import doubts, needed_in_some_cases_only
from bnhelper.authoring.form_check import MISSING, check_form
from bnhelper.authoring.form_faults import Fault
from bnhelper.authoring.sources import files_beside
from bnhelper.catalogue.pack_content import faults_of_files
from bnhelper.forms.definition import FormDefinition
from bnhelper.ids import FieldPath

#: Only to be looked at in a form alone, and a fault in a pack: a list that is not there leaves a question without
#: choices, and a word that is no choice makes a paper's condition one that never changes.
_FAULTS_OF_A_PACK: Final = frozenset({MISSING, "no-such-choice"})
_VIETNAMESE: Final = ("::vi", "::Vietnamese", "(vi)")
_COUNTS: Final = ("originals", "copies")


def faults(procedure: Mapping[str, Any], path: Path) -> list[str]:
    """Return every fault of a procedure's own form at `path`, one sentence each."""
    code = procedure["code"]
    files = files_beside(path)
    wrong_files = faults_of_files({name: len(content) for name, content in files.items()})
    if wrong_files:
        return [f"{code}/{one}" for one in wrong_files]
    place = f"{code}/{path.name}"
    form, found = check_form(path, files.get)
    said = [f"{place}: {_words(one)}" for one in found if _is_fault(one)]
    if form is None:
        return said
    return [*said, *(f"{place}: {one}" for one in (*_unlike(form, procedure), *_needed_by_nobody(form)))]


def warnings(procedure: Mapping[str, Any], path: Path) -> list[str]:
    """Return what the author should look at."""
    place = f"{procedure['code']}/{path.name}"
    form, found = check_form(path, files_beside(path).get)
    said = [f"{place}: {_words(one)}" for one in found if not _is_fault(one)]
    if form is not None:
        untried = never_needed(form)[1]
        said += [f"{place}: {one}" for one in (*_unlike_words(form, procedure), *doubts(form))]
        said += [f"{place}: whether paper {_paper(one)} is ever needed hangs on too much to try" for one in untried]
    return said


def _is_fault(one: Fault) -> bool:
    is_silent = one.code == "no-translation" and one.column.endswith(_VIETNAMESE)
    return not one.is_warning or one.code in _FAULTS_OF_A_PACK or is_silent


def _words(one: Fault) -> str:
    parts = (one.sheet, f"row {one.row}" if one.row else "", f"column {one.column}" if one.column else "")
    where = ", ".join(part for part in parts if part)
    return f"{where}: {one.message}" if where else one.message


def _unlike(form: FormDefinition, procedure: Mapping[str, Any]) -> Iterator[str]:
    """Yield where the form and `procedure.yaml` say different things."""
    if form.form_id != procedure["code"]:
        yield f"form_id is {form.form_id!r}, not {procedure['code']}"
    yield from (f"no texts in {one}" for one in ("vi", "en") if one not in form.languages)
    papers = {paper["id"]: paper for paper in procedure["documents"] if "id" in paper}
    asked = {_paper(path): path for path in form.under("/data/documents")}
    yield from (f"paper {one} is not in the group documents" for one in sorted(papers.keys() - asked.keys()))
    extra = sorted(asked.keys() - papers.keys())
    yield from (f"{one} in the group documents is no paper of procedure.yaml" for one in extra)
    for paper in (one for one in papers if one in asked):
        if asked[paper] not in form.controls:
            yield f"paper {paper} is no question; its type is to be acknowledge"
        yield from _unlike_marks(form, asked[paper], papers[paper])
    for paper in sorted(
        needed_in_some_cases_only(form) & {one for one in papers if papers[one].get("when") == "always"}
    ):
        yield f"paper {paper} is needed in some cases only, but always in procedure.yaml"


def _unlike_marks(form: FormDefinition, path: FieldPath, paper: Mapping[str, Any]) -> Iterator[str]:
    for mark in ("kind", *_COUNTS):
        said = form.mark(path, mark)
        if not said:
            yield f"paper {paper['id']} lacks bind::bn:{mark}"
        elif mark in _COUNTS and not (said.isascii() and said.isdigit()):
            yield f"paper {paper['id']}: bind::bn:{mark} is no number: {said[:20]}"
        elif said != str(paper.get(mark, said)):
            yield f"paper {paper['id']}: bind::bn:{mark} is {said[:20]}, but {paper[mark]} in procedure.yaml"


def _unlike_words(form: FormDefinition, procedure: Mapping[str, Any]) -> Iterator[str]:
    """Yield where a paper is called one thing on the checklist and another on the procedure's page."""
    for paper in procedure["documents"]:
        path = FieldPath(f"/data/documents/{paper.get('id')}")
        if (control := form.controls.get(path)) is None:
            continue
        shown = {
            "label::vi": (control.label.in_language("vi"), paper["name_vi"]),
            "label::en": (control.label.in_language("en"), paper.get("name_en") or ""),
            "bind::bn:when_vi": (form.mark(path, "when_vi"), paper.get("when_vi") or ""),
        }
        for column, (here, there) in shown.items():
            if there and " ".join(here.split()) != " ".join(str(there).split()):
                yield f"paper {paper['id']}: {column} is “{here[:60]}”, but “{str(there)[:60]}” in procedure.yaml"


def _needed_by_nobody(form: FormDefinition) -> Iterator[str]:
    yield from (f"paper {_paper(one)} is needed in no case at all" for one in never_needed(form)[0])


def _paper(path: FieldPath) -> str:
    return path.rpartition("/")[2]
