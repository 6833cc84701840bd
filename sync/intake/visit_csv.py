"""Reads a list of homes out of a table that a spreadsheet saved; one wrong row, and nothing is taken."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bnhelper.domain.folding import fold
from bnhelper.domain.visits import OLD_AGE, Reason
from sync.wire.visits import MAX_HOMES

#: Heads of columns as people write them, folded -> what the column is.
_COLUMNS: Final = {
    **dict.fromkeys(("ngo", "lane", "duong", "xom"), "lane"),
    **dict.fromkeys(("so nha", "so", "house number", "number"), "number"),
    **dict.fromkeys(("ho ten", "ho va ten", "ten", "chu ho", "name"), "who"),
    **dict.fromkeys(("tuoi", "nam sinh", "tuoi hoac nam sinh", "age", "born", "year of birth"), "born"),
    **dict.fromkeys(("ly do", "viec", "reason", "reasons"), "reasons"),
    **dict.fromkeys(("ghi chu", "note"), "note"),
}
_REASONS: Final = {
    **dict.fromkeys(("tren 70", "cao tuoi", "over 70", "over_70"), Reason.OVER_70),
    **dict.fromkeys(("tra ket qua", "trao ket qua", "ket qua", "result"), Reason.RESULT),
    **dict.fromkeys(("bo sung", "can bo sung", "supplement"), Reason.SUPPLEMENT),
    **dict.fromkeys(("chua ro", "chua ro nhu cau", "unknown"), Reason.UNKNOWN),
}
_MOST_ERRORS: Final = 50
_ROOM: Final = {"lane": 80, "number": 40, "who": 120, "note": 300}
EXAMPLE: Final = (
    "Ngõ;Số nhà;Họ tên;Tuổi hoặc năm sinh;Lý do;Ghi chú\n"
    "Ngõ 3;12;Nguyễn Thị Hoa;74;trên 70;Gọi trước\n"
    "Ngõ 3;15;Trần Văn Bảy;1958;bổ sung, trao kết quả;\n"
    "Ngõ 3;18;Nhà ông Sửu;;chưa rõ;\n"
)


@dataclass(frozen=True, slots=True)
class CsvHome:
    """One home as a row says it."""

    lane: str = ""
    number: str = ""
    who: str = ""
    born: int | None = None
    reasons: tuple[Reason, ...] = ()
    note: str = ""

    def said(self) -> dict[str, Any]:
        """Return the members of `VisitHome` that a row gives."""
        return {
            "lane": self.lane,
            "number": self.number,
            "who": self.who,
            "born": self.born,
            "reasons": tuple(one.value for one in self.reasons),
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in one row, as spreadsheets count them; row 0 is the whole file. `code` has its words."""

    row: int
    code: str
    value: str = ""


class NotAList(ValueError):
    """A table no list can be made of, with everything that is wrong, up to some."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        self.errors = tuple(errors[:_MOST_ERRORS])
        super().__init__(", ".join(f"{one.row}:{one.code}" for one in self.errors))


def text_of(content: bytes) -> str:
    """Return a table's text: UTF-8, or UTF-16 as spreadsheets save Unicode text. Raises NotAList."""
    is_wide = content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    try:
        return content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise NotAList([RowError(0, "encoding")]) from wrong


def homes_of(text: str, today: dt.date) -> list[CsvHome]:
    """Return the homes in the order of the rows. Raises NotAList."""
    lines = list(_rows(text.removeprefix("\ufeff")))
    if not lines:
        raise NotAList([RowError(0, "empty")])
    columns = [_COLUMNS.get(fold(one)) for one in lines[0][1]]
    if "who" not in columns and "number" not in columns:
        raise NotAList([RowError(lines[0][0], "head")])
    if len([one for one in columns if one]) != len({one for one in columns if one}):
        raise NotAList([RowError(lines[0][0], "head-twice")])
    if len(lines) - 1 > MAX_HOMES:
        raise NotAList([RowError(0, "too-many", str(MAX_HOMES))])
    homes: list[CsvHome] = []
    errors: list[RowError] = []
    seen: dict[tuple[str, ...], int] = {}
    for number, cells in lines[1:]:
        said = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
        home, wrong = _home(number, said, today)
        errors += wrong
        if len(cells) > len(columns) and any(cells[len(columns) :]):
            errors.append(RowError(number, "too-wide"))
        key = tuple(fold(one) for one in (home.lane, home.number, home.who))
        if key in seen:
            errors.append(RowError(number, "twice", str(seen[key])))
        seen.setdefault(key, number)
        homes.append(home)
    if not homes:
        errors.append(RowError(0, "empty"))
    if errors:
        raise NotAList(errors)
    return homes


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that say something, with their number in the sheet."""
    head = text.lstrip("\r\n").partition("\n")[0]
    separator = max(";\t,", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    number = 0
    try:
        for cells in reader:
            number += 1
            said = [" ".join(one.replace("\x00", "").split()) for one in cells]
            if any(said):
                yield number, said
    except csv.Error as wrong:
        raise NotAList([RowError(number + 1, "not-a-table")]) from wrong


def _home(row: int, said: dict[str, str], today: dt.date) -> tuple[CsvHome, list[RowError]]:
    errors = [RowError(row, f"long-{name}") for name, most in _ROOM.items() if len(said.get(name, "")) > most]
    if not said.get("who") and not said.get("number"):
        errors.append(RowError(row, "nobody"))
    born, wrong = _born(said.get("born", ""), today)
    if wrong:
        errors.append(RowError(row, "born", said["born"][:40]))
    reasons: list[Reason] = []
    for word in re.split(r"[,;+/|]", said.get("reasons", "")):
        reason = _REASONS.get(fold(word))
        if reason is not None:
            reasons.append(reason)
        elif word.strip():
            errors.append(RowError(row, "reason", word.strip()[:40]))
    if born is not None and today.year - born > OLD_AGE:
        reasons.append(Reason.OVER_70)
    known = tuple(one for one in Reason if one in reasons) or (Reason.UNKNOWN,)
    texts = {name: said.get(name, "")[:most] for name, most in _ROOM.items()}
    return CsvHome(**texts, born=born, reasons=known), errors


def _born(said: str, today: dt.date) -> tuple[int | None, bool]:
    """Return the year of birth out of an age, a year or a date, and whether it is none of them."""
    if not said:
        return None, False
    found = re.fullmatch(r"(?:\d{1,2}[/.-]\d{1,2}[/.-])?(\d{1,4})", said, re.ASCII)
    if found is None:
        return None, True
    number = int(found[1])
    year = today.year - number if number <= 120 and found[0] == found[1] else number
    return (year, False) if today.year - 125 < year <= today.year else (None, True)
