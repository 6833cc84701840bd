"""Sending an envelope, as conversations."""

import pytest

from sync.engine.put_revision import put_revision
from sync.engine.reports import NotTheProvince
from sync.engine.verdicts import Why
from sync.wire.coding import packed
from sync.wire.dossiers import RevisionVerdict, WireState, content_digest
from tests.sync.engine.playbook import PORTAL, SILENCE, answers, asks, play, refuses, stops

_DOSSIER = "0199a3f0-6a00-7abc-8def-0123456789ab"
_BODY = b'{"schema":1}'
_IN_2027 = "Fri, 31 Dec 2027 23:57:59 GMT"
_PUT = asks(
    "PUT",
    f"/v1/dossiers/{_DOSSIER}/revisions/2",
    body=_BODY,
    content_type="application/json",
    content_digest=content_digest(_BODY),
    bn_signature="head..tail",
    bn_schema="1",
)
_WHOLE = {"id": _DOSSIER, "rev": 2, "state": "delivered", "missing": [], "receipt": "a.b.c"}
_LACKING = {"id": _DOSSIER, "rev": 2, "state": "receiving", "missing": ["b" * 64]}


def _exchange() -> object:
    return put_revision(dossier=_DOSSIER, revision=2, body=_BODY, signature="head..tail")


def _play(*rows: object) -> RevisionVerdict | None:
    return play(_exchange(), *rows)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [200, 201], ids=["said again", "new"])
def test_new_or_said_again_it_ends_with_the_same_verdict(status: int) -> None:
    verdict = _play((_PUT, answers(status, _WHOLE)))
    assert verdict is not None
    assert (verdict.state, verdict.missing, verdict.receipt) == (WireState.DELIVERED, (), "a.b.c")


def test_what_is_missing_is_told() -> None:
    verdict = _play((_PUT, answers(201, _LACKING)))
    assert verdict is not None
    assert verdict.missing == ("b" * 64,)
    assert verdict.receipt is None


def test_a_compressed_body_is_named_as_it_is_sent_and_goes_plain_where_that_is_not_read() -> None:
    body = b'{"schema":1,"text":"' + b"a" * 400 + b'"}'
    small = packed(body)
    assert small is not None
    path = f"/v1/dossiers/{_DOSSIER}/revisions/2"
    first = asks("PUT", path, body=small, content_digest=content_digest(small), content_encoding="zstd")
    second = asks("PUT", path, body=body, content_digest=content_digest(body))
    exchange = put_revision(dossier=_DOSSIER, revision=2, body=body, signature="head..tail")
    verdict = play(exchange, (first, answers(415)), (second, answers(201, _WHOLE)))
    assert verdict is not None


def test_an_answer_lost_after_the_commit_is_asked_for_again_with_the_same_bytes() -> None:
    _play((_PUT, SILENCE), stops(Why.OFFLINE, "timeout"))
    assert _play((_PUT, answers(200, _WHOLE))) is not None


@pytest.mark.parametrize(
    ("report", "end"),
    [
        # what is heard, and what becomes of the item
        (PORTAL, stops(Why.CAPTIVE, "not-the-province")),
        (SILENCE, stops(Why.OFFLINE, "timeout")),
        # the proxy before a province that is away: what it says of when to come again is kept, for two minutes at most
        (NotTheProvince(503, 7), stops(Why.BUSY, "front-door", after_s=7)),
        (NotTheProvince(429, 86_400), stops(Why.BUSY, "front-door", after_s=120)),
        (NotTheProvince(502), stops(Why.OFFLINE, "front-door")),
        (NotTheProvince(200, 7), stops(Why.CAPTIVE, "not-the-province")),
        (answers(200, b"<html>Xin chao</html>", content_type="text/html"), stops(Why.LATER, "rubbish")),
        (answers(200, b"\xff\xfe"), stops(Why.LATER, "rubbish")),
        (answers(200, {**_WHOLE, "rev": 1}), stops(Why.LATER, "about-something-else")),
        (answers(200, {**_WHOLE, "id": _DOSSIER.replace("6", "7")}), stops(Why.LATER, "about-something-else")),
        (answers(200, {**_WHOLE, "state": "eaten"}), stops(Why.LATER, "rubbish")),
        (answers(204), stops(Why.LATER, "status-204")),
        (answers(302, location="http://portal.example/"), stops(Why.LATER, "status-302")),
        (refuses(400, "digest-mismatch"), stops(Why.LATER, "digest-mismatch")),
        # what the contract does not know is named by its status: a code goes into logs, a server's text never
        (refuses(422, "nguyen-thi-hoa"), stops(Why.HELD, "status-422", "nguyen-thi-hoa")),
        (refuses(401, "unknown-device", retry="after_login"), stops(Why.LOGIN, "unknown-device")),
        (refuses(403, "revoked", retry="after_login"), stops(Why.LOGIN, "revoked")),
        (refuses(403, "bad-signature"), stops(Why.HELD, "bad-signature")),
        (refuses(408, "busy", retry="now"), stops(Why.LATER, "busy")),
        (refuses(409, "id-conflict"), stops(Why.HELD, "id-conflict")),
        (refuses(409, "revision-gap", current=1), stops(Why.HELD, "revision-gap")),
        (refuses(413, "too-large"), stops(Why.HELD, "too-large")),
        (
            refuses(422, "invalid", retry="after_edit", errors=[{"pointer": "/papers/0", "code": "unknown"}]),
            stops(Why.HELD, "invalid", "/papers/0 unknown"),
        ),
        (refuses(426, "client-too-old"), stops(Why.HELD, "client-too-old")),
        (refuses(429, "busy", retry="later", retry_after=7), stops(Why.BUSY, "busy", after_s=7)),
        (refuses(503, "busy", header={"retry-after": "30"}), stops(Why.BUSY, "busy", after_s=30)),
        (refuses(503, "busy"), stops(Why.BUSY, "busy", after_s=5)),
        (refuses(503, "busy", retry_after=86_400), stops(Why.BUSY, "busy", after_s=3600)),
        (answers(503, retry_after="12"), stops(Why.BUSY, "status-503", after_s=12)),
        (answers(503, retry_after="Fri, 31 Dec 2027 23:59:59 GMT"), stops(Why.BUSY, "status-503", after_s=5)),
        (answers(503, retry_after="Fri, 31 Dec 2027 23:59:59 GMT", date=_IN_2027), stops(Why.BUSY, "status-503", after_s=120)),
        (answers(503, retry_after="Fri, 31 Dec 2027 20:00:00 GMT", date=_IN_2027), stops(Why.BUSY, "status-503", after_s=5)),
        (answers(503, retry_after="Fri, 31 Dec 9999 23:59:59 GMT", date=_IN_2027), stops(Why.BUSY, "status-503", after_s=3600)),
        (answers(507, retry_after="90"), stops(Why.LATER, "status-507", after_s=90)),
        (answers(503, retry_after="-1"), stops(Why.BUSY, "status-503", after_s=5)),
        (answers(503, retry_after="²"), stops(Why.BUSY, "status-503", after_s=5)),
        (answers(503, retry_after="9" * 5000), stops(Why.BUSY, "status-503", after_s=5)),
        (refuses(507, "storage-full", retry="later"), stops(Why.LATER, "storage-full")),
        (refuses(500, "internal", retry="later"), stops(Why.LATER, "internal")),
        (answers(500, b"not json", content_type="application/problem+json"), stops(Why.LATER, "status-500")),
        (answers(422, b"{}", content_type="application/problem+json"), stops(Why.HELD, "status-422")),
    ],
)  # fmt: skip
def test_nothing_else_is_taken_for_success(report: object, end: object) -> None:
    _play((_PUT, report), end)
