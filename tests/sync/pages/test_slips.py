"""The official slips: each is there once its deed was done, says what was promised, and only the office prints it."""

import datetime as dt

import pytest
from sqlalchemy import select

from bnhelper.clock import PROVINCE_TIME
from sync.intake import ledger
from sync.intake.deeds import Deed
from tests.sync.conftest import RunningIntake
from tests.sync.pages.conftest import Open, do, state
from tests.sync.pages.seeds import Seeds

pytestmark = [pytest.mark.journey, pytest.mark.long, pytest.mark.usefixtures("qapp")]


def test_an_office_hands_out_its_slips(opened: Open, intake: RunningIntake, seeds: Seeds) -> None:
    one, other = seeds.send(0), seeds.send(1)
    window = opened()
    page = window.page
    window.log_in("hanh")
    window.go(f"/officer/dossiers/{one}")
    assert page.locator(".slips").count() == 0, "nothing was promised yet"
    window.go(f"/officer/dossiers/{one}/slips/01")
    assert "Không thấy trang" in window.text()

    # 01: what was received, and until when.
    do(intake, one, Deed("accept"))
    window.go(f"/officer/dossiers/{one}")
    page.click("#slip-01")
    said = page.inner_text(".slip")
    assert "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ" in said.upper()
    for words in ("NGUYỄN THỊ HOÀ", "10 giờ 05, ngày 23/11/2026", "Độc lập - Tự do - Hạnh phúc", "Thời gian hẹn trả"):
        assert words in said, words
    window.judge("slip-01")

    # 04: sorry, and a new date; first without a reason, then with one.
    window.go(f"/officer/dossiers/{one}")
    page.click("form[action$=postpone] button")
    page.wait_for_selector("#mend")
    assert state(intake, one) == "accepted"
    window.judge("postpone-troubles")
    page.fill("#note-postpone", "Chờ xác minh nơi cư trú.")
    page.fill("#deadline-postpone", "2026-12-04")
    page.click("form[action$=postpone] button")
    page.wait_for_selector("#slip-04")
    assert state(intake, one) == "accepted"
    with intake.site.engine.connect() as db:
        row = db.execute(select(ledger.dossiers).where(ledger.dossiers.c.id == str(one))).one()
        last = db.execute(select(ledger.changes.c.body).order_by(ledger.changes.c.seq.desc())).scalars().first()
    due = dt.datetime.fromisoformat(row.due_at).astimezone(PROVINCE_TIME)
    assert (due.date(), due.hour) == (dt.date(2026, 12, 4), 17)
    assert "Chờ xác minh nơi cư trú." in (last or ""), "the device is told why"
    page.click("#slip-04")
    said = page.inner_text(".slip")
    for words in ("Chờ xác minh nơi cư trú.", "17 giờ 00, ngày 04/12/2026", "xin lỗi"):
        assert words in said, words
    window.judge("slip-04")

    # 02 and 03.
    do(intake, one, Deed("supplement", note="Chụp lại cho rõ.", papers=("birth_evidence",)))
    window.go(f"/officer/dossiers/{one}/slips/02")
    assert "Chụp lại cho rõ." in page.inner_text(".slip")
    window.judge("slip-02")
    do(intake, other, Deed("reject", note="Không thuộc thẩm quyền."))
    window.go(f"/officer/dossiers/{other}/slips/03")
    assert "Không thuộc thẩm quyền." in page.inner_text(".slip")
    window.judge("slip-03")

    english = opened("en-narrow-light")
    english.log_in("hanh")
    english.go(f"/officer/dossiers/{one}/slips/04")
    assert english.page.get_attribute(".slip", "lang") == "vi", "the paper stays Vietnamese"
    english.judge("slip-04")

    auditor = opened()
    auditor.log_in("kiemtra")
    auditor.go(f"/officer/dossiers/{one}/slips/01")
    assert "không có quyền" in auditor.text()
