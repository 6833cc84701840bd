"""Whatever is not the province's own plain word about a slip is silence, and never an answer."""

import pytest

from sync.engine.orders import Send
from sync.engine.reports import Answered, NotTheProvince, Report, Silent
from sync.transport.enrolment import ProvinceSilent
from sync.transport.https import HttpsTransport
from sync.transport.look_up import LookUp

_TOKEN = "x" * 22


def _answering(monkeypatch: pytest.MonkeyPatch, report: Report) -> list[Send]:
    asked: list[Send] = []

    def perform(_self: HttpsTransport, order: Send, *, within_s: float | None = None) -> Report:
        assert within_s is not None, "nobody stands before a kiosk for a quarter of an hour"
        asked.append(order)
        return report

    monkeypatch.setattr(HttpsTransport, "perform", perform)
    return asked


@pytest.mark.parametrize(
    "report",
    [
        Silent("timeout"),
        NotTheProvince(200),
        Answered(429, {}, b""),
        Answered(500, {}, b""),
        Answered(302, {}, b""),
        Answered(200, {}, b"<html>"),
        Answered(200, {}, b'{"state": "approved"}'),
        Answered(200, {}, b'{"state": "approved", "changed_at": "2026-11-23"}'),
        Answered(200, {}, b'{"state": "lost", "changed_at": "2026-11-23T03:05:00Z"}'),
    ],
)
def test_a_portal_a_page_a_new_word_and_a_date_without_a_zone_are_silence(
    monkeypatch: pytest.MonkeyPatch, report: Report
) -> None:
    _answering(monkeypatch, report)
    with pytest.raises(ProvinceSilent):
        LookUp("https://intake.example", None).ask(_TOKEN)


def test_it_asks_for_two_facts_in_nobody_s_name(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _answering(monkeypatch, Answered(404, {}, b""))
    assert LookUp("https://intake.example", None).ask(_TOKEN) is None
    (order,) = asked
    assert (order.method, order.path) == ("GET", f"/t/{_TOKEN}")
    assert order.headers == {"Accept": "application/json"}
