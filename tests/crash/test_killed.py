"""Real processes killed for real: at every write step of every deed, through whole days of work, and by the clock.

In `test` 100 seeded points by step, 4 by the clock; in `test --long` some three thousand.
"""

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bnhelper.actions.unlock_machine import unlock_machine
from bnhelper.catalogue.library import Library
from bnhelper.ids import FieldPath
from bnhelper.paths import Places
from bnhelper.queries.dossier_list import dossier_list
from bnhelper.queries.dossier_tasks import photo_bytes
from bnhelper.store import dossiers, photos
from bnhelper.vault.canonical import sha256_of
from bnhelper.vault.keys import KeyFile
from tests import factories
from tests.crash import traced
from tests.crash.deeds import DEEDS, SEEDED_BUGS
from tests.crash.file_deeds import FILE_DEEDS
from tests.fakes.clock import FixedClock

#: what they do takes seconds, and on a machine that is busy with everything else any number of minutes
pytestmark = [pytest.mark.crash, pytest.mark.timeout(2_400)]
_POINTS = 4
_SEED = 20261125
needs_tracing = pytest.mark.skipif(
    not traced.is_permitted(), reason="needs ptrace: Linux on x86-64 or ARM64, not forbidden"
)
needs_changing = pytest.mark.skipif(not traced.can_change, reason="changing a call's result is known for x86-64 only")

_CHILD = """
import json, sys
from pathlib import Path
from bnhelper.actions.answer_question import answer_question
from bnhelper.actions.attach_photo import attach_photo
from bnhelper.actions.unlock_machine import unlock_machine
from bnhelper.catalogue.library import Library
from bnhelper.clock import SystemClock
from bnhelper.ids import FieldPath, PaperId
from bnhelper.paths import Places
from bnhelper.queries.dossier_list import dossier_list
from bnhelper.vault.keys import KeyFile
from tests import factories
root = Path(sys.argv[1])
machine = unlock_machine(Places(root / "data"), KeyFile(root / "key"), library=Library.shipped(), clock=SystemClock())
dossier = dossier_list(machine).rows[0].id
print("ready", flush=True)
start = int(sys.argv[2])
for number in range(start, start + 1_000_000):
    answer_question(machine, dossier, FieldPath("/data/applicant/address_detail"), f"Thôn {number}")
    print(json.dumps({"answer": f"Thôn {number}"}), flush=True)
    if number % 3 == 0 and number < start + 30:
        content = factories.png(extra=str(number).encode() * 30_000)
        attach_photo(machine, dossier, PaperId("birth_evidence"), content)
        print(json.dumps({"photo": number}), flush=True)
"""


def _told(module: str, *arguments: str) -> dict[str, Any]:
    """Run a sweep or a chain in a process of its own (it forks) and return what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    command = [sys.executable, "-m", f"tests.crash.{module}", "--seed", str(_SEED), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.stdout.startswith("{"), done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@needs_tracing
def test_a_deed_killed_before_any_of_its_write_steps_was_done_or_was_not() -> None:
    said = _told("sweep", "--points", "40", "--kinds", "killed,torn" if traced.can_change else "killed")
    assert said["found"] == []
    assert said["tried"] == 40
    assert set(said["steps"]) == {*DEEDS, *FILE_DEEDS}
    assert all(said["steps"].values()), "a deed without one write step was not traced"


@needs_tracing
def test_days_of_work_killed_again_and_again_stay_what_the_model_says() -> None:
    said = _told("chain", "--kills", "30")
    assert said["found"] == []
    assert said["kills"] >= 30


@needs_changing
def test_a_disk_that_fills_up_or_fails_at_a_write_step_is_told_and_nothing_is_half_done() -> None:
    said = _told("sweep", "--points", "15", "--kinds", "full,broken")
    assert said["found"] == []


@needs_tracing
@pytest.mark.parametrize(
    "bug", [pytest.param(one, marks=[] if one == "row before file" else pytest.mark.long) for one in SEEDED_BUGS]
)
def test_a_bug_put_in_on_purpose_is_found(bug: str) -> None:
    assert _told("sweep", "--every-step-of", bug)["found"] != []


@needs_tracing
@pytest.mark.long
@pytest.mark.timeout(3600)
def test_every_deed_at_every_write_step_or_sixty_of_them() -> None:
    """About 2,700 moments of every deed and 300 kills in days of work; opening alone is not counted."""
    kinds = "killed,torn,full,broken" if traced.can_change else "killed"
    swept = _told("sweep", "--points", "100000", "--most", "60", "--kinds", kinds)
    worked = _told("chain", "--kills", "300")
    assert swept["found"] == worked["found"] == []
    assert swept["tried"] + worked["kills"] >= 1000


def test_nothing_that_was_saved_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    if os.name == "nt":
        pytest.skip("kills by signal")
    opened = factories.machine(tmp_path)
    dossier = factories.birth_dossier(opened)
    opened.close()
    die = random.Random(20261124)
    said_photos: set[int] = set()
    for point in range(_POINTS):
        said = _run_and_kill(tmp_path, point * 1_000_000, die.randrange(30))
        answers = [one["answer"] for one in said if "answer" in one]
        said_photos |= {one["photo"] for one in said if "photo" in one}
        again = unlock_machine(
            Places(tmp_path / "data"), KeyFile(tmp_path / "key"), library=Library.shipped(), clock=FixedClock()
        )
        with again.store.read() as db:
            kept = dossiers.answers_of(db, dossier)[FieldPath("/data/applicant/address_detail")]
            rows = photos.of_dossier(db, dossier)
        if answers:
            last = int(answers[-1].split()[1])
            # The one in flight may have been saved without having been said.
            assert int(kept.split()[1]) in {last, last + 1}
        assert not again.found.missing
        digests = {row.sha256 for row in rows}
        for number in said_photos:
            assert sha256_of(factories.png(extra=str(number).encode() * 30_000)) in digests
        for row in rows[-2:]:
            assert sha256_of(photo_bytes(again, row.id)) == row.sha256
        assert len(dossier_list(again).rows) == 1
        again.close()


def _run_and_kill(root: Path, start: int, lines: int) -> list[dict[str, Any]]:
    """Let a child work until it has said so many lines, and kill it wherever it is by then; return all it said."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    told = root / "stderr"
    with (
        told.open("w+", encoding="utf-8") as stderr,
        subprocess.Popen(
            [sys.executable, "-c", _CHILD, str(root), str(start)],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env=environment,
        ) as child,
    ):
        assert child.stdout is not None
        said = [child.stdout.readline() for _ in range(1 + lines)]
        child.send_signal(signal.SIGKILL)
        said += child.stdout.readlines()
        ended = child.wait()
    assert ended == -signal.SIGKILL, f"it ended by itself: {told.read_text(encoding='utf-8')[-2000:]}"
    assert said[0].strip() == "ready"
    return [json.loads(line) for line in said[1:] if line.endswith("}\n")]
