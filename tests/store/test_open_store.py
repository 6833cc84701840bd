"""What a store refuses, and that it refuses without changing anything."""

from pathlib import Path

import pytest
from sqlalchemy import text

from bnhelper.store.open_store import StoreDamaged, StoreFromTheFuture, StoreInUse, open_store
from bnhelper.vault.keys import WrongKey

_KEY = b"k" * 32


def test_two_windows_cannot_open_one_store(tmp_path: Path) -> None:
    first = open_store(tmp_path / "s", _KEY, tmp_path / "lock")
    with pytest.raises(StoreInUse):
        open_store(tmp_path / "s", _KEY, tmp_path / "lock")
    first.close()
    open_store(tmp_path / "s", _KEY, tmp_path / "lock").close()


def test_a_wrong_key_a_newer_store_and_rubbish_are_refused_and_left_as_they_are(tmp_path: Path) -> None:
    store = open_store(tmp_path / "s", _KEY, tmp_path / "lock")
    with store.write() as db:
        db.execute(text("UPDATE alembic_version SET version_num = 'v9999'"))
        db.execute(text("INSERT INTO profile VALUES ('a', '1')"))
    store.close()
    before = (tmp_path / "s").read_bytes()
    with pytest.raises(WrongKey):
        open_store(tmp_path / "s", b"x" * 32, tmp_path / "lock")
    with pytest.raises(StoreFromTheFuture):
        open_store(tmp_path / "s", _KEY, tmp_path / "lock")
    assert (tmp_path / "s").read_bytes() == before
    (tmp_path / "rubbish").write_bytes(b"rubbish")
    with pytest.raises(StoreDamaged):
        open_store(tmp_path / "rubbish", _KEY, tmp_path / "lock")
    assert (tmp_path / "rubbish").read_bytes() == b"rubbish"


def test_what_raises_is_rolled_back(tmp_path: Path) -> None:
    store = open_store(tmp_path / "s", _KEY, tmp_path / "lock")
    with pytest.raises(RuntimeError), store.write() as db:  # noqa: PT012 - the block is what is tested
        db.execute(text("INSERT INTO profile VALUES ('a', '1')"))
        raise RuntimeError
    with store.read() as db:
        assert db.execute(text("SELECT count(*) FROM profile")).scalar() == 0
    store.close()


def test_nothing_readable_is_on_the_disk(tmp_path: Path) -> None:
    store = open_store(tmp_path / "s", _KEY, tmp_path / "lock")
    with store.write() as db:
        db.execute(text("INSERT INTO profile VALUES ('a', 'PLANTED-SECRET')"))
    for file in tmp_path.iterdir():
        assert b"PLANTED-SECRET" not in file.read_bytes()
        assert not file.read_bytes().startswith(b"SQLite format 3")
    store.close()
