"""XLSForm files (.xlsx, .xlsm, .csv, .md) to XForm, by pyxform; what is wrong is told with sheet, row and column."""

import io
import zipfile
from pathlib import Path
from typing import Final

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from bnhelper.authoring.form_faults import Fault, Workbook, of_pyxform, passed_over

ENDINGS: Final = frozenset({".xlsx", ".xlsm", ".csv", ".md"})
_MOST_BYTES: Final = 20_000_000
_MOST_UNPACKED: Final = 300_000_000  #: of a workbook, which is a zip


class NoXlsForm(ValueError):
    """An XLSForm that pyxform refuses."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.message)


def to_xform(path: Path) -> tuple[str, list[Fault]]:
    """Return the XForm of an XLSForm file, and warnings. Raises NoXlsForm."""
    content = path.read_bytes()
    _bound(content, path)
    ending = path.suffix.lower()
    try:
        result = convert(content, file_type=ending, form_name="data")
    except PyXFormError as wrong:
        if "Argument 'definition'" in str(wrong):
            said = f"{path.name}: there is no sheet 'survey' with questions in it"
            raise NoXlsForm(Fault("not-an-xlsform", said)) from wrong
        raise NoXlsForm(of_pyxform(str(wrong), Workbook.read(content, ending))) from wrong
    except (ValueError, KeyError, TypeError, AttributeError, OSError, zipfile.BadZipFile) as wrong:
        raise NoXlsForm(Fault("not-an-xlsform", f"{path.name}: {wrong}")) from wrong  # what a broken workbook sets off
    book = Workbook.read(content, ending)
    warnings = [of_pyxform(said, book, is_warning=True) for said in result.warnings]
    return result.xform, [*warnings, *passed_over(book)]


def workbook(path: Path) -> Workbook:
    """Return the sheets of an XLSForm file."""
    return Workbook.read(path.read_bytes(), path.suffix.lower())


def _bound(content: bytes, path: Path) -> None:
    if len(content) > _MOST_BYTES:
        raise NoXlsForm(Fault("too-large", f"{path.name} is larger than 20 MB"))
    if not content.strip():
        raise NoXlsForm(Fault("not-an-xlsform", f"{path.name} is empty"))
    if path.suffix.lower() in {".xlsx", ".xlsm"}:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                unpacked = sum(one.file_size for one in packed.infolist())
        except zipfile.BadZipFile as wrong:
            raise NoXlsForm(Fault("not-an-xlsform", f"{path.name} is no workbook, or damaged")) from wrong
        if unpacked > _MOST_UNPACKED:
            raise NoXlsForm(Fault("too-large", f"{path.name} unpacks to more than 300 MB"))
