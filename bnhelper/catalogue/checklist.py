"""Which papers this case needs, and why, read off the form's relevant document questions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from bnhelper.catalogue.procedure import Fee, Procedure
from bnhelper.catalogue.validity import has_ended, holds, in_force
from bnhelper.forms.instance import FormInstance
from bnhelper.ids import FieldPath, PaperId

_CASE: Final = "/data/case/"
_LONGEST_NAME: Final = 160  #: letters of a procedure's name in a text for a phone
NEEDED: Final = "needed"
MAYBE: Final = "maybe"


@dataclass(frozen=True, slots=True)
class Reason:
    """One answer that made a paper needed or not: the question's own words and what was answered."""

    question: str
    answer: str  #: yes | no | unknown (not answered counts as unknown)


@dataclass(frozen=True, slots=True)
class Alternative:
    """What may be handed in instead of a paper."""

    name: str
    need: str


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One paper of this family's list."""

    paper: PaperId
    kind: str
    name: str
    need: str  #: needed | maybe
    when_vi: str
    reasons: tuple[Reason, ...]
    originals: int
    copies: int
    certified: str  #: "" | yes | maybe: must the copy or writing be certified
    alternatives: tuple[Alternative, ...]
    is_filled_on_paper: bool

    @property
    def is_uploaded(self) -> bool:
        return self.kind in {"submit", "form"}


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One fee of this case: needed for sure or maybe, and whether this family is exempt."""

    fee: Fee
    need: str
    exempt: str  #: "" | yes | maybe


@dataclass(frozen=True, slots=True)
class Checklist:
    """The personal checklist."""

    items: tuple[ChecklistItem, ...]
    fees: tuple[FeeLine, ...]
    eligible: str  #: "" (no rule) | yes | no | maybe
    is_reviewed: bool

    def needed(self) -> tuple[ChecklistItem, ...]:
        return tuple(item for item in self.items if item.need == NEEDED)

    def maybe(self) -> tuple[ChecklistItem, ...]:
        return tuple(item for item in self.items if item.need == MAYBE)


def checklist(instance: FormInstance, procedure: Procedure, language: str) -> Checklist:
    """Return the checklist as the answers stand now. A paper whose condition is undecided stays, as "maybe"."""
    items = tuple(
        _item(instance, path, language) for path in instance.form.under("/data/documents") if instance.is_relevant(path)
    )
    return Checklist(items, _fees(instance, procedure), _eligible(instance), procedure.are_conditions_reviewed)


def paper_path(paper: PaperId) -> FieldPath:
    """Return where a paper stands in the form."""
    return FieldPath(f"/data/documents/{paper}")


def _item(instance: FormInstance, path: FieldPath, language: str) -> ChecklistItem:
    form = instance.form
    paper = PaperId(path.rpartition("/")[2])
    control = form.controls[path]
    alternatives = tuple(
        Alternative(
            form.mark(one, "name_en") if language == "en" and form.mark(one, "name_en") else form.mark(one, "name_vi"),
            NEEDED if instance.is_certain(one) else MAYBE,
        )
        for one in form.under("/data/alternatives")
        if form.mark(one, "of") == paper and instance.is_relevant(one)
    )
    certified = ""
    if "certified" in form.bind(path).rules:
        if instance.rule(path, "certified", default=False):
            certified = "yes"
        elif instance.rule(path, "certified_possible", default=False):
            certified = "maybe"
    return ChecklistItem(
        paper=paper,
        kind=form.mark(path, "kind"),
        name=control.label.in_language(language),
        need=NEEDED if instance.is_certain(path) else MAYBE,
        when_vi=form.mark(path, "when_vi"),
        reasons=_reasons(instance, path, language),
        originals=int(form.mark(path, "originals", "0")),
        copies=int(form.mark(path, "copies", "0")),
        certified=certified,
        alternatives=alternatives,
        is_filled_on_paper=form.mark(path, "paper_form") == "true",
    )


def _reasons(instance: FormInstance, path: FieldPath, language: str) -> tuple[Reason, ...]:
    relevant = instance.form.bind(path).relevant
    if relevant is None:
        return ()
    found: list[Reason] = []
    for fact in sorted(relevant.reads, key=list(instance.form.leaves).index):
        control = instance.form.controls.get(fact)
        value = instance.value(fact)
        if control is not None:
            found.append(Reason(control.label.in_language(language), value or "unknown"))
        elif fact.startswith(f"{_CASE}channel_"):
            found.append(Reason(f"@{fact.rpartition('/')[2]}", value or "unknown"))
        else:
            found.append(Reason("@system", value or "unknown"))
    return tuple(found)


def _fees(instance: FormInstance, procedure: Procedure) -> tuple[FeeLine, ...]:
    day = instance.today()
    if procedure.fees and all(has_ended(one, day) for one in procedure.fees):
        # What is known has run out: what holds now is not known, and that is no reason to ask for the old amount.
        return (FeeLine(replace(procedure.fees[-1], amount_vnd=None), NEEDED, ""),)
    if FieldPath("/data/fees") not in instance.form.inner:  # an author's own form judges papers, not fees
        return tuple(FeeLine(fee, NEEDED, "") for fee in in_force(procedure.fees, day))
    lines: list[FeeLine] = []
    for index, fee in enumerate(procedure.fees, start=1):
        if not holds(fee, day):
            continue
        path = FieldPath(f"/data/fees/fee_{index}")
        if path not in instance.form.leaves or not instance.is_relevant(path):
            continue
        exempt = ""
        if instance.rule(path, "exempt", default=False):
            exempt = "yes"
        elif instance.rule(path, "exempt_possible", default=False):
            exempt = "maybe"
        lines.append(FeeLine(fee, NEEDED if instance.is_certain(path) else MAYBE, exempt))
    return tuple(lines)


def _eligible(instance: FormInstance) -> str:
    path = FieldPath("/data/eligibility/rule")
    if path not in instance.form.leaves:
        return ""
    if not instance.is_relevant(path):
        return "no"
    return "yes" if instance.is_certain(path) else "maybe"


def changed(before: Checklist, after: Checklist) -> Mapping[PaperId, str]:
    """Return what an answer did to the list: paper -> "+" (came), "-" (went) or "=" (became certain or open)."""
    old = {item.paper: item.need for item in before.items}
    new = {item.paper: item.need for item in after.items}
    said: dict[PaperId, str] = {paper: "+" for paper in new if paper not in old}
    said |= {paper: "-" for paper in old if paper not in new}
    said |= {paper: "=" for paper in new if paper in old and old[paper] != new[paper]}
    return said


def take_away_text(procedure: Procedure, found: Checklist, language: str, most_bytes: int = 900) -> str:
    """Return the list as plain text for a QR code: no link, nothing personal, short enough to be read by a phone.

    A paper is in it whole or not at all; what had no room is counted, so that nobody takes a part for the list.
    """
    marks = {"submit": "nộp", "form": "tờ khai", "present": "cho xem", "eform": "điền trên mạng"}
    if language == "en":
        marks = {"submit": "hand in", "form": "form", "present": "show", "eform": "fill on line"}
    certified = {"yes": "chứng thực", "maybe": "có thể phải chứng thực"}
    either = "; hoặc:"
    if language == "en":
        certified, either = {"yes": "certified", "maybe": "perhaps certified"}, "; or:"
    name = procedure.name(language)
    if len(name) > _LONGEST_NAME:  # some names of the portal list every case they are for
        name = name[:_LONGEST_NAME].rstrip() + "…"
    papers = []
    for item in found.items:
        mark = marks.get(item.kind, "")
        doubt = "" if item.need == NEEDED else ("? " if language == "en" else "(có thể) ")
        how = ", ".join(part for part in (mark, certified.get(item.certified, "")) if part)
        instead = "".join(f" / {one.name}" for one in item.alternatives)
        papers.append(f"- {doubt}{item.name}{f' [{how}]' if how else ''}{f'{either}{instead[2:]}' if instead else ''}")
    more = "… %d more, see the printed list" if language == "en" else "… còn %d giấy tờ nữa, xem bản in"
    for count in range(len(papers), -1, -1):
        rest = [more % (len(papers) - count)] if count < len(papers) else []
        text = "\n".join([f"{name} ({procedure.code})", *papers[:count], *rest])
        if len(text.encode("utf-8")) <= most_bytes:
            break
    return text
