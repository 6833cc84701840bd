"""Fetches packs over HTTPS for `bnhelper.catalogue.pack_update`, which decides what may be trusted."""

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import requests

from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.pack_update import Updated, UpdateNotThere, UpdateRefused, update
from sync.transport.https import session_for
from sync.wire.version import CONTRACT, SERVER_HEADER

_CONNECT_S: Final = 10.0
_READ_S: Final = 30.0
_PIECE: Final = 65_536
_MOST_ROOT: Final = 500_000
_TRIES: Final = 4  #: a line that breaks in the middle goes on from the byte it had


class HttpsPackSource:
    """A publisher's repository on a web server. Its signatures are what makes its bytes believed, not its address."""

    def __init__(self, url: str, *, certificate_sha256: str | None = None, is_intake: bool = False) -> None:
        """Read from `url`; `is_intake` says that every answer must carry the province's own header.

        One without it is a captive portal's: then nothing is there, and nobody has forged anything.
        """
        self._url = url.rstrip("/")
        self._is_intake = is_intake
        self._session = session_for(certificate_sha256)
        self._verify = certificate_sha256 is None

    def close(self) -> None:
        self._session.close()

    def read(self, name: str) -> Iterator[bytes]:
        """Yield a file's bytes; a broken line is taken up where it broke. Raises FileNotFoundError, OSError."""
        done = 0
        for tries in range(1, _TRIES + 1):
            try:
                for piece in self._from(name, done):
                    done += len(piece)
                    yield piece
            except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as wrong:
                if tries == _TRIES:
                    raise OSError("the line broke") from wrong
            else:
                return

    def _from(self, name: str, offset: int) -> Iterator[bytes]:
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={offset}-"} if offset else {})
        with self._session.get(
            f"{self._url}/{name}",
            headers=headers,
            stream=True,
            timeout=(_CONNECT_S, _READ_S),
            allow_redirects=False,
            verify=self._verify,
        ) as answer:
            if self._is_intake and answer.headers.get(SERVER_HEADER) != CONTRACT:
                raise OSError("not the province")
            if answer.status_code == 404:
                raise FileNotFoundError(name)
            if answer.status_code not in {200, 206} or (offset and answer.status_code != 206):
                raise OSError(f"status {answer.status_code}")
            promised = answer.headers.get("Content-Length")
            came = 0
            for piece in answer.iter_content(_PIECE):
                came += len(piece)
                yield piece
            if promised is not None and promised.isdigit() and came < int(promised):
                raise requests.ConnectionError("fewer bytes than promised")


def update_from_province(
    url: str, certificate_sha256: str | None, folder: Path, root: Path, now: dt.datetime, here: Pack | None
) -> Updated:
    """Bring the newest pack that the province hands out into `folder`.

    The root that is trusted first lies at `root`. A machine that was set up without one takes the province's first
    root over the line its enrolment pinned, once, and from then on trusts what that root says. Raises as
    `pack_update.update` does.
    """
    source = HttpsPackSource(f"{url.rstrip('/')}/v1/catalogue", certificate_sha256=certificate_sha256, is_intake=True)
    try:
        if not root.exists():
            _keep_first_root(source, root)
        return update(source, folder, root.read_bytes(), now, here)
    finally:
        source.close()


def _keep_first_root(source: HttpsPackSource, root: Path) -> None:
    try:
        said = bytearray()
        for piece in source.read("metadata/1.root.json"):
            said += piece
            if len(said) > _MOST_ROOT:
                raise UpdateRefused
    except OSError as wrong:
        raise UpdateNotThere from wrong
    root.parent.mkdir(parents=True, exist_ok=True)
    part = root.with_suffix(".part.json")
    part.write_bytes(said)
    os.replace(part, root)  # noqa: PTH105 - atomic on Windows too
