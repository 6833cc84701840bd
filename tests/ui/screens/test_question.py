"""What is typed while the page is being drawn anew stays on the screen, and goes to the disk."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit

from bnhelper.ids import DossierId, FieldPath
from bnhelper.queries.dossier_history import dossier_history
from bnhelper.queries.dossier_tasks import QuestionPage, question_page
from tests import factories
from tests.ui.door import At
from ui.presenters import routes
from ui.screens.question import QuestionScreen

_DETAIL = FieldPath("/data/applicant/address_detail")


@pytest.fixture
def at(tmp_path: Path) -> Iterator[At]:
    machine = factories.machine(tmp_path)
    factories.birth_dossier(machine)
    machine.close()
    opened = At(tmp_path)
    opened.enter()
    yield opened
    opened.close()


def _screen(at: At) -> tuple[QuestionScreen, DossierId]:
    desk = at.app.desk
    assert desk is not None
    with desk.machine.store.read() as db:
        dossier = DossierId(str(db.exec_driver_sql("SELECT id FROM dossiers").scalar_one()))
    at.app.window.go(routes.Question(dossier, "applicant", 1))
    at.hands.screen("QuestionScreen")
    page = at.hands.page
    assert isinstance(page, QuestionScreen)
    return page, dossier


def _kept(at: At, dossier: DossierId) -> QuestionPage:
    desk = at.app.desk
    assert desk is not None
    return question_page(desk.machine, dossier, "applicant", 1, "en")


def _value(page: QuestionPage, path: FieldPath) -> str:
    return next(one.value for one in page.questions if one.path == path)


def test_half_typed_words_survive_another_answer_that_changes_the_page(at: At) -> None:
    screen, dossier = _screen(at)
    before = _kept(at, dossier)
    line = at.hands.find("field_address_detail", QLineEdit)
    line.setFocus()
    line.setText("Thôn Đông")  # a pause has not come yet
    screen._draw(replace(before, questions=before.questions[1:]))  # one question more or less: every field is new
    line = at.hands.find("field_address_detail", QLineEdit)
    assert line.text() == "Thôn Đông"
    at.hands.settle()  # it may be saved by now, and the page drawn anew
    assert at.hands.find("field_address_detail", QLineEdit).text() == "Thôn Đông"
    assert _value(_kept(at, dossier), _DETAIL) == "Thôn Đông"


def test_an_answer_on_its_way_is_not_drawn_over_by_what_was_read_before_it(at: At) -> None:
    screen, dossier = _screen(at)
    before = _kept(at, dossier)
    line = at.hands.find("field_address_detail", QLineEdit)
    at.hands.find("field_phone", QLineEdit).setFocus()
    line.setText("Thôn Tây")
    screen.may_leave()  # handed out; the worker has not come to it
    screen._draw(before)
    assert line.text() == "Thôn Tây"
    at.hands.settle()
    assert line.text() == "Thôn Tây"
    assert screen._given == {}
    assert _value(_kept(at, dossier), _DETAIL) == "Thôn Tây"


def test_each_of_two_answers_in_a_row_stands_in_the_journal(at: At) -> None:
    screen, dossier = _screen(at)
    line = at.hands.find("field_address_detail", QLineEdit)
    for word in ("Thôn Nam", "Thôn Bắc"):
        line.setText(word)
        screen.may_leave()
    at.hands.settle()
    desk = at.app.desk
    assert desk is not None
    told = str(dossier_history(desk.machine, dossier, "en"))
    assert "Thôn Nam" in told
    assert "Thôn Bắc" in told
    assert line.text() == "Thôn Bắc"
