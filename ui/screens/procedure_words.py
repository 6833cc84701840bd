"""The words for a procedure's facts: kinds of papers, fees, time limits; one place for three screens."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from bnhelper.catalogue.checklist import NEEDED, ChecklistItem, FeeLine
from bnhelper.catalogue.procedure import Fee, PaperFacts, TimeLimit
from bnhelper.catalogue.validity import Dated, LegalBasis
from ui.words import formats


def kind_words(kind: str, originals: int, copies: int) -> str:
    """Return how a paper is brought: handed in, shown, filled here or on line."""
    count = []
    if originals:
        said = QCoreApplication.translate("ProcedureWords", "%1 original")
        count.append(said.replace("%1", str(originals)))
    if copies:
        count.append(QCoreApplication.translate("ProcedureWords", "%1 copy").replace("%1", str(copies)))
    how = {
        "submit": QCoreApplication.translate("ProcedureWords", "hand in"),
        "form": QCoreApplication.translate("ProcedureWords", "declaration form"),
        "present": QCoreApplication.translate("ProcedureWords", "show"),
        "eform": QCoreApplication.translate("ProcedureWords", "filled on line"),
        "data": QCoreApplication.translate("ProcedureWords", "looked up by the office"),
        "note": QCoreApplication.translate("ProcedureWords", "note"),
    }.get(kind, kind)
    return ", ".join([*(count if kind in {"submit", "form", "present"} else []), how])


def when_words(paper: PaperFacts) -> str:
    """Return in which cases a paper of the whole list is asked for."""
    if paper.is_always:
        return QCoreApplication.translate("ProcedureWords", "always")
    return paper.when_vi or QCoreApplication.translate("ProcedureWords", "by case")


def alternatives_of(paper: PaperFacts, language: str) -> list[str]:
    """Return the names of what may stand in for a paper of the whole list."""
    return [english if language == "en" and english else vietnamese for vietnamese, english in paper.alternatives]


def paper_words(item: ChecklistItem) -> str:
    """Return how a paper of this case is brought, and whether a copy must be certified."""
    certified = {
        "yes": QCoreApplication.translate("ProcedureWords", "must be certified"),
        "maybe": QCoreApplication.translate("ProcedureWords", "perhaps certified"),
    }.get(item.certified, "")
    return " · ".join(part for part in (kind_words(item.kind, item.originals, item.copies), certified) if part)


def instead_words(item: ChecklistItem) -> list[str]:
    """Return what may stand in for a paper, and that a form of paper is not filled in here."""
    said = [either_words(one.name if one.need == NEEDED else f"? {one.name}") for one in item.alternatives]
    if item.is_filled_on_paper:
        said.append(
            QCoreApplication.translate(
                "ProcedureWords", "To be filled in on paper or on the portal, not on this machine."
            )
        )
    return said


def either_words(name: str) -> str:
    """Return a paper that may stand in for another."""
    return QCoreApplication.translate("ProcedureWords", "or one of") + f": {name}"


def fee_words(fee: Fee) -> str:
    """Return a fee; what is not published is said so and never taken for free."""
    if fee.amount_vnd is None:
        amount = QCoreApplication.translate("ProcedureWords", "not published")
    elif fee.amount_vnd == 0:
        amount = QCoreApplication.translate("ProcedureWords", "0 đ by the portal")
    else:
        amount = formats.money(fee.amount_vnd) + (f" / {fee.per}" if fee.per else "")
    channel = {
        "online": QCoreApplication.translate("ProcedureWords", "online"),
        "direct": QCoreApplication.translate("ProcedureWords", "in person"),
        "postal": QCoreApplication.translate("ProcedureWords", "by post"),
    }.get(fee.channel, "")
    return " · ".join(part for part in (amount, channel, validity_words(fee), fee.note_vi) if part)


def validity_words(one: Dated) -> str:
    """Return from when until when something holds, empty when no day is known."""
    days = [formats.shown_date(day) if day else "" for day in (one.valid_from, one.valid_to)]
    return " → ".join(days).strip() if any(days) else ""


def basis_words(basis: LegalBasis) -> str:
    """Return a legal basis with what it is called and its days; a title that says the number itself stands alone."""
    title, days = basis.title_vi, validity_words(basis)
    said = title if basis.name in title else " · ".join(part for part in (basis.name, title) if part)
    return f"{said} ({days})" if days else said


def bases_words(bases: Sequence[LegalBasis]) -> list[str]:
    """Return a line for each law that has a title, and one for all that are only numbers."""
    numbers = ", ".join(basis_words(one) for one in bases if not one.title_vi)
    return [*(f"• {basis_words(one)}" for one in bases if one.title_vi), *([numbers] if numbers else [])]


def fee_line_words(line: FeeLine) -> str:
    """Return a fee of this case with its exemption."""
    said = fee_words(line.fee)
    if line.exempt == "yes":
        return QCoreApplication.translate("ProcedureWords", "Exempt in this case. Otherwise: %1").replace("%1", said)
    if line.need == "maybe":
        return QCoreApplication.translate("ProcedureWords", "Perhaps: %1").replace("%1", said)
    return said


def limit_words(limit: TimeLimit) -> str:
    """Return a time limit as the source gives it."""
    unit = {
        "working_day": QCoreApplication.translate("ProcedureWords", "%1 working days"),
        "day": QCoreApplication.translate("ProcedureWords", "%1 days"),
        "hour": QCoreApplication.translate("ProcedureWords", "%1 hours"),
    }.get(limit.unit, "%1")
    if limit.value is None:
        amount = ""
    elif limit.value == 0:
        amount = QCoreApplication.translate("ProcedureWords", "same working day")
    else:
        amount = unit.replace("%1", str(limit.value))
    return " · ".join(part for part in (amount, validity_words(limit), limit.note_vi) if part)


def reason_words(item: ChecklistItem) -> str:
    """Return why a paper is on the list: the rule's own words, and which answer is still open."""
    open_ones = [one.question for one in item.reasons if one.answer == "unknown" and not one.question.startswith("@")]
    parts = [item.when_vi] if item.when_vi else []
    if item.need == "maybe" and open_ones:
        said = QCoreApplication.translate("ProcedureWords", "not yet known: %1")
        parts.append(said.replace("%1", " / ".join(open_ones[:2])))
    elif item.need == "maybe" and any(one.question == "@system" for one in item.reasons):
        parts.append(QCoreApplication.translate("ProcedureWords", "only the office can tell"))
    return " · ".join(parts)
