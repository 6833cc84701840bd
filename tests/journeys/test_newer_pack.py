"""A draft keeps its version: a newer pack comes on a stick, the family is told, one press moves the draft over."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFrame, QLabel

import resources
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.authoring.build_pack import content_from
from bnhelper.authoring.publish import Publisher, make_keys, trusted_root
from bnhelper.authoring.sources import read_sources
from bnhelper.catalogue.library import Library
from bnhelper.catalogue.pack_content import write_pack_file
from bnhelper.ids import DossierId
from bnhelper.paths import Places
from bnhelper.settings import Settings
from bnhelper.store import dossiers
from tests import factories
from ui.app import App, make_qt
from ui.demo.hands import Hands
from ui.presenters import routes
from ui.screens.settings_page import SettingsScreen

pytestmark = pytest.mark.journey
_WORD = b"tre xanh lua chin"


class Courtyard:
    """A machine with one draft begun on the shipped pack, its window, and a stick with a newer pack."""

    def __init__(self, folder: Path) -> None:
        make_qt(["test"])
        self.machine: OpenMachine = factories.machine(folder)
        self.draft: DossierId = factories.birth_dossier(self.machine)
        self.stick = folder / "stick"
        self.version = _published(self.stick, folder / "keys", self.machine)
        self.machine.library = Library.of_machine(self.machine.places.packs)
        self.machine.places.packs_root.parent.mkdir(parents=True, exist_ok=True)
        self.machine.places.packs_root.write_bytes(trusted_root(self.stick))
        self.app = App(Places(folder / "data"), settings=Settings())
        self.app.window.resize(1024, 536)
        self.app.window.show()
        self.app.opened(self.machine)
        self.hands = Hands(self.app, _pictures())

    def said(self, name: str) -> str:
        """Return every sentence of a card."""
        return "\n".join(one.text() for one in self.hands.find(name, QFrame).findChildren(QLabel))

    def answers(self) -> dict[str, str]:
        with self.machine.store.read() as db:
            return {str(path): value for path, value in dossiers.answers_of(db, self.draft).items()}

    def kept_on(self) -> str:
        with self.machine.store.read() as db:
            return dossiers.get(db, self.draft).pack_version


def _pictures() -> Path | None:
    folder = os.environ.get("BNHELPER_LOOKS")
    return Path(folder) if folder else None


def _published(stick: Path, keys: Path, machine: OpenMachine) -> str:
    """Publish a pack in which a birth costs something, wants one more paper, and has lost a paper with its questions."""
    sources = read_sources(resources.resource("procedures").parent)
    (birth,) = (json.loads(json.dumps(one, default=str)) for one in sources.procedures if one["code"] == "1.001193")
    words = {**sources.words, "everyday": {}, "retired": {}, "life_events": []}
    meta = {**sources.meta, "compiled": "2027-03-01"}
    newer = replace(sources, procedures=(_amended(birth),), stubs=(), words=words, guides=(), meta=meta)
    content = content_from(newer)
    path = stick.parent / "newer.bnpack"
    write_pack_file(content, path)
    make_keys(keys, _WORD)
    Publisher.open(stick, keys, _WORD, machine.clock.now()).publish(path)
    return content.version


def _amended(record: dict[str, Any]) -> dict[str, Any]:
    papers = [one for one in record["documents"] if one["id"] != "birth_evidence"]
    papers.append(
        {"id": "photo_of_child", "name_vi": "Ảnh cháu bé", "name_en": "Photo of the child", "kind": "submit",
         "originals": 1, "copies": 0, "when": "always"}
    )  # fmt: skip
    return {**record, "documents": papers, "fees": [{"amount_vnd": 12_000}]}


@pytest.fixture
def courtyard(tmp_path: Path) -> Iterator[Courtyard]:
    made = Courtyard(tmp_path)
    yield made
    made.app.close()
    made.app.window.deleteLater()


def test_a_draft_keeps_its_version_until_one_press_moves_it_over(courtyard: Courtyard) -> None:
    hands, begun_on, before = courtyard.hands, courtyard.kept_on(), courtyard.answers()
    hands.screen("TodayScreen")
    courtyard.app.window.go(routes.SettingsPage())
    hands.screen("SettingsScreen")
    settings = hands.page
    assert isinstance(settings, SettingsScreen)
    settings.update_from(courtyard.stick)
    hands.wait(lambda: hands.has("updated"), "the newer pack")
    assert courtyard.machine.library.newest.version == courtyard.version
    assert courtyard.kept_on() == begun_on  # nothing moves by itself
    hands.picture("newer-pack-arrived")

    courtyard.app.window.go(routes.DossierTasks(courtyard.draft))
    hands.screen("DossierTasksScreen")
    told = courtyard.said("newerPack")
    assert "01/03/2027" in told
    assert "Ảnh cháu bé" in told  # the paper that comes
    assert "12.000" in told  # the fee as it is now
    assert told.count("Không còn chỗ") == 2  # the two questions that only decided about the paper that went
    hands.picture("newer-pack-told")

    hands.click("moveToNewest")
    hands.screen("DossierTasksScreen")
    hands.wait(lambda: hands.has("leftBehind"), "the list of what has no place")
    assert not hands.has("newerPack")
    assert courtyard.kept_on() == courtyard.version
    assert courtyard.answers() == before  # every answer is still in the store, also those without a place
    left = courtyard.said("leftBehind")
    assert left.count("Không còn chỗ") == 2
    hands.picture("newer-pack-moved")

    hands.click("undoMove")
    hands.screen("DossierTasksScreen")
    hands.wait(lambda: hands.has("newerPack"), "the draft on its own version again")
    assert courtyard.kept_on() == begun_on
