"""Fetches packs over HTTPS for `bnhelper.catalogue.pack_update`, which decides what may be trusted."""

from collections.abc import Iterator
from typing import Final

import requests

_CONNECT_S: Final = 10.0
_READ_S: Final = 30.0
_PIECE: Final = 65_536
_TRIES: Final = 4  #: a line that breaks in the middle goes on from the byte it had


class HttpsPackSource:
    """A publisher's repository on a web server. Its signatures are what makes its bytes believed, not its address."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False

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
            f"{self._url}/{name}", headers=headers, stream=True, timeout=(_CONNECT_S, _READ_S), allow_redirects=False
        ) as answer:
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
