"""What is printed says of each paper what the screen says: counts, certified copies, and what may stand in for it."""

import datetime as dt
from html import escape

from PySide6.QtWidgets import QApplication

from bnhelper.catalogue.checklist import checklist, take_away_text
from bnhelper.forms.instance import FormInstance
from bnhelper.ids import ProcedureCode
from tests import factories
from tests.factories import SHIPPED
from ui.screens.procedure_words import alternatives_of, instead_words, paper_words
from ui.screens.sheets import checklist_sheet, procedure_sheet

_DAY = dt.date(2026, 11, 26)


def test_nothing_that_changes_what_a_family_brings_is_left_off_the_sheet(qapp: QApplication) -> None:
    pack, certified, instead = SHIPPED.newest, 0, 0
    for code in map(ProcedureCode, ("1.001193", "1.000689", "1.004837", "2.000635")):
        procedure = pack.procedure(code)
        found = checklist(FormInstance(pack.form(code), today=lambda: _DAY), procedure, "vi")
        sheet, whole = checklist_sheet(procedure, found, "vi", _DAY), procedure_sheet(procedure, "vi", _DAY)
        carried = take_away_text(procedure, found, "vi", most_bytes=100_000)
        for item in found.items:
            said = [item.name, paper_words(item), *instead_words(item)]
            assert [one for one in said if escape(one) not in sheet] == [], code
            certified += item.certified != ""
            assert carried.count("chứng thực]") >= (item.certified != "")
            for one in item.alternatives:
                instead += 1
                assert f"/ {one.name}" in carried or f"hoặc: {one.name}" in carried
        for paper in procedure.papers:
            assert [one for one in (paper.name_vi, *alternatives_of(paper, "vi")) if escape(one) not in whole] == []
    assert certified > 2
    assert instead > 1


def test_the_sheet_names_the_laws_in_force_with_what_they_are_called(qapp: QApplication) -> None:
    pack = SHIPPED.newest
    procedure = pack.procedure(factories.BIRTH)
    sheet = procedure_sheet(procedure, "vi", _DAY)
    assert "60/2014/QH13 · Luật Hộ tịch" in sheet
    assert "03/2026/QH16" not in sheet, "it holds from March 2027"
    assert "03/2026/QH16" in procedure_sheet(procedure, "vi", dt.date(2027, 3, 1))
