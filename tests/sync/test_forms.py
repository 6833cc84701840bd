"""Nothing of a form is read, kept in memory or put on a disk before it is clear who sends it and how much."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import requests
from starlette.types import ASGIApp

from sync.intake.app import make_app
from sync.intake.console_routes import PAGES
from tests.sync.conftest import RunningIntake
from tests.sync.intake.test_contract import _login

_FILE = (
    b'--b\r\nContent-Disposition: form-data; name="result"; filename="a.pdf"\r\n\r\n' + b"x" * 5_000 + b"\r\n--b--\r\n"
)
_DOSSIER = "01936f00-0000-7000-8000-00000000000a"
_POSTS = [*(one.path for one in PAGES if one.method == "POST"), "/officer/bundles"]


def _posted(app: ASGIApp, path: str, headers: Mapping[str, str], body: bytes = b"") -> tuple[int, int]:
    """Post to the application itself; return the status, and how many bytes of the body it asked for."""
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 9),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    status, read = 0, 0

    async def receive() -> dict[str, Any]:
        nonlocal read
        read += len(body)
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(event: Any) -> None:
        nonlocal status
        status = event.get("status", status)

    async def ask() -> None:
        await app(scope, receive, send)

    asyncio.run(ask())
    return status, read


def test_a_stranger_s_body_is_not_read(intake: RunningIntake) -> None:
    app = make_app(intake.site)
    lengths: list[dict[str, str]] = [{"Content-Length": one} for one in ("60000000", "9" * 30, "x")]
    for address in _POSTS:
        path = re.sub(r"\{\w+\}", _DOSSIER, address)
        for said in (*lengths, {}):
            headers = {"Content-Type": "multipart/form-data; boundary=b", **said}
            status, read = _posted(app, path, headers, _FILE)
            assert read == 0, path
            assert status in ({303} if path == "/officer/bundles" else {411, 413}), path
        elsewhere = {"Content-Length": "5", "Sec-Fetch-Site": "cross-site"}
        assert _posted(app, path, elsewhere, _FILE) == (303 if path == "/officer/bundles" else 403, 0)


def test_an_officer_may_send_one_file_of_a_size(intake: RunningIntake) -> None:
    app = make_app(intake.site)
    browser, _ = _login(intake, intake.officer.password)
    cookie = {
        "Cookie": f"bn-officer={browser.cookies['bn-officer']}",
        "Content-Type": "multipart/form-data; boundary=b",
    }
    path = f"/officer/dossiers/{_DOSSIER}/result"
    assert _posted(app, path, cookie | {"Content-Length": "18000000"}, _FILE) == (413, 0)
    assert _posted(app, path, cookie | {"Content-Length": str(len(_FILE))}, _FILE) == (403, len(_FILE)), (
        "no token in it"
    )
    assert _posted(app, "/officer/queue/accept", cookie | {"Content-Length": "2000000"}, _FILE) == (413, 0)
    # Whoever had a session until lately is asked to log in again, and what was typed is not lost.
    intake.clock.move(days=1)
    status, read = _posted(app, path, cookie | {"Content-Length": str(len(_FILE) + 5_000_000)}, _FILE)
    assert (status, read) == (403, len(_FILE))
    page = requests.post(f"{intake.url}{path}", files={"result": ("a.pdf", b"x" * 9_000_000)}, timeout=20)
    assert page.status_code == 413
    assert "16 MB" in page.text
