"""Sending a file by tus, as conversations. The file has 10 bytes and goes in pieces of 4."""

import base64
from typing import Any

import pytest

from sync.engine.upload_blob import upload_blob
from sync.engine.verdicts import Why
from tests.sync.engine.playbook import PORTAL, SILENCE, answers, asks, keeps, play, refuses, stops

_SHA = "b" * 64
_DOSSIER = "0199a3f0-6a00-7abc-8def-0123456789ab"
_U1, _U2 = "/v1/blobs/u1", "/v1/blobs/u2"


def _words(**said: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in said.items())


_CREATE = asks(
    "POST",
    "/v1/blobs",
    tus_resumable="1.0.0",
    upload_length="10",
    upload_metadata=_words(sha256=_SHA, filetype="image/jpeg", dossier=_DOSSIER),
)
_WHERE = asks("HEAD", _U1, tus_resumable="1.0.0")


def _upload(url: str | None = None, *, size: int = 10) -> Any:
    return upload_blob(sha256=_SHA, size=size, media_type="image/jpeg", dossier=_DOSSIER, url=url, chunk=lambda: 4)


def _created(url: str = _U1, offset: str = "0") -> Any:
    return answers(201, location=url, upload_offset=offset, upload_expires="Mon, 30 Nov 2026 03:05:00 GMT")


def _kept(url: str = _U1, offset: int = 0) -> Any:
    return (keeps(url, offset, "Mon, 30 Nov 2026 03:05:00 GMT"), None)


def _patch(offset: int, size: int, url: str = _U1) -> Any:
    return asks(
        "PATCH",
        url,
        sends=(offset, size),
        tus_resumable="1.0.0",
        upload_offset=str(offset),
        content_type="application/offset+octet-stream",
    )


def _took(offset: int) -> Any:
    return answers(204, upload_offset=str(offset))


def test_a_new_file_goes_piece_by_piece_and_each_is_kept_before_the_next() -> None:
    play(
        _upload(),
        (_CREATE, _created()),
        _kept(),
        (_patch(0, 4), _took(4)),
        (keeps(_U1, 4), None),
        (_patch(4, 4), _took(8)),
        (keeps(_U1, 8), None),
        (_patch(8, 2), _took(10)),
        (keeps(_U1, 10), None),
    )


def test_the_province_may_know_the_whole_file_already() -> None:
    play(_upload(), (_CREATE, _created(offset="10")), _kept(offset=10))


@pytest.mark.parametrize(
    ("confirmed", "next_piece"),
    [(0, (0, 4)), (3, (3, 4)), (8, (8, 2))],
    ids=["behind: nothing arrived", "in the middle of a piece", "ahead of what was kept: an answer was lost"],
)
def test_a_restart_goes_on_from_the_byte_the_province_names(confirmed: int, next_piece: tuple[int, int]) -> None:
    play(
        _upload(_U1),
        (_WHERE, answers(200, upload_offset=str(confirmed))),
        (keeps(_U1, confirmed), None),
        (_patch(*next_piece), SILENCE),
        stops(Why.OFFLINE, "timeout"),
    )


def test_a_timeout_after_the_last_byte_was_taken_costs_one_question_and_no_byte() -> None:
    play(
        _upload(_U1),
        (_WHERE, answers(200, upload_offset="8")),
        (keeps(_U1, 8), None),
        (_patch(8, 2), SILENCE),
        stops(Why.OFFLINE, "timeout"),
    )
    play(_upload(_U1), (_WHERE, answers(200, upload_offset="10")), (keeps(_U1, 10), None))


@pytest.mark.parametrize("status", [404, 410])
def test_an_upload_that_expired_while_we_were_away_is_begun_again(status: int) -> None:
    play(
        _upload(_U1, size=10),
        (_WHERE, answers(status)),
        (_CREATE, _created(_U2)),
        _kept(_U2),
        (_patch(0, 4, _U2), PORTAL),
        stops(Why.CAPTIVE, "not-the-province"),
    )


@pytest.mark.parametrize("status", [404, 410])
def test_an_upload_that_expires_under_our_hands_is_begun_again(status: int) -> None:
    play(
        _upload(_U1),
        (_WHERE, answers(200, upload_offset="8")),
        (keeps(_U1, 8), None),
        (_patch(8, 2), refuses(status, "gone")),
        (_CREATE, _created(_U2)),
        _kept(_U2),
        (_patch(0, 4, _U2), _took(4)),
        (keeps(_U2, 4), None),
        (_patch(4, 4, _U2), _took(8)),
        (keeps(_U2, 8), None),
        (_patch(8, 2, _U2), _took(10)),
        (keeps(_U2, 10), None),
    )


def test_an_offset_beyond_the_file_means_another_upload() -> None:
    play(
        _upload(_U1),
        (_WHERE, answers(200, upload_offset="11")),
        (_CREATE, _created(_U2)),
        _kept(_U2),
        (_patch(0, 4, _U2), SILENCE),
        stops(Why.OFFLINE, "timeout"),
    )


def test_a_409_asks_where_it_stands_and_believes_that() -> None:
    play(
        _upload(_U1),
        (_WHERE, answers(200, upload_offset="4")),
        (keeps(_U1, 4), None),
        (_patch(4, 4), refuses(409, "offset", header={"upload-offset": "8"})),
        (_WHERE, answers(200, upload_offset="8")),
        (keeps(_U1, 8), None),
        (_patch(8, 2), _took(10)),
        (keeps(_U1, 10), None),
    )


def test_a_checksum_that_fails_once_is_sent_again_and_twice_is_held_for_a_person() -> None:
    play(
        _upload(_U1),
        (_WHERE, answers(200, upload_offset="8")),
        (keeps(_U1, 8), None),
        (_patch(8, 2), refuses(460, "sha256-mismatch")),
        (_WHERE, answers(200, upload_offset="0")),
        (keeps(_U1, 0), None),
        (_patch(0, 4), _took(4)),
        (keeps(_U1, 4), None),
        (_patch(4, 4), _took(8)),
        (keeps(_U1, 8), None),
        (_patch(8, 2), refuses(460, "sha256-mismatch")),
        stops(Why.HELD, "file-damaged"),
    )


def test_a_piece_taken_in_part_goes_on_where_it_ended() -> None:
    play(
        _upload(_U1),
        (_WHERE, answers(200, upload_offset="0")),
        (keeps(_U1, 0), None),
        (_patch(0, 4), _took(1)),
        (keeps(_U1, 1), None),
        (_patch(1, 4), _took(5)),
        (keeps(_U1, 5), None),
        (_patch(5, 4), SILENCE),
        stops(Why.OFFLINE, "timeout"),
    )


@pytest.mark.parametrize(
    ("report", "end"),
    [
        (PORTAL, stops(Why.CAPTIVE, "not-the-province")),
        (SILENCE, stops(Why.OFFLINE, "timeout")),
        (answers(200, b"<html>"), stops(Why.LATER, "status-200")),
        (answers(201), stops(Why.LATER, "rubbish", "no Location")),
        (answers(201, location=_U1, upload_offset="-1"), stops(Why.LATER, "rubbish", "Upload-Offset")),
        (answers(201, location=_U1, upload_offset="11"), stops(Why.LATER, "rubbish", "Upload-Offset")),
        (answers(201, location=_U1, upload_offset="²"), stops(Why.LATER, "rubbish", "Upload-Offset")),
        (refuses(401, "unknown-device", retry="after_login"), stops(Why.LOGIN, "unknown-device")),
        (refuses(413, "too-large"), stops(Why.HELD, "too-large")),
        (refuses(503, "busy", retry_after=9), stops(Why.BUSY, "busy", after_s=9)),
        (refuses(507, "storage-full", retry="later"), stops(Why.LATER, "storage-full")),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_begun(report: object, end: object) -> None:
    play(_upload(), (_CREATE, report), end)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("report", "end"),
    [
        (PORTAL, stops(Why.CAPTIVE, "not-the-province")),
        (answers(200), stops(Why.LATER, "rubbish", "Upload-Offset")),
        (answers(200, upload_offset="many"), stops(Why.LATER, "rubbish", "Upload-Offset")),
        (answers(200, upload_offset="1" * 5000), stops(Why.LATER, "rubbish", "Upload-Offset")),
        (answers(401), stops(Why.LOGIN, "status-401")),
        (answers(503, retry_after="4"), stops(Why.BUSY, "status-503", after_s=4)),
    ],
)  # fmt: skip
def test_a_place_that_cannot_be_asked_for(report: object, end: object) -> None:
    play(_upload(_U1), (_WHERE, report), end)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("report", "end"),
    [
        (PORTAL, stops(Why.CAPTIVE, "not-the-province")),
        (answers(200, b"<html>"), stops(Why.LATER, "status-200")),
        (answers(204), stops(Why.LATER, "rubbish", "Upload-Offset")),
        (_took(11), stops(Why.LATER, "rubbish", "Upload-Offset")),
        (refuses(415, "unsupported-media"), stops(Why.HELD, "unsupported-media")),
        (refuses(503, "busy", retry_after=9), stops(Why.BUSY, "busy", after_s=9)),
        (answers(500), stops(Why.LATER, "status-500")),
    ],
)  # fmt: skip
def test_a_piece_that_is_not_taken(report: object, end: object) -> None:
    play(_upload(_U1), (_WHERE, _took(0)), (keeps(_U1, 0), None), (_patch(0, 4), report), end)  # type: ignore[arg-type]


_STANDS: list[Any] = [(_WHERE, answers(200, upload_offset="4")), (keeps(_U1, 4), None)]
_LOST: list[Any] = [(_CREATE, _created()), _kept(), (_patch(0, 4), answers(410))]


@pytest.mark.parametrize(
    ("turn", "url"),
    [
        ([*_STANDS, (_patch(4, 4), answers(409))], _U1),
        ([*_LOST], None),
    ],
    ids=["refuses the offset that it names itself", "loses every upload"],
)
def test_a_province_that_turns_in_circles_is_left_for_later(turn: list[Any], url: str | None) -> None:
    play(_upload(url), *turn * 5, stops(Why.LATER, "no-progress"))


def test_a_province_that_says_yes_and_confirms_no_byte_is_left_for_later() -> None:
    turn: list[Any] = [(_patch(4, 4), _took(4)), (keeps(_U1, 4), None)]
    play(_upload(_U1), *_STANDS, *turn * 5, stops(Why.LATER, "no-progress"))


@pytest.mark.parametrize("location", ["https://elsewhere.example/u1", "//elsewhere.example/u1", "http://bn.example/u1"])
def test_an_upload_placed_on_another_host_is_not_taken(location: str) -> None:
    exchange = upload_blob(
        sha256=_SHA, size=10, media_type="image/jpeg", dossier=_DOSSIER, url=None, base="https://bn.example"
    )
    play(exchange, (_CREATE, _created(location)), stops(Why.LATER, "elsewhere"))


@pytest.mark.parametrize("location", ["/v1/blobs/u1", "https://bn.example/v1/blobs/u1"])
def test_an_upload_at_the_province_itself_is_taken(location: str) -> None:
    exchange = upload_blob(
        sha256=_SHA, size=0, media_type="image/jpeg", dossier=_DOSSIER, url=None, base="https://bn.example"
    )
    created = asks(
        "POST",
        "/v1/blobs",
        tus_resumable="1.0.0",
        upload_length="0",
        upload_metadata=_words(sha256=_SHA, filetype="image/jpeg", dossier=_DOSSIER),
    )
    play(exchange, (created, _created(location)), _kept(location))


def test_an_upload_that_was_begun_where_the_province_is_no_more_begins_anew() -> None:
    """The old address would be refused by the transport as silence, and close the gate for everybody, for ever."""
    exchange = upload_blob(
        sha256=_SHA,
        size=0,
        media_type="image/jpeg",
        dossier=_DOSSIER,
        url="https://old.example/v1/blobs/u1",
        base="https://bn.example",
    )
    created = asks(
        "POST",
        "/v1/blobs",
        tus_resumable="1.0.0",
        upload_length="0",
        upload_metadata=_words(sha256=_SHA, filetype="image/jpeg", dossier=_DOSSIER),
    )
    play(exchange, (created, _created(_U1)), _kept(_U1))
