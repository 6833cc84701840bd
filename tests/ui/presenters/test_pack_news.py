"""When the province is asked for new procedures."""

from types import SimpleNamespace
from typing import Any

import pytest

from bnhelper.catalogue.pack_update import UpdateNotThere
from tests.fakes.clock import FixedClock
from ui.presenters.pack_news import PackNews


def _machine(province: Any) -> Any:
    return SimpleNamespace(profile=SimpleNamespace(province=province))


def test_the_province_is_asked_while_the_line_is_open_and_twice_a_day_at_most() -> None:
    clock = FixedClock()
    news = PackNews(_machine(SimpleNamespace(url="http://127.0.0.1:9", certificate_sha256=None)), clock)
    assert news.is_due("sent")
    assert news.is_due("nothing")
    assert not news.is_due("offline")
    assert not news.is_due("captive")
    with pytest.raises(AttributeError):  # this machine has no folders; what counts is that it was tried
        news.bring()
    assert not news.is_due("sent")
    clock.move(hours=12)
    assert news.is_due("sent")


def test_a_machine_that_belongs_to_no_province_asks_nobody() -> None:
    news = PackNews(_machine(None), FixedClock())
    assert not news.is_due("sent")
    with pytest.raises(UpdateNotThere):
        news.bring()
