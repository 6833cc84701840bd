"""Everything wrong with one form file, in its author's terms: what pyxform and the runtime refuse, what is missing.

`bnhelper-form check` and the lints of a pack ask the same question, so they get the same answer.
"""

from dataclasses import replace
from pathlib import Path
from typing import Final

from bnhelper.authoring.form_faults import Fault, Workbook, in_sheet, in_xml, worded
from bnhelper.authoring.xlsform import ENDINGS, NoXlsForm, to_xform, workbook
from bnhelper.clock import SystemClock, province_date
from bnhelper.forms.definition import FormDefinition
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.reader import parse_form
from bnhelper.forms.secondary import Media
from bnhelper.forms.state import repeats, state
from bnhelper.forms.submission import to_xml
from bnhelper.forms.trouble import FormRefused

MISSING: Final = "no-such-file"


def check_form(path: Path, files: Media) -> tuple[FormDefinition | None, list[Fault]]:
    """Return the form when a dossier can begin with it, and everything found wrong, faults before warnings.

    `path` is an XLSForm or the XML of an XForm, `files` gives what lies beside it. Raises OSError.
    """
    book = None
    try:
        if path.suffix.lower() in ENDINGS:
            xml, found = to_xform(path)
            book = workbook(path)
        else:
            xml, found = path.read_text(encoding="utf-8-sig"), []
    except NoXlsForm as wrong:
        return None, [wrong.fault]
    missing: list[str] = []

    def noted(name: str) -> bytes | None:
        content = files(name)
        if content is None:
            missing.append(name)
        return content

    refused: list[FormRefused] = []
    form = None
    try:
        form = parse_form(xml, noted, refused)
        if not refused:
            _begin(form)
    except FormRefused as wrong:
        refused = [wrong]
    for one in refused:
        reason, place = str(one.values["reason"]), str(one.values["place"])
        found.append(in_xml(xml, reason, place) if book is None else in_sheet(book, reason, place))
    for name in missing:
        found.append(replace(in_xml(xml, MISSING, name), is_warning=True) if book is None else _asking(book, name))
    in_order = sorted(dict.fromkeys(found), key=lambda one: (one.is_warning, one.sheet != "survey", one.sheet, one.row))
    return (None if refused else form), in_order


def _begin(form: FormDefinition) -> None:
    """Do what a dossier does on a blank form. Raises FormRefused: a circle, an expression that fails on no answers."""
    clock = SystemClock()
    instance = FormInstance(form, today=lambda: province_date(clock.now()), now=clock.now, seed=1)
    for language in form.languages or ("",):
        state(instance, language)
        repeats(instance, language)
    instance.finish()
    to_xml(instance, instance_id="")


def _asking(book: Workbook, name: str) -> Fault:
    """Return a missing file with the cell that asks for it."""
    said, stem = worded(MISSING, name), Path(name).stem
    for number, row in book.rows():
        for column, cell in row.items():
            if column not in {"label", "hint"} and (name in str(cell) or f"'{stem}'" in str(cell)):
                return Fault(MISSING, said, "survey", number, column, is_warning=True)
    return Fault(MISSING, said, is_warning=True)
