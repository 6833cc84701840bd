"""Sealed files give back what went in, from any place, or say that they cannot."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bnhelper.vault.sealed_file import PIECE, SealedFile, SealedFileDamaged, seal

_KEY = bytes(range(32))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7])
def test_every_size_comes_back_whole_and_in_parts(tmp_path: Path, size: int) -> None:
    content = bytes(number % 251 for number in range(size))
    seal(tmp_path / "f", content, _KEY, b"about")
    with SealedFile(tmp_path / "f", _KEY, b"about") as file:
        assert file.size == size
        assert file.read_at(0, size + 10) == content
        for offset in (0, 1, PIECE - 3, PIECE, size - 1):
            if 0 <= offset < size:
                assert file.read_at(offset, 10) == content[offset : offset + 10]
    assert list(tmp_path.iterdir()) == [tmp_path / "f"]


def test_cut_swapped_changed_or_strange_files_are_refused(tmp_path: Path) -> None:
    content = bytes(3 * PIECE)
    seal(tmp_path / "f", content, _KEY, b"about")
    whole = (tmp_path / "f").read_bytes()
    piece = PIECE + 16
    head = len(whole) - 3 * piece
    broken = {
        "cut": whole[:-piece],
        "swapped": whole[:head]
        + whole[head + piece : head + 2 * piece]
        + whole[head : head + piece]
        + whole[head + 2 * piece :],
        "flipped": whole[:-5] + bytes([whole[-5] ^ 1]) + whole[-4:],
        "empty": b"",
        "stranger": b"hello" * 20,
    }
    for name, bad in broken.items():
        (tmp_path / name).write_bytes(bad)
        with pytest.raises(SealedFileDamaged), SealedFile(tmp_path / name, _KEY, b"about") as file:
            file.read_at(0, file.size)
    for key, about in ((bytes(32), b"about"), (_KEY, b"another")):
        with pytest.raises(SealedFileDamaged), SealedFile(tmp_path / "f", key, about) as file:
            file.read_at(0, 10)
    with pytest.raises(SealedFileDamaged):
        SealedFile(tmp_path / "none", _KEY, b"")


def _flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    "lie",
    [
        lambda part: _flip(part, 0),
        lambda part: _flip(part, 7),
        lambda part: _flip(part, 2 * PIECE),
        lambda part: _flip(part, -1),
        lambda part: os.truncate(part, part.stat().st_size - 1),
        lambda part: part.write_bytes(part.read_bytes() + b"x"),
        lambda part: part.write_bytes(b""),
    ],
    ids=["first byte", "prefix", "middle", "last byte", "cut", "longer", "empty"],
)
def test_a_disk_that_gives_back_other_bytes_is_found_before_anything_is_called_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lie: Callable[[Path], object]
) -> None:
    usual = os.fsync

    def flushed_wrongly(handle: int) -> None:
        usual(handle)
        lie(tmp_path / "f.part")

    monkeypatch.setattr(os, "fsync", flushed_wrongly)
    with pytest.raises(SealedFileDamaged):
        seal(tmp_path / "f.sealed", os.urandom(3 * PIECE + 7), _KEY, b"about")
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_the_first_version_opens(tmp_path: Path) -> None:
    """The format never changes: these are the bytes that the first program wrote."""
    old = bytes.fromhex(_OLD)
    (tmp_path / "f").write_bytes(old)
    with SealedFile(tmp_path / "f", _KEY, b"dossier/photo") as file:
        assert file.read_at(0, file.size) == "Giấy chứng sinh".encode()


_OLD = "424e534601d54978236859257ca8b9d71bb7a3d4bec2dd977bdcdf898f257a79ed608af4ab12832592eedc4064e5f2"
