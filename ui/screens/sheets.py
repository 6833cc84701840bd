"""Checklists on paper: what the screens say of each paper, black on white, meaning by words alone."""

import datetime as dt
from html import escape

from PySide6.QtCore import QCoreApplication

from bnhelper.catalogue.checklist import Checklist, ChecklistItem
from bnhelper.catalogue.procedure import Procedure
from bnhelper.catalogue.validity import in_force
from ui.screens.procedure_words import (
    alternatives_of,
    bases_words,
    either_words,
    fee_line_words,
    fee_words,
    instead_words,
    kind_words,
    limit_words,
    paper_words,
    reason_words,
    when_words,
)
from ui.words import formats


def checklist_sheet(procedure: Procedure, found: Checklist, language: str, day: dt.date) -> str:
    """Return the sheet as HTML, as it holds on a day: papers, what may stand in for them, fee, time, where, laws."""
    lines = [
        f"<h1>{escape(procedure.name(language))}</h1>",
        f"<p>{procedure.code} · {formats.shown_date(str(day))}</p>",
    ]
    if not found.is_reviewed:
        said = QCoreApplication.translate("ChecklistScreen", "No officer has reviewed these conditions yet.")
        lines.append(f"<p>{escape(said)}</p>")
    if found.eligible == "no":
        said = QCoreApplication.translate("ChecklistScreen", "By these answers the family is not entitled.")
        lines.append(f"<p><b>{escape(said)}</b></p>")
    lines += _list(found.needed())
    if found.maybe():
        lines.append(f"<p><b>{escape(QCoreApplication.translate('ChecklistScreen', 'You may also need'))}</b></p>")
        lines += _list(found.maybe())
    numbers = ", ".join(one.name for one in in_force(procedure.legal_basis, day))  # a family needs no titles
    return "".join(
        [*lines, *_facts(procedure, [fee_line_words(line) for line in found.fees], [numbers] if numbers else [], day)]
    )


def procedure_sheet(procedure: Procedure, language: str, day: dt.date) -> str:
    """Return the whole list of a procedure as HTML, for every case."""
    lines = [
        f"<h1>{escape(procedure.name(language))}</h1>",
        f"<p>{procedure.code} · {formats.shown_date(str(day))}</p>",
    ]
    lines.append("<ol>")
    for paper in procedure.papers:
        name = paper.name_en if language == "en" and paper.name_en else paper.name_vi
        how = " · ".join((kind_words(paper.kind, paper.originals, paper.copies), when_words(paper)))
        small = "<br>".join(map(escape, (how, *(either_words(said) for said in alternatives_of(paper, language)))))
        lines.append(f"<li><b>{escape(name)}</b><br><span class='small'>{small}</span></li>")
    lines.append("</ol>")
    laws = bases_words(in_force(procedure.legal_basis, day))
    return "".join([*lines, *_facts(procedure, [fee_words(one) for one in in_force(procedure.fees, day)], laws, day)])


def _facts(procedure: Procedure, fees: list[str], laws: list[str], day: dt.date) -> list[str]:
    none = QCoreApplication.translate("ChecklistScreen", "No information yet")
    limits = [limit_words(one) for one in in_force(procedure.time_limits, day)]
    facts = (
        (QCoreApplication.translate("ChecklistScreen", "Where"), [procedure.agency_vi] if procedure.agency_vi else []),
        (QCoreApplication.translate("ChecklistScreen", "Fee"), fees),
        (QCoreApplication.translate("ChecklistScreen", "Time limit"), limits),
    )
    lines = [f"<p><b>{escape(name)}:</b> {'<br>'.join(map(escape, said or [none]))}</p>" for name, said in facts]
    if laws:
        title = QCoreApplication.translate("ProcedureScreen", "Legal basis and sources")
        lines.append(f"<p class='small'><b>{escape(title)}</b><br>{'<br>'.join(map(escape, laws))}</p>")
    return lines


def _list(items: tuple[ChecklistItem, ...]) -> list[str]:
    return [f"<p>☐ {_paper(item)}</p>" for item in items]


def _paper(item: ChecklistItem) -> str:
    small = [reason_words(item), *instead_words(item)]
    rest = "".join(f"<br><span class='small'>{escape(said)}</span>" for said in small if said)
    return f"<b>{escape(item.name)}</b><br>{escape(paper_words(item))}{rest}"
