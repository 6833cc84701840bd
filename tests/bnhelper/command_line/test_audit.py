"""`bnhelper-store audit`: what an inspector sees with the exported file and the public key, and nothing else."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from bnhelper.actions.attach_photo import attach_photo
from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.command_line.store import main
from bnhelper.ids import PaperId
from bnhelper.paths import Places
from tests import factories


def _worked(folder: Path) -> Places:
    machine = factories.machine(folder)
    dossier = factories.birth_dossier(machine)
    attach_photo(machine, dossier, PaperId("birth_evidence"), factories.png())
    lock_dossier(machine, dossier)
    machine.close()
    return machine.places


def _exported(folder: Path) -> Path:
    places = _worked(folder)
    log = folder / "log.jsonl"
    assert main(["audit", "export", str(log), "--folder", str(places.root), "--key-file", str(folder / "key")]) == 0
    return log


def test_an_export_is_verified_by_a_process_that_has_only_the_two_files(tmp_path: Path) -> None:
    log = _exported(tmp_path / "machine")
    desk = tmp_path / "inspector"
    desk.mkdir()
    for path in (log, log.with_name("log.key.json")):
        path.rename(desk / path.name)
    said = subprocess.run(
        [sys.executable, "-m", "bnhelper.command_line.store", "audit", "verify", str(desk / "log.jsonl"), "--json"],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3], timeout=120,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    found = json.loads(said.stdout)
    assert found["broken"] is None
    deeds = [json.loads(line)["link"]["deed"] for line in (desk / "log.jsonl").read_text().splitlines()[:-1]]
    assert deeds == [
        "machine-made", "dossier-begun", "consent-given", "photo-kept", "dossier-sealed", "unlocked", "log-exported",
    ]  # fmt: skip
    assert found["links"] == len(deeds)


def test_the_first_broken_link_is_named_and_what_is_wrong_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = _exported(tmp_path)
    lines = log.read_text(encoding="utf-8").splitlines()
    del lines[2]
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["audit", "verify", str(log)]) == 1
    said = capsys.readouterr().out
    assert "FIRST BROKEN LINK: 3 (line 3): a link was taken out" in said
    assert "links 1 to 2 hold" in said


def test_a_later_export_continues_an_earlier_one_and_a_rewritten_one_does_not(tmp_path: Path) -> None:
    early = _exported(tmp_path)
    folder, key = str(tmp_path / "data"), str(tmp_path / "key")
    late = tmp_path / "late.jsonl"
    assert main(["audit", "export", str(late), "--folder", folder, "--key-file", key]) == 0
    assert main(["audit", "verify", str(late), "--earlier", str(early)]) == 0
    assert main(["audit", "verify", str(early), "--earlier", str(late)]) == 1


def test_nothing_is_written_over_and_unreadable_files_are_said(tmp_path: Path) -> None:
    log = _exported(tmp_path)
    folder, key = str(tmp_path / "data"), str(tmp_path / "key")
    assert main(["audit", "export", str(log), "--folder", folder, "--key-file", key]) == 2
    assert main(["audit", "verify", str(tmp_path / "none.jsonl"), "--key", str(log.with_name("log.key.json"))]) == 2
    assert main(["audit", "verify", str(log), "--key", str(log)]) == 2


def test_nothing_of_a_resident_is_in_the_export(tmp_path: Path) -> None:
    said = _exported(tmp_path).read_text(encoding="utf-8")
    for planted in ("NGUYỄN", "HOÀ", "027190000002", "0912345678", "Phúc Long", "Vũ Đức Đạt"):
        assert planted not in said


def test_a_deed_that_fails_leaves_no_link(machine: OpenMachine) -> None:
    with machine.store.read() as db:
        before = db.execute(text("SELECT count(*) FROM audit")).scalar_one()
    dossier = factories.birth_dossier(machine, is_filled=False)
    with pytest.raises(Exception, match="incomplete"):
        lock_dossier(machine, dossier)
    with machine.store.read() as db:
        deeds = db.execute(text("SELECT body FROM audit WHERE seq > :n"), {"n": before}).scalars().all()
    assert [json.loads(one)["deed"] for one in deeds] == ["dossier-begun", "consent-given"]
