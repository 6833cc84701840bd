"""A record as the portal's own API gives it -> one procedure source; every field that nobody reads is told."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bnhelper.authoring.portal import flat_text
from bnhelper.authoring.portal.flat_text import PaperRow, WayRow
from bnhelper.authoring.portal.record import (
    Imported,
    NoSuchRecord,
    begin,
    end,
    law_source,
    put_notes,
    put_papers,
    put_ways,
)

_CHANNELS: Final = {"ONLINE": "truc_tuyen", "POSTAL": "buu_chinh", "DIRECT": "truc_tiep"}
_UNITS: Final = {"WORKING_DAY": "working_day", "DAY": "day", "HOUR": "hour"}
_IN_FORCE: Final = frozenset({"", "ACTIVE", "UPDATED"})
_FREE: Final = re.compile(r"miễn|không thu", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[0-9]{1,12}(?:\.0+)?")
_MOST_TOLD: Final = 200


class _Part:
    """One object of the record. It knows which of its fields were read, so that the others can be told."""

    def __init__(self, said: Mapping[str, Any], place: str = "") -> None:
        self._said = said
        self._place = place
        self._read: set[str] = set()
        self._parts: list[_Part] = []
        self._strange: list[str] = []

    def value(self, key: str) -> Any:
        self._read.add(key)
        return self._said.get(key)

    def text(self, key: str) -> str:
        """Return a field as text; a list or object there is told."""
        value = self.value(key)
        if isinstance(value, (list, Mapping)) or value is True:
            self._tell(key, "no text")
            return ""
        return "" if value is None or value is False else unicodedata.normalize("NFC", str(value)).strip()

    def number(self, key: str) -> int | None:
        """Return a whole number, also one written as a text; what is none is told."""
        said = self.text(key)
        number = _whole(said)
        if said and number is None:
            self._tell(key, said)
        return number

    def is_true(self, key: str) -> bool:
        return self.value(key) is True

    def each(self, key: str) -> "list[_Part]":
        """Return the objects of a list, or of a single object; what else stands there is told."""
        value = self.value(key)
        found = value if isinstance(value, list) else [] if value is None else [value]
        place = f"{self._place}{key}[]."
        parts = [_Part(one, place) for one in found if isinstance(one, Mapping)]
        if len(parts) < len(found):
            self._tell(key, "no object")
        self._parts += parts
        return parts

    def names(self, key: str) -> str:
        return ", ".join(name for one in self.each(key) if (name := one.text("name")))

    def left(self) -> Iterator[str]:
        """Yield the paths of what stands here, or below, and was not read or not understood."""
        yield from self._strange
        for key, value in self._said.items():
            is_empty = value is None or value is False or (isinstance(value, (str, list, Mapping)) and not value)
            if key not in self._read and not is_empty:
                yield f"field {self._place}{key}"[:80]
        for part in self._parts:
            yield from part.left()

    def _tell(self, key: str, what: str) -> None:
        self._strange.append(f"field {self._place}{key}: {what}"[:80])


def from_api(record: Mapping[str, Any]) -> Imported:
    """Return the source of one record. Raises NoSuchRecord, also for one that the portal says is not in force."""
    whole = _Part(record)
    made = begin(whole.text("code"), whole.text("name"))
    state = whole.text("state")
    if state not in _IN_FORCE:
        raise NoSuchRecord(f"{made.code}: not in force on the portal: {state[:20]}")
    source = made.source
    source["sector_vi"] = whole.names("categoriesDetails")
    levels = {"isWard": "xa", "isProvince": "tinh", "isMinistry": "bo"}
    source["level"] = ",".join([word for key, word in levels.items() if whole.is_true(key)])
    agencies = (whole.names("unitGroupsExecuting"), whole.names("departmentsExecuting"))
    source["agency_vi"] = ", ".join(name for name in agencies if name)
    rows = [row for method in whole.each("executionMethods") for row in _ways(method, made)]
    channels = dict.fromkeys(row.channel for row in rows if row.channel)
    source["online"] = {"channels": list(channels), "level": "unknown"}
    if isinstance(is_full := whole.value("isFullProcess"), bool):
        source["online"]["portal_isFullProcess"] = is_full
    source["steps"] = [
        said
        for step in whole.each("executionSteps")
        for said in flat_text.steps("\n".join((step.text("name"), step.text("description"))))
    ]
    papers, given = _papers(whole, made)
    put_papers(made, [row for row, _ in papers], "")
    for paper, (_, more) in zip(source["documents"], papers, strict=False):
        paper.update(more)
    put_ways(made, rows)
    put_notes(made, rows, "", "")
    if any(row.rest for row in rows):
        made.kept_as_text.append("ways")
    results = [{"name_vi": one.text("name"), "code": one.text("code")} for one in whole.each("resultsDetails")]
    source["results"] = [*results, *(one for one in given if one not in results)]
    source["legal_basis"] = [
        law_source(number, title)
        for one in whole.each("legalBasisesDetails")
        if any((number := one.text("code"), title := one.text("name")))
    ]
    conditions = whole.text("requirementsAndConditions")
    if not flat_text.is_nothing(conditions):
        source["conditions_vi"] = flat_text.steps(conditions)
    source["decision"] = _decision(whole)
    source["service_codes"] = [code for one in whole.each("cases") if (code := one.text("code"))]
    if number := whole.text("id"):
        source["source_url"] = f"https://dichvucong.gov.vn/thu-tuc-hanh-chinh/{number}"
    portal = {
        "subjects": whole.names("subjectTypesDetails"),
        "authority": whole.names("departmentsAuthority"),
        "delegated_to": whole.names("departmentsAuthorized"),
        "with": whole.names("departmentsCoordinating"),
    }
    source["portal"] = {key: value for key, value in portal.items() if value}
    made.dropped += list(dict.fromkeys(whole.left()))[:_MOST_TOLD]
    return end(made)


def _decision(whole: _Part) -> dict[str, str]:
    said = {"number": whole.text("decisionNo")}
    for one in whole.each("procedureProposal"):
        said["number"] = said["number"] or one.text("proposalNumber")
        keys = (("agency", "issuingAgency"), ("date", "decisionDate"), ("published", "publicationDate"))
        said |= {key: text for key, name in keys if (text := one.text(name))}
    return said


def _papers(whole: _Part, made: Imported) -> tuple[list[tuple[PaperRow, dict[str, Any]]], list[dict[str, str]]]:
    """Return the papers to bring with what else is known of each, and those that the office gives."""
    papers, given = [], []
    for case in whole.each("executionCases"):
        heading = flat_text.clean_case(case.text("name"))
        for one in case.each("profileComponents"):
            name, code = one.text("name"), one.text("code").replace(" ", "")
            files = one.each("attachments")
            names = ", ".join(text for file in files if (text := file.text("fileName")))
            addresses = [text for file in files if (text := file.text("filePath"))]
            row = PaperRow(name, names, one.number("originalQty"), one.number("copyQty"), heading)
            if not name:
                made.dropped.append("a paper without a name")
                continue
            if one.is_true("isProcessingResult"):
                given.append({"name_vi": name, "code": code})
                continue
            more = {
                "component_code": code,
                "form_paths": addresses,
                "portal_required": one.is_true("required"),
                "portal_hasElectronicForm": one.is_true("hasElectronicForm"),
            }
            papers.append((row, {key: value for key, value in more.items() if value}))
    return papers, given


def _ways(method: _Part, made: Imported) -> Iterator[WayRow]:
    said = method.text("submissionMethod")
    channel = _CHANNELS.get(said, "")
    if said and not channel:
        made.dropped.append(f"field executionMethods[].submissionMethod: {said}"[:80])
    unit, time = method.text("processingTimeUnit"), method.text("processingTime")
    value, time_text = _whole(time), ""
    if unit not in _UNITS or value is None:
        time_text = f"{time} {unit}".strip() if time else ""
    if unit not in {*_UNITS, "OTHER", ""}:
        value = None  # "2 MONTH": no number that a day can be promised from
    for fee in method.each("fees") or [_Part({})]:
        amount, words = _fee(fee)
        yield WayRow(
            channel, value, _UNITS.get(unit, ""), time_text, amount, amount == 0, words, method.text("description")
        )


def _fee(fee: _Part) -> tuple[int | None, str]:
    """Return the amount in đồng, and the words; what is in another money, or no number, stands in the words alone.

    A bare 0 is no "free": the portal writes it also where the People's Council decides.
    """
    said, money, words = fee.text("value"), fee.text("currencyName"), fee.text("description")
    kind, formula = fee.text("type"), fee.text("formula")
    amount = _whole(said) if money.upper() in {"", "VND", "VNĐ"} else None
    if amount == 0 and not _FREE.search(words):
        amount, words = None, " · ".join(part for part in ("Cổng ghi: 0", words) if part)
    elif said and amount is None:
        words = " · ".join(part for part in (f"Cổng ghi: {said} {money}".strip(), words) if part)
    known = {"": "", "FEE": "", "SERVICE_FEE": "phí dịch vụ"}
    return amount, " · ".join(part for part in (words, formula, known.get(kind, kind)) if part)


def _whole(said: str) -> int | None:
    """Return a whole number, of đồng or of days; None for what is none: "2.5" is not two."""
    return int(said.partition(".")[0]) if _NUMBER.fullmatch(said) else None
