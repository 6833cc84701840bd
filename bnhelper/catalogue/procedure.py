"""A procedure: steps, papers, offices, fees, time limits, legal basis, sources."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bnhelper.catalogue.validity import LegalBasis
from bnhelper.ids import PaperId, ProcedureCode


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """One paper of the full list, as the sources give it."""

    id: PaperId
    name_vi: str
    name_en: str
    kind: str  #: submit | form | present | eform | data | note
    originals: int
    copies: int
    is_always: bool
    when_vi: str
    component_code: str
    alternatives: tuple[tuple[str, str], ...]  #: (Vietnamese, English or empty)


@dataclass(frozen=True, slots=True)
class Fee:
    """One fee row. `amount_vnd` None means not published: it must never be shown as free."""

    amount_vnd: int | None
    per: str
    note_vi: str
    channel: str  #: online | direct | postal | empty for any
    valid_from: str
    valid_to: str
    has_exemption: bool
    cap_vnd: int | None


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """One time limit; `unit` is working_day, day, hour or empty when the source gives none."""

    value: int | None
    unit: str
    note_vi: str
    part: str
    cutoff_time: str
    valid_from: str = ""
    valid_to: str = ""


@dataclass(frozen=True, slots=True)
class Procedure:
    """Everything known of one procedure. A stub is known by name only."""

    code: ProcedureCode
    name_vi: str
    name_en: str
    sector_vi: str
    sector_en: str
    level: str
    agency_vi: str
    channels: tuple[str, ...]
    steps: tuple[str, ...]
    papers: tuple[PaperFacts, ...]
    fees: tuple[Fee, ...]
    time_limits: tuple[TimeLimit, ...]
    results: tuple[str, ...]
    legal_basis: tuple[LegalBasis, ...]
    as_of: str  #: the day on which the source said all this, ISO, or empty
    decision: str
    source_url: str
    sources: tuple[str, ...]
    is_verified: bool
    unverified: tuple[str, ...]
    are_conditions_reviewed: bool
    notes_vi: tuple[str, ...]
    conditions_vi: tuple[str, ...]
    deadline_vi: str
    related: tuple[ProcedureCode, ...]
    is_stub: bool
    has_declaration: bool

    def name(self, language: str) -> str:
        return (self.name_en or self.name_vi) if language == "en" else self.name_vi

    def sector(self, language: str) -> str:
        return (self.sector_en or self.sector_vi) if language == "en" else self.sector_vi


_CHANNELS = {"truc_tuyen": "online", "truc_tiep": "direct", "buu_chinh": "postal"}


def procedure_from(record: Mapping[str, Any]) -> Procedure:
    """Return the procedure in a pack's record (the authoring source as JSON)."""
    online = record.get("online") or {}
    decision = record.get("decision") or {}
    return Procedure(
        code=ProcedureCode(record["code"]),
        name_vi=record["name_vi"],
        name_en=record.get("name_en", ""),
        sector_vi=record.get("sector_vi", ""),
        sector_en=record.get("sector_en", ""),
        level=record.get("level", ""),
        agency_vi=record.get("agency_vi", ""),
        channels=tuple(_CHANNELS[one] for one in online.get("channels", ())),
        steps=tuple(record.get("steps", ())),
        papers=tuple(_paper(one) for one in record.get("documents", ())),
        fees=tuple(_fee(one) for one in record.get("fees", ())),
        time_limits=tuple(_limit(one) for one in record.get("time_limits", ())),
        results=tuple(
            one.get("name_vi", "") if isinstance(one, Mapping) else str(one) for one in _list(record, "results")
        ),
        legal_basis=tuple(_legal_basis(one) for one in _list(record, "legal_basis")),
        as_of=str(record.get("as_of") or ""),
        decision=" · ".join(str(decision[key]) for key in ("number", "agency") if decision.get(key)),
        source_url=record.get("source_url") or "",
        sources=tuple(str(one) for one in _list(record, "sources")) or tuple(_list(record, "source_list")),
        is_verified=bool(record.get("verified")),
        unverified=tuple(str(one) for one in _list(record, "unverified")),
        are_conditions_reviewed=bool(record.get("conditions_reviewed")),
        notes_vi=tuple(str(one) for one in _list(record, "notes_vi")),
        conditions_vi=tuple(str(one) for one in _list(record, "conditions_vi")),
        deadline_vi=record.get("deadline_vi") or "",
        related=tuple(ProcedureCode(str(one)) for one in _list(record, "related")),
        is_stub=bool(record.get("is_stub")),
        has_declaration=bool(record.get("has_declaration")),
    )


def _list(record: Mapping[str, Any], key: str) -> list[Any]:
    said = record.get(key) or []
    return said if isinstance(said, list) else [said]


def _paper(one: Mapping[str, Any]) -> PaperFacts:
    return PaperFacts(
        id=PaperId(one["id"]),
        name_vi=one["name_vi"],
        name_en=one.get("name_en", ""),
        kind=one["kind"],
        originals=int(one.get("originals") or 0),
        copies=int(one.get("copies") or 0),
        is_always=one.get("when") == "always",
        when_vi=one.get("when_vi", ""),
        component_code=one.get("component_code", ""),
        alternatives=tuple((alt["name_vi"], alt.get("name_en", "")) for alt in one.get("alternatives", ())),
    )


def _fee(one: Mapping[str, Any]) -> Fee:
    return Fee(
        amount_vnd=one.get("amount_vnd"),
        per=one.get("per", ""),
        note_vi=one.get("note_vi", ""),
        channel=_CHANNELS.get(one.get("channel", ""), ""),
        valid_from=str(one.get("valid_from") or ""),
        valid_to=str(one.get("valid_to") or ""),
        has_exemption="exempt_when" in one,
        cap_vnd=one.get("cap_vnd"),
    )


def _limit(one: Mapping[str, Any]) -> TimeLimit:
    return TimeLimit(
        value=one.get("value"),
        unit=one.get("unit") or "",
        note_vi=one.get("note_vi", ""),
        part=one.get("part", ""),
        cutoff_time=one.get("cutoff_time", ""),
        valid_from=str(one.get("valid_from") or ""),
        valid_to=str(one.get("valid_to") or ""),
    )


def _legal_basis(one: object) -> LegalBasis:
    if not isinstance(one, Mapping):
        return LegalBasis(str(one))
    said = (str(one.get(key) or "") for key in ("name", "valid_from", "valid_to", "title_vi"))
    return LegalBasis(*said)
