"""Asking for news, for what is lacking and for results, as conversations."""

import json

import pytest

from sync.engine.pull_changes import fetch_piece, pull_changes, reconcile
from sync.engine.verdicts import Why
from sync.wire.changes import HeldByDevice
from tests.sync.engine.playbook import PORTAL, SILENCE, answers, asks, play, refuses, stops

_DOSSIER = "0199a3f0-6a00-7abc-8def-0123456789ab"
_CHANGE = {"seq": 8, "dossier": _DOSSIER, "rev": 1, "state": "in_review", "at": "2026-11-23T03:05:00Z"}
_ASK = asks("GET", "/v1/changes?cursor=7&limit=200&visits=1")


def test_a_page_is_read_and_unknown_members_are_passed_over() -> None:
    page = play(
        pull_changes("7"), (_ASK, answers(200, {"items": [{**_CHANGE, "mood": "good"}], "cursor": "8", "more": True}))
    )
    assert page is not None
    assert (page.items[0].seq, page.cursor, page.more) == (8, "8", True)


def test_the_first_question_has_an_empty_cursor_and_one_that_waits_says_so() -> None:
    play(pull_changes(""), (asks("GET", "/v1/changes?cursor=&limit=200&visits=1"), answers(304)))
    play(
        pull_changes("7", wait_s=25),
        (asks("GET", "/v1/changes?cursor=7&limit=200&visits=1", prefer="wait=25"), answers(304)),
    )


def test_a_cursor_is_opaque_and_cannot_break_out_of_its_place() -> None:
    play(
        pull_changes("a&limit=1/../ é"),
        (asks("GET", "/v1/changes?cursor=a%26limit%3D1%2F..%2F%20%C3%A9&limit=200&visits=1"), answers(304)),
    )


def test_nothing_new_is_no_page() -> None:
    assert play(pull_changes("7"), (_ASK, answers(304))) is None


@pytest.mark.parametrize(
    ("report", "end"),
    [
        (PORTAL, stops(Why.CAPTIVE, "not-the-province")),
        (SILENCE, stops(Why.OFFLINE, "timeout")),
        (answers(200, b"<html>"), stops(Why.LATER, "rubbish")),
        (answers(200, {"items": [{**_CHANGE, "at": "2026-11-23T03:05:00"}], "cursor": "8"}), stops(Why.LATER, "rubbish")),
        (answers(200, {"items": [_CHANGE], "cursor": "7", "more": True}), stops(Why.LATER, "rubbish", "cursor")),
        (refuses(410, "cursor-expired", retry="now"), stops(Why.LATER, "cursor-expired")),
        (answers(410), stops(Why.LATER, "cursor-expired")),
        (refuses(401, "unknown-device", retry="after_login"), stops(Why.LOGIN, "unknown-device")),
        (refuses(503, "busy", retry_after=40), stops(Why.BUSY, "busy", after_s=40)),
        (answers(500), stops(Why.LATER, "status-500")),
    ],
)  # fmt: skip
def test_no_news_is_made_of_anything_else(report: object, end: object) -> None:
    play(pull_changes("7"), (_ASK, report), end)  # type: ignore[arg-type]


def test_the_last_page_may_repeat_its_cursor() -> None:
    page = play(pull_changes("7"), (_ASK, answers(200, {"items": [], "cursor": "7", "more": False})))
    assert page is not None
    assert page.items == ()


def test_what_we_believe_is_named_and_what_is_lacking_comes_back() -> None:
    held = HeldByDevice(dossier=_DOSSIER, rev=1, envelope="e" * 64)
    said = json.loads(held.write())
    body = json.dumps({"items": [said]}, separators=(",", ":")).encode()
    ask = asks("POST", "/v1/reconcile", body=body, content_type="application/json")
    assert play(reconcile([held]), (ask, answers(200, {"lacking": [said]}))) == (held,)
    assert play(reconcile([held]), (ask, answers(200, {"lacking": []}))) == ()
    play(reconcile([held]), (ask, answers(200, b"[]")), stops(Why.LATER, "rubbish"))
    play(reconcile([held]), (ask, PORTAL), stops(Why.CAPTIVE, "not-the-province"))
    play(reconcile([held]), (ask, refuses(500, "internal")), stops(Why.LATER, "internal"))


def test_a_result_s_file_comes_in_pieces_or_at_once_where_there_are_none() -> None:
    name = "f" * 64
    ask = asks("GET", f"/v1/blobs/{name}", range="bytes=5-131076")
    here = answers(206, b"1.4", content_range="bytes 5-7/900000")
    assert play(fetch_piece(name, 5, 900_000), (ask, here)) == (5, b"1.4")
    assert play(fetch_piece(name, 5, 900_000), (ask, answers(200, b"%PDF-1.4"))) == (0, b"%PDF-1.4")
    last = asks("GET", f"/v1/blobs/{name}", range="bytes=899999-899999")
    assert play(fetch_piece(name, 899_999, 900_000), (last, answers(200, b"x"))) == (0, b"x")
    for wrong in (answers(206, b"1.4", content_range="bytes 0-2/8"), answers(206, b"1.4"), answers(206)):
        play(fetch_piece(name, 5, 900_000), (ask, wrong), stops(Why.LATER, "rubbish"))
    play(fetch_piece(name, 5, 900_000), (ask, refuses(404, "not-found")), stops(Why.LATER, "not-found"))
    play(fetch_piece(name, 5, 900_000), (ask, answers(410)), stops(Why.LATER, "status-410"))
    play(fetch_piece(name, 5, 900_000), (ask, PORTAL), stops(Why.CAPTIVE, "not-the-province"))
