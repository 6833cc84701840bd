"""The officers' pages in real Chromium: a whole day, every page in every dress, and all of it without script."""

import datetime as dt
import re

import pytest

from bnhelper.ids import DossierId
from sync.intake import spool, visits
from sync.intake.deeds import Deed
from sync.intake.page_words import word, words
from sync.intake.visit_csv import EXAMPLE, homes_of
from tests.sync.conftest import RunningIntake
from tests.sync.pages.conftest import LOOKS, Open, do, state
from tests.sync.pages.seeds import Seeds

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("qapp")]
_PDF = b"%PDF-1.4 ket qua\n%%EOF"
_RESIDENCE = 'input[name=fields][value="/data/declaration/mother/residence"]'


_LONG = pytest.mark.long
#: language, width and colours; the other two differ in nothing the engine judges, and are for looking at
_DRESSES = [
    pytest.param(dress, marks=() if LOOKS else _LONG) for dress in ("en-narrow-dark", "vi-wide-light", "en-wide-dark")
]  # all by night: by day the officer's whole day judges its pages


def _page_of(dossier: DossierId) -> str:
    return f"/officer/dossiers/{dossier}"


@pytest.mark.parametrize("language", ["vi", pytest.param("en", marks=pytest.mark.long)])
def test_an_officers_whole_day(opened: Open, intake: RunningIntake, seeds: Seeds, language: str) -> None:
    w = words(language)
    first, second, third, fourth, fifth = (seeds.send(number, photos=2 - number % 2) for number in range(5))
    window = opened(f"{language}-wide-light")
    page = window.page

    # Morning: the door, and what waits.
    window.go("/officer/queue")
    window.look("login")
    page.fill("#user", "hanh")
    page.fill("#password", "không phải")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    page.fill("#password", "đồng lúa chín vàng")
    page.keyboard.press("Enter")
    page.wait_for_url("**/officer/queue")
    assert page.locator("#list tbody tr").count() == 5
    assert page.inner_text(".glance .delivered").split() == ["5", *word("states", "delivered", language).split()]
    assert w["due_left_one"] in page.inner_text("#list")
    window.look("queue")
    page.keyboard.press("?")
    assert page.is_visible("#keys")
    window.judge("keys")
    page.keyboard.press("Escape")
    page.wait_for_selector("#keys", state="hidden")

    # One dossier by keyboard: its photos beside its answers.
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{_page_of(first)}")
    assert "NGUYỄN THỊ HOÀ" in window.text()
    assert page.inner_text("#photo-name").startswith(f"1 {w['of_pages']} 2")
    before = page.get_attribute("#stage img", "src")
    page.keyboard.press("n")
    assert page.get_attribute("#stage img", "src") != before
    page.keyboard.press("r")
    page.wait_for_selector('#stage img[style*="rotate(90deg)"]')  # a photo is laid out once it has come
    width = page.evaluate("document.querySelector('#stage img').style.width")
    page.keyboard.press("+")
    assert float(page.evaluate("document.querySelector('#stage img').style.width")[:-2]) > float(width[:-2]) * 1.4
    window.look("dossier")
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    page.wait_for_selector(".chip.accepted")
    assert state(intake, first) == "accepted"
    page.wait_for_load_state()
    assert page.locator(".history li").count() == 2

    # A supplement: first incomplete, then ticked, with a note from a template.
    page.keyboard.press("s")
    page.keyboard.type("Ghi rõ thôn")
    page.click("#supplement button")
    page.wait_for_selector("#mend")
    assert page.input_value("#note-supplement") == "Ghi rõ thôn"
    assert state(intake, first) == "accepted"
    window.judge("dossier-troubles")
    page.check(_RESIDENCE)
    page.check('input[name=papers][value="birth_evidence"]')
    assert page.inner_text("#ticked") == "2"
    page.select_option("#template", "blurred")
    assert page.input_value("#note-supplement").startswith(f"Ghi rõ thôn\n{w['template_blurred']}")
    page.click("#supplement button")
    page.wait_for_selector(".asked")
    assert state(intake, first) == "needs_info"
    assert w["template_blurred"] in page.inner_text(".asked")

    # Two officers at one dossier: nothing is overwritten, both sides are told, what was typed is still there.
    window.go(_page_of(second))
    page.check(_RESIDENCE)
    page.fill("#note-supplement", "Đề nghị ghi rõ tổ dân phố.")
    do(intake, second, Deed("accept", note="Đã xem tại quầy."))
    page.click("#supplement button")
    page.wait_for_selector("#conflict")
    assert state(intake, second) == "accepted"
    said = page.inner_text("#conflict")
    assert "Ông Long" in said
    assert "Đã xem tại quầy." in said
    assert "Đề nghị ghi rõ tổ dân phố." in said
    assert page.input_value("#note-supplement") == "Đề nghị ghi rõ tổ dân phố."
    assert page.is_checked(_RESIDENCE)
    window.judge("conflict")
    page.click("#supplement button")
    page.wait_for_selector(".asked")
    assert state(intake, second) == "needs_info"

    # Many at once; one of them was changed by a colleague meanwhile.
    window.go("/officer/queue")
    page.check("#tick-all input")
    assert page.locator("#list input[name=item]:checked").count() == 3
    do(intake, third, Deed("review"))
    page.click("#many button.primary")
    page.wait_for_selector("h1:has-text('2 / 3')")
    assert w["outcome_changed"] in window.text()
    assert [state(intake, one) for one in (third, fourth, fifth)] == ["in_review", "accepted", "accepted"]
    window.judge("bulk")

    # Found by name without accents, by the end of an ID number, by the slip's code.
    for sought, found in (("tran van duc", 1), ("quy vu", 1), ("00004", 1), ("khong co ai", 0)):
        page.fill("#q", sought)
        page.press("#q", "Enter")
        page.wait_for_url(re.compile(f"q={sought.replace(' ', '.')}"))
        assert page.locator("#list tbody tr").count() == found, sought
    window.look("search-none")

    # A result with its file, its handing over, a refusal, a withdrawal, and one that goes to another office.
    window.go(_page_of(third))
    page.set_input_files("#file", {"name": "giay.pdf", "mimeType": "application/pdf", "buffer": b"no pdf at all"})
    page.click("form[action$=result] button")
    page.wait_for_selector("#mend")
    page.set_input_files("#file", {"name": "giay.pdf", "mimeType": "application/pdf", "buffer": _PDF})
    page.click("form[action$=result] button")
    page.wait_for_selector(".chip.approved")
    page.click("form[action$=returned] button")
    page.wait_for_selector(".chip.returned")
    assert "giay.pdf" in page.inner_text(".history")
    window.judge("closed")
    window.go(_page_of(fourth))
    page.fill("#note-reject", "Không thuộc thẩm quyền.")
    page.click("form[action$=reject] button")
    page.wait_for_selector(".chip.rejected")
    window.go(_page_of(fifth))
    page.select_option("#to", "07210:")
    page.fill("#note-handover", "Nơi cư trú của mẹ.")
    page.click("form[action$=handover]:has(#to) button")
    page.wait_for_selector(f"#deeds:has-text('{w['read_only'].partition('{')[0].strip()}')")
    window.go("/officer/queue?scope=elsewhere")
    assert page.locator("#list tbody tr").count() == 1
    window.look("queue-elsewhere")

    # The session ends while a note is being written: nothing is done, nothing is lost.
    do(intake, first, Deed("withdraw", note="Người nộp yêu cầu."))
    sixth = seeds.send(5)
    window.go(_page_of(sixth))
    page.check(_RESIDENCE)
    page.fill("#note-supplement", "Một lời ghi dài mà không ai muốn gõ lại.")
    intake.clock.move(minutes=61)
    page.click("#supplement button")
    page.wait_for_selector("#kept")
    assert state(intake, sixth) == "delivered"
    window.judge("login-again")
    page.fill("#password", "đồng lúa chín vàng")
    page.keyboard.press("Enter")
    page.wait_for_selector("#supplement")
    assert page.input_value("#note-supplement") == "Một lời ghi dài mà không ai muốn gõ lại."
    assert page.is_checked(_RESIDENCE)
    assert state(intake, sixth) == "delivered"
    page.click("#supplement button")
    page.wait_for_selector(".asked")

    # The deadline passes, and the list says so first.
    intake.clock.move(days=14)
    window.log_in("hanh")
    assert page.inner_text(".glance .overdue b") == "2"
    assert ("quá hạn" if language == "vi" else "overdue") in page.inner_text("#list tbody tr:first-child")
    window.look("overdue")
    page.click(f"text={w['log_out']}")
    page.wait_for_url("**/officer/login")
    window.go("/officer/queue")
    assert "/officer/login" in page.url


@pytest.mark.parametrize("dress", ["vi-wide-light", pytest.param("en-narrow-dark", marks=() if LOOKS else _LONG)])
def test_a_supplement_on_its_way_is_seen_asked_for_again_and_refused(
    opened: Open, intake: RunningIntake, seeds: Seeds, dress: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    w = words(dress[:2])
    sent = [seeds.send(number) for number in range(2)]
    for name in sent:
        do(intake, name, Deed("supplement", note="Ảnh mờ, chụp lại.", papers=("birth_evidence",)))
        seeds.answer(name, photos=2, come=1)
    window = opened(dress)
    page = window.page
    window.log_in("hanh")
    said = w["on_its_way_short"].format(came=3, wanted=4, since="")
    assert said in page.inner_text("#list tbody tr:first-child")
    window.judge("queue-on-its-way")
    window.judge_widths("queue-on-its-way", 1024, 800)
    window.go(_page_of(sent[0]))
    assert w["on_its_way"].format(revision=2, came=3, wanted=4, since="")[:-1] in page.inner_text("#on-its-way")
    assert page.locator(".coming").count() == 1
    assert w["arrived_in_part"].format(revision=2) in page.inner_text(".history")
    assert page.locator("a.photo").count() == 3
    window.judge("dossier-on-its-way")
    page.fill("#deadline-ask_again", "2020-01-01")
    page.eval_on_selector("form[action$=ask_again]", "form => form.noValidate = true")
    page.click("form[action$=ask_again] button")
    page.wait_for_selector("#mend")
    assert w["bad_deadline"] in window.text()
    page.fill("#deadline-ask_again", "2026-12-10")
    page.click("form[action$=ask_again] button")
    page.wait_for_selector(".chip.needs_info")
    assert w["on_its_way_asked"] in page.inner_text("#on-its-way")
    assert w["ask_again_done"] in page.inner_text(".history")
    window.judge("dossier-asked-again")
    window.go(_page_of(sent[1]))
    page.fill("#note-reject", "Quá hạn bổ sung.")
    page.click("form[action$=reject] button")
    page.wait_for_selector(".chip.rejected")
    assert page.locator("#on-its-way").count() == 0
    window = opened(dress)
    window.expects, page = "507", window.page
    window.log_in("hanh")
    with monkeypatch.context() as full:
        full.setattr(spool, "RESERVE_BYTES", 2**62)
        window.go("/officer/bundles")
        page.set_input_files("input[type=file]", {"name": "a.age", "mimeType": "x/y", "buffer": b"rubbish"})
        page.click("form:has(input[type=file]) button")
        page.wait_for_selector("[role=alert]")
        assert w["bundle_no_room"] in window.text()
        window.judge("bundles-no-room")


@pytest.mark.parametrize("dress", _DRESSES)
def test_every_page_is_accessible_in_every_dress(opened: Open, intake: RunningIntake, seeds: Seeds, dress: str) -> None:
    sent = [seeds.send(number) for number in range(3)]
    token = seeds.look_up_token(sent[0])
    do(intake, sent[1], Deed("accept"))
    do(intake, sent[1], Deed("supplement", note="Ảnh mờ.", papers=("birth_evidence",)))
    do(intake, sent[2], Deed("review"))
    homes = homes_of(EXAMPLE, dt.date(2026, 11, 26))
    listed = visits.make(intake.site, unit="09208", hamlet="Thôn Đông", device=None, homes=homes, by="officer:x")
    window = opened(dress)
    page = window.page
    for path, name in ((f"/t/{token}", "look-up"), ("/officer/login", "login")):
        window.go(path)
        window.judge(name)
    window.log_in("tinh")
    for path, name in (
        ("/officer/queue", "queue"),
        (_page_of(sent[0]), "dossier"),
        (_page_of(sent[1]), "dossier-asked"),
        (f"{_page_of(sent[0])}/photos/1?zoom=2&turn=90", "photo"),
        (f"{_page_of(sent[0])}/print", "print"),
        ("/officer/accounts", "accounts"),
        ("/officer/visits", "visits"),
        (f"/officer/visits/{listed}", "visit-list"),
        ("/officer/audit", "audit"),
        ("/officer/help", "help"),
        ("/officer/password", "password"),
    ):
        window.go(path)
        window.judge(name)
    window.go("/officer/accounts")
    page.click("form[action$=devices] button")
    page.wait_for_selector(".qr svg")
    window.judge("invited-device")
    page.fill("#name", "Nguyễn Thị Mới")
    page.fill("#user", "moi")
    page.select_option("#office", "09208")
    page.click("form[action$=officers] button")
    page.wait_for_selector("#made code")
    link = page.inner_text("#made code")
    assert link.startswith(f"{intake.url}/officer/join/")
    other = opened(dress)
    other.page.goto(link)
    other.judge("join")
    other.page.fill("#new", "một mật khẩu dài")
    other.page.click("button.primary")
    other.page.wait_for_url("**/officer/login?joined=1")
    other.log_in("moi", "một mật khẩu dài")
    window.go("/officer/accounts")
    page.once("dialog", lambda asked: asked.accept())
    page.click("form:has(input[value=moi]) button")
    page.wait_for_selector("tr:has-text('moi') >> text=/thu hồi|revoked/")
    other.go("/officer/queue")
    assert "/officer/login" in other.page.url, "a revoked account is out at once"
    window.go("/officer/nothing-here")


@pytest.mark.long
def test_all_of_it_works_without_script(opened: Open, intake: RunningIntake, seeds: Seeds) -> None:
    first, second, third = (seeds.send(number) for number in range(3))
    window = opened(has_script=False)
    page = window.page
    window.log_in("hanh")
    assert not page.is_visible("#tick-all")
    page.check(f'input[name=item][value^="{second}"]')
    page.click("#many button.primary")
    page.wait_for_selector("h1:has-text('1 / 1')")
    window.go(_page_of(first))
    assert not page.is_visible("#viewer")
    with page.expect_popup() as popup:
        page.click("a.photo >> nth=0")
    popup.value.click("text=Xoay")
    popup.value.click("text=Phóng to")
    popup.value.wait_for_selector(".stage img.turn-90.zoom-2")
    popup.value.click("text=Ảnh sau")
    popup.value.wait_for_url("**/photos/2")
    page.check(_RESIDENCE)
    page.fill("#deadline", "2026-12-01")
    page.click("#supplement button")
    page.wait_for_selector("#mend")
    assert page.is_checked(_RESIDENCE)
    assert page.input_value("#deadline") == "2026-12-01"
    page.select_option("#template", "address")
    page.click("#supplement button")
    page.wait_for_selector(".asked")
    assert "Đề nghị ghi rõ thôn" in page.inner_text(".asked")
    assert state(intake, first) == "needs_info"
    window.go(_page_of(second))
    page.set_input_files("#file", {"name": "giay.pdf", "mimeType": "application/pdf", "buffer": _PDF})
    page.click("form[action$=result] button")
    page.wait_for_selector(".chip.approved")
    page.click("form[action$=returned] button")
    page.wait_for_selector(".chip.returned")
    assert "giay.pdf" in page.inner_text(".history")
    window.go(_page_of(third))
    page.fill("#note-reject", "Không thuộc thẩm quyền.")
    do(intake, third, Deed("accept", note="Đã xem tại quầy."))
    page.click("form[action$=reject] button")
    page.wait_for_selector("#conflict")
    assert "Đã xem tại quầy." in page.inner_text("#conflict")
    assert page.input_value("#note-reject") == "Không thuộc thẩm quyền."
    page.click("form[action$=reject] button")
    page.wait_for_selector(".chip.rejected")
    window.go("/officer/queue")
    page.fill("#q", "tran van duc")
    page.click("form[role=search] button")
    page.wait_for_url("**q=tran*")
    assert page.locator("#list tbody tr").count() == 1
    window.go(_page_of(first))
    page.select_option("#to", "07210:")
    page.click("form[action$=handover]:has(#to) button")
    page.wait_for_selector("#deeds:has-text('chỉ xem được')")
    window.go("/officer/queue")
    page.click("text=English")
    page.wait_for_selector("h1:has-text('Dossiers')")
    window.go("/officer/help")
    assert page.is_visible("main table.keys")


def test_an_auditor_sees_everything_and_can_press_nothing(opened: Open, seeds: Seeds) -> None:
    dossier = seeds.send()
    window = opened("en-wide-light")
    window.log_in("kiemtra")
    window.go(_page_of(dossier))
    assert "only looks" in window.text()
    assert window.page.locator("#deeds form, input[name=fields]").count() == 0
    window.go("/officer/audit")
    assert "read the dossier" in window.text()
    window.go("/officer/bundles")
    window.judge("no-right")
