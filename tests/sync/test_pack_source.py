"""Packs over the network: a broken line goes on from its byte, everything else is told."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.transport.pack_source import HttpsPackSource

_CONTENT = bytes(range(256)) * 2_000


class _Server(http.server.ThreadingHTTPServer):
    cuts = 0
    asked: list[str]


class _Handler(http.server.BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        said = self.headers.get("Range", "")
        self.server.asked.append(f"{self.path} {said}".strip())
        if not self.path.endswith("/whole"):
            self.send_error(302 if self.path.endswith("/moved") else 404)
            return
        start = int(said.removeprefix("bytes=").rstrip("-")) if said else 0
        body = _CONTENT[start:]
        self.send_response(206 if said else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.server.cuts:
            self.server.cuts -= 1
            self.wfile.write(body[: len(body) // 2])
            self.connection.close()
            return
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[_Server]:
    made = _Server(("127.0.0.1", 0), _Handler)
    made.asked = []
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


@pytest.fixture
def source(server: _Server) -> HttpsPackSource:
    return HttpsPackSource(f"http://127.0.0.1:{server.server_address[1]}/")


def test_a_file_comes_whole(source: HttpsPackSource) -> None:
    assert b"".join(source.read("targets/whole")) == _CONTENT


def test_a_line_that_breaks_goes_on_from_its_byte(source: HttpsPackSource, server: _Server) -> None:
    server.cuts = 2
    assert b"".join(source.read("targets/whole")) == _CONTENT
    assert not server.asked[0].partition(" ")[2]
    assert all(one.partition(" ")[2].startswith("bytes=") for one in server.asked[1:])


def test_a_line_that_only_breaks_is_told(source: HttpsPackSource, server: _Server) -> None:
    server.cuts = 100
    with pytest.raises(OSError, match="broke"):
        list(source.read("targets/whole"))


def test_what_is_not_there_is_told(source: HttpsPackSource) -> None:
    with pytest.raises(FileNotFoundError):
        list(source.read("targets/none"))


def test_a_redirect_is_not_followed(source: HttpsPackSource) -> None:
    with pytest.raises(OSError, match="302"):
        list(source.read("targets/moved"))


def test_no_server_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="broke"):
        list(HttpsPackSource("http://127.0.0.1:9").read("targets/whole"))
