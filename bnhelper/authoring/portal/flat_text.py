"""Takes the portal's flattened tables apart: rows and cells of its pages run together without a separator.

What is written here was found in the export of July 2026 (2,642 records). Where the text does not allow a sure cut, the
text is kept whole; every function returns what it understood and leaves judging to `record.py`.
"""

import re
from dataclasses import dataclass
from typing import Final

NOTHING: Final = frozenset({"", "--", "-", "không", "không có", "không có thông tin", "không quy định"})
_PAPERS_HEAD: Final = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"
_WAYS_HEAD: Final = "Hình thức nộpThời gianPhí, lệ phíMô tả"
CHROME: Final = "Chọn cơ quan thực hiện"  #: the page's own controls, which the crawl took along

#: The number of copies ends a row: glued to the paper's name, and what follows begins the next row.
_COUNT: Final = re.compile(
    r"(?P<originals>\d+) bản chính(?:,(?P<copies>\d+) bản sao)?(?=$|[^\s.,;:)/]|\.[-+*A-ZĐ])"
    r"|(?<=\S)(?P<only>\d+) bản sao(?=$|[^\s.,;:)/]|\.[-+*A-ZĐ])"
)
_ENDING: Final = r"\.(?:docx|doc(?!x)|xlsx|xls(?!x)|pdf|rtf|rar|zip|odt|jpe?g|png)"
_FILE: Final = re.compile(_ENDING + "$", re.IGNORECASE)
_NO_CASE: Final = re.compile(
    r"(?:\*|-|\+|\w{1,3}[.)])?\s*(?:\w{1,3}[.)]\s*)?thành phần hồ sơ(?: bao gồm| gồm)?", re.IGNORECASE
)
_LONGEST_FILE: Final = 150
_BEFORE_FILE: Final = re.compile(rf"(?:[;:)]|(?<=[a-zà-ỹđ])\.(?=[A-ZĐ])|(?i:{_ENDING}))(?!(?i:{_ENDING})$)(?=\S)")
#: Where a file name begins when no mark parts it from the paper's, the surest first: at a capital letter, at the
#: procedure's own code, behind who issued the law that is cited, behind a full stop that no ending follows.
_GLUED: Final = (
    re.compile(r"[a-zà-ỹ](?=[A-ZĐ])|[A-ZĐ](?=(?:Mẫu|Mau|Phụ lục|Phu luc|Biểu mẫu)\b)"),
    re.compile(r"[a-zà-ỹ](?=\d\.\d{6}|\d{1,2}\. ?[^\W\d])"),
    re.compile(
        r"(?:-(?:CP|TTg|NHNN|BCA|BCT|BTC|BTP|BXD|BKHCN|BNNMT|BNNPTNT|BTNMT|BGTVT)|/QH1\d|/20\d\d)\.?(?=[^\W\d])"
    ),
    re.compile(rf"[.)](?!(?i:{_ENDING[2:]})$)(?=[^\s.,;)])"),
)
_CHANNELS: Final = {"Trực tuyến": "truc_tuyen", "Dịch vụ bưu chính": "buu_chinh", "Trực tiếp": "truc_tiep"}
_WAY: Final = re.compile(
    r"(Trực tuyến|Dịch vụ bưu chính|Trực tiếp)"
    r"(?=\d|Miễn phí|Không(?: có thông tin| quy định| phải)?|$)"
)
_TIME: Final = re.compile(r"^(\d{1,5}) ?(Ngày làm việc|Ngày|Giờ|Tháng|Năm)?")
_UNITS: Final = {"Ngày làm việc": "working_day", "Ngày": "day", "Giờ": "hour"}
#: "120 VNĐ" is no fee: the time of 1 and a fee in thousands run together, as other rows of such records show.
_LEAST_VND: Final = 1_000
#: A fee in another money is kept as it is written: it is no amount of đồng.
_FOREIGN: Final = re.compile(r"^\d[\d.,]* ?(?:USD|EUR|[Đđ]ô la(?: Mỹ)?)")
_CLOSED_AND_GLUED: Final = re.compile(r"\)(?=\w)")
_MARK: Final = re.compile(r"(?:^\(|\s)[a-zđ\d]\)")
_VND: Final = "(?:Việt Nam Đồng|VNĐ|VND|đồng|Đồng)"
_MONEY: Final = re.compile(rf"^(\d{{1,3}}(?:[.,]\d{{3}})+|\d+)(?:\.\d+)? ?{_VND}")
#: "120,000 VNĐ" is a time of 1 whose unit is missing and a fee of 20,000: a way without a time says that it has none.
_TIME_AND_FEE: Final = re.compile(rf"^(?P<time>[1-9]\d{{0,2}}?)(?P<fee>[1-9]\d*(?:[.,]\d{{3}})*) ?{_VND}")
_RESULT_CODE: Final = re.compile(
    r"\s*[\w.\-]*?(?:- )?[\w.\-]*?\d+(?=[^\d.\-]|-(?:\s(?!KQ)|[A-ZĐ][^\d.\-A-Z])|$)", re.ASCII
)
_BARE_NUMBER: Final = re.compile(r"(?:[-+*•]\s*)?(?:Bước \d{1,2}\s*[:.]?|\w{1,3}[.)])", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"(?:[a-zđ]{1,2}|[ivx]{1,4}|\d{1,2})[.)]")
_STEP: Final = re.compile(r"\n+|(?<=[.;:)])\s+(?=(?:\+ )?Bước \d+)")


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One paper. `case` is the heading it stands under; counts are None where the portal gives none."""

    name: str
    file: str
    originals: int | None
    copies: int | None
    case: str


@dataclass(frozen=True, slots=True)
class WayRow:
    """One way of filing with its time and fee, as far as they could be read; `rest` is what could not."""

    channel: str
    value: int | None
    unit: str
    time_text: str
    amount_vnd: int | None
    is_called_free: bool
    fee_text: str
    rest: str


@dataclass(frozen=True, slots=True)
class Results:
    """What a procedure gives: rows of (name, code), and the words and the note said of all of them."""

    rows: tuple[tuple[str, str], ...]
    keywords: str
    note: str


def is_nothing(text: str) -> bool:
    """Tell whether the portal says that it has nothing here."""
    return text.strip().rstrip(".").lower() in NOTHING


def has_papers(text: str) -> bool:
    """Tell whether this is the table of papers, or says that it is empty."""
    return _PAPERS_HEAD in text or text.startswith("--") or is_nothing(text)


def papers(text: str) -> list[PaperRow]:
    """Return the rows of the papers' tables; empty when the text holds no table."""
    if _PAPERS_HEAD not in text:
        return []
    found: list[PaperRow] = []
    case, *tables = text.split(_PAPERS_HEAD)
    for number, table in enumerate(tables):
        rows, rest = _rows(table, clean_case(case))
        is_last = number == len(tables) - 1
        if is_last and rest:
            rows.append(PaperRow(*_name_and_file(rest), None, None, clean_case(case)))
            rest = ""
        found.extend(rows)
        case = rest
    return found


def _rows(table: str, case: str) -> tuple[list[PaperRow], str]:
    found: list[PaperRow] = []
    begin = 0
    for match in _COUNT.finditer(table):
        start, number = _count_begins(table, match)
        if start is None:
            continue
        name, file = _name_and_file(table[begin:start])
        if name or file:
            copies = match.group("copies")
            if match.group("only") is not None:
                found.append(PaperRow(name, file, 0, number, case))
            else:
                found.append(PaperRow(name, file, number, int(copies) if copies else 0, case))
        begin = match.end() + table.startswith(".", match.end())
    return found, table[begin:].strip()


def _count_begins(table: str, match: re.Match[str]) -> tuple[int | None, int]:
    """Return where the count begins, and the count; None for a mention inside a sentence.

    "2026" and a count of 1 stand as "20261", "Mẫu số 1" and 1 as "Mẫu số 11": after a space or a slash the last
    digit alone is the count, after a letter all of them are ("quy định10").
    """
    digits = match.group("originals") or match.group("only")
    if not match.group("copies") and re.match(r"\d+ bản (?:chính|sao)", table[match.end() :]):
        return None, 0  # "nộp 01 bản chính0 bản chính,1 bản sao": the sentence ends with a count of its own
    before = table[: match.start()]
    if not before.strip():
        return (None, 0) if digits.startswith("0") and len(digits) > 1 else (match.start(), int(digits))
    last = before[-1]
    if last.isalpha() or last in ").;:,”\"'»*":
        if len(digits) > 1 and digits[0] == "0":
            return match.end("originals" if match.group("originals") else "only") - 1, int(digits[-1])
        return match.start(), int(digits)
    if len(digits) > 1:
        end = match.end("originals" if match.group("originals") else "only")
        return end - 1, int(digits[-1])
    if last == " " and match.end() != len(table):
        return None, 0  # "gồm 1 bản chính ..." inside a name
    return match.start(), int(digits)


def _name_and_file(text: str) -> tuple[str, str]:
    """Part the paper's name from the form's file name, which is glued to its end."""
    text = text.strip()
    files: list[str] = []
    while _FILE.search(text) is not None:
        # A file name begins after a sentence mark, behind the last file, or where a small letter meets a capital one.
        tail = max(0, len(text) - _LONGEST_FILE)
        marks: list[int] = []
        for pattern in (_BEFORE_FILE, *_GLUED):
            marks = marks or [match.end() for match in pattern.finditer(text, tail)]
        if not marks:
            break
        files.insert(0, text[marks[-1] :].strip(" ."))
        text = text[: marks[-1]].strip()
    return _clean(text), ", ".join(files)


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" ;,\t").removeprefix("-").removeprefix("+").strip(" -+*•\uf0fc")


def clean_case(text: str) -> str:
    said = re.sub(r"\s+", " ", text).strip().rstrip(":").strip()
    is_ways = re.match(r"^:? ?Trực tiếp\d|^:? ?Trực tuyến\d", said) is not None or "Hình thức nộp" in said
    return "" if is_nothing(said) or is_ways or _NO_CASE.fullmatch(said) else said


def ways(text: str) -> list[WayRow]:
    """Return the ways of filing; empty when the table cannot be found."""
    if not text.startswith(_WAYS_HEAD):
        return []
    body = text[len(_WAYS_HEAD) :]
    marks = list(_WAY.finditer(body))
    found = []
    ends = [*(mark.start() for mark in marks[1:]), len(body)]
    for mark, end in zip(marks, ends, strict=False):
        found.append(_way(_CHANNELS[mark.group(1)], body[mark.end() : end]))
    return found


def _way(channel: str, cell: str) -> WayRow:
    value, unit, time_text = None, "", ""
    time = _TIME.match(cell)
    if (both := _TIME_AND_FEE.match(cell)) is not None:
        value, time_text = int(both["time"]), both["time"]
        cell = cell[both.start("fee") :]
    elif time is not None and not _MONEY.match(cell):
        # "5 Ngày2,000,000": the unit ends the number of days; without a unit the amount would be eaten.
        value, unit = int(time.group(1)), _UNITS.get(time.group(2) or "", "")
        time_text = time.group(0)
        if time.group(2) in {"Tháng", "Năm"}:
            value = None
        cell = cell[time.end() :]
    for said in ("Không có thông tin", "Không quy định"):
        cell = cell.removeprefix(said)
    amount, fee_text, is_free = None, "", False
    if cell.startswith("Miễn phí"):
        is_free, cell = True, cell[len("Miễn phí") :]
    elif (money := _MONEY.match(cell)) is not None:
        amount, cell = int(re.sub(r"[.,]", "", money.group(1))), cell[money.end() :]
        if amount < _LEAST_VND:
            amount, fee_text = None, money.group()
    elif (foreign := _FOREIGN.match(cell)) is not None:
        fee_text, cell = foreign.group(), cell[foreign.end() :]
    if cell.startswith("("):
        said_of_it, cell = _bracket(cell)
        fee_text = " · ".join(part for part in (fee_text, said_of_it) if part)
    for said in ("Không có thông tin", "Không quy định"):
        cell = cell.removeprefix(said)
    return WayRow(channel, value, unit, time_text, amount, is_free, _clean(fee_text), _clean(cell))


def _bracket(text: str) -> tuple[str, str]:
    """Return what stands in the bracket that begins `text`, and what follows it; "(a) ... b) ...)" is one bracket."""
    marks = {one.end() - 1 for one in _MARK.finditer(text)} if _MARK.match(text) else set()
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")" and place not in marks)
        if depth == 0:
            return text[1:place], text[place + 1 :]
    # "(đồng/lần cấp (Miễn phí … TT-BTC)07 ngày …": one was never closed; what is glued to the last is the next cell.
    glued = list(_CLOSED_AND_GLUED.finditer(text))
    return (text[1 : glued[-1].end()], text[glued[-1].end() :]) if glued else (text[1:], "")


def results(text: str) -> Results:
    """Return what one receives, and what is said of it: "AMã: KQ.1BMã: KQ.2Từ khóa…Mô tả…", the words once for all."""
    body = text.split(CHROME, 1)[0].strip()
    if is_nothing(body):
        return Results((), "", "")
    table, _, words = body.partition("Từ khóa")
    keywords, _, note = words.partition("Mô tả")
    name, *behind = table.split("Mã:")
    rows: list[tuple[str, str]] = []
    for number, part in enumerate(behind, start=1):
        code = _RESULT_CODE.match(part)
        is_last = number == len(behind)
        end = code.end() if code is not None else len(part) if is_last and words else 0
        rows.append((_clean(name), part[:end].strip().replace(" ", "") if code else part[:end].strip()))
        name = part[end:]
    if _clean(name) and not is_nothing(name):
        rows.append((_clean(name), ""))
    return Results(
        tuple(row for row in rows if row[0]),
        "" if is_nothing(keywords) else _clean(keywords),
        "" if is_nothing(note) else note.strip(),
    )


def steps(text: str) -> list[str]:
    """Return the steps: one line of the portal, or one "Bước", each."""
    if is_nothing(text):
        return []
    lines: list[str] = []
    for line in _STEP.split(text):
        said = _clean(line)
        if lines and said and _runs_on(lines[-1], line.strip()):
            lines[-1] += f" {line.strip()}"
        elif said:
            lines.append(line.strip())
    return [said for said in map(_clean, lines) if said]


def _runs_on(before: str, line: str) -> bool:
    """Tell whether a line is the rest of the one before: broken as on a printed page, or behind a bare number."""
    if _BARE_NUMBER.fullmatch(before) is not None:
        return True
    return line[:1].islower() and before[-1:] not in ".;:!?" and _NUMBERED.match(line) is None
