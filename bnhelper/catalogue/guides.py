"""Guides: help with digital life that ends in no dossier (VNeID, paying without cash, scams ...)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.search_key import words_of
from bnhelper.errors import KnownTrouble
from bnhelper.ids import ProcedureCode

_ENOUGH: Final = 0.5  #: share of the typed words a guide must know to be offered


class UnknownGuide(KnownTrouble):
    """A guide the pack does not have."""

    code = "unknown-guide"


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence in both languages."""

    vi: str
    en: str

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.vi


@dataclass(frozen=True, slots=True)
class Guide:
    """One guide. `unverified` says what no source was found for; it is shown, never hidden."""

    id: str
    name: Said
    summary: Said
    everyday: tuple[str, ...]
    before: tuple[Said, ...]  #: what to have at hand
    steps: tuple[Said, ...]
    warnings: tuple[Said, ...]
    related: tuple[ProcedureCode, ...]
    sources: tuple[str, ...]
    unverified: tuple[str, ...]


def guides(pack: Pack) -> list[Guide]:
    """Return the guides of a pack in their own order; none for a pack that was built without."""
    return [_guide(record) for record in pack.guide_records]


def guide(pack: Pack, guide_id: str) -> Guide:
    """Return one guide. Raises UnknownGuide."""
    for one in guides(pack):
        if one.id == guide_id:
            return one
    raise UnknownGuide(guide=guide_id[:40])


def find_guides(pack: Pack, text: str, limit: int = 2) -> list[Guide]:
    """Return the guides that `text` speaks of, best first: half of what was typed must be one everyday phrase's."""
    typed = set(words_of(text))
    if not typed:
        return []
    ranked = []
    for place, one in enumerate(guides(pack)):
        score = max(_share(typed, set(words_of(said))) for said in (one.name.vi, one.name.en, *one.everyday))
        if score >= _ENOUGH:
            ranked.append((-score, place, one))
    return [one for _, _, one in sorted(ranked, key=lambda row: row[:2])[:limit]]


def _share(typed: set[str], phrase: set[str]) -> float:
    """Return how much of what was typed the phrase explains, if most of the phrase was typed as well."""
    both = typed & phrase
    return len(both) / len(typed) if len(both) * 2 > len(phrase) else 0.0


def _guide(record: Mapping[str, Any]) -> Guide:
    def said(key: str) -> tuple[Said, ...]:
        return tuple(Said(one["vi"], one["en"]) for one in record.get(key, ()))

    return Guide(
        id=record["id"],
        name=Said(record["name_vi"], record["name_en"]),
        summary=Said(record["summary_vi"], record["summary_en"]),
        everyday=tuple(record["everyday"]),
        before=said("before"),
        steps=said("steps"),
        warnings=said("warnings"),
        related=tuple(ProcedureCode(code) for code in record.get("related", ())),
        sources=tuple(record["sources"]),
        unverified=tuple(record.get("unverified", ())),
    )
