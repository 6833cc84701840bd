"""The questions that decide this family's papers, one a page; an answer leads on by itself."""

import json
from functools import partial

from bnhelper.clock import province_date
from bnhelper.ids import FieldPath, ProcedureCode
from ui.presenters.case import Case
from ui.presenters.kiosk import Place, Resident
from ui.presenters.kiosk_desk import KioskDesk
from ui.screens.kiosk_page import KioskPage
from ui.screens.kiosk_trouble import tell_at_kiosk
from ui.widgets.kiosk_parts import Pages, Tile


def case_of(desk: KioskDesk) -> Case:
    """Return the case as answered so far; slow, so for the worker. Raises what opening a form raises."""
    pages = desk.resident.pages
    answers: dict[str, str] = json.loads(pages.get("answers") or "{}")
    return Case(
        desk.library.newest,
        ProcedureCode(pages.get("procedure")),
        {FieldPath(path): value for path, value in answers.items()},
        desk.language,
        today=lambda: province_date(desk.clock.now()),
    )


def keep_answers(resident: Resident, case: Case) -> None:
    """Keep what was answered in the resident's session, sealed."""
    resident.pages.put("answers", json.dumps(case.answers(), ensure_ascii=False))


class KioskQuestion(KioskPage):
    """One question, its answers as tiles; "Not sure" is always among them."""

    def __init__(self, desk: KioskDesk) -> None:
        super().__init__(desk)
        self._case: Case | None = None
        self._at: FieldPath | None = None
        self.pages = Pages(columns=2, tallest=140)
        self.content.addWidget(self.pages, 1)
        at = desk.resident.pages.get("at")
        self._wanted = FieldPath(at) if at else None
        desk.work.run(lambda: case_of(desk), owner=self).then(self._begun).on_trouble(
            lambda wrong: tell_at_kiosk(self.content, wrong)
        )

    def goes_back(self) -> bool:
        before = self._case.before(self._at) if self._case is not None and self._at is not None else None
        if before is None:
            return False
        self._show(before)
        return True

    def _begun(self, case: Case) -> None:
        self._case = case
        if case.procedure.is_stub or case.step(self._wanted) is None:
            self.desk.replace(Place.PAPERS)
        else:
            self._show(self._wanted)

    def _show(self, at: FieldPath | None) -> None:
        case = self._case
        assert case is not None
        assert self.pages is not None
        step = case.step(at)
        if step is None:
            self.desk.go(Place.PAPERS)
            return
        question = step.question
        self._at = question.path
        self.desk.resident.pages.put("at", question.path)
        number = self.tr("Question %1").replace("%1", str(step.number))
        if step.total:
            number = self.tr("Question %1 of %2").replace("%1", str(step.number)).replace("%2", str(step.total))
        self.say(question.label, f"{number} · {question.hint}" if question.hint else number)
        tiles = [
            Tile(choice.label, partial(self._answer, choice.value), name=f"answer_{choice.value}")
            for choice in question.choices
        ]
        for tile, choice in zip(tiles, question.choices, strict=True):
            tile.setProperty("chosen", choice.value == question.value)
        self.pages.set_items(tiles)
        if tiles:
            tiles[0].setFocus()

    def _answer(self, value: str) -> None:
        case, at = self._case, self._at
        assert case is not None
        assert at is not None
        case.answer(at, value)
        keep_answers(self.desk.resident, case)
        following = case.after(at)
        if following is None:
            self.desk.go(Place.PAPERS)
        else:
            self._show(following)
