"""Takes the portal's table of laws apart: each law's name and its number, run together without a separator.

"Luật Hộ tịch60/2014/QH13Nghị định về hộ tịch123/2015/NĐ-CPLuật …": a number ends with who issued it, and the next law's
name begins at the very next letter. Only a closed list of issuers tells where: an open pattern takes that letter along,
and shows a number that no law has.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bnhelper.authoring.portal.flat_text import is_nothing

HEAD: Final = "Tên văn bản pháp lýMã văn bản"
_MINISTRIES: Final = (
    "BCA", "BCT", "BDTTG", "BGDĐT", "BGTVT", "BHXH", "BKHCN", "BKHĐT", "BLĐTBXH", "BNG", "BNN", "BNNMT", "BNNPTNT",
    "BNV", "BQP", "BTC", "BTNMT", "BTP", "BTTTT", "BVHTTDL", "BXD", "BYT", "CP", "KTNN", "NHNN", "TANDTC", "TTCP",
    "UBDT", "UBTƯMTTQVN", "VKSNDTC", "VPCP", "VPQH",
)  # fmt: skip
_MINISTRY: Final = "(?:" + "|".join(sorted(_MINISTRIES, key=len, reverse=True)) + ")"
_ALL_OF_THEM: Final = f"{_MINISTRY}(?:-{_MINISTRY})*"
_DASH: Final = "[-–_/] ?"
_ISSUED: Final = (
    rf"(?:(?:PL|NQ){_DASH})?(?:UBTV)?QH(?:1\d|\d)"
    rf"|N[ĐD]{_DASH}C(?:P|(?=[A-ZĐ][a-zà-ỹ]))"  # "118/2025/NĐ-C" stands in 46 records
    rf"|NQ{_DASH}(?:CP|HĐND|HĐTP)|CT{_DASH}TTg|L{_DASH}CTN"
    rf"|Q[ĐD]{_DASH}(?:TTg|UBND|CTN|{_MINISTRY})"
    rf"|(?:TTLT|NQLT|VBHN|TT){_DASH}{_ALL_OF_THEM}"
)
_BEHIND_NUMBER: Final = re.compile(rf"/ ?(?:(?P<year>(?:19|20)\d\d) ?/ ?)?(?P<issued>{_ISSUED})|-(?P<old>CP|TTg)")
_DIGITS: Final = re.compile(r"[\d.]*[a-d]?$")
_COUNT: Final = r"\d{1,4}[a-d]?|\d{1,3}\.\d{1,2}"
#: A year that ends the name runs into the number: "Luật Cư trú 202068/2020/QH14".
_BEHIND_YEAR: Final = re.compile(rf"\.?(?:(?:19|20)\d\d\.?(?=\d))??(?P<count>{_COUNT})")
_BETWEEN: Final = re.compile(r"[\s.,;:)\-–*•]*")
#: What may stand behind a number that ends a row: nothing, the next name glued to it, or one that begins as names do.
_NEXT_NAME: Final = re.compile(
    r"[.,;:)]*[-–]?(?:$|(?!ngày\b)[\wÀ-ỹ\"“(])"
    r"|[.,;\-–]*\s+(?:-\s*)?(?:Bộ luật|Luật|Nghị|Thông tư|Quyết|Pháp lệnh|Quy định|Hướng dẫn|Sửa đổi|Về|LUẬT|NGHỊ|"
    r"THÔNG)\b"
)
_GLUED: Final = re.compile(r"(?<!^)(?<!số)(?<!Số)(?<!SỐ)(?<![\s(/\"“–-])$")
_SHORT_CELL: Final = re.compile(r"(?<=[^\W\d])\d{1,4}/(?:19|20)\d\d$")
#: "Số 73/2025/TT-NHNN" and the like beside the number say nothing more.
_NO_NAME: Final = re.compile(
    r"(?:bộ luật|luật|nghị định|nđ|thông tư|tt|quyết định|nghị quyết|pháp lệnh|số|\W)*", re.IGNORECASE
)
_KIND: Final = re.compile(
    r"(?<=[^\s])(?:Bộ luật|Luật|Nghị định|NĐ|Thông tư|TT|Quyết định|Nghị quyết|Pháp lệnh|Lệnh)(?: số)?:? ?$"
)


@dataclass(frozen=True, slots=True)
class Law:
    """One row of the table. `number` is empty where none can be read; `is_mended` where the portal misspells it."""

    number: str
    name: str
    is_mended: bool = False


@dataclass(frozen=True, slots=True)
class _Number:
    begin: int
    end: int
    said: str
    is_mended: bool


def laws(text: str) -> list[Law]:
    """Return the laws of the table, each number once; a law that another's name cites is no row of its own.

    Names and numbers together say what `text` does, but for "Thông tư số" and the like before a row's number.
    """
    body = text.removeprefix(HEAD).strip().replace("\N{CYRILLIC CAPITAL LETTER ES}", "C")
    if is_nothing(body):
        return []
    found: dict[str, Law] = {}
    begin = 0
    for before, number, after in _with_neighbours(list(_numbers(body))):
        if not _ends_a_row(body, before, number, after):
            continue
        name = _clean(_KIND.sub("", body[begin : number.begin]))
        if (twice := found.get(number.said)) is not None:
            names = [one for one in (twice.name, name) if not _NO_NAME.fullmatch(one.replace(number.said, ""))]
            name = " · ".join(dict.fromkeys(one for one in names if not any(one in other != one for other in names)))
        found[number.said] = Law(number.said, name, number.is_mended)
        begin = number.end
    rest = _clean(body[begin:])
    return [*found.values(), *([_last(rest)] if rest else [])]


def _last(rest: str) -> Law:
    """Return the last row, which ends without a number, or with one whose issuer stands only in the law's name."""
    cell = _SHORT_CELL.search(rest)
    named = next((one for one in _numbers(rest) if cell and one.said.startswith(f"{cell.group()}/")), None)
    return Law("", rest) if cell is None or named is None else Law(named.said, _clean(rest[: cell.start()]))


def _numbers(body: str) -> Iterator[_Number]:
    end = 0
    for match in _BEHIND_NUMBER.finditer(body):
        digits = _DIGITS.search(body, end, match.start())
        assert digits is not None  # it may be empty
        count = _BEHIND_YEAR.fullmatch(digits.group())
        if count is None:
            continue
        year, issued = match["year"], match["issued"]
        said = f"{count['count']}-{match['old']}" if issued is None else _as_the_gazette(count["count"], year, issued)
        begin, end = match.start() - len(count["count"]), match.end()
        if body[begin - 1 : begin] == "/":
            continue  # "37/2013/2015/TT-NHNN": which of the two years is meant?
        is_mended = said != re.sub(r"\s", "", body[begin:end])
        end += len(cell) if (cell := _short_cell(body, end, f"{count['count']}/{year}")) else 0
        yield _Number(begin, end, said, is_mended)


def _short_cell(body: str, place: int, number: str) -> str:
    """Return the row's number where it stands without who issued it: "Nghị định số 46/2020/NĐ-CP46/2020"."""
    return number if re.match(rf"{re.escape(number)}(?![\d/])", body[place : place + 12]) else ""


def _as_the_gazette(count: str, year: str | None, issued: str) -> str:
    issued = re.sub(_DASH, "-", issued).replace("ND-", "NĐ-").replace("QD-", "QĐ-")
    return "/".join(part for part in (count, year, "NĐ-CP" if issued == "NĐ-C" else issued) if part)


def _with_neighbours(numbers: list[_Number]) -> Iterator[tuple[_Number | None, _Number, _Number | None]]:
    return zip([None, *numbers], numbers, [*numbers[1:], None], strict=False)


def _ends_a_row(body: str, before: _Number | None, number: _Number, after: _Number | None) -> bool:
    """Tell a number of the table from one that a law's name cites.

    "Luật 54/2014/QH1354/2014/QH13": the first of the two ends the name, the second is the number of the row.
    """
    if after is not None and _is_repeated(body, number, after):
        return False
    if before is not None and _is_repeated(body, before, number):
        return True
    is_glued = _GLUED.search(body, 0, number.begin) is not None  # as the table does, and no sentence
    has_its_kind = _KIND.search(body, 0, number.begin) is not None  # "… tín dụngLuật số 32/2024/QH15": the whole cell
    if not is_glued and not has_its_kind and after is not None and after.begin == number.end:
        return False  # "… bởi Nghị định số 07/2025/NĐ-CP280/2025/NĐ-CP": the second is the row's
    return is_glued or _NEXT_NAME.match(body, number.end) is not None


def _is_repeated(body: str, number: _Number, after: _Number) -> bool:
    return number.said == after.said and _BETWEEN.fullmatch(body, number.end, after.begin) is not None


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" .,;:\t-–•")
