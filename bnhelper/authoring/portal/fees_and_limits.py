"""What the portal's ways of filing say of fees and time limits, each with the case and the days it holds for."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Any, Final

from bnhelper.authoring.portal.flat_text import WayRow

WAY_NAMES: Final = {"truc_tuyen": "Nộp trực tuyến", "buu_chinh": "Nộp qua bưu chính", "truc_tiep": "Nộp trực tiếp"}
_NOT_FREE: Final = re.compile(
    r"\d{1,3}(?:[.,]\d{3})+|\d+ ?(?:đồng|vnđ|usd|đô la)|hđnd|hội đồng nhân dân|chưa quy định|theo quy định|thông tư|"
    r"nghị định|\bdo\b[^.;]{0,60}\bquy định|\b(?:trả|nộp|chịu) (?:chi )?phí|miễn (?:lệ )?phí (?:cho|đối với)\b",
    re.IGNORECASE,
)
#: An amount that stands behind the fee's cell: "Miễn phí" is then no more than a blank that had to be filled.
_AMOUNT: Final = re.compile(r"\d{1,3}(?:[.,]\d{3})+ ?(?:đồng|đ|vnđ)\b", re.IGNORECASE)
#: "(áp dụng mức phí 25.000 đồng/hồ sơ kể từ ngày 01/7/2025 đến hết ngày 31/12/2026 theo Thông tư số 64/2025/TT-BTC)"
_FOR_A_TIME: Final = re.compile(
    r"áp dụng mức (?:thu )?(?:lệ )?phí:? (?P<amount>\d{1,3}(?:\.\d{3})+) ?(?:đồng|đ)\b[^.;]{0,60}?"
    r"\btừ ngày (?P<from>\d{1,2}/\d{1,2}/20\d\d) đến (?:hết )?ngày (?P<to>\d{1,2}/\d{1,2}/20\d\d)",
    re.IGNORECASE,
)
_DAYS: Final = re.compile(
    r"(?<![\d/.,-])(?P<count>\d{1,3}) ?(?:\([^)]{1,20}\) ?)?(?P<unit>ngày làm việc|ngày|tháng)(?! ?\d|/)", re.IGNORECASE
)
_IN_DAYS: Final = {"working_day": 7 / 5, "day": 1.0, "hour": 1 / 24}
_MOST_LETTERS: Final = 240  #: of the case that a row is for


def fees_of(rows: Sequence[WayRow]) -> list[dict[str, Any]]:
    """Return the fees, said once where every way of filing costs the same."""
    is_one = len({(row.amount_vnd, row.is_called_free, row.fee_text) for row in rows}) == 1
    cases = [""] * len(rows) if is_one else _cases(rows)
    fees: list[dict[str, Any]] = []
    for row, case in zip(rows, cases, strict=True):
        is_free = row.is_called_free and not _NOT_FREE.search(row.fee_text) and not _AMOUNT.search(row.rest)
        note = " · ".join(part for part in (row.fee_text, case) if part)
        amount = 0 if is_free else row.amount_vnd
        for dated in _dated(amount, row.fee_text):
            fee = {"channel": row.channel, **dated, **({"note_vi": note} if note else {})}
            if fee not in fees:
                fees.append(fee)
    return _once(fees)


def limits_of(rows: Sequence[WayRow]) -> list[dict[str, Any]]:
    """Return the time limits, said once where every way of filing takes as long."""
    limits: list[dict[str, Any]] = []
    for row, case in zip(rows, _cases(rows), strict=True):
        if row.value is None and not row.time_text:
            if _DAYS.search(row.rest):  # what the table leaves out stands in words beside it
                limits.append({"value": None, "unit": "", "note_vi": _short(row.rest, 0), "channel": row.channel})
            continue
        limit: dict[str, Any] = {"value": row.value if row.unit else None, "unit": row.unit}
        notes = [case]
        if row.unit == "day" and re.search(rf"(?<!\d)0?{row.value}\s*(?:\([^)]*\)\s*)?ngày làm việc", row.rest):
            # The portal contradicts itself: the later day is the one that can be promised.
            limit["unit"] = "working_day"
            notes.insert(0, f"Cổng ghi {row.value} ngày, phần mô tả ghi {row.value} ngày làm việc")
        if not row.unit and row.time_text:
            is_bare = row.time_text.isdecimal()
            notes.insert(0, f"Cổng ghi: {row.time_text}" + (", không nói ngày hay giờ" if is_bare else ""))
        if note := " · ".join(part for part in notes if part):
            limit["note_vi"] = note
        limit["channel"] = row.channel
        if limit not in limits:
            limits.append(limit)
        if not case and (longer := _longer(row)):
            # A second row, so that nobody is promised a day that holds in one case only.
            said = f"Phần mô tả của Cổng còn nêu: {', '.join(longer)}"
            limits.append({"value": None, "unit": "", "note_vi": said, "channel": row.channel})
    limits = _once([one for number, one in enumerate(limits) if one not in limits[:number]])
    for one in limits:
        way = WAY_NAMES.get(one.pop("channel", ""), "")
        if note := " · ".join(part for part in (way, one.get("note_vi", "")) if part):
            one["note_vi"] = note
    return limits


def _longer(row: WayRow) -> list[str]:
    """Return the times in the description that are longer than the one in the table, as they are written there."""
    if row.value is None or row.unit not in _IN_DAYS:
        return []
    told = row.value * _IN_DAYS[row.unit]
    found: dict[str, None] = {}
    for one in _DAYS.finditer(row.rest):
        unit = one["unit"].lower()
        days = int(one["count"]) * {"ngày làm việc": 7 / 5, "ngày": 1.0, "tháng": 30.0}[unit]
        if days > told and int(one["count"]) != row.value:
            found[f"{int(one['count'])} {unit}"] = None
    return list(found)


def _cases(rows: Sequence[WayRow]) -> list[str]:
    """Return what each row is for, where one way of filing has several: nobody could tell them apart otherwise."""
    said = {row.rest for row in rows}
    kinds = Counter(channel for channel, _ in {(row.channel, row.rest) for row in rows})
    if max(kinds.values(), default=0) < 2:
        return [""] * len(rows)
    # What all of them begin with tells none from the other, up to the last mark before they part.
    letters = (one[0] for one in takewhile(lambda some: len(set(some)) == 1, zip(*said, strict=False)))
    alike = re.match(r".*[.;:+]\s", "".join(letters), re.DOTALL)
    begin = len(alike.group()) if alike is not None and max(map(len, said)) > _MOST_LETTERS else 0
    return [_short(row.rest, begin) for row in rows]


def _short(text: str, begin: int) -> str:
    text = ("… " if begin else "") + text[begin:]
    return text if len(text) <= _MOST_LETTERS else text[:_MOST_LETTERS].rsplit(" ", 1)[0] + " …"


def _dated(amount: int | None, fee_text: str) -> Iterator[dict[str, Any]]:
    """Yield a fee; as two where another amount holds for a time, so that today's is the one that is shown.

    Only where a fee text says one such amount, and no more than the fee itself: the portal has slips of the hand.
    """
    found = list(_FOR_A_TIME.finditer(fee_text))
    if len(found) == 1 and not _is_beyond(found[0], amount):
        begins, ends = (_day(found[0][name]) for name in ("from", "to"))
        if begins is not None and ends is not None and begins <= ends:
            reduced = int(found[0]["amount"].replace(".", ""))
            yield {"amount_vnd": reduced, "valid_from": begins.isoformat(), "valid_to": ends.isoformat()}
            yield {"amount_vnd": amount, "valid_from": (ends + dt.timedelta(days=1)).isoformat()}
            return
    yield {"amount_vnd": amount}


def _is_beyond(found: re.Match[str], amount: int | None) -> bool:
    return amount is not None and not amount / 10 <= int(found["amount"].replace(".", "")) <= amount


def _day(said: str) -> dt.date | None:
    day, month, year = (int(part) for part in said.split("/"))
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _once(said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what is said of each way of filing without the way, where the same is said of all of them."""
    ways: dict[str, list[dict[str, Any]]] = {}
    for one in said:
        rest = {key: value for key, value in one.items() if key != "channel"}
        ways.setdefault(one["channel"], []).append(rest)
    first, *others = ways.values() if ways else [[]]
    if all(len(first) == len(other) and all(one in first for one in other) for other in others):
        return first
    return said
