"""One portal record -> one procedure source, with what was guessed and what could not be taken apart."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bnhelper.authoring.portal import flat_text
from bnhelper.authoring.portal.fees_and_limits import WAY_NAMES, fees_of, limits_of
from bnhelper.authoring.portal.flat_text import PaperRow, WayRow
from bnhelper.authoring.portal.laws import laws

CODE: Final = re.compile(r"\d\.\d{6}")
#: A condition that only the office, or an author, can judge: the paper is then "perhaps needed".
NOT_REVIEWED: Final = "case_not_reviewed"
#: What residents read of the parts; the report and the lint have their names.
_PARTS: Final = {
    "papers": "giấy tờ",
    "fees": "lệ phí",
    "time_limits": "thời hạn",
    "legal_basis": "căn cứ pháp lý",
    "ways": "cách nộp",
}
_LEVELS: Final = {"Cấp xã": "xa", "Cấp tỉnh": "tinh", "Cấp bộ": "bo", "Cơ quan khác": "khac"}
_GIVEN: Final = "lý lịch tư pháp|khám|xét nghiệm|xuất kho|thu\\b|kết quả"  #: slips that an office gives, no forms
_FORM: Final = re.compile(
    rf"^(?:\W|\d|[a-zđ]\))*(?:đơn|tờ khai|phiếu(?! (?:{_GIVEN}))|mẫu|bản khai|giấy đề nghị|văn bản đề nghị|"
    r"công văn đề nghị)\b",
    re.IGNORECASE,
)
_NOTE: Final = re.compile(
    r"^(?:\W|\d+[.)]?)*(?:lưu ý|ghi chú|số lượng hồ sơ|số bộ hồ sơ|tỷ lệ bản đồ|số lượng)\b", re.IGNORECASE
)
#: How the portal's remarks among the papers begin; they are asked for in no number.
_REMARK: Final = re.compile(
    r"^(?:\W|\d+[.)]?)*(?:người (?:yêu cầu|có yêu cầu|tiếp nhận|ủy quyền|đi đăng ký|thực hiện)|cơ quan đăng ký|"
    r"đối với (?:giấy tờ|việc)|khi đến|có thể (?:sử dụng|nộp)|căn cứ|bản chụp các giấy tờ gửi kèm|"
    r"giấy tờ do cơ quan có thẩm quyền của nước ngoài cấp|giấy tờ phải|trường hợp (?:không |người |giấy tờ |thông tin |"
    r"cho phép |chưa có tài khoản|kê khai |khai thác |gửi |đã ))",
    re.IGNORECASE,
)
_HEADING: Final = re.compile(
    r"^(?:\W|\d+[.)]?|[a-zđ]\))*(?:đối với|trường hợp|hồ sơ|thành phần|các (?:giấy tờ|chứng từ)|ngoài ra)\b.*:\s*$",
    re.IGNORECASE | re.DOTALL,
)
#: The portal gives headings among the papers a number of copies as well; such a one names no paper itself.
_COUNTED_HEADING: Final = re.compile(
    r"^(?:\W|\d+[.)]?|[a-zđ][.)]|[a-zđ](?:\.\d)+\))*(?:"
    r"(?:đối với|trường hợp|hồ sơ|thành phần|tùy (?:từng|theo)|ngoài)\b.*\b(?:gồm|bổ sung|sau|sau đây|cụ thể|kèm theo)"
    r"|(?:đối với|hồ sơ) (?:(?!nộp|\bcó\b)[^,;:.]){3,90})\s*:\s*$"
    r"|thành phần hồ sơ (?:bao gồm|gồm)\s*:\s*$",
    re.IGNORECASE | re.DOTALL,
)
#: What stands in brackets, alone and in no number, is said of the papers before it.
_IN_BRACKETS: Final = re.compile(r"\(.*\)\W*", re.DOTALL)
#: A list under such a heading goes home again with who brought it.
_TO_SHOW: Final = re.compile(
    r"^(?:\W|\d+[.)]?|[a-zđ]\))*(?:các )?(?:giấy tờ|tài liệu)(?: (?:cần|phải))? xuất trình\b(?!.*\bphải nộp\b)",
    re.IGNORECASE | re.DOTALL,
)
#: Headings that say how papers are brought: both lists are needed, neither is a case.
_HOW: Final = re.compile(
    r"(?:\W|\d+[.)]?|[a-zđ]\))*(?:(?:các )?(?:giấy tờ|tài liệu|hồ sơ)(?: (?:cần|phải))? (?:xuất trình|nộp)"
    r"(?: khi nộp hồ sơ)?(?: \(bản chính\))?(?:,? mỗi loại 01 bản)?(?:,? (?:bao )?gồm)?(?: bản chính)?(?: các loại)?"
    r"(?: sau)?(?: đây)?|lưu ý|ghi chú)\W*",
    re.IGNORECASE,
)
_COPY: Final = re.compile(
    r"^(?:\W|\d+[.)]?|[a-zđ]\))*(?:bản sao|bản chụp|bản photo)\b(?!.{0,60}\bbản chính\b)", re.IGNORECASE | re.DOTALL
)
_STEP: Final = re.compile(r"Bước \d|[a-zđ]\) Đối với người")
#: What is said of papers in another language holds for all of them, in whatever number it is given.
_OF_ALL: Final = re.compile(r"^(?:\W|\d+[.)]?)*tài liệu (?:được lập )?bằng tiếng nước ngoài", re.IGNORECASE)
_SHOWN: Final = re.compile(r"xuất trình|đối chiếu bản chính", re.IGNORECASE)
#: Who hands in a copy shows the original beside it: the paper is handed in all the same.
_HANDED_IN: Final = re.compile(r"bản sao|bản chụp|\bnộp\b|gửi kèm|kèm theo|tải lên", re.IGNORECASE)
_IF: Final = re.compile(r"\bnếu\b|trường hợp|đối với|(?:trong|khi) (?:cần|có)|một trong", re.IGNORECASE)
_MOST_PAPERS: Final = 400


_FLAT_FIELDS: Final = frozenset(
    [
        "ma_thu_tuc",
        "detail_url",
        "formality_id",
        "ten_thu_tuc",
        "so_quyet_dinh",
        "cap_thuc_hien",
        "loai_thu_tuc",
        "linh_vuc",
        "doi_tuong_thuc_hien",
        "co_quan_co_tham_quyen",
        "dia_chi_tiep_nhan",
        "co_quan_duoc_uy_quyen",
        "co_quan_phoi_hop",
        "thu_tuc_lien_quan",
        "trinh_tu_thuc_hien",
        "cach_thuc_thuc_hien",
        "thanh_phan_ho_so",
        "can_cu_phap_ly",
        "co_quan_thuc_hien",
        "yeu_cau_dieu_kien",
        "ket_qua_xu_ly",
        "nguon",
    ]
)


class NoSuchRecord(ValueError):
    """A record without a code or a name: it cannot become a procedure."""


@dataclass(slots=True)
class Imported:
    """A procedure source, and what an author should look at."""

    source: dict[str, Any]
    guessed: list[str] = field(default_factory=list)  #: which parts were guessed: papers, fees, time_limits ...
    kept_as_text: list[str] = field(default_factory=list)  #: which parts could not be taken apart
    dropped: list[str] = field(default_factory=list)  #: which parts were left out, and why

    @property
    def code(self) -> str:
        return str(self.source["code"])


def from_flat(record: Mapping[str, Any]) -> Imported:
    """Return the source of one record of the flat export. Raises NoSuchRecord."""

    def said(key: str) -> str:
        value = record.get(key)
        return unicodedata.normalize("NFC", value).strip() if isinstance(value, str) else ""

    made = begin(said("ma_thu_tuc"), said("ten_thu_tuc"))
    source = made.source
    source["sector_vi"] = said("linh_vuc")
    source["level"] = _level(said("cap_thuc_hien"))
    steps, papers_text, agency = _with_cut_text_joined(
        said("trinh_tu_thuc_hien"), said("thanh_phan_ho_so"), said("co_quan_thuc_hien")
    )
    source["agency_vi"] = _first_said(agency, said("co_quan_co_tham_quyen"))
    rows = flat_text.ways(said("cach_thuc_thuc_hien"))
    source["online"] = {"channels": list(dict.fromkeys(row.channel for row in rows)), "level": "unknown"}
    source["steps"] = flat_text.steps(steps)
    put_papers(made, flat_text.papers(papers_text), papers_text)
    put_ways(made, rows)
    ways_text = said("cach_thuc_thuc_hien")
    leftovers = [row.rest for row in rows if row.rest]
    if not rows and not flat_text.is_nothing(ways_text):
        leftovers = [ways_text]
    if leftovers:
        made.kept_as_text.append("ways")
    results = flat_text.results(said("ket_qua_xu_ly"))
    source["results"] = [{"name_vi": name, "code": code} for name, code in results.rows]
    put_notes(made, rows, said("dia_chi_tiep_nhan"), results.note, leftovers if not rows else ())
    put_laws(made, said("can_cu_phap_ly"))
    conditions = said("yeu_cau_dieu_kien")
    if not flat_text.is_nothing(conditions):
        source["conditions_vi"] = flat_text.steps(conditions)
    source["decision"] = {"number": said("so_quyet_dinh")}
    source["source_url"] = said("detail_url")
    portal = {
        "subjects": said("doi_tuong_thuc_hien"),
        "kind": said("loai_thu_tuc"),
        "authority": said("co_quan_co_tham_quyen"),
        "delegated_to": said("co_quan_duoc_uy_quyen"),
        "with": said("co_quan_phoi_hop"),
        "related_text": said("thu_tuc_lien_quan"),
        "from": said("nguon"),
        "keywords": results.keywords,
    }
    source["portal"] = {key: value for key, value in portal.items() if not flat_text.is_nothing(value)}
    if flat_text.CHROME in said("ket_qua_xu_ly"):
        made.dropped.append("the page's own controls after the results")
    made.dropped += [f"unknown field {key}"[:80] for key in record if key not in _FLAT_FIELDS]
    return end(made)


def _with_cut_text_joined(steps: str, papers: str, agency: str) -> tuple[str, str, str]:
    """Return steps, papers and agency, with what the crawl cut off put back to the steps.

    It looked for the page's headings, and took "(thành phần hồ sơ) …" or "+ Cơ quan thực hiện chứng thực …" within a
    sentence for one: the steps end in the middle, and their rest stands where papers or the agency should.
    """
    if (
        papers
        and not flat_text.has_papers(papers)
        and (papers[0] in ");.," or papers[0].islower() or _STEP.match(papers))
    ):
        between = "\n" if papers.startswith("Bước") else " "
        steps, papers = f"{steps} thành phần hồ sơ{between}{papers}", ""
    if agency and agency[0].islower():
        steps, agency = f"{steps} Cơ quan thực hiện {agency}", ""
    return steps, papers, agency


def _first_said(*texts: str) -> str:
    return next((one for one in texts if not flat_text.is_nothing(one)), "")


def begin(code: str, name: str) -> Imported:
    if not CODE.fullmatch(code) or not name:
        raise NoSuchRecord(f"no code or no name: {code[:20]} {name[:40]}")
    return Imported({"code": code, "name_vi": re.sub(r"\s+", " ", name), "name_en": ""})


def end(made: Imported) -> Imported:
    source = made.source
    source["sources"] = ["portal"]
    source["verified"] = False
    source["conditions_reviewed"] = False
    doubts = [f"Đọc tự động từ Cổng, chưa có người soát: {_words(made.guessed)}"] if made.guessed else []
    doubts += [f"Chưa tách được, giữ nguyên chữ của Cổng: {_words(made.kept_as_text)}"] if made.kept_as_text else []
    source["unverified"] = doubts
    source["guessed"] = list(made.guessed)
    return made


def _words(parts: list[str]) -> str:
    return ", ".join(_PARTS[one] for one in parts)


def _level(text: str) -> str:
    return ",".join(_LEVELS[one] for one in (part.strip() for part in text.split(",")) if one in _LEVELS)


def put_notes(made: Imported, rows: list[WayRow], address: str, note: str, unread: Sequence[str] = ()) -> None:
    """Put in what is good to know: what the portal says beside each way of filing, where it is received, its notes."""
    told = {row.rest for row in rows if row.rest}
    notes = [f"{WAY_NAMES.get(row.channel, 'Cách nộp')}: {row.rest}" for row in rows if row.rest and len(told) > 1]
    notes += told if len(told) == 1 else ()
    notes += unread
    if not flat_text.is_nothing(address):
        notes.append("Nơi tiếp nhận: " + re.sub(r"\s+", " ", address))
    notes += flat_text.steps(note)
    if notes:
        made.source["notes_vi"] = list(dict.fromkeys(notes))


def put_papers(made: Imported, rows: list[PaperRow], text: str) -> None:
    rows = [row for row in rows if row.name]
    if len(rows) > _MOST_PAPERS:
        made.dropped.append(f"papers after the {_MOST_PAPERS}th")
        rows = rows[:_MOST_PAPERS]
    cases = {"" if _HOW.fullmatch(row.case) else row.case for row in rows}
    is_one_list = len(cases) == 1 and not any(_IF.search(case) for case in cases)
    documents: list[dict[str, Any]] = []
    for number, row in enumerate(rows, start=1):
        is_open = not is_one_list or _IF.search(row.name) is not None
        kind = _kind(row)
        originals, copies = row.originals or 0, row.copies or 0
        if originals and not copies and _COPY.match(row.name):
            originals, copies = 0, originals  # "Bản sao …1 bản chính": nobody shall part with the original
        paper: dict[str, Any] = {
            "id": f"p{number:02}",
            "name_vi": row.name,
            "name_en": "",
            "kind": kind,
            "originals": originals,
            "copies": copies,
            "when": {"all": [NOT_REVIEWED]} if is_open else "always",
        }
        if row.case:
            paper["when_vi"] = row.case
        if row.file:
            paper["form_file"] = row.file
        documents.append(paper)
    made.source["documents"] = documents
    if documents:
        made.guessed.append("papers")
        return
    if not flat_text.is_nothing(text):
        made.kept_as_text.append("papers")
    documents.append(_no_papers(text))


def _no_papers(text: str) -> dict[str, Any]:
    """Return a note in place of papers that the portal does not list: an empty list would say that none is needed."""
    said = "Cổng không liệt kê giấy tờ, chỉ ghi: " + re.sub(r"\s+", " ", text)
    if flat_text.is_nothing(text):
        said = "Bản ghi của Cổng không có danh sách giấy tờ: hãy hỏi Bộ phận Một cửa trước khi đi nộp."
    return {
        "id": "p01",
        "name_vi": said,
        "name_en": "The portal's record lists no papers: ask the one-stop desk before you go.",
        "kind": "note",
        "originals": 0,
        "copies": 0,
        "when": "always",
    }


def _kind(row: PaperRow) -> str:
    """Tell what a row is: a form, a paper to hand in or to show, or a remark that asks for none."""
    name = row.name
    is_uncounted = not (row.originals or row.copies)
    if _NOTE.match(name) or _OF_ALL.match(name) or _COUNTED_HEADING.search(name):
        return "note"
    if is_uncounted and _NOTE.match(row.case):
        return "note"
    if is_uncounted and (_REMARK.match(name) or _HEADING.match(name) or _IN_BRACKETS.fullmatch(name)):
        return "note"
    if _FORM.match(name):
        return "form"
    is_shown = _SHOWN.search(name) or _TO_SHOW.match(row.case)
    return "present" if is_shown and not _HANDED_IN.search(name) else "submit"


def put_laws(made: Imported, text: str) -> None:
    next_part = f"Cơ quan thực hiện{made.source['agency_vi']}"
    if text.endswith(next_part):  # in four records the crawl took along what `co_quan_thuc_hien` says
        made.dropped.append("the agency, said twice, after the laws")
    found = laws(text.removesuffix(next_part))
    made.source["legal_basis"] = [law_source(one.number, one.name) for one in found]
    if any(one.is_mended for one in found):
        made.guessed.append("legal_basis")
    if any(not one.number for one in found):
        made.kept_as_text.append("legal_basis")


def law_source(number: str, title: str) -> dict[str, str]:
    """Return a law as an author writes it; without a number its title stands for it."""
    return {"name": number or title, **({"title_vi": title} if number and title and title != number else {})}


def put_ways(made: Imported, rows: list[WayRow]) -> None:
    """Put in fees and time limits."""
    fees, limits = fees_of(rows), limits_of(rows)
    made.source["fees"] = fees or [{"amount_vnd": None}]
    made.source["time_limits"] = limits
    made.guessed += [name for name, found in (("fees", fees), ("time_limits", limits)) if found]
