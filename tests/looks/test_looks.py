"""Every screen in both languages, three themes, three sizes: nothing is cut, nothing scrolls sideways.

With BNHELPER_LOOKS=FOLDER in the environment the pictures are kept there, to be looked at.
"""

import itertools
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from bnhelper.actions.answer_question import answer_questions
from bnhelper.actions.attach_photo import attach_photo
from bnhelper.actions.data_rights import ask_about_data, set_hold
from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.actions.manage_people import add_person, hand_over, revoke_person
from bnhelper.actions.record_visit import record_visit
from bnhelper.actions.team_counts import write_counts
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.clock import SystemClock
from bnhelper.domain.custody import OutboxState
from bnhelper.domain.data_rights import HoldReason, RequestKind
from bnhelper.domain.people import Role
from bnhelper.domain.visits import Outcome
from bnhelper.ids import FieldPath, PaperId, ProcedureCode
from bnhelper.paths import Places
from bnhelper.queries.today import DateInDoubt, today
from bnhelper.settings import Settings
from bnhelper.store import outbox, server_truth
from bnhelper.vault.keys import Passphrase
from tests import factories, states
from tests.fakes.metered_network import MeteredNetwork
from tests.looks.eyes import press, settle
from tests.visits import LISTED, home_id, listed, visited
from ui.app import App, make_qt
from ui.devices.link_cost import LinkCost
from ui.presenters import routes

pytestmark = pytest.mark.looks
_CODE = ProcedureCode("1.001193")
_SIZES = [(1366, 768, 100), (1024, 536, 100), (900, 430, 125), (1366, 768, 150)]


def _dresses() -> Iterator[Any]:
    """Give every language, theme and size; what a theme changes has no width and English is the shorter one, so most wait for the night."""
    sample = {("vi", "outdoor", _SIZES[3]), ("en", "dark", _SIZES[2]), ("en", "light", _SIZES[1])}
    for language, theme, size in itertools.product(("vi", "en"), ("light", "dark", "outdoor"), _SIZES):
        is_sampled = (language, theme) == ("vi", "light") or (language, theme, size) in sample
        yield pytest.param(
            language,
            theme,
            size,
            id=f"{language}-{theme}-{'x'.join(map(str, size))}",
            marks=[] if is_sampled else [pytest.mark.long],
        )


class World:
    """One app with a draft, a sealed dossier, and one that an officer asks about."""

    def __init__(self, folder: Path) -> None:
        make_qt(["test"])
        machine = factories.machine(folder, SystemClock())
        self.draft = factories.birth_dossier(machine, is_filled=False, has_consent=False)
        self.asked = factories.birth_dossier(machine)
        attach_photo(machine, self.asked, PaperId("birth_evidence"), factories.png(side=64))
        lock_dossier(machine, self.asked)
        self.sealed = factories.birth_dossier(machine)
        attach_photo(machine, self.sealed, PaperId("birth_evidence"), factories.png(side=64, extra=b"w" * 900_000))
        lock_dossier(machine, self.sealed)
        _ask(machine, self.asked)
        places = "/data/declaration/mother/residence constraint, /data/applicant/full_name constraint"
        self.returned = states.held(machine, "invalid", places)
        states.held(machine, "bad-signature")
        self.filled = factories.birth_dossier(machine)
        attach_photo(machine, self.filled, PaperId("birth_evidence"), factories.png(side=64))
        self.begun = factories.birth_dossier(machine, is_filled=False, has_consent=False)
        known = {FieldPath(f"/data/applicant/{name}"): value for name, value in factories._PERSON.items()}
        answer_questions(machine, self.begun, known | {FieldPath("/data/declaration/father/is_known"): "yes"})
        add_person(
            machine, "Nguyễn Thị Thanh Hương", Role.VOLUNTEER, Passphrase("hoa gạo tháng ba"), cost=factories.CHEAP
        )
        gone = add_person(
            machine, "Lê Văn Trưởng", Role.VOLUNTEER, Passphrase("một sớm mùa xuân"), cost=factories.CHEAP
        )
        hand_over(machine, factories.birth_dossier(machine), gone)
        revoke_person(machine, gone)
        listed(machine, homes=6)
        visited(machine, 0, "later", "Nguyễn Anh Tuấn", "2026-11-23T02:10:00.000Z", "Chiều mai có con gái ở nhà")
        visited(machine, 3, "met", "Nguyễn Anh Tuấn", "2026-11-23T02:40:00.000Z")
        record_visit(machine, LISTED, home_id(2), Outcome.NO_NEED)
        self.counts = write_counts(machine)
        for kind in (RequestKind.WITHDRAW, RequestKind.ERASE):
            ask_about_data(machine, self.filled, kind)
        set_hold(machine, self.asked, HoldReason.INSPECTION)
        self.app = App(Places(folder / "data"), settings=Settings())
        self.app.window.show()
        self.app._link = LinkCost(self.app, MeteredNetwork(), told=self.app._judge_link)
        self.app.opened(machine)
        assert self.app.desk is not None
        self.app.desk.backups.make()

    def routes(self) -> list[routes.Route]:
        case = {FieldPath(f"/data/case/{name}"): value for name, value in factories.CASE.items()}
        return [
            routes.Today(),
            routes.FindProcedure("khai sinh"),
            routes.FindProcedure("ly hôn"),
            routes.ProcedurePage(_CODE),
            routes.CaseQuestion(_CODE),
            routes.PersonalChecklist(_CODE, case),
            routes.DossierTasks(self.draft),
            routes.Question(self.draft, "applicant"),
            routes.ScanCard(self.draft),
            routes.TakePhoto(self.draft),
            routes.Consent(self.draft),
            routes.Consent(self.begun),
            routes.CheckAnswers(self.draft),
            routes.ReceiptPage(self.sealed),
            routes.DossierList(),
            routes.Visits(LISTED),
            routes.Visits(LISTED, home_id(1)),
            routes.SupplementPage(self.asked),
            routes.SyncCentre(),
            routes.SupplementPage(self.returned),
            routes.CarryByUsb(),
            routes.CarryByUsb(self.sealed),
            routes.ShowChain(self.sealed),
            routes.ReadChain(),
            routes.SignInPage(),
            routes.TakeIn(),
            routes.SendToWard(),
            routes.SettingsPage(),
            routes.Help(),
            routes.FindProcedure("bóng đá hôm nay"),
            routes.FindProcedure(),
            routes.TakePhoto(self.filled),
            routes.CheckAnswers(self.filled),
            routes.Question(self.filled, "applicant"),
            routes.Question(self.begun, "mother"),
            routes.Question(self.begun, "father", 1),
            routes.DossierList("sendfail"),
            routes.DossierList("result"),
            routes.GuidePage("scams"),
            routes.FindProcedure("bị lừa đảo"),
            routes.PeoplePage(),
            routes.DataRights(self.filled),
            routes.DataRights(self.asked),
            routes.DossierHistoryPage(self.filled),
            routes.Recover(),
            routes.Restore(),
            routes.Today(),
            routes.LeaderCounts(self.counts),
            routes.Unlock(),
            routes.FirstRun(),
        ]


def _ask(machine: OpenMachine, dossier: str) -> None:
    with machine.store.write() as db:
        outbox.move(db, 1, OutboxState.SENDING, has_left=True)
        outbox.move(db, 1, OutboxState.PROVED, proved_at="2026-11-23T03:10:00.000Z", office_number="H05.27-261123-0001")
        server_truth.apply(
            db,
            {
                "seq": 1,
                "dossier": dossier,
                "rev": 1,
                "state": "needs_info",
                "at": "2026-11-23T04:00:00.000Z",
                "officer": "Bà Hạnh, bộ phận một cửa phường Kinh Bắc",
                "request": {
                    "id": "0199a3f0-1111-7abc-8def-0123456789ab",
                    "deadline": "2026-11-30T10:00:00.000Z",
                    "fields": ["/data/declaration/mother/residence"],
                    "papers": ["birth_evidence"],
                    "note": "Ảnh giấy chứng sinh mờ, đề nghị chụp lại. Ghi rõ thôn nơi cư trú của mẹ.",
                },
            },
        )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("looks"))
    yield made
    made.app.close()
    made.app.window.close()


@pytest.mark.parametrize(("language", "theme", "size"), list(_dresses()))
def test_nothing_is_cut_and_nothing_scrolls_sideways(
    world: World, language: str, theme: str, size: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = world.app
    assert app.desk is not None
    width, height, percent = size
    app.change_settings(Settings(language=language, theme=theme, text_percent=percent))
    app.window.resize(width, height)
    folder = os.environ.get("BNHELPER_LOOKS")
    for number, route in enumerate(world.routes()):
        with monkeypatch.context() as patched:
            if isinstance(route, routes.Today) and number:  # the second time: the clock went ahead, much is overdue
                patched.setattr(
                    "ui.screens.today.today", lambda machine: replace(today(machine), in_doubt=DateInDoubt(365, 3))
                )
                patched.setattr(app.desk.overdue, "total", 3_200)
                patched.setattr(app.desk.overdue, "gone_through", 1_240)
            app.window.home(route)
            settle(app)
        page = app.window.page
        assert page is not None
        if isinstance(route, routes.Consent) and route.dossier == world.begun:
            press(app, "giver_representative")
        if isinstance(route, routes.Question) and route.dossier == world.draft:
            page.do_primary()  # nothing is filled in: the state with its errors
            settle(app)
        name = type(route).__name__
        assert app.window.width() == width, f"{name} forces the window to {app.window.width()}"
        inside = page.scroller.widget()
        assert inside is not None
        assert inside.minimumSizeHint().width() <= page.scroller.viewport().width() + 1, f"{name} is too wide"
        assert page.title.text(), name
        for one in page.findChildren(QAbstractButton):
            if one.isVisibleTo(page) and one.text() and one.property("kind") != "row":
                assert one.width() >= min(one.sizeHint().width(), one.minimumSizeHint().width()), (
                    f"{name}: {one.text()}"
                )
                assert one.fontMetrics().horizontalAdvance(one.text()) <= one.width() - 8, f"{name}: cut: {one.text()}"
        for one in app.window.findChildren(QAbstractButton):
            if one.objectName().startswith(("rail_", "bottomBar_")) and one.isVisible():
                room = one.width() - (0 if one.icon().isNull() else one.iconSize().width()) - 12
                room -= 12 if one.objectName().startswith("rail_") else 0
                font = QFont(one.font())
                font.setBold(one.isChecked())  # as the style sheet writes the chosen place
                assert QFontMetrics(font).horizontalAdvance(one.text()) <= room, f"rail: cut: {one.text()}"
        for words in page.findChildren(QLabel):
            if words.isVisibleTo(page) and words.text() and words.wordWrap() and words.width() > 20:
                assert words.height() + 1 >= words.heightForWidth(words.width()), f"{name}: cut: {words.text()[:60]}"
        for any_one in page.findChildren(QWidget):
            if (
                any_one.isVisibleTo(page)
                and any_one.focusPolicy().value & 1
                and any_one.isEnabled()
                and not any_one.focusProxy()
            ):
                is_inner = any_one.objectName().startswith("qt_") or not any_one.objectName()
                said = any_one.accessibleName() or (any_one.text() if isinstance(any_one, QAbstractButton) else "")
                assert said or is_inner, f"{name}: {type(any_one).__name__} {any_one.objectName()} has no name"
        if folder:
            path = Path(folder) / f"{language}-{theme}-{width}x{height}-{percent}-{number:02}-{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            app.window.grab().save(str(path))
