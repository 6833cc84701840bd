"""Disks as the system has them: one that fills up, one that takes no writing, one that is pulled out, one that breaks.

Mounted for the test, as root on Linux; elsewhere skipped, and `tests/ui/test_bad_days.py` imitates them. Each time the
person gets a sentence, nothing that was said to be kept is lost, and what was not kept is not there in halves.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bnhelper.actions.answer_question import answer_question
from bnhelper.actions.attach_photo import attach_photo
from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.actions.start_dossier import start_dossier
from bnhelper.actions.unlock_machine import OpenMachine, unlock_machine
from bnhelper.command_line.store import main as bnhelper_store
from bnhelper.errors import KnownTrouble
from bnhelper.ids import DossierId, FieldPath, PaperId
from bnhelper.paths import Places
from bnhelper.queries.dossier_list import dossier_list
from bnhelper.store import dossiers, photos
from bnhelper.store.ground import RESERVE, DiskNearlyFull, StoreGone
from bnhelper.store.integrity import inspect
from bnhelper.store.open_store import StoreInUse
from bnhelper.store.photos import sealed_photos
from bnhelper.vault.disk import DiskFailed, DiskFull, DiskReadOnly
from bnhelper.vault.keys import KeyFile
from tests import factories
from tests.fakes.clock import FixedClock
from ui.words.trouble_words import words_for

#: what they do takes seconds, and on a machine that is busy with everything else any number of minutes
pytestmark = [pytest.mark.crash, pytest.mark.timeout(2_400)]
_DETAIL = FieldPath("/data/applicant/address_detail")
_PAPER = PaperId("birth_evidence")
_MIB = 1024 * 1024


def _mount(*arguments: object) -> None:
    subprocess.run([str(one) for one in arguments], check=True, capture_output=True)


def _may_mount() -> bool:
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return False
    folder = Path("/tmp") / f"bnhelper-may-mount-{os.getpid()}"
    folder.mkdir()
    try:
        _mount("mount", "-t", "tmpfs", "-o", "size=1m", "none", folder)
        _mount("umount", folder)
    except (OSError, subprocess.CalledProcessError):
        return False
    finally:
        folder.rmdir()
    return True


needs_mount = pytest.mark.skipif(not _may_mount(), reason="needs to mount: root on Linux, in no strict container")


class Disk:
    """A machine on a disk of its own."""

    def __init__(self, folder: Path) -> None:
        self.at = folder / "disk"
        self.at.mkdir()
        self._key = folder
        self.opened: OpenMachine | None = None

    @property
    def places(self) -> Places:
        return Places(self.at / "data")

    def make(self) -> DossierId:
        """Make the machine with one dossier, an answer and a photo in it, and leave it open."""
        machine = factories.machine(self.at)
        shutil.move(self.at / "key", self._key / "key")
        dossier = factories.birth_dossier(machine)
        answer_question(machine, dossier, _DETAIL, "Thôn Một")
        attach_photo(machine, dossier, _PAPER, factories.png(1))
        self.opened = machine
        return dossier

    def open(self) -> OpenMachine:
        self.opened = unlock_machine(
            self.places, KeyFile(self._key / "key"), library=factories.SHIPPED, clock=FixedClock()
        )
        return self.opened

    def close(self) -> None:
        if self.opened is not None:
            self.opened.close()
        self.opened = None

    def holds(self, dossier: DossierId, answer: str, photos_kept: int = 1) -> None:
        """Open it anew: this answer, so many photos, every page and every photo whole."""
        self.close()
        machine = self.open()
        with machine.store.read() as db:
            assert dossiers.answers_of(db, dossier)[_DETAIL] == answer
            assert len(photos.of_dossier(db, dossier)) == photos_kept
        assert machine.found == type(machine.found)((), ()), machine.found
        found = inspect(self.places.store, machine.key, sealed_photos(self.places.photos, machine.key))
        assert found.is_whole
        assert not found.orphans
        assert not [one.name for one in self.places.photos.iterdir() if one.suffix != ".sealed"]
        self.close()


def _is_mounted(path: Path) -> bool:
    mounts = Path("/proc/self/mounts")
    return mounts.exists() and f" {path} " in mounts.read_text(encoding="utf-8")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    made = Disk(tmp_path)
    yield made
    try:
        made.close()
    finally:
        while _is_mounted(made.at):
            _mount("umount", "-l", made.at)


def _refused(trouble: type[KnownTrouble], deed: Callable[[], object], *words: str) -> None:
    """The deed is refused by this trouble, whose sentence and next step a person can read in both languages."""
    with pytest.raises(trouble) as caught:
        deed()
    for language, word in zip(("vi", "en"), words, strict=True):
        what, then = words_for(caught.value, language)
        assert word in what, what
        assert "{" not in what + then
        assert then.endswith(".")


@needs_mount
def test_a_disk_that_fills_up_lets_work_in_hand_be_finished_and_begins_nothing_new(disk: Disk) -> None:
    _mount("mount", "-t", "tmpfs", "-o", "size=160m", "none", disk.at)
    dossier = disk.make()
    machine = disk.opened
    assert machine is not None
    assert machine.store.ground.keep_reserve()
    filler = disk.at / "films"
    with filler.open("wb") as file:
        while os.statvfs(disk.at).f_bavail * os.statvfs(disk.at).f_frsize > _MIB:
            file.write(bytes(_MIB // 4))
            file.flush()
    case = {FieldPath(f"/data/case/{name}"): value for name, value in factories.CASE.items()}
    _refused(DiskNearlyFull, lambda: start_dossier(machine, factories.BIRTH, case), "chưa mở việc mới", "nothing new")
    _refused(DiskNearlyFull, lambda: attach_photo(machine, dossier, _PAPER, factories.png(2)), "chưa mở", "nothing new")
    reserve = disk.places.store.with_name("reserve")
    assert reserve.stat().st_size == RESERVE
    answer_question(machine, dossier, _DETAIL, "Thôn Hai")
    assert not reserve.exists(), "given back for the work in hand"
    lock_dossier(machine, dossier)
    with pytest.raises(OSError, match="No space left"):
        _fill(filler)
    _until_full(machine)
    _refused(DiskFull, lambda: _write_much(machine), "Ổ đĩa đầy", "disk is full")
    filler.unlink()
    _write_much(machine)
    assert len(dossier_list(machine).rows) == 1
    disk.holds(dossier, "Thôn Hai")


def _fill(path: Path) -> None:
    with path.open("ab", buffering=0) as file:
        while True:
            file.write(bytes(4096))


def _until_full(machine: OpenMachine) -> None:
    """Small notes fit into what the journal has already; each is kept or told, and at the end it is told."""
    for _ in range(5_000):
        try:
            with machine.store.write() as db:
                db.exec_driver_sql(
                    "INSERT INTO attempts (at, kind, code, bytes, ms) VALUES ('', '', ?, 0, 0)", ("x" * 4000,)
                )
        except DiskFull:
            return
    raise AssertionError("a full disk takes note after note")


def _write_much(machine: OpenMachine) -> None:
    with machine.store.write() as db:
        db.exec_driver_sql("INSERT INTO attempts (at, kind, code, bytes, ms) VALUES ('', '', ?, 0, 0)", ("x" * _MIB,))


@needs_mount
def test_a_disk_that_is_locked_for_writing_is_said_before_anything_is_opened(disk: Disk) -> None:
    _mount("mount", "-t", "tmpfs", "-o", "size=128m", "none", disk.at)
    dossier = disk.make()
    disk.close()
    _mount("mount", "-o", "remount,ro", disk.at)
    _refused(DiskReadOnly, disk.open, "không cho ghi", "takes no writing")
    _mount("mount", "-o", "remount,rw", disk.at)
    disk.holds(dossier, "Thôn Một")


@needs_mount
def test_a_disk_that_breaks_under_an_open_machine_keeps_what_it_had(disk: Disk, tmp_path: Path) -> None:
    """As a worn-out disk does it: the system finds a fault and takes no more writing."""
    image = tmp_path / "image"
    with image.open("wb") as file:
        file.truncate(128 * _MIB)
    try:
        _mount("mkfs.ext4", "-q", "-F", image)
        _mount("mount", "-o", "loop,errors=remount-ro", image, disk.at)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("needs loop devices and ext4")
    dossier = disk.make()
    machine = disk.opened
    assert machine is not None
    _mount("mount", "-o", "remount,abort", disk.at)  # ext4's own way of playing a fault
    with pytest.raises((DiskReadOnly, DiskFailed)) as told:
        answer_question(machine, dossier, _DETAIL, "Thôn Hai")
    assert words_for(told.value, "vi")[1].endswith(".")
    with pytest.raises((DiskReadOnly, DiskFailed)):
        attach_photo(machine, dossier, _PAPER, factories.png(2))
    disk.close()
    _mount("umount", disk.at)
    subprocess.run(["e2fsck", "-fy", image], check=False, capture_output=True)
    _mount("mount", "-o", "loop", image, disk.at)
    disk.holds(dossier, "Thôn Một")


@needs_mount
def test_a_stick_that_is_pulled_out_takes_nothing_more_and_has_everything_when_it_is_back(
    disk: Disk, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    _mount("mount", "--bind", stick, disk.at)
    dossier = disk.make()
    machine = disk.opened
    assert machine is not None
    _mount("umount", "-l", disk.at)  # pulled: the files that are open stay open, and no folder names them
    case = {FieldPath(f"/data/case/{name}"): value for name, value in factories.CASE.items()}
    for deed in (
        lambda: answer_question(machine, dossier, _DETAIL, "Thôn Hai"),
        lambda: attach_photo(machine, dossier, _PAPER, factories.png(2)),
        lambda: start_dossier(machine, factories.BIRTH, case),
        lambda: lock_dossier(machine, dossier),
    ):
        _refused(StoreGone, deed, "bị rút", "pulled out")
    assert list(disk.at.iterdir()) == [], "nothing was begun beside the stick"
    _mount("mount", "--bind", stick, disk.at)
    answer_question(machine, dossier, _DETAIL, "Thôn Hai")  # the very same file: work goes on
    disk.close()
    disk.holds(dossier, "Thôn Hai")


@needs_mount
def test_another_stick_in_the_place_of_the_first_is_not_written_to(disk: Disk, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    _mount("mount", "--bind", first, disk.at)
    dossier = disk.make()
    machine = disk.opened
    assert machine is not None
    _mount("umount", "-l", disk.at)
    subprocess.run(["cp", "-a", str(first), str(second)], check=True)
    _mount("mount", "--bind", second, disk.at)
    before = (second / "data" / "store.db").read_bytes()
    _refused(StoreGone, lambda: answer_question(machine, dossier, _DETAIL, "Thôn Hai"), "bị rút", "pulled out")
    _refused(StoreGone, lambda: attach_photo(machine, dossier, _PAPER, factories.png(2)), "bị rút", "pulled out")
    assert (second / "data" / "store.db").read_bytes() == before
    assert len(list((second / "data" / "photos").iterdir())) == 1
    machine.store.close()
    disk.opened = None
    _mount("umount", "-l", disk.at)
    _mount("mount", "--bind", first, disk.at)
    disk.holds(dossier, "Thôn Một")


_OTHER = """
import sys
from pathlib import Path
from bnhelper.actions.answer_question import answer_question
from bnhelper.actions.unlock_machine import unlock_machine
from bnhelper.catalogue.library import Library
from bnhelper.clock import SystemClock
from bnhelper.ids import FieldPath
from bnhelper.paths import Places
from bnhelper.vault.keys import KeyFile
root = Path(sys.argv[1])
machine = unlock_machine(Places(root / "disk" / "data"), KeyFile(root / "key"), library=Library.shipped(), clock=SystemClock())
answer_question(machine, sys.argv[2], FieldPath("/data/applicant/address_detail"), "Thôn Hai")
print("ready", flush=True)
sys.stdin.read()
"""


def test_a_second_program_is_refused_while_the_first_works_and_let_in_when_it_was_killed(
    disk: Disk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dossier = disk.make()
    disk.close()
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    first = subprocess.Popen(
        [sys.executable, "-c", _OTHER, str(tmp_path), dossier],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert first.stdin is not None
    assert first.stdout is not None
    try:
        assert first.stdout.readline().strip() == "ready"
        before = disk.places.store.read_bytes()
        _refused(StoreInUse, disk.open, "đang mở", "open")
        said = ["check", str(disk.places.root), "--key-file", str(tmp_path / "key")]
        assert bnhelper_store(said) == 2
        assert "Close it first" in capsys.readouterr().err
        assert disk.places.store.read_bytes() == before
    finally:
        first.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
        first.wait(60)
        first.stdin.close()
        first.stdout.close()
    disk.holds(dossier, "Thôn Hai")
