"""A set-up that is cut off at any step leaves no machine, and the next one begins anew."""

from pathlib import Path

import pytest

from bnhelper.actions import unlock_machine as module
from bnhelper.actions.attach_photo import attach_photo
from bnhelper.actions.unlock_machine import machine_exists, unlock_machine
from bnhelper.catalogue.library import Library
from bnhelper.ids import PaperId
from bnhelper.paths import Places
from bnhelper.vault.key_copies import KeysDamaged
from bnhelper.vault.keys import KeyFile
from tests import factories
from tests.fakes.clock import FixedClock


class PowerCutError(BaseException):
    """What no `except Exception` catches."""


def _cut(*_args: object, **_more: object) -> None:
    raise PowerCutError


@pytest.mark.parametrize(
    "step", ["open_store", "installation.put", "people.add", "_opened", "key_copies.put_in_place"], ids=str
)
def test_the_next_set_up_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    place, _, name = step.rpartition(".")
    with monkeypatch.context() as patch:
        patch.setattr(getattr(module, place) if place else module, name, _cut)
        with pytest.raises(PowerCutError):
            factories.machine(tmp_path)
    places = Places(tmp_path / "data")
    assert not machine_exists(places)
    (tmp_path / "key").unlink()
    factories.machine(tmp_path).close()
    again = unlock_machine(places, KeyFile(tmp_path / "key"), library=Library.shipped(), clock=FixedClock())
    assert again.profile.person == "Vũ Đức Đạt"
    again.close()
    assert not places.keys_in_the_making.exists()


def test_a_store_whose_keys_are_gone_is_never_taken_away(tmp_path: Path) -> None:
    factories.machine(tmp_path).close()
    places = Places(tmp_path / "data")
    places.keys.rename(tmp_path / "kept-elsewhere.json")
    places.keys_copy.unlink()
    before = places.store.read_bytes()
    (tmp_path / "key").unlink()
    for _again in range(2):
        with pytest.raises(KeysDamaged):
            factories.machine(tmp_path)
        (tmp_path / "key").unlink()
    assert places.store.read_bytes() == before


def test_photos_whose_machine_is_gone_are_set_aside_and_never_taken_away(tmp_path: Path) -> None:
    machine = factories.machine(tmp_path)
    attach_photo(machine, factories.birth_dossier(machine), PaperId("birth_evidence"), factories.png(3))
    machine.close()
    places, kept = machine.places, tmp_path / "kept-elsewhere"
    kept.mkdir()
    before = {one.name: one.read_bytes() for one in places.photos.iterdir()}
    for one in (places.keys, places.keys_copy, places.store):
        one.rename(kept / one.name)
    (tmp_path / "key").rename(kept / "key")
    factories.machine(tmp_path).close()
    (aside,) = places.root.glob("before-set-up-*")
    assert {one.name: one.read_bytes() for one in aside.iterdir()} == before
    assert list(places.photos.iterdir()) == []
