"""XLSForms: turned into XForms by pyxform, and faults told in the author's terms (sheet, row, column)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import get_xlsform
from pyxform.xls2xform import convert

ENDINGS: Final = frozenset({".xlsx", ".xlsm", ".csv", ".md"})
_MOST_BYTES: Final = 20_000_000
_ROW: Final = re.compile(r"\[row : (\d+)\]\s*")
_SHEET: Final = re.compile(r"On the '(\w+)' sheet, the '([^']+)'")
#: any path down to its last step, so that expressions compare with what stands in the sheet
_PATH: Final = re.compile(r"(?:current\(\)/)?(?:\.\./|\./|/)(?:[\w.\-]+/|\.\./)*([\w.\-]+)")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a form; sheet, row and column where they are known (rows count from 1, the heading)."""

    code: str
    message: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    is_warning: bool = False


class NoXlsForm(Exception):
    """An XLSForm that pyxform refuses."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.message)


def to_xform(path: Path) -> tuple[str, list[Fault]]:
    """Return the XForm of an XLSForm file, and pyxform's warnings. Raises NoXlsForm."""
    content = path.read_bytes()
    if len(content) > _MOST_BYTES:
        raise NoXlsForm(Fault("too-large", f"{path.name} is larger than 20 MB"))
    try:
        result = convert(content, file_type=path.suffix.lower(), form_name="data")
    except PyXFormError as wrong:
        raise NoXlsForm(_searched(path, _fault(str(wrong), "xlsform"))) from wrong
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as wrong:  # what a broken workbook sets off
        raise NoXlsForm(Fault("not-an-xlsform", f"{path.name}: {wrong}")) from wrong
    return result.xform, [_fault(said, "xlsform", is_warning=True) for said in result.warnings]


def _fault(said: str, code: str, *, is_warning: bool = False) -> Fault:
    row, place = _ROW.search(said), _SHEET.search(said)
    return Fault(
        code,
        _ROW.sub("", said),
        sheet=place.group(1) if place else "survey" if row else "",
        row=int(row.group(1)) if row else 0,
        column=place.group(2) if place else "",
        is_warning=is_warning,
    )


def _searched(path: Path, fault: Fault) -> Fault:
    """Return a fault with the first cell of the survey that is the very word it quotes."""
    quoted = set(re.findall(r"'([^']+)'", fault.message))
    if fault.row or not quoted:
        return fault
    for number, row in enumerate(_survey(path), start=2):
        for column, cell in row.items():
            if cell in quoted:
                return replace(fault, sheet="survey", row=number, column=column)
    return fault


def _survey(path: Path) -> Sequence[Mapping[str, str]]:
    try:
        return get_xlsform(path.read_bytes(), file_type=path.suffix.lower()).survey or ()
    except (PyXFormError, ValueError, KeyError):
        return ()


def located(path: Path, code: str, place: str) -> Fault:
    """Return a fault of the runtime with the cell it comes from; `place` is "PATH: EXPRESSION" or a path."""
    node, _, expression = place.partition(": ")
    name = node.rpartition("/")[2]
    for number, row in enumerate(_survey(path), start=2):
        if row.get("name") == name:
            return Fault(code, place, "survey", number, _column(row, expression))
    return Fault(code, place)


def _column(row: Mapping[str, str], expression: str) -> str:
    if not expression:
        return "name"
    wanted = _plain(expression)
    for column, cell in row.items():
        said = _plain(str(cell))
        if said and (said == wanted or (len(wanted) > 20 and said.startswith(wanted)) or wanted in said):
            return column
    return ""


def _plain(said: str) -> str:
    said = re.sub(r"\$\{([^}]*)\}", r"\1", said)
    return re.sub(r"\s+", "", _PATH.sub(r"\1", said))
