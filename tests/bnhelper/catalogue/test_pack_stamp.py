"""Every byte of a pack counts: one that the disk spoilt is refused before anything is read from it."""

import contextlib
import random
import sqlite3
from pathlib import Path

import pytest

from bnhelper.catalogue.pack import Pack, rows_hash
from bnhelper.catalogue.pack_content import PackContent, write_pack_file
from bnhelper.catalogue.pack_stamp import BLANK, stamp, stamped_hash
from bnhelper.errors import KnownTrouble


@pytest.fixture(scope="module")
def whole(contents: tuple[PackContent, PackContent], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("pack") / "a.bnpack"
    write_pack_file(contents[0], path)
    return path.read_bytes()


def test_a_flipped_bit_anywhere_is_noticed(whole: bytes, tmp_path: Path) -> None:
    chance = random.Random("flips")
    path = tmp_path / "a.bnpack"
    for at in (chance.randrange(len(whole)) for _ in range(200)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :])
        with pytest.raises(KnownTrouble):
            Pack(path)


def test_a_pack_of_the_format_before_still_opens(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.bnpack"
    path.write_bytes(whole)
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE meta SET value = '3' WHERE key = 'format'")
        db.execute("UPDATE meta SET value = ? WHERE key = 'file_sha256'", (rows_hash(db, 3),))
        db.commit()
    with contextlib.closing(Pack(path)) as pack:
        assert pack.format == 3
        assert pack.procedures()


@pytest.mark.parametrize("blanks", [0, 2])
def test_a_stamp_needs_one_blank(tmp_path: Path, blanks: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" + blanks * (BLANK.encode("ascii") + b"y"))
    with pytest.raises(ValueError, match="one blank"):
        stamp(path)


@pytest.mark.parametrize("said", ["", "a" * 63, "b" * 64, 7])
def test_what_is_no_stamp_of_this_file_is_told(whole: bytes, tmp_path: Path, said: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(whole)
    with pytest.raises(ValueError, match="stamp"):
        stamped_hash(path, said)
