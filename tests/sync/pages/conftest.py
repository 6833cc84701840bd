"""A real Chromium before the real server: dossiers in every state, officers of every role, an accessibility engine."""

import importlib.resources
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from sync.intake import deeds, desk, officers_accounts
from sync.intake.deeds import Deed
from sync.intake.officers_rights import PROVINCE_OFFICE, Officer, Role
from tests.sync.conftest import RunningIntake, running
from tests.sync.intake.conftest import object_store, postgres
from tests.sync.pages.seeds import Seeds

__all__ = ["object_store", "postgres"]

#: Chromium asks nobody for anything: no updates, no first run, no GPU, no QUIC. Its pages keep the priority of the test:
#: without a window they count as hidden, and would wait behind everything else that runs.
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
    "--disable-background-timer-throttling",
]
WIDE: ViewportSize = {"width": 1366, "height": 768}
NARROW: ViewportSize = {
    "width": 320,
    "height": 640,
}  #: the width at which WCAG 2.2 wants no scrolling sideways (1.4.10)
OFFICE = "09208"
PASSWORD = "đồng lúa chín vàng"
LOOKS = os.environ.get("BNHELPER_LOOKS", "")


@pytest.fixture(scope="module")  # its event loop would stand in the way of every later test of the process
def browser() -> Iterator[Browser]:
    where = shutil.which("chromium")
    if where is None:
        pytest.skip("needs Debian's Chromium: apt-get install chromium (bn.py test does it as root)")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=where, args=_FLAGS)
        yield opened
        opened.close()


@dataclass
class Window:
    """One browser window, which fails a test for whatever the browser complains about."""

    page: Page
    url: str
    name: str
    complaints: list[str] = field(default_factory=list)
    expects: str = "4"  #: how the statuses begin that are no surprise

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def log_in(self, user: str, password: str = PASSWORD) -> None:
        self.go("/officer/login")
        self.page.fill("#user", user)
        self.page.fill("#password", password)
        self.page.click("button.primary")
        self.page.wait_for_url("**/officer/queue*")

    def text(self) -> str:
        """Return what the page says, once all of it has come."""
        self.page.wait_for_load_state()
        return self.page.inner_text("body")

    def look(self, name: str) -> None:
        """Keep a picture where pictures are wanted."""
        if LOOKS:
            folder = Path(LOOKS) / "pages"
            folder.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=folder / f"{self.name}-{name}.png", full_page=True)

    def judge(self, name: str) -> None:
        """Look at the page as it is: nothing serious for the accessibility engine, nothing wider than the window."""
        self.look(name)
        script = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
        self.page.evaluate(script)
        found: dict[str, Any] = self.page.evaluate(
            "() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
            " 'best-practice'], resultTypes: ['violations']})"
        )
        serious = [
            (one["id"], [node["target"] for node in one["nodes"]], one["nodes"][0]["failureSummary"])
            for one in found["violations"]
            if one["impact"] in {"serious", "critical", "moderate"}
        ]
        assert serious == [], name
        assert len(found["passes"]) > 10, "the engine looked at something"
        self._fits(name)
        assert self.serious_complaints() == [], name

    def judge_widths(self, name: str, *widths: int) -> None:
        """Look whether the page fits into windows as wide as these."""
        before = self.page.viewport_size
        assert before is not None
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": 536})
            self._fits(f"{name} at {width}")
        self.page.set_viewport_size(before)

    def _fits(self, name: str) -> None:
        overflow = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{name} is wider than its window by {overflow}"

    def serious_complaints(self) -> list[str]:
        """Return what the browser complained about; a refused form is a page too, though its status is an error."""
        return [one for one in self.complaints if f"the server responded with a status of {self.expects}" not in one]


Open = Callable[..., Window]


@pytest.fixture
def opened(browser: Browser, intake: RunningIntake) -> Iterator[Open]:
    """Open windows, each with cookies of its own; say at the end what the browser complained about."""
    contexts: list[BrowserContext] = []
    windows: list[Window] = []

    def make(name: str = "vi-wide-light", *, has_script: bool = True) -> Window:
        language, width, scheme = name.split("-")
        context = browser.new_context(
            viewport=NARROW if width == "narrow" else WIDE,
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=has_script,
            reduced_motion="reduce",
        )
        context.add_cookies([{"name": "lang", "value": language, "url": intake.url}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        window = Window(page, intake.url, name)
        page.on(
            "console", lambda said: window.complaints.append(said.text) if said.type in {"error", "warning"} else None
        )
        page.on("pageerror", lambda wrong: window.complaints.append(str(wrong)))
        contexts.append(context)
        windows.append(window)
        return window

    yield make
    for context in contexts:
        context.close()
    for window in windows:
        assert window.serious_complaints() == []


@pytest.fixture
def seeds(tmp_path: Path, intake: RunningIntake) -> Iterator[Seeds]:
    made = Seeds(tmp_path, intake)
    yield made
    made.close()


@pytest.fixture(params=["embedded", pytest.param("postgres-and-s3", marks=pytest.mark.long)])
def intake(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningIntake]:
    """A server with an officer of one ward, a colleague, a provincial officer and an auditor; by night over both ends."""
    engines = {}
    if request.param == "postgres-and-s3":
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
        engines["postgres"] = request.getfixturevalue("postgres").fresh_database()
        engines["s3"] = request.getfixturevalue("object_store").fresh_bucket()
    with running(tmp_path / "intake", **engines) as found:
        boss = Officer(found.officer.user, "", "", Role.PROVINCE, PROVINCE_OFFICE)
        for user, name, role in (
            ("hanh", "Bà Hạnh", Role.OFFICER),
            ("long", "Ông Long", Role.OFFICER),
            ("tinh", "Ông Tỉnh", Role.PROVINCE),
            ("kiemtra", "Bà Kiểm", Role.AUDITOR),
        ):
            code = officers_accounts.invite_officer(
                found.site, boss, user=user, name=name, role=role, office=OFFICE if role is Role.OFFICER else ""
            )
            assert officers_accounts.join(found.site, code, PASSWORD) == user
        yield found


def do(intake: RunningIntake, dossier: str, deed: Deed, *, by: str = "Ông Long") -> None:
    """Let another officer do a deed behind everybody's back."""
    officer = Officer("long", by, "", Role.OFFICER, OFFICE)
    row = desk.dossier(intake.site, officer, dossier)
    assert row is not None
    deeds.do(intake.site, officer, dossier, row.version, deed)


def state(intake: RunningIntake, dossier: str) -> str:
    officer = Officer("x", "", "", Role.AUDITOR, None)
    row = desk.dossier(intake.site, officer, dossier)
    assert row is not None
    return str(row.state)
