"""A file for the help desk: it lists what it holds, and holds nothing of anybody."""

import json
import zipfile
from pathlib import Path

import pytest

from bnhelper.actions.attach_photo import attach_photo
from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.actions.support_bundle import as_json, make_support_bundle
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.command_line.store import main
from bnhelper.errors import Bug
from bnhelper.ids import PaperId
from bnhelper.logs import Code
from bnhelper.store.backup import TargetExists
from tests import factories
from tests.fakes.clock import FixedClock

_PERSONAL = ("NGUYỄN", "HOÀ", "027190000002", "0912345678", "Phúc Long", "TRẦN MINH AN", "Đạt", "09208")


def _worked(machine: OpenMachine) -> None:
    dossier = factories.birth_dossier(machine)
    attach_photo(machine, dossier, PaperId("birth_evidence"), factories.png())
    lock_dossier(machine, dossier)
    factories.birth_dossier(machine)


def _unpacked(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as pack:
        return {name: pack.read(name).decode("utf-8") for name in pack.namelist()}


def test_it_lists_its_contents_and_counts_and_has_nothing_personal(machine: OpenMachine, tmp_path: Path) -> None:
    _worked(machine)
    logs = machine.places.root / "logs"
    logs.mkdir()
    (logs / "events.log").write_text("2026 INFO bnhelper gate closed: Why.BUSY\n", encoding="utf-8")
    made = make_support_bundle(tmp_path / "b.zip", machine.places, machine.clock, machine)
    parts = _unpacked(made.path)
    assert list(parts) == ["contents.txt", "machine.json", "events.log"] == [name for name, _size in made.entries]
    for name, size in made.entries[1:]:
        assert f"{name}  {size} B" in parts["contents.txt"]
    said = json.loads(parts["machine.json"])
    assert (said["dossiers"], said["dossiers_draft"], said["dossiers_ready"], said["photo_files"]) == (2, 1, 1, 1)
    assert said["store_version"].startswith("v")
    for word in _PERSONAL:
        assert word not in "".join(parts.values())
    with pytest.raises(TargetExists):
        make_support_bundle(tmp_path / "b.zip", machine.places, machine.clock, machine)


def test_a_machine_that_does_not_open_still_gives_what_can_be_seen_from_outside(
    machine: OpenMachine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _worked(machine)
    machine.close()
    for path in (machine.places.keys, machine.places.keys_copy):
        path.write_text("{", encoding="utf-8")
    target = tmp_path / "b.zip"
    assert main(["support-bundle", str(target), "--folder", str(machine.places.root)]) == 0
    said = json.loads(_unpacked(target)["machine.json"])
    assert said["photo_files"] == 1
    assert "dossiers" not in said
    assert "machine.json" in capsys.readouterr().out
    assert main(["support-bundle", str(target), "--folder", str(machine.places.root)]) == 2


def test_with_a_key_the_command_counts_inside(machine: OpenMachine, tmp_path: Path) -> None:
    _worked(machine)
    machine.close()
    target = tmp_path / "b.zip"
    key = ["--key-file", str(tmp_path / "key")]
    assert main(["support-bundle", str(target), "--folder", str(machine.places.root), *key]) == 0
    assert json.loads(_unpacked(target)["machine.json"])["dossiers"] == 2


@pytest.mark.parametrize("value", ["Nguyễn Thị Hoà", b"x", ["a"], Path("/home/hoa")], ids=str)
def test_a_fact_of_another_type_is_a_bug(value: object) -> None:
    with pytest.raises(Bug):
        as_json({"name": value})  # type: ignore[dict-item]
    assert as_json({"n": 1, "code": Code("x"), "none": None}) == {"n": 1, "code": "x", "none": None}


def test_no_folder_at_all_is_no_crash(tmp_path: Path) -> None:
    from bnhelper.paths import Places

    made = make_support_bundle(tmp_path / "b.zip", Places(tmp_path / "none"), FixedClock())
    assert json.loads(_unpacked(made.path)["machine.json"])["has_keys"] is False
