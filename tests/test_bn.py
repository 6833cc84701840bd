"""The door: quick, honest about what it cannot do, and silent on stdout but for its job."""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import bn

_ROOT = Path(__file__).resolve().parents[1]


def _bn(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(_ROOT / "bn.py"), *arguments], capture_output=True, text=True, check=False, cwd=_ROOT
    )


def test_help_lists_every_verb() -> None:
    said = _bn("help")
    assert said.returncode == 0
    for verb in ("demo", "test", "check", "run", "intake", "bench", "find", "checklist"):
        assert verb in said.stdout


@pytest.mark.skipif(bn.IS_WINDOWS, reason="Windows replaces no process")
def test_who_ends_the_door_ends_what_runs_behind_it(tmp_path: Path) -> None:
    """A server whose door alone was ended would go on unseen, with its port."""
    ready = tmp_path / "ready.json"
    command = [sys.executable, str(_ROOT / "bn.py"), "intake", "--folder", str(tmp_path / "site"), "--port", "0"]
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen([*command, "--ready-file", str(ready)], stdout=said, stderr=said)
    try:
        ends = time.monotonic() + 120
        while not ready.exists():
            assert process.poll() is None, (tmp_path / "said").read_text(encoding="utf-8")
            assert time.monotonic() < ends
            time.sleep(0.05)
        port = urlsplit(json.loads(ready.read_text(encoding="utf-8"))["url"]).port
        assert port is not None
    finally:
        process.terminate()
        process.wait(60)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=10)


def test_an_unknown_verb_is_no_success() -> None:
    assert _bn("frobnicate").returncode == 2


def test_the_checklist_of_a_case_is_one_json_line() -> None:
    said = _bn("checklist", "1.001193", "--true", "channel_direct,by_proxy", "--json")
    assert json.loads(said.stdout) == {
        "code": "1.001193",
        "documents": ["form_paper", "birth_evidence", "authorisation", "id_paper", "residence_proof"],
    }


def test_find_prints_one_json_line_per_query(tmp_path: Path) -> None:
    (tmp_path / "queries.tsv").write_text("query\tx\ndang ky khai sinh\t1\nly hôn\t2\n", encoding="utf-8")
    lines = [
        json.loads(line) for line in _bn("find", "--batch", str(tmp_path / "queries.tsv"), "--json").stdout.splitlines()
    ]
    assert [line["query"] for line in lines] == ["dang ky khai sinh", "ly hôn"]
    assert lines[0]["codes"][0] == "1.001193"
    assert lines[1]["codes"] == []


@pytest.mark.parametrize(("theirs", "is_taken"), [(0.5, True), (0.9, False), (float("inf"), False)])
def test_the_environment_is_made_with_an_interpreter_that_is_clearly_quicker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, theirs: float, is_taken: bool
) -> None:
    other = tmp_path / "python3"
    other.touch()
    monkeypatch.setattr(bn, "seconds_of_work", lambda python: theirs if python == str(other) else 1.0)
    expected = str(other) if is_taken else sys.executable
    assert bn.quickest_python([other, tmp_path / "missing"]) == expected


def test_an_interpreter_that_cannot_work_takes_for_ever(tmp_path: Path) -> None:
    broken = tmp_path / "python3"
    broken.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    assert bn.seconds_of_work(str(broken)) == float("inf")
    assert 0 < bn.seconds_of_work(sys.executable) < 10
