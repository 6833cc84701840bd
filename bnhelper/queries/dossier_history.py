"""Who changed what in one dossier, and when: the field journal, the log of deeds, and the province's word."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, func, select

from bnhelper.clock import from_text
from bnhelper.domain.dossier import DossierRow
from bnhelper.forms.questions import Question, sections
from bnhelper.forms.rich_text import plain_text
from bnhelper.ids import DossierId, FieldPath
from bnhelper.store import dossiers, people
from bnhelper.store import tables as t
from bnhelper.store.open_form import OpenForm, open_form
from bnhelper.store.open_machine import OpenMachine
from bnhelper.vault.audit_chain import Deed

#: deeds of the log that are told; the others say the same as an event or as an answer
_TOLD: Final = frozenset(
    {
        Deed.DOSSIER_BEGUN,
        Deed.DOSSIER_SEALED,
        Deed.DOSSIER_UNSEALED,
        Deed.DOSSIER_BINNED,
        Deed.DOSSIER_UNBINNED,
        Deed.SUPPLEMENT_OPENED,
        Deed.HANDED_OVER,
        Deed.TAKEN_OVER,
        Deed.PHOTO_KEPT,
        Deed.PHOTO_REMOVED,
        Deed.PHOTO_RESTORED,
        Deed.CONSENT_GIVEN,
        Deed.CONSENT_WITHDRAWN,
    }
)
_MOST: Final = 500  #: changes that are read; a dossier of a long day at the table has some two hundred


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One answer before and after, in the words of the form; empty means that there was none."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One thing that was done. `kind` is answered, a deed of the log, or a state the province told.

    `origin` says where answers came from (typed, card, earlier, case); `is_undone` that they were taken back.
    """

    at: dt.datetime
    by: str
    kind: str
    changes: tuple[FieldChange, ...] = ()
    about: str = ""  #: the paper of a photo, the person a dossier went to
    origin: str = ""
    is_undone: bool = False
    is_from_province: bool = False


@dataclass(frozen=True, slots=True)
class DossierHistory:
    """Everything that was done to a dossier, the newest first, and whether a step can be taken back or brought back."""

    row: DossierRow
    rows: tuple[HistoryRow, ...]
    can_undo: bool
    can_redo: bool


def dossier_history(machine: OpenMachine, dossier: DossierId, language: str) -> DossierHistory:
    """Return the history. Raises NoSuchDossier.

    The journal does not name persons: whoever held the dossier then is who wrote, since nobody else can. Holders and
    their changes stand in the log.
    """
    with machine.store.read() as db:
        form = open_form(db, dossier, machine.library, machine.clock)
        names: dict[str, str] = {one.id: one.name for one in people.every(db)}
        links = _links(db, dossier)
        steps = _steps(db, dossier)
        papers = {row.id: row.paper for row in db.execute(select(t.photos.c.id, t.photos.c.paper))} if links else {}
        told = [row for row in dossiers.events_of(db, dossier) if row["server_seq"] is not None]
    holders = _holders(links)
    titles = _titles(form, papers.values(), language)
    questions = {one.path: one for part in sections(form.instance, language) for one in part.questions()}
    rows = [_answered(step, questions, names.get(_holder_at(holders, step[0]["at"]), "")) for step in steps]
    rows = [one for one in rows if one.changes or one.origin == "case"]
    rows += [
        HistoryRow(
            from_text(link["at"]), names.get(link["by"], ""), link["deed"], about=_about(link, names, papers, titles)
        )
        for link in links
        if link["deed"] in _TOLD
    ]
    rows += [
        HistoryRow(from_text(one["at"]), one["by"] or "", one["kind"], about=one["note"] or "", is_from_province=True)
        for one in told
    ]
    rows.sort(key=lambda one: one.at, reverse=True)
    may_walk = form.editable.is_everything or bool(form.editable.fields)
    return DossierHistory(
        form.row,
        tuple(rows),
        can_undo=may_walk and any(not step[0]["is_undone"] for step in steps),
        can_redo=may_walk and any(step[0]["is_undone"] for step in steps),
    )


def _links(db: Connection, dossier: DossierId) -> list[dict[str, Any]]:
    """Return the log's links about one dossier, oldest first."""
    found = db.execute(
        select(t.audit.c.body).where(func.instr(t.audit.c.body, f'"{dossier}"') > 0).order_by(t.audit.c.seq)
    ).scalars()
    bodies = (json.loads(body) for body in found)
    return [body for body in bodies if body.get("about") == dossier]


def _steps(db: Connection, dossier: DossierId) -> list[list[Mapping[str, Any]]]:
    """Return the journal step by step, the newest first."""
    rows = db.execute(
        select(t.answer_changes)
        .where(t.answer_changes.c.dossier == dossier)
        .order_by(t.answer_changes.c.step.desc(), t.answer_changes.c.id)
        .limit(_MOST)
    ).mappings()
    steps: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        steps.setdefault(row["step"], []).append(dict(row))
    return list(steps.values())


def _holders(links: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return (since when, person), oldest first."""
    found: list[tuple[str, str]] = []
    for link in links:
        if link["deed"] in {Deed.DOSSIER_BEGUN, Deed.TAKEN_OVER}:
            found.append((link["at"], link["by"]))
        elif link["deed"] == Deed.HANDED_OVER:
            found.append((link["at"], str(link.get("facts", {}).get("to", ""))))
    return found


def _holder_at(holders: list[tuple[str, str]], at: str) -> str:
    before = [person for since, person in holders if since <= at]
    return before[-1] if before else (holders[0][1] if holders else "")


def _answered(step: list[Mapping[str, Any]], questions: Mapping[FieldPath, Question], by: str) -> HistoryRow:
    changes = [
        FieldChange(
            plain_text(question.label).rstrip("?: "), _said(question, row["before"]), _said(question, row["after"])
        )
        for row in step
        if (question := questions.get(FieldPath(row["path"]))) is not None and question.kind != "note"
    ]
    first = step[0]
    return HistoryRow(
        from_text(first["at"]),
        by,
        "answered",
        tuple(changes),
        origin=first["origin"],
        is_undone=bool(first["is_undone"]),
    )


def _said(question: Question, value: str) -> str:
    """Return an answer as the form words it: the label of a choice, not its code."""
    labels = {one.value: plain_text(one.label) for one in question.choices}
    if not labels or not value:
        return value
    if value in labels:
        return labels[value]
    return ", ".join(labels.get(one, one) for one in value.split())


def _titles(form: OpenForm, papers: Iterable[str], language: str) -> dict[str, str]:
    controls = form.instance.form.controls
    found = {paper: controls.get(FieldPath(f"/data/documents/{paper}")) for paper in set(papers)}
    return {paper: plain_text(one.label.in_language(language)) for paper, one in found.items() if one is not None}


def _about(
    link: Mapping[str, Any], names: Mapping[str, str], papers: Mapping[str, str], titles: Mapping[str, str]
) -> str:
    facts = link.get("facts", {})
    if "photo" in facts:
        paper = papers.get(facts["photo"], "")
        return titles.get(paper, paper)
    person = facts.get("to") or facts.get("person")
    return names.get(person, "") if person else ""


def labels_of(machine: OpenMachine, dossier: DossierId, paths: Iterable[FieldPath], language: str) -> list[str]:
    """Return the labels of these fields, in the order of the form; what no screen asks has none."""
    wanted = set(paths)
    if not wanted:
        return []
    with machine.store.read() as db:
        form = open_form(db, dossier, machine.library, machine.clock)
    return [
        plain_text(one.label)
        for part in sections(form.instance, language)
        for one in part.questions()
        if one.path in wanted and one.kind != "note"
    ]
