"""A resident's session at a kiosk: sealed while it lasts, worth nothing after it."""

import pytest
from cryptography.exceptions import InvalidTag

from bnhelper.actions.clear_kiosk import begin_resident, clear_kiosk
from bnhelper.catalogue import search_key, search_rank
from bnhelper.errors import Bug
from bnhelper.vault.session_pages import SessionPages


def test_a_page_comes_back_while_the_session_lasts_and_never_after_it() -> None:
    session = begin_resident()
    session.put("search", "vợ em vừa sinh")
    session.put("search", "vợ em mới sinh")
    assert session.get("search") == "vợ em mới sinh"
    assert session.get("answers") == ""
    session.put("gone", "một lúc")
    session.forget("gone")
    assert session.get("gone") == ""
    clear_kiosk(session)
    assert session.is_over
    assert session.get("search") == ""
    with pytest.raises(Bug):
        session.put("search", "x")


def test_in_memory_a_page_is_sealed_under_a_key_of_its_own_session_and_the_key_is_overwritten() -> None:
    first, second = SessionPages(), SessionPages()
    assert first._key != second._key
    first.put("search", "khai sinh cho con")
    kept = dict(first._pages)
    assert all(b"khai sinh" not in page for page in kept.values())
    clear_kiosk(first)
    assert first._key == bytearray(32)
    first._pages.update(kept)  # a copy somebody took
    with pytest.raises(InvalidTag):
        first.get("search")


def test_a_page_is_bounded() -> None:
    with pytest.raises(ValueError, match="too long"):
        begin_resident().put("search", "x" * 70_000)


def test_search_forgets_the_words_that_were_typed() -> None:
    search_key.words_of("zyzzyva thử")
    search_key.accent_key("zyzzyva")
    search_rank._pairs_of(("zyzzyva", "thu"))
    clear_kiosk(begin_resident())
    for cache in (search_key._words_of_one, search_key.accent_key, search_key.is_sloppy, search_rank._pairs_of):
        assert cache.cache_info().currsize == 0
