"""A backup of rows and bytes is a site: restored on another machine, every receipt still holds."""

import asyncio
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from bnhelper.clock import SystemClock
from sync.intake import receipt_keys
from sync.intake.admin import check
from sync.intake.station import open_site
from tests.bench.intake import Server
from tests.sync.intake.engines import CannotStart, Postgres
from tests.sync.intake.load import devices, load, photo, sealed, template

pytestmark = [pytest.mark.crash, pytest.mark.long]  # by day tests/sync/intake/test_backup.py takes one under load


def test_a_backup_taken_under_load_is_whole(tmp_path: Path) -> None:
    """Rows first, bytes second: a file without a row is harmless, a row without its file would be a lie."""
    try:
        postgres = Postgres.make(is_safe=True)
    except CannotStart as why:
        pytest.skip(str(why))
    if not (postgres.binaries / "pg_dump").exists():
        postgres.remove()
        pytest.skip("no pg_dump beside this PostgreSQL")
    die, like = random.Random(7), template()
    url = postgres.fresh_database()
    site, _ = open_site(tmp_path / "site", SystemClock(), postgres=url)
    fleet = devices(site, 4)
    before = [sealed(like, die.choice(fleet), die, [photo(die, 40_000)]) for _ in range(12)]
    meanwhile = [sealed(like, die.choice(fleet), die, [photo(die, 40_000)]) for _ in range(40)]
    server = Server(tmp_path / "site", url)
    dump = postgres.folder / "dump"
    try:
        kept = asyncio.run(load(server.port, iter(before), 4)).kept

        async def under_load() -> None:
            task = asyncio.create_task(load(server.port, iter(meanwhile), 4))
            await asyncio.sleep(0.1)
            command = [str(postgres.binaries / "pg_dump"), "-Fc", "-d", url, "-f", str(dump)]
            await asyncio.to_thread(subprocess.run, command, check=True)
            await asyncio.to_thread(shutil.copytree, tmp_path / "site" / "blobs", tmp_path / "copy" / "blobs")
            await task

        asyncio.run(under_load())
        keys = receipt_keys.published(site)
    finally:
        server.stop()
        site.close()
    elsewhere = postgres.fresh_database()
    subprocess.run([str(postgres.binaries / "pg_restore"), "--no-owner", "-d", elsewhere, str(dump)], check=True)
    again, first = open_site(tmp_path / "copy", SystemClock(), postgres=elsewhere)
    try:
        assert first is None, "the accounts came along"
        assert receipt_keys.published(again) == keys
        said = check(again)
        assert said["lost"] == []
        assert said["ledger"] == "ok"
        with again.engine.connect() as db:
            from sync.intake import ledger

            receipts = {row.dossier: row.receipt for row in db.execute(ledger.revisions.select())}
        assert kept.items() <= receipts.items()
    finally:
        again.close()
        postgres.remove()
