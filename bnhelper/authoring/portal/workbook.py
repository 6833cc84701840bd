"""A portal record's form as the workbook an author goes on from: an XLSForm with the papers in place."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Font

from bnhelper.forms.definition import BN

_COLUMNS: Final = (
    "type",
    "name",
    "label::vi",
    "label::en",
    "hint::vi",
    "hint::en",
    "required",
    "required_message::vi",
    "required_message::en",
    "relevant",
    "constraint",
    "constraint_message::vi",
    "constraint_message::en",
    "calculation",
    "appearance",
    "bind::bn:kind",
    "bind::bn:originals",
    "bind::bn:copies",
    "bind::bn:certain",
    "bind::bn:when_vi",
)
_APPLICANT: Final = (
    {
        "type": "text",
        "name": "full_name",
        "label::vi": "Họ, chữ đệm, tên",
        "label::en": "Full name",
        "hint::vi": "Viết như trên căn cước",
        "hint::en": "As on the ID card",
        "required": "yes",
        "required_message::vi": "Nhập: họ, chữ đệm, tên",
        "required_message::en": "Enter: full name",
    },
    {
        "type": "text",
        "name": "id_number",
        "label::vi": "Số định danh cá nhân",
        "label::en": "Personal ID number",
        "hint::vi": "12 chữ số",
        "hint::en": "12 digits",
        "required": "yes",
        "required_message::vi": "Nhập: số định danh cá nhân",
        "required_message::en": "Enter: personal ID number",
        "constraint": "regex(., '^[0-9]{12}$')",
        "constraint_message::vi": "Số định danh có 12 chữ số",
        "constraint_message::en": "The number has 12 digits",
        "appearance": "bn-id-number",
    },
)
_CHOICES: Final = (("yes", "Có", "Yes"), ("no", "Không", "No"), ("unknown", "Không rõ", "Not sure"))


def write_workbook(source: Mapping[str, Any], path: Path) -> None:
    """Write the form of an imported source; a paper that is not always needed stands there as perhaps needed.

    Its `bind::bn:certain` is `false()` until the author has said when it surely is.
    """
    book = Workbook()
    survey = book.active
    assert survey is not None
    survey.title = "survey"
    _append(survey, _COLUMNS, is_head=True)
    for row in _rows(source):
        _append(survey, [row.get(column) for column in _COLUMNS])
    choices = book.create_sheet("choices")
    _append(choices, ("list_name", "name", "label::vi", "label::en"), is_head=True)
    for value, vi, en in _CHOICES:
        _append(choices, ("yes_no_unknown", value, vi, en))
    settings = book.create_sheet("settings")
    _append(settings, ("form_title", "form_id", "version", "default_language", "namespaces"), is_head=True)
    _append(settings, (source["name_vi"], source["code"], "1", "vi", f'bn="{BN}"'))
    for sheet in book:
        sheet.freeze_panes = "C2" if sheet.title == "survey" else "A2"
        for column, width in (("A", 26), ("B", 18), ("C", 60), ("D", 40)):
            sheet.column_dimensions[column].width = width
    book.save(path)


def _rows(source: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        *_group("case", "Trường hợp của ông/bà", "Your case", [_question()]),
        *_group("documents", "Thành phần hồ sơ", "Dossier components", [_paper(one) for one in source["documents"]]),
        *_group("applicant", "Người nộp hồ sơ", "Applicant", list(_APPLICANT)),
    ]


def _group(name: str, vi: str, en: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"type": "begin_group", "name": name, "label::vi": vi, "label::en": en},
        *rows,
        {"type": "end_group"},
    ]


def _question() -> dict[str, Any]:
    """Return a question to be written over: an empty group would be none."""
    return {
        "type": "select_one yes_no_unknown",
        "name": "first_question",
        "label::vi": "VIẾT LẠI: câu hỏi quyết định giấy tờ nào cần",
        "label::en": "WRITE ANEW: the question that decides about papers",
    }


def _paper(paper: Mapping[str, Any]) -> dict[str, Any]:
    row = {
        "type": "acknowledge",
        "name": paper["id"],
        "label::vi": paper["name_vi"],
        "label::en": paper["name_en"] or paper["name_vi"],
        "bind::bn:kind": paper["kind"],
        "bind::bn:originals": str(paper["originals"]),
        "bind::bn:copies": str(paper["copies"]),
    }
    if paper["when"] != "always":
        row["bind::bn:certain"] = "false()"
        row["bind::bn:when_vi"] = paper.get("when_vi") or "chưa soát điều kiện"
    return row


def _append(sheet: Any, cells: Any, *, is_head: bool = False) -> None:
    """Append a row; a text of the portal that begins as a formula does stays a text."""
    sheet.append(list(cells))
    for cell in sheet[sheet.max_row]:
        if isinstance(cell.value, str):
            cell.data_type = "s"
        if is_head:
            cell.font = Font(bold=True)
