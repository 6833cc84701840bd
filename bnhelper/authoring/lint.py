"""What is wrong with the sources, in the author's own terms: which file, which paper, which fact."""

import datetime as dt
import itertools
import re
from collections.abc import Mapping
from typing import Any, Final

from bnhelper.authoring import own_form
from bnhelper.authoring.conditions import Condition, ConditionNotUnderstood, facts_of, judge
from bnhelper.authoring.phrases import faults_of_phrases
from bnhelper.authoring.sources import Sources, conditions_of

_PAPER_KINDS: Final = {"submit", "form", "present", "eform", "data", "note"}
_PAPER_KEYS: Final = ("id", "name_vi", "kind", "originals", "copies", "when")
_AS_OF: Final = re.compile(r"20\d\d(-[01]\d(-[0-3]\d)?)?")
_MOST_FACTS: Final = 12  #: up to so many facts every case is tried


def lint(sources: Sources) -> list[str]:
    """Return every fault, one sentence each; nothing is built while there is one."""
    faults: list[str] = []
    codes = [one["code"] for one in (*sources.procedures, *sources.stubs)]
    twice = {one for one in codes if codes.count(one) > 1} if len(codes) != len(set(codes)) else set()
    faults.extend(f"{code}: the code stands twice" for code in sorted(twice))
    for procedure in sources.procedures:
        faults.extend(_faults_of_papers(procedure))
        if procedure["code"] in sources.forms:
            faults.extend(own_form.faults(procedure, sources.forms[procedure["code"]]))
        else:
            faults.extend(_faults_of_conditions(procedure, sources))
        if "conditions_reviewed" not in procedure:
            faults.append(f"{procedure['code']}: conditions_reviewed is not said")
        faults.extend(_faults_of_days(procedure))
        if not _is_imported(procedure):
            faults.extend(_out_of_date(procedure, sources))
    faults.extend(
        f"{code}: an author has written it already, so the imported one would count for nothing:"
        " take it out of the folder, and bring its changes over by hand"
        for code in sources.left_out
    )
    known = set(codes)
    faults.extend(f"words.yaml: no procedure {code}" for code in sources.words["everyday"] if str(code) not in known)
    faults.extend(faults_of_phrases(sources.words["said"]))
    faults.extend(
        f"words.yaml: retired code leads to {to}" for to in sources.words["retired"].values() if to not in known
    )
    faults.extend(
        f"words.yaml: life event {event['vi']} leads to {code}, which is no procedure"
        for event in sources.words.get("life_events", ())
        for code in event["codes"]
        if code not in known
    )
    faults.extend(f"declarations: no procedure {code}" for code in sources.declarations if code not in known)
    faults.extend(_faults_of_guides(sources, known))
    return faults


def warnings(sources: Sources) -> list[str]:
    """Return what an author should look at, one sentence each; a pack may be built all the same."""
    found: list[str] = []
    for procedure in sources.procedures:
        code = procedure["code"]
        if not procedure.get("conditions_reviewed"):
            found.append(f"{code}: no officer has reviewed the conditions")
        if _is_imported(procedure):
            found.extend(_out_of_date(procedure, sources))
        if code in sources.forms:
            found.extend(own_form.warnings(procedure, sources.forms[code]))
        if not procedure.get("name_en"):
            found.append(f"{code}: name_en is missing")
        found.extend(
            f"{code}: paper {paper['id']} has no English name"
            for paper in procedure["documents"]
            if not paper.get("name_en")
        )
    return found


def _is_imported(procedure: Mapping[str, Any]) -> bool:
    """Tell whether a program read this from the portal and nobody has written it: the portal gives no such days."""
    return list(procedure.get("sources") or ()) == ["portal"]


def _out_of_date(procedure: Mapping[str, Any], sources: Sources) -> list[str]:
    """Return what makes a procedure wrong one day unnoticed: a fault in what an author wrote."""
    code = procedure["code"]
    found = [f"{code}: the code is retired, see words.yaml"] if code in sources.words["retired"] else []
    found += [
        f"{code}: fee {number} does not say when it holds (valid_from, valid_to, or as_of of the procedure)"
        for number, fee in enumerate(procedure["fees"], start=1)
        if fee.get("amount_vnd") and not any((fee.get("valid_from"), fee.get("valid_to"), procedure.get("as_of")))
    ]
    return found


def _faults_of_days(procedure: Mapping[str, Any]) -> list[str]:
    """Every day is one of the calendar, and nothing ends before it begins."""
    code = procedure["code"]
    faults: list[str] = []
    as_of = str(procedure.get("as_of") or "")
    if as_of and not _AS_OF.fullmatch(as_of):
        faults.append(f"{code}: as_of is no day, month or year: {as_of[:20]}")
    for kind in ("fees", "time_limits", "legal_basis"):
        for number, one in enumerate(procedure.get(kind) or (), start=1):
            days = [str(one.get(key) or "") for key in ("valid_from", "valid_to")] if isinstance(one, Mapping) else []
            wrong = [day for day in days if day and not _is_day(day)]
            faults += [f"{code}: {kind} {number}: no day of the calendar: {day[:20]}" for day in wrong]
            if days and not wrong and all(days) and days[0] > days[1]:
                faults.append(f"{code}: {kind} {number}: ends before it begins")
    return faults


def _is_day(said: str) -> bool:
    try:
        return dt.date.fromisoformat(said).isoformat() == said
    except ValueError:
        return False


def _faults_of_papers(procedure: Mapping[str, Any]) -> list[str]:
    code = procedure["code"]
    faults = [
        f"{code}: paper {paper.get('id', number)} does not say {key}"
        for number, paper in enumerate(procedure["documents"], start=1)
        for key in _PAPER_KEYS
        if key not in paper
    ]
    papers = [paper["id"] for paper in procedure["documents"] if "id" in paper]
    faults += [f"{code}: paper {one} stands twice" for one in sorted({p for p in papers if papers.count(p) > 1})]
    faults += [
        f"{code}: paper {paper.get('id')} has the unknown kind {paper['kind']}"
        for paper in procedure["documents"]
        if paper.get("kind", "submit") not in _PAPER_KINDS
    ]
    return faults


def _faults_of_conditions(procedure: Mapping[str, Any], sources: Sources) -> list[str]:
    code = procedure["code"]
    if any("when" not in paper or "id" not in paper for paper in procedure["documents"]):
        return []  # said already
    try:
        conditions = conditions_of(procedure)
    except ConditionNotUnderstood as wrong:
        return [f"condition not understood: {wrong}"]
    named = {name for condition in conditions.deciding() for name in facts_of(condition)}
    faults = [f"{code}: unknown fact {name}" for name in sorted(named - set(sources.facts))]
    faults += [
        f"{code}: paper {paper} is needed in no case at all"
        for paper, condition in conditions.documents.items()
        if not _can_hold(condition)
    ]
    return faults


def _can_hold(condition: Condition) -> bool:
    names = sorted(set(facts_of(condition)))
    if len(names) > _MOST_FACTS:
        return True
    return any(
        judge(condition, dict(zip(names, case, strict=True)))
        for case in itertools.product((True, False), repeat=len(names))
    )


def _faults_of_guides(sources: Sources, known: set[str]) -> list[str]:
    """A guide says everything in both languages, names its sources, and leads only to procedures that exist."""
    faults: list[str] = []
    for guide in sources.guides:
        place = f"guides/{guide.get('id', '?')}"
        faults.extend(
            f"{place}: {key} is missing"
            for key in ("id", "name_vi", "name_en", "summary_vi", "summary_en", "everyday", "steps", "sources")
            if not guide.get(key)
        )
        lines = [line for key in ("before", "steps", "warnings") for line in guide.get(key, ())]
        faults.extend(f"{place}: a line lacks a language: {line}" for line in lines if set(line) != {"vi", "en"})
        faults.extend(f"{place}: no procedure {code}" for code in guide.get("related", ()) if code not in known)
    return faults
