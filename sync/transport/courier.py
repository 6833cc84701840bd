"""The stick: sealed parts go out, sealed replies come back, nothing else ever lies on it.

A part is copied under a name that says it is unfinished, flushed piece by piece, read back and compared before it
gets its own name. A copy that was broken off goes on from the last byte that is the same on both sides.
"""

import contextlib
import hashlib
import os
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from bnhelper.errors import KnownTrouble
from bnhelper.vault.sealed_file import sync_folder
from sync.wire.courier import MAX_BUNDLE_BYTES, MAX_REPLY_BYTES

FOLDER: Final = "bnhelper-courier"
_PART: Final = ".part"
_BLOCK: Final = 1024 * 1024
_FLUSH_EVERY: Final = 8 * _BLOCK  #: a stick pulled out loses at most this much of a copy
_NAME: Final = re.compile(r"([0-9a-f]{12})-(\d{3})-of-(\d{3})\.age", re.ASCII)
_CODE: Final = re.compile(r"[a-z][a-z-]{0,40}", re.ASCII)
_MOST_FILES: Final = 2_000


class StickGone(KnownTrouble):
    """The stick was pulled out, is read-only, or cannot be read."""

    code = "stick-gone"


class StickFull(KnownTrouble):
    """Less room on the stick than is needed; `megabytes` says how much."""

    code = "stick-full"


class StickUnreliable(KnownTrouble):
    """The stick gave back other bytes than it was given."""

    code = "stick-unreliable"


class CopyStopped(Exception):
    """A person stopped the copy; what is on the stick is taken up the next time."""


@dataclass(frozen=True, slots=True)
class CarriedPart:
    """A sealed part that lies on a stick."""

    path: Path
    series: str
    part: int
    parts: int
    size: int


class Stick:
    """One folder on a stick, or any other folder somebody carries."""

    def __init__(self, folder: Path) -> None:
        self._root = folder / FOLDER if folder.name != FOLDER else folder
        self.out = self._root / "out"  #: to the province
        self.back = self._root / "back"  #: from the province
        self.refused = self._root / "refused"  #: parts that the province did not take, in a folder for each reason

    def make(self, needed: int) -> None:
        """Make the folders and see that `needed` bytes fit. Raises StickGone, StickFull."""
        with _gone():
            for folder in (self.out, self.back):
                folder.mkdir(parents=True, exist_ok=True)
            free = _free(self._root)
        if free < needed + _BLOCK:
            raise StickFull(megabytes=-(-(needed + _BLOCK - free) // 1_000_000))

    def free(self) -> int:
        """Return the free bytes. Raises StickGone."""
        with _gone():
            return _free(self._root if self._root.exists() else self._root.parent)

    # --- out -----------------------------------------------------------------------------------------------

    def holds(self, name: str, sha256: str, size: int) -> bool:
        """Tell whether a whole part is there, by its hash. Raises StickGone."""
        path = self.out / name
        with _gone():
            return path.is_file() and path.stat().st_size == size and _hash_of(path) == sha256

    def copy(
        self,
        source: Path,
        name: str,
        sha256: str,
        *,
        told: Callable[[int], None] = lambda _done: None,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> int:
        """Bring a sealed file on to the stick; return how many of its bytes were there from an earlier try.

        `told` gets the bytes that are on the stick so far. Raises StickGone, StickFull, StickUnreliable, CopyStopped.
        """
        target, part = self.out / name, self.out / (name + _PART)
        size = source.stat().st_size
        with _gone():
            begun = _same_so_far(source, part)
            with source.open("rb") as reads, part.open("r+b" if part.exists() else "w+b") as writes:
                reads.seek(begun)
                writes.seek(begun)
                writes.truncate()
                done = begun
                told(done)
                while block := reads.read(_BLOCK):
                    if is_stopped():
                        _flush(writes)
                        raise CopyStopped
                    writes.write(block)
                    done += len(block)
                    if done % _FLUSH_EVERY < _BLOCK:
                        _flush(writes)
                    told(done)
                _flush(writes)
                _forget_cached(writes)
            if part.stat().st_size != size or _hash_of(part) != sha256:
                part.unlink(missing_ok=True)
                raise StickUnreliable
            os.replace(part, target)  # noqa: PTH105 - replace() is atomic on Windows too
            sync_folder(self.out)
        return begun

    def parts(self) -> list[CarriedPart]:
        """Return the parts that lie on the stick, in order; names that are not ours are passed over.

        Raises StickGone.
        """
        found = []
        with _gone():
            for path in sorted(self.out.glob("*.age"))[:_MOST_FILES] if self.out.is_dir() else []:
                name = _NAME.fullmatch(path.name)
                size = path.stat().st_size
                if name is not None and 0 < size <= MAX_BUNDLE_BYTES:
                    found.append(CarriedPart(path, name[1], int(name[2]), int(name[3]), size))
        return found

    # --- back ----------------------------------------------------------------------------------------------

    def keep_reply(self, name: str, sealed: bytes) -> None:
        """Put a reply on the stick under its part's name, whole or not at all. Raises StickGone, StickFull."""
        if len(sealed) > MAX_REPLY_BYTES:
            raise StickUnreliable
        self._keep(self.back / name, sealed)

    def keep_part(self, name: str, sealed: bytes) -> None:
        """Put a small part here, whole or not at all. Raises StickGone, StickFull."""
        self._keep(self.out / name, sealed)

    def _keep(self, target: Path, sealed: bytes) -> None:
        part = target.with_name(target.name + _PART)
        with _gone():
            target.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                file.write(sealed)
                _flush(file)
            os.replace(part, target)  # noqa: PTH105 - replace() is atomic on Windows too
            sync_folder(target.parent)

    def replies(self, names: Collection[str] | None = None) -> Iterator[tuple[str, bytes]]:
        """Give the replies that lie on the stick, or those of these names: name and sealed bytes. Raises StickGone."""
        with _gone():
            found = sorted(self.back.glob("*.age"))[:_MOST_FILES] if self.back.is_dir() else []
            for path in found:
                if (names is None or path.name in names) and path.stat().st_size <= MAX_REPLY_BYTES:
                    yield path.name, path.read_bytes()

    def reply_names(self) -> set[str]:
        """Return the names of the parts whose replies lie here. Raises StickGone."""
        with _gone():
            return {path.name for path in self.back.glob("*.age")}

    def refuse(self, name: str, code: str) -> None:
        """Put a part aside that was refused whole: it hides no other, and is not lost. Raises StickGone."""
        folder = self.refused / (code if _CODE.fullmatch(code) else "other")
        with _gone():
            folder.mkdir(parents=True, exist_ok=True)
            os.replace(self.out / name, folder / name)  # noqa: PTH105 - replace() is atomic on Windows too

    def why_refused(self, name: str) -> str | None:
        """Return why a part was refused whole, None where it was not. Raises StickGone."""
        with _gone():
            return next((path.parent.name for path in self.refused.glob(f"*/{name}")), None)

    def refused_names(self) -> set[str]:
        """Return the names of the parts that were refused whole. Raises StickGone."""
        with _gone():
            return {path.name for path in self.refused.glob("*/*.age")}

    def try_refused_again(self) -> None:
        """Let what was refused lie with the others again. Raises StickGone."""
        with _gone():
            for path in self.refused.glob("*/*.age"):
                os.replace(path, self.out / path.name)  # noqa: PTH105

    def clear(self, name: str) -> None:
        """Take a part and its reply off the stick, once everything in it is proved. Raises StickGone."""
        with _gone():
            for path in (self.out / name, self.back / name, *self.refused.glob(f"*/{name}")):
                path.unlink(missing_ok=True)

    def clear_part(self, name: str) -> None:
        """Take a part away whose reply lies here: its bytes are at the province. Raises StickGone."""
        with _gone():
            (self.out / name).unlink(missing_ok=True)

    def forget_replies(self, before: float) -> int:
        """Take away the replies that lie here since before a moment (seconds since 1970); return how many.

        Raises StickGone.
        """
        with _gone():
            old = [path for path in self.back.glob("*.age") if path.stat().st_mtime < before]
            for path in old:
                path.unlink(missing_ok=True)
        return len(old)

    def clear_unfinished(self) -> None:
        """Take away copies that were broken off and will not be gone on with. Raises StickGone."""
        with _gone():
            for folder in (self.out, self.back):
                for path in folder.glob(f"*.age{_PART}"):
                    path.unlink(missing_ok=True)


def file_sha256(path: Path) -> str:
    """Return a file's SHA-256 in hex. Raises StickGone."""
    with _gone():
        return _hash_of(path)


@contextlib.contextmanager
def _gone() -> Iterator[None]:
    """Every way in which a stick fails is one of two sentences."""
    try:
        yield
    except OSError as wrong:
        if wrong.errno == 28:  # ENOSPC; Windows maps ERROR_DISK_FULL to it too
            raise StickFull(megabytes=1) from wrong
        raise StickGone from wrong


def _free(folder: Path) -> int:
    import shutil

    return shutil.disk_usage(folder).free


def _same_so_far(source: Path, part: Path) -> int:
    """Return how many bytes at the beginning are the same on both sides."""
    if not part.exists():
        return 0
    same = 0
    with source.open("rb") as ours, part.open("rb") as theirs:
        while True:
            a, b = ours.read(_BLOCK), theirs.read(_BLOCK)
            if a != b or not a:
                short = min(len(a), len(b))
                return same + (short if a[:short] == b[:short] else 0)
            same += len(a)


def _flush(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _forget_cached(file: BinaryIO) -> None:
    """Let the reading back come from the stick and not from memory, where the system can be asked to (POSIX)."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Hashing:
    """A file that is hashed while it is written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, block: bytes, /) -> int:
        self.digest.update(block)
        self.size += len(block)
        self._file.write(block)
        return len(block)

    def flush(self) -> None:
        self._file.flush()


def read_at_of(path: Path, at: int, size: int) -> bytes:
    """Return a part of a file."""
    with path.open("rb") as file:
        file.seek(at)
        return file.read(size)
