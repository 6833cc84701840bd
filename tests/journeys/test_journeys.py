"""J2, J3, J5, J6, J7 and J9 of the design, through real widgets, against the real intake on loopback.

The tests of this file are one story in order: each stands on what the one before left.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit

from bnhelper.domain.custody import StatusKey
from bnhelper.ids import DossierId
from bnhelper.paths import Places
from bnhelper.queries.dossier_list import dossier, dossier_list
from bnhelper.settings import Settings
from tests.journeys.gui_watch import Watch, watching
from ui.app import App, make_qt
from ui.demo.hands import Hands
from ui.demo.play import Play

pytestmark = pytest.mark.journey


class Story:
    """What the tests hand on."""

    def __init__(self, play: Play, watch: Watch) -> None:
        self.play = play
        self.watch = watch
        self.dossier = DossierId("")
        self.receipt = Path()
        self.round_trip = False


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    make_qt(["test"])
    folder = tmp_path_factory.mktemp("journey")
    with watching() as watch:
        play = Play(folder, folder / "out", is_fast=True, say=lambda _words: None)
        play.hands = Hands(play.app, None)  # a picture of every step is for people who look on
        play._set_up()
        yield Story(play, watch)
        watch.is_on = False
        play.close()


def test_j2_a_resident_is_told_which_papers_without_a_dossier(story: Story) -> None:
    story.play._find_and_ask()
    desk = story.play.app.desk
    assert desk is not None
    (row,) = dossier_list(desk.machine).rows
    assert row.status is StatusKey.DRAFT
    assert row.procedure == "1.001193"


def test_j3_a_dossier_is_captured_in_one_sitting(story: Story) -> None:
    story.dossier = story.play._capture()
    desk = story.play.app.desk
    assert desk is not None
    assert dossier(desk.machine, story.dossier).applicant == "NGUYỄN THỊ HOÀ"


def test_j9_the_work_goes_on_where_it_was_left_after_the_program_was_gone(story: Story) -> None:
    play = story.play
    play.hands.screen("DossierTasksScreen")
    play.hands.click("row_mother")
    play.hands.screen("QuestionScreen")
    with story.watch.off():
        play.app.close()
    play.app = App(Places(play._folder / "machine"), pace=play.app._pace, settings=Settings())
    play.app.window.show()
    play.hands = Hands(play.app, None)
    play.hands.screen("UnlockScreen")
    play.hands.type(play.hands.find("secretField", QLineEdit), play._key)
    play.hands.click("primaryAction")
    play.hands.screen("TodayScreen")
    play.hands.click("resume")
    play.hands.screen("QuestionScreen")
    play.hands.settle()
    assert "Thông tin người mẹ" in play.hands.page.title.text()
    play.hands.click("backAction")
    play.hands.screen("TodayScreen")
    from ui.presenters.routes import DossierTasks

    play.app.window.go(DossierTasks(story.dossier))


def test_j5_the_receipt_says_that_it_is_locked_and_not_sent(story: Story) -> None:
    story.play.hands = Hands(story.play.app, story.play._out)
    story.receipt = story.play._lock(story.dossier)
    assert [name.partition("-")[2] for name in story.play.hands.screens] == [
        "check.png",
        "receipt.png",
        "sync-offline.png",
    ]
    story.play.hands = Hands(story.play.app, None)
    content = story.receipt.read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(content) > 5_000


def test_j6_everything_is_sent_when_the_network_is_back_even_through_a_cut(story: Story) -> None:
    story.play._send_through_a_cut(story.dossier)
    desk = story.play.app.desk
    assert desk is not None
    assert dossier(desk.machine, story.dossier).status is StatusKey.DELIVERED


def test_j7_a_supplement_opens_exactly_what_was_asked_and_goes_back(story: Story) -> None:
    story.round_trip = story.play._supplement(story.dossier)
    assert story.round_trip


def test_what_the_demo_claims_is_so_on_both_sides(story: Story) -> None:
    story.play._result(story.dossier)
    played = story.play._judge(story.dossier, story.receipt, story.round_trip)
    assert played.wrong == []
    said = json.loads(json.dumps(played.summary))
    assert said["status"] == "result"
    assert all(one["sha256_device"] == one["sha256_server"] for one in said["photos"])
    assert said["bytes_sent_twice"] <= 256 * 1024


def test_nothing_of_it_kept_the_thread_that_draws_waiting(story: Story) -> None:
    story.watch.judge()
