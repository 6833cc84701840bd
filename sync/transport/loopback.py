"""Takes what the browser brings back: one address of loopback, for one sign-in (RFC 8252, 7.3)."""

import html
import http.server
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self
from urllib.parse import parse_qsl, urlsplit

_PATH: Final = "/signed-in"
_LOOK_EVERY_S: Final = 0.2
_PAGE: Final = (
    '<!doctype html><html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<title>{title}</title><body style="font:18px/1.5 sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem">'
    "<h1>{title}</h1><p>{text}</p></body></html>"
)


@dataclass(frozen=True, slots=True)
class ClosingPage:
    """What the browser shows at the end, in the person's language."""

    language: str
    title: str
    text: str


class Loopback:
    """Listens at a free port while somebody waits for the answer with the right state; others are turned away."""

    def __init__(self, page: ClosingPage) -> None:
        self._state = ""
        self._came: dict[str, str] | None = None
        self._arrived = threading.Event()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            timeout = 5

            def do_GET(self) -> None:
                outer._take(self, page)

            def log_message(self, *_said: object) -> None:
                """The address holds the code."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.timeout = _LOOK_EVERY_S

    @property
    def redirect(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{_PATH}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.server_close()

    def wait(self, state: str, *, is_stopped: Callable[[], bool], within_s: float) -> dict[str, str] | None:
        """Return what came with this state; None when it was stopped or took too long."""
        self._state = state
        ends = time.monotonic() + within_s
        while not self._arrived.is_set() and not is_stopped() and time.monotonic() < ends:
            self._server.handle_request()
        return self._came

    def _take(self, asked: http.server.BaseHTTPRequestHandler, page: ClosingPage) -> None:
        parts = urlsplit(asked.path)
        came = dict(parse_qsl(parts.query, max_num_fields=20)) if len(asked.path) < 8_000 else {}
        is_ours = parts.path == _PATH and bool(self._state) and came.get("state") == self._state
        if is_ours and not self._arrived.is_set():
            self._came = came
            self._arrived.set()
        text = _PAGE.format(language=page.language, title=html.escape(page.title), text=html.escape(page.text))
        body = text.encode("utf-8") if is_ours else b""
        asked.send_response(200 if is_ours else 404)
        for name, value in (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
            ("Connection", "close"),
        ):
            asked.send_header(name, value)
        asked.end_headers()
        asked.wfile.write(body)
