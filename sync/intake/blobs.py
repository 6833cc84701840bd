"""Finished bytes by their SHA-256: in a folder, or in S3; a few calls that both answer alike."""

import contextlib
import datetime as dt
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import parse_qs, urlsplit

from bnhelper.vault.sealed_file import sync_folder
from sync.intake.beginning import CannotBegin

_LISTED: Final = 1_000  #: names of one page of a listing


class BlobsUnavailable(Exception):
    """The store of bytes does not answer, or has no room; nothing was lost, the same request may come again."""


class BlobStore(Protocol):
    """Where finished bytes live. The key is the content, so a repeated `put` changes nothing."""

    def put(self, sha256: str, source: Path) -> None:
        """Take over a finished, checked file; durable when it returns. Raises BlobsUnavailable."""
        ...

    def put_all(self, files: Iterable[tuple[str, Path]]) -> None:
        """Take over many files as `put` does each."""
        ...

    def read(self, sha256: str) -> bytes:
        """Return the bytes. Raises BlobsUnavailable, FileNotFoundError."""
        ...

    def read_part(self, sha256: str, begin: int, end: int) -> bytes:
        """Return the bytes from `begin` up to, not including, `end`. Raises as `read` does."""
        ...

    def has(self, sha256: str) -> bool:
        """Tell whether the bytes are there. Raises BlobsUnavailable."""
        ...

    def delete(self, sha256: str) -> None:
        """Forget the bytes; none is fine. Raises BlobsUnavailable."""
        ...

    def listed(self, folder: str) -> Iterator[list[tuple[str, float]]]:
        """Yield what is there whose hash begins with these two letters, some at a time. Raises BlobsUnavailable.

        Each is a hash and the moment at which it was put there last, in seconds since 1970 by the store's clock.
        """
        ...


class FolderBlobs:
    """Files named by their content, two levels deep; the name never comes from outside."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, sha256: str) -> Path:
        """Return where these bytes lie, or would."""
        return self._folder / _checked(sha256)[:2] / sha256

    def names(self) -> Iterator[str]:
        """Yield the hash of everything that is there."""
        for folder in sorted(self._folder.iterdir()):
            yield from sorted(one.name for one in folder.iterdir() if _is_name(one.name))

    def put(self, sha256: str, source: Path) -> None:
        self.put_all([(sha256, source)])

    def put_all(self, files: Iterable[tuple[str, Path]]) -> None:
        """Take over many as `put` does each. The first folder that is flushed takes the moves in all others along."""
        moved = set()
        try:
            for sha256, source in files:
                target = self.path(sha256)
                if not target.parent.exists():
                    target.parent.mkdir(exist_ok=True)
                    sync_folder(self._folder)
                os.replace(source, target)  # noqa: PTH105 - replace() is atomic on Windows too
                moved.add(target.parent)
            for folder in moved:
                sync_folder(folder)
        except OSError as wrong:
            raise BlobsUnavailable from wrong

    def read(self, sha256: str) -> bytes:
        return self.path(sha256).read_bytes()

    def read_part(self, sha256: str, begin: int, end: int) -> bytes:
        with self.path(sha256).open("rb") as file:
            file.seek(begin)
            return file.read(end - begin)

    def has(self, sha256: str) -> bool:
        return self.path(sha256).is_file()

    def delete(self, sha256: str) -> None:
        self.path(sha256).unlink(missing_ok=True)

    def listed(self, folder: str) -> Iterator[list[tuple[str, float]]]:
        some = []
        try:
            with os.scandir(self._folder / folder) as entries:
                for entry in entries:
                    if not _is_name(entry.name):
                        continue
                    with contextlib.suppress(FileNotFoundError):  # let go in this moment
                        known = entry.stat()  # a move into its place keeps the time of its last byte
                        some.append((entry.name, max(known.st_mtime, known.st_ctime)))
                    if len(some) == _LISTED:
                        yield some
                        some = []
        except FileNotFoundError:
            pass
        except OSError as wrong:
            raise BlobsUnavailable from wrong
        if some:
            yield some


class S3Blobs:
    """Objects `sha256/aa/<hash>` in one bucket, by obstore; content addressing needs no conditional writes.

    The workers need PutObject and GetObject, retention DeleteObject and ListBucket too, `admin check` ListBucket; a
    bucket with object lock keeps what must not vanish even from them.
    """

    def __init__(self, url: str) -> None:
        import obstore.store

        said = urlsplit(url)
        if said.scheme != "s3" or not said.netloc:
            raise CannotBegin("--s3 is no address: write s3://bucket/prefix?endpoint=https://host&region=name")
        more = {name: values[-1] for name, values in parse_qs(said.query).items()}
        endpoint = more.get("endpoint") or os.environ.get("AWS_ENDPOINT_URL", "")
        config: dict[str, Any] = {
            "bucket": said.netloc,
            "region": more.get("region") or os.environ.get("AWS_REGION", "us-east-1"),
            "virtual_hosted_style_request": more.get("style") == "virtual",
        }
        if endpoint:
            config["endpoint"] = endpoint
        self._prefix = said.path.strip("/")
        self._store = obstore.store.S3Store(
            **config,
            client_options={
                "connect_timeout": dt.timedelta(seconds=5),
                "timeout": dt.timedelta(seconds=30),
                "allow_http": endpoint.startswith("http://"),
            },
            retry_config={
                "max_retries": 2,
                "retry_timeout": dt.timedelta(seconds=40),
                "backoff": {
                    "init_backoff": dt.timedelta(milliseconds=100),
                    "max_backoff": dt.timedelta(seconds=2),
                    "base": 2,
                },
            },
        )

    def why_not(self) -> str:
        """Return why nothing can be put here now, as the store says it; nothing where it can.

        A bucket that is not there reads like one that is empty, so something is put: one empty object, always the same.
        """
        import obstore
        from obstore.exceptions import BaseError

        try:
            obstore.put(
                self._store, "/".join(part for part in (self._prefix, "begun") if part), b"", use_multipart=False
            )
        except (BaseError, OSError) as wrong:
            return str(wrong).strip().partition("\n")[0][:300]
        return ""

    def _key(self, sha256: str) -> str:
        return "/".join(part for part in (self._prefix, "sha256", _checked(sha256)[:2], sha256) if part)

    def put(self, sha256: str, source: Path) -> None:
        import obstore
        from obstore.exceptions import BaseError

        try:
            obstore.put(self._store, self._key(sha256), source, use_multipart=False)
        except (BaseError, OSError) as wrong:
            raise BlobsUnavailable from wrong
        source.unlink(missing_ok=True)

    def put_all(self, files: Iterable[tuple[str, Path]]) -> None:
        for sha256, source in files:
            self.put(sha256, source)

    def read(self, sha256: str) -> bytes:
        import obstore

        return self._read(lambda: obstore.get(self._store, self._key(sha256)).bytes())

    def read_part(self, sha256: str, begin: int, end: int) -> bytes:
        import obstore

        return self._read(lambda: obstore.get_range(self._store, self._key(sha256), start=begin, end=end))

    def _read(self, ask: Callable[[], Any]) -> bytes:
        from obstore.exceptions import BaseError

        try:
            return bytes(ask())
        except FileNotFoundError:
            raise
        except (BaseError, OSError) as wrong:
            raise BlobsUnavailable from wrong

    def has(self, sha256: str) -> bool:
        import obstore
        from obstore.exceptions import BaseError

        try:
            obstore.head(self._store, self._key(sha256))
        except FileNotFoundError:
            return False
        except (BaseError, OSError) as wrong:
            raise BlobsUnavailable from wrong
        return True

    def delete(self, sha256: str) -> None:
        import obstore
        from obstore.exceptions import BaseError

        try:
            obstore.delete(self._store, self._key(sha256))
        except FileNotFoundError:
            return
        except (BaseError, OSError) as wrong:
            raise BlobsUnavailable from wrong

    def listed(self, folder: str) -> Iterator[list[tuple[str, float]]]:
        import obstore
        from obstore.exceptions import BaseError

        prefix = "/".join(part for part in (self._prefix, "sha256", folder) if part)
        try:
            for page in obstore.list(self._store, prefix, chunk_size=_LISTED):
                named = [(one["path"].rpartition("/")[2], one["last_modified"].timestamp()) for one in page]
                yield [one for one in named if _is_name(one[0])]
        except (BaseError, OSError) as wrong:
            raise BlobsUnavailable from wrong


def _is_name(name: str) -> bool:
    return len(name) == 64 and set(name) <= set("0123456789abcdef")


def _checked(sha256: str) -> str:
    if not _is_name(sha256):
        raise ValueError("not a hash")
    return sha256


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
