"""Whatever lies where a pack or a delta should lie is refused in our own words, or serves; nothing crashes or hangs."""

import contextlib
import json
import random
import sqlite3
from pathlib import Path

import pytest

from bnhelper.catalogue.pack import Pack, PackDamaged
from bnhelper.catalogue.pack_content import PackContent, content_of, row_from_json, write_pack_file
from bnhelper.catalogue.pack_delta import DeltaDoesNotFit, apply_delta, make_delta
from bnhelper.catalogue.search_index import search, suggest
from bnhelper.errors import KnownTrouble


def _mutated(whole: bytes, chance: random.Random) -> bytes:
    """Flip, cut, double, move or blank a piece, once to four times."""
    said = bytearray(whole)
    for _ in range(chance.randint(1, 4)):
        if not said:
            break
        at, size = chance.randrange(len(said)), chance.choice([1, 1, 2, 8, 100, 4096])
        kind = chance.randrange(5)
        if kind == 0:
            said[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            said[at : at + size] = chance.randbytes(min(size, len(said) - at))
        elif kind == 2:
            said[at : at + size] = bytes(min(size, len(said) - at))
        elif kind == 3:
            other = chance.randrange(len(said))
            piece = said[other : other + size]
            said[at : at + len(piece)] = piece
        elif len(said) > 200:
            del said[at : at + size]
    return bytes(said)


def _used(path: Path) -> bool:
    """Read everything a program reads of a pack; tell whether it served. Anything but trouble is a crash."""
    try:
        pack = Pack(path)
        for text in ("khai sinh", "tam tru", "1.0041", "dang ky kwt hon"):
            search(pack, text)
        suggest(pack, "khia sinh")
        for one in pack.procedures():
            pack.procedure(one.code)
            if not one.is_stub:
                pack.form(one.code)
        content_of(pack)
        pack.life_events()
        pack.close()
    except KnownTrouble:
        return False
    return True


def _fuzz_pack(content: PackContent, folder: Path, chance: random.Random, rounds: int) -> int:
    path = folder / "a.bnpack"
    write_pack_file(content, path)
    whole = path.read_bytes()
    served = 0
    for number in range(rounds):
        bad = folder / f"{number % 50}.bnpack"
        bad.write_bytes(_mutated(whole, chance))
        served += _used(bad)
        bad.unlink()
    return served


def _fuzz_delta(contents: tuple[PackContent, PackContent], chance: random.Random, rounds: int) -> None:
    old, new = contents
    delta = make_delta(old, new)
    for _ in range(rounds):
        bad = _mutated(delta, chance)
        try:
            assert apply_delta(old, bad).sha256() == new.sha256()  # only what changes nothing may pass
        except DeltaDoesNotFit:
            continue


def _fuzz_rows(content: PackContent, chance: random.Random, rounds: int) -> None:
    lines = [row.as_json() for row in content.rows.values()]
    for _ in range(rounds):
        said = _mutated(chance.choice(lines).encode("utf-8"), chance).decode("utf-8", "replace")
        try:
            row_from_json(said)
        except (ValueError, RecursionError):
            continue
    for odd in ("[", "[" * 100_000, "null", "[1,2,3,4]", json.dumps(["1.1", "{}", "", [], [["a.csv", "text", 1]]])):
        with pytest.raises((ValueError, RecursionError)):
            row_from_json(odd)


def test_a_spoilt_pack_or_delta_is_refused_or_serves(contents: tuple[PackContent, PackContent], tmp_path: Path) -> None:
    _fuzz_pack(contents[0], tmp_path, random.Random("pack"), 40)
    _fuzz_delta(contents, random.Random("delta"), 200)
    _fuzz_rows(contents[0], random.Random("rows"), 200)


@pytest.mark.parametrize("content", ["7", "0.5", "'words'", "x'00'"])
def test_a_pack_whose_texts_are_no_bytes_is_damaged(
    contents: tuple[PackContent, PackContent], tmp_path: Path, content: str
) -> None:
    write_pack_file(contents[0], tmp_path / "a.bnpack")
    with contextlib.closing(sqlite3.connect(tmp_path / "a.bnpack")) as db:
        db.execute(f"UPDATE shared_text SET content = {content}")
        db.commit()
    with pytest.raises(PackDamaged):
        Pack(tmp_path / "a.bnpack")


@pytest.mark.long
@pytest.mark.timeout(3_000)
def test_packs_spoilt_for_a_night(contents: tuple[PackContent, PackContent], tmp_path: Path) -> None:
    assert _fuzz_pack(contents[0], tmp_path, random.Random("a night of packs"), 6_000) > 0


@pytest.mark.long
@pytest.mark.timeout(3_000)
def test_deltas_and_rows_spoilt_for_a_night(contents: tuple[PackContent, PackContent]) -> None:
    _fuzz_delta(contents, random.Random("a night of deltas"), 40_000)
    _fuzz_rows(contents[0], random.Random("a night of rows"), 40_000)
