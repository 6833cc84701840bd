"""`admin migrate` on a filled ledger while devices send: nobody is refused, and everything is there afterwards."""

import asyncio
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bnhelper.clock import SystemClock
from sync.intake.migrating import HEAD, version_of
from sync.intake.station import open_site
from tests.bench.intake import Server
from tests.crash.test_intake_killed import _proved, postgres
from tests.sync.intake.engines import Postgres
from tests.sync.intake.load import Sealed, devices, load, photo, sealed, template

__all__ = ["postgres"]
pytestmark = [pytest.mark.crash, pytest.mark.long, pytest.mark.timeout(1800)]
_FILLED = 100_000
#: What the newest step made; the one before it is where the ledger is put back to.
_INDEXES = ("ix_dossiers_to_erase", "ix_dossiers_erased", "ix_blobs_stored_at")
_BEFORE = "i0008"


def _filled(engine: Engine) -> None:
    """Put as many closed dossiers there as an index takes a while over, and take the ledger a step back."""
    with engine.begin() as db:
        db.execute(text("SET LOCAL statement_timeout = 0"))
        db.execute(
            text(
                "INSERT INTO dossiers (id, device, procedure, pack_version, readable_code, look_up_hash, revision, state,"
                " changed_at, version, office_number) SELECT 'filled-' || i, 'nobody', '1.001193', '1', 'BN-222-222',"
                " 'filled-' || i, 1, 'returned', to_char(now() - i % 300 * interval '1 day', 'YYYY-MM-DD'), 1,"
                " 'filled-' || i FROM generate_series(1, :count) AS i"
            ),
            {"count": _FILLED},
        )
        for name in _INDEXES:
            db.execute(text(f"DROP INDEX {name}"))
        db.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": _BEFORE})


def test_a_filled_ledger_is_migrated_while_devices_send(tmp_path: Path, postgres: Postgres) -> None:
    die, like = random.Random(9), template()
    url = postgres.fresh_database()
    site, _ = open_site(tmp_path / "site", SystemClock(), postgres=url)
    fleet = devices(site, 6)
    server = Server(tmp_path / "site", url)
    sent: list[Sealed] = []
    try:
        _filled(site.engine)
        assert version_of(site.engine) == _BEFORE
        migrating = subprocess.Popen(
            [sys.executable, "-m", "sync.intake.admin", "migrate"],
            env={**os.environ, "BN_INTAKE_FOLDER": str(tmp_path / "site"), "BN_INTAKE_POSTGRES": url},
            stdout=subprocess.DEVNULL,
        )
        ends = time.monotonic() + 600

        def while_it_migrates() -> Iterator[Sealed]:
            while time.monotonic() < ends and (migrating.poll() is None or len(sent) < 40):
                sent.append(sealed(like, die.choice(fleet), die, [photo(die, 20_000)] if len(sent) % 4 == 0 else []))
                yield sent[-1]

        said = asyncio.run(load(server.port, while_it_migrates(), 4, patience_s=60))
        assert migrating.wait(60) == 0
        assert version_of(site.engine) == HEAD
        assert said.broken == 0, "somebody was refused"
        with site.engine.connect() as db:
            valid = "SELECT count(*) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE indisvalid"
            assert db.execute(text(f"{valid} AND relname = ANY(:names)"), {"names": list(_INDEXES)}).scalar() == 3
        site.close()
        _proved(site, sent, said)
    finally:
        server.stop()
        site.close()
