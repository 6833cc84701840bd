"""`bnhelper-store recovery`: the whole way, from two officers' keys to a machine that opens again."""

from pathlib import Path

import pytest

from bnhelper.command_line.store import main
from tests import factories


def _words(folder: Path, name: str, words: str) -> str:
    path = folder / name
    path.write_text(f"{words}\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    folder = tmp_path / "desk"
    folder.mkdir()
    for name, words in (("a", "sông cầu nước chảy"), ("b", "đồi thông gió reo")):
        secret = _words(folder, f"{name}.words", words)
        assert (
            main(["recovery", "officer", str(folder / f"{name}.json"), "--name", name, "--passphrase-file", secret])
            == 0
        )
    given = ["--officer", str(folder / "a.pub.json"), "--officer", str(folder / "b.pub.json")]
    assert main(["recovery", "ward", str(folder / "ward.json"), "--ward", "Phường Kinh Bắc", *given]) == 0
    return folder


def _opening(desk: Path, folder: Path, *, second: str = "b.words") -> list[str]:
    return [
        "recovery", "open", "--folder", str(folder),
        "--officer", str(desk / "a.json"), "--passphrase-file", str(desk / "a.words"),
        "--officer", str(desk / "b.json"), "--passphrase-file", str(desk / second),
        "--new-key-file", str(desk / "new.key"),
    ]  # fmt: skip


def test_a_machine_opens_again_by_both_officers(tmp_path: Path, desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    machine = factories.machine(tmp_path)
    dossier = factories.birth_dossier(machine)
    machine.close()
    folder, key = machine.places.root, tmp_path / "key"
    assert main(["recovery", "set", str(desk / "ward.json"), "--folder", str(folder), "--key-file", str(key)]) == 0
    assert "these two officers together" in capsys.readouterr().out
    key.unlink()
    assert main(_opening(desk, folder, second="a.words")) == 2
    assert not (desk / "new.key").exists()
    assert main(_opening(desk, folder)) == 0
    assert main(["check", str(folder), "--key-file", str(desk / "new.key")]) == 0
    log = tmp_path / "log.jsonl"
    assert main(["audit", "export", str(log), "--folder", str(folder), "--key-file", str(desk / "new.key")]) == 0
    said = log.read_text(encoding="utf-8")
    assert '"deed":"recovered"' in said
    assert '"deed":"recovery-key-set"' in said
    assert dossier in said


def test_one_officer_is_not_enough_and_nothing_is_overwritten(desk: Path, tmp_path: Path) -> None:
    assert main(["recovery", "ward", str(desk / "w2.json"), "--ward", "X", "--officer", str(desk / "a.pub.json")]) == 2
    twice = ["--officer", str(desk / "a.pub.json")] * 2
    assert main(["recovery", "ward", str(desk / "w2.json"), "--ward", "X", *twice]) == 2
    assert main(["recovery", "officer", str(desk / "a.json"), "--name", "a"]) == 2
    assert not (desk / "w2.json").exists()


def test_both_see_the_same_fingerprint(desk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--officer", str(desk / "a.pub.json"), "--officer", str(desk / "b.pub.json")]
    capsys.readouterr()
    assert main(["recovery", "ward", str(desk / "again.json"), "--ward", "Phường Kinh Bắc", *given]) == 0
    made = capsys.readouterr().out.splitlines()[-1].partition(": ")[2]
    machine = factories.machine(tmp_path)
    machine.close()
    key = str(tmp_path / "key")
    assert (
        main(["recovery", "set", str(desk / "ward.json"), "--folder", str(machine.places.root), "--key-file", key]) == 0
    )
    assert capsys.readouterr().out.splitlines()[0].partition(": ")[2] == made
    assert len(made.split()) == 8
