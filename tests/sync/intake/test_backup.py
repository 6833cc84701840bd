"""`admin backup` copies an embedded site while it takes dossiers in, and the copy is a site that has every one of them."""

import asyncio
import hashlib
import json
import random
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from bnhelper.clock import SystemClock
from sync.intake import admin, backup, ledger, receipt_keys
from sync.intake.app import make_app
from sync.intake.station import Site, open_site
from tests.sync.conftest import served
from tests.sync.intake.load import Sealed, devices, load, photo, sealed, template


@pytest.fixture(scope="module")
def like() -> dict[str, object]:
    return template()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made, _ = open_site(tmp_path / "site", SystemClock())
    yield made
    made.close()


def _sent(site: Site, many: list[Sealed], lines: int = 2) -> dict[str, str]:
    """Send them all; return the receipts."""
    with served(make_app(site)) as url:
        return asyncio.run(load(urlsplit(url).port or 0, iter(many), lines)).kept


def _receipts(site: Site) -> dict[str, str]:
    with site.engine.connect() as db:
        return {row.dossier: row.receipt for row in db.execute(select(ledger.revisions)) if row.receipt}


def _made(like: dict[str, object], site: Site, count: int, seed: int) -> list[Sealed]:
    die = random.Random(seed)
    fleet = devices(site, 2)
    return [sealed(like, die.choice(fleet), die, [photo(die, 3_000)]) for _ in range(count)]


def test_a_copy_taken_under_load_has_every_dossier_that_was_acknowledged_before(
    site: Site, like: dict[str, object], tmp_path: Path
) -> None:
    before, meanwhile = _made(like, site, 3, 1), _made(like, site, 12, 2)
    kept = _sent(site, before)
    under_way = threading.Event()

    def waiting() -> Iterator[Sealed]:
        for number, one in enumerate(meanwhile):
            if number == 2:
                under_way.set()
            yield one

    with served(make_app(site)) as url:
        loading = threading.Thread(target=lambda: asyncio.run(load(urlsplit(url).port or 0, waiting(), 2)))
        loading.start()
        assert under_way.wait(240)
        made = backup.back_up(site, tmp_path / "copy")
        loading.join(240)
    assert made.lost == []
    assert made.dossiers >= len(kept)
    restored = tmp_path / "restored"
    shutil.copytree(tmp_path / "copy", restored)
    again, first = open_site(restored, SystemClock())
    assert first is None, "the accounts came along"
    assert receipt_keys.published(again) == receipt_keys.published(site)
    assert admin.check(again)["failed"] is False
    receipts = _receipts(again)
    assert kept.items() <= receipts.items()
    for one in [*before, *meanwhile]:
        for name, content in one.photos.items() if one.id in receipts else ():
            assert again.blobs.read(name) == content
    assert set(_sent(again, meanwhile)) == {one.id for one in meanwhile}, "devices send what the backup lacks"
    assert len(_receipts(again)) == len(before) + len(meanwhile)
    again.close()


def test_again_into_the_same_folder_only_what_is_new_and_nothing_that_was_erased(
    site: Site,
    like: dict[str, object],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    copy = tmp_path / "copy"
    (first,) = _made(like, site, 1, 1)
    _sent(site, [first])
    assert backup.back_up(site, copy).copied == 1
    (second,) = _made(like, site, 1, 2)
    _sent(site, [second])
    gone, new = next(iter(first.photos)), next(iter(second.photos))
    with site.engine.begin() as db:
        db.execute(ledger.blobs.delete().where(ledger.blobs.c.sha256 == gone))
    site.blobs.delete(gone)
    monkeypatch.setenv("BN_INTAKE_FOLDER", str(site.folder))
    assert admin.main(["backup", str(copy)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["dossiers"], said["files"], said["copied"], said["lost"]) == (2, 1, 1, [])
    assert [path.name for path in (copy / "blobs").rglob("*") if path.is_file()] == [new]
    # A disk that spoils bytes is noticed on both sides.
    (copy / "blobs" / new[:2] / new).write_bytes(b"spoilt")
    assert backup.back_up(site, copy).copied == 1
    assert hashlib.sha256((copy / "blobs" / new[:2] / new).read_bytes()).hexdigest() == new
    (copy / "blobs" / new[:2] / new).unlink()
    site.blobs.delete(new)
    assert admin.main(["backup", str(copy)]) == 1
    assert json.loads(capsys.readouterr().out)["lost"] == [new]


def test_what_cannot_be_written_is_told(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("BN_INTAKE_FOLDER", str(site.folder))
    assert admin.main(["backup", str(tmp_path / "file")]) == 1
    assert "could not be written" in json.loads(capsys.readouterr().out)["why"]
