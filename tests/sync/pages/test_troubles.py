"""Pages of what goes wrong, and of what is empty: as accessible as the others, at the narrowest width, and no dead ends."""

import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from sync.intake import deeds, desk, lookup
from sync.intake.page_words import words
from tests.sync.conftest import RunningIntake
from tests.sync.pages.conftest import Open, Window, state
from tests.sync.pages.seeds import Seeds

#: By day `test_doors.py` asks for the same without a browser, and `test_day.py` judges one of the pages.
pytestmark = [pytest.mark.journey, pytest.mark.long, pytest.mark.usefixtures("qapp")]
_DRESSES = ("vi-narrow-light", "en-narrow-dark", "vi-wide-light", "en-wide-dark")
_NOBODY = "/officer/dossiers/01936f00-0000-7000-8000-00000000000a"


def _judged(window: Window, path: str, name: str, said: str) -> None:
    window.go(path)
    assert said in window.text(), name
    window.judge(name)


@pytest.mark.parametrize("dress", _DRESSES)
def test_what_is_refused_or_empty_is_a_page_like_the_others(
    opened: Open, intake: RunningIntake, monkeypatch: pytest.MonkeyPatch, dress: str
) -> None:
    w = words(dress[:2])
    window = opened(dress)
    page = window.page
    window.go("/officer/login")
    page.fill("#user", "hanh")
    page.fill("#password", "không phải")
    page.click("button.primary")
    page.wait_for_selector("[role=alert]")
    assert w["wrong"] in window.text()
    assert page.input_value("#user") == "hanh"
    window.judge("login-refused")
    _judged(window, "/t/aaaaaaaaaaaaaaaaaaaaaa", "look-up-unknown", w["look_up_none"])
    _judged(window, "/officer/join/aaaaaaaaaaaaaaaa", "join-spent", w["join_spent"])
    _judged(window, "/officer/nothing-here", "no-such-page", w["none_such"])
    monkeypatch.setattr(lookup.Throttle, "allows", lambda *_: False)
    _judged(window, "/t/aaaaaaaaaaaaaaaaaaaaaa", "look-up-throttled", w["look_up_wait"])
    window.log_in("tinh")
    _judged(window, "/officer/queue", "queue-empty", w["empty"])
    _judged(window, "/officer/queue?due=overdue", "queue-empty-filter", w["empty_filter"])
    _judged(window, "/officer/queue?q=khong+co+ai", "search-none", w["found_none"])
    _judged(window, "/officer/visits", "visits-empty", w["visits_none"])
    _judged(window, "/officer/bundles", "bundles-empty", w["bundle_none"])
    _judged(window, "/officer/accounts", "accounts-no-devices", w["no_devices"])
    _judged(window, "/officer/audit?dossier=H05.27-000000-0000", "audit-none", w["audit_none"])
    _judged(window, _NOBODY, "no-such-dossier", w["none_such"])
    window.go("/officer/password")
    page.fill("#old", "không phải")
    page.fill("#new", "một mật khẩu dài")
    page.click("button.primary")
    page.wait_for_selector("[role=alert]")
    window.judge("password-refused")
    page.context.clear_cookies(name="bn-officer")
    page.fill("#old", "không phải")
    page.fill("#new", "một mật khẩu dài")
    page.click("button.primary")
    page.wait_for_selector("#user")
    window.judge("session-over")
    window.log_in("kiemtra")
    _judged(window, "/officer/bundles", "no-right", w["cannot"])
    assert page.locator("main a[href='/officer/queue']").count() == 1, "a way back"


@pytest.mark.parametrize("dress", _DRESSES)
def test_a_form_that_meets_a_ledger_that_is_away_is_sent_again_as_it_was(
    opened: Open, intake: RunningIntake, seeds: Seeds, monkeypatch: pytest.MonkeyPatch, dress: str
) -> None:
    """A browser keeps no fields of a page that it must not store: what was typed would be gone."""
    w = words(dress[:2])
    dossier = seeds.send()
    window = opened(dress)
    window.expects = "50"
    page = window.page
    window.log_in("hanh")
    window.go(f"/officer/dossiers/{dossier}")
    page.check('input[name=papers][value="birth_evidence"]')
    page.fill("#note-supplement", "Một lời ghi dài “mà” không ai muốn <gõ> lại.")

    def away(*_: object, **__: object) -> None:
        raise OperationalError("SELECT 1", {}, sqlite3.OperationalError("away"))

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("nobody thought of this")

    with monkeypatch.context() as hurt:
        hurt.setattr(deeds, "do", away)
        page.click("#supplement button")
        page.wait_for_selector("main form button.primary")
        assert w["unavailable"] in window.text()
        window.judge("away")
        page.click("main form button.primary")
        page.wait_for_selector(f"h1:has-text('{w['unavailable']}')")
    assert state(intake, dossier) == "delivered"
    page.click("main form button.primary")
    page.wait_for_selector(".asked")
    assert "Một lời ghi dài “mà” không ai muốn <gõ> lại." in page.inner_text(".asked")
    assert state(intake, dossier) == "needs_info"
    with monkeypatch.context() as hurt:
        hurt.setattr(desk, "listed", broken)
        _judged(window, "/officer/queue", "broken", w["broken"])


def test_whoever_goes_by_keyboard_sees_where_they_are(opened: Open, seeds: Seeds) -> None:
    """Every stop of the Tab key is marked, and lies within the window (WCAG 2.2, 2.4.7 and 2.4.11)."""
    dossier = seeds.send()
    for dress in ("vi-wide-light", "en-narrow-dark"):
        window = opened(dress)
        page = window.page
        window.log_in("hanh")
        for path in ("/officer/queue", f"/officer/dossiers/{dossier}", "/officer/visits", "/officer/help"):
            window.go(path)
            stops = 0
            for _ in range(150):
                page.keyboard.press("Tab")
                seen = page.evaluate(
                    "() => { const at = document.activeElement; if (at === document.body) return null;"
                    " const box = at.getBoundingClientRect(), style = getComputedStyle(at);"
                    " return {what: at.outerHTML.slice(0, 90), marked: style.outlineStyle !== 'none' &&"
                    " parseFloat(style.outlineWidth) >= 2, inside: box.bottom > 0 && box.top < innerHeight &&"
                    " box.right > 0 && box.left < innerWidth}; }"
                )
                if seen is None:
                    break
                stops += 1
                assert seen["marked"], (path, seen["what"])
                assert seen["inside"], (path, seen["what"])
            assert stops > 10, path
