"""When the province is asked for new procedures."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from bnhelper.catalogue.pack_update import UpdateNotThere
from tests.fakes.clock import FixedClock
from ui.frame.pack_arrivals import PackArrivals
from ui.presenters.pack_news import PackNews
from ui.presenters.work import Work


def _machine(province: Any) -> Any:
    return SimpleNamespace(profile=SimpleNamespace(province=province))


def test_the_province_is_asked_while_the_line_is_open_and_twice_a_day_at_most() -> None:
    clock = FixedClock()
    news = PackNews(_machine(SimpleNamespace(url="http://127.0.0.1:9", certificate_sha256=None)), clock)
    assert news.is_due("sent", is_paid=False)
    assert news.is_due("nothing", is_paid=False)
    assert not news.is_due("sent", is_paid=True)
    assert not news.is_due("offline", is_paid=False)
    assert not news.is_due("captive", is_paid=False)
    with pytest.raises(AttributeError):  # this machine has no folders; what counts is that it was tried
        news.bring()
    assert not news.is_due("sent", is_paid=False)
    clock.move(hours=12)
    assert news.is_due("sent", is_paid=False)


def test_a_machine_that_belongs_to_no_province_asks_nobody() -> None:
    news = PackNews(_machine(None), FixedClock())
    assert not news.is_due("sent", is_paid=False)
    with pytest.raises(UpdateNotThere):
        news.bring()


def test_it_is_asked_once_however_often_a_round_is_told_while_other_work_goes_first() -> None:
    begun: list[object] = []

    def run(bring: object) -> _Task:
        begun.append(bring)
        return _Task()

    work = SimpleNamespace(run=run)
    news = PackNews(_machine(SimpleNamespace(url="http://127.0.0.1:9", certificate_sha256=None)), FixedClock())
    arrivals = PackArrivals(news, cast("Work", work), lambda _said, _next: None)
    for _ in range(5):
        arrivals.after_round("sent", is_paid=True)
    assert begun == []
    for _ in range(5):
        arrivals.after_round("sent", is_paid=False)
    assert len(begun) == 1


class _Task:
    """Work that has not begun yet."""

    def then(self, _callback: object) -> "_Task":
        return self

    on_trouble = then
