"""The family's case while it is being asked: answers, the growing checklist, which question comes next."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bnhelper.catalogue.checklist import Checklist, changed, checklist
from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.procedure import Procedure
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.questions import Question, case_questions
from bnhelper.ids import FieldPath, PaperId, ProcedureCode


@dataclass(frozen=True, slots=True)
class Step:
    """One question with its place; `total` is 0 while the number of questions is not certain."""

    question: Question
    number: int
    total: int


class Case:
    """Answers one family gives about one procedure, before there is a dossier. Knows no Qt and no store."""

    def __init__(
        self,
        pack: Pack,
        code: ProcedureCode,
        answers: Mapping[FieldPath, str],
        language: str,
        *,
        today: Callable[[], dt.date],
    ) -> None:
        self.procedure: Procedure = pack.procedure(code)
        self.language = language
        self._instance = FormInstance(pack.form(code), today=today)
        for path, value in answers.items():
            self._instance.answer(path, value)
        self._before: Checklist | None = None

    def questions(self) -> list[Question]:
        """Return the questions that can still change something, as answered so far."""
        return case_questions(self._instance, self.language)

    def step(self, at: FieldPath | None) -> Step | None:
        """Return the question at `at`, or the first unanswered one; None when nothing is left to ask."""
        asked = self.questions()
        chosen = next((one for one in asked if one.path == at), None) if at else None
        if chosen is None:
            chosen = next((one for one in asked if not one.value), None)
        if chosen is None:
            return None
        number = asked.index(chosen) + 1
        is_certain = all(one.value for one in asked[: number - 1]) and number == len(asked)
        return Step(chosen, number, len(asked) if is_certain else 0)

    def after(self, path: FieldPath) -> FieldPath | None:
        """Return the next question that has no answer, after `path`."""
        asked = self.questions()
        paths = [one.path for one in asked]
        start = paths.index(path) + 1 if path in paths else 0
        return next((one.path for one in asked[start:] if not one.value), None)

    def before(self, path: FieldPath) -> FieldPath | None:
        """Return the question before `path`."""
        paths = [one.path for one in self.questions()]
        return paths[paths.index(path) - 1] if path in paths and paths.index(path) > 0 else None

    def answer(self, path: FieldPath, value: str) -> Mapping[PaperId, str]:
        """Answer one question; return what that did to the list (see `catalogue.checklist.changed`)."""
        old = self.checklist()
        self._instance.answer(path, value)
        return changed(old, self.checklist())

    def checklist(self) -> Checklist:
        return checklist(self._instance, self.procedure, self.language)

    def answers(self) -> dict[FieldPath, str]:
        """Return the answers given, for the next screen and for the dossier."""
        return {one.path: one.value for one in self.questions() if one.value}

    def open_questions(self) -> int:
        return sum(not one.value for one in self.questions())
