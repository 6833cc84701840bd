"""One writer for each upload, over all workers of a machine; the one that came last is served."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sync.intake import spool, upload_rows, uploads
from sync.intake.spool import Spool, SpoolBusy
from sync.intake.station import open_site
from tests.fakes.clock import FixedClock

_OTHER = """
import asyncio, sys
from pathlib import Path
from sync.intake.spool import Spool

async def main():
    async with Spool(Path(sys.argv[1])).sole_writer("a") as is_taken:
        print("writing", flush=True)
        while not is_taken():
            await asyncio.sleep(0.01)
        print("asked to leave", flush=True)

asyncio.run(main())
"""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="locks between processes are POSIX")


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_writer_of_another_process_is_asked_to_leave_and_a_dead_one_holds_nothing(tmp_path: Path) -> None:
    mine = Spool(tmp_path)

    async def enter(name: str) -> list[str]:
        async with mine.sole_writer(name) as is_taken:
            assert not is_taken()
            return _names(tmp_path)

    for how in ("leaves", "killed"):
        command = [sys.executable, "-c", _OTHER, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == "writing\n"
            assert asyncio.run(enter("b")) == ["locks"], "another upload is free"
            if how == "killed":
                other.kill()
                other.wait(10)
            assert asyncio.run(enter("a")) == ["locks"], "the file that asked is gone"
            assert other.stdout.read() == ("" if how == "killed" else "asked to leave\n")
    mine.close()


def test_within_a_process_too_and_who_does_not_leave_is_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "_WAIT_S", 0.2)
    mine = Spool(tmp_path)

    async def both() -> bool:
        async with mine.sole_writer("a") as is_taken:
            with pytest.raises(SpoolBusy):
                async with mine.sole_writer("a"):
                    raise AssertionError("two writers")
            return is_taken()

    assert asyncio.run(both())
    mine.close()


def test_a_file_without_a_row_goes_after_a_week_and_one_with_a_row_stays(tmp_path: Path) -> None:
    """A database that fell takes back the row of an upload that was only begun."""
    site, _ = open_site(tmp_path / "site", FixedClock())
    begun = upload_rows.find_or_make(site, "device", None, 100, "image/png")
    old = time.time() - 8 * 86_400
    for name, is_old in ((begun.id, True), ("a" * 32, True), ("b" * 32, False), ("locks", True)):
        path = site.spool.path(name)
        path.write_bytes(b"x")
        if is_old:
            os.utime(path, (old, old))
    assert uploads.sweep(site) == 1
    assert _names(tmp_path / "site" / "spool") == sorted([begun.id, "b" * 32, "locks"])
    site.close()
