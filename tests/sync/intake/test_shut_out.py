"""Shut out by another process: whoever this worker remembers is refused with the next request all the same."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
import requests
from sqlalchemy import Connection, insert, select, update

from sync.intake import feed, identity, ledger
from sync.intake.api import BUSY
from sync.wire.dossiers import WireState
from tests.sync.conftest import RunningIntake
from tests.sync.intake.test_contract import _PATCH, Client, _code, client

__all__ = ["client"]


def _revoke_elsewhere(intake: RunningIntake, device: str) -> None:
    """Shut a device out as another process does: nothing in this one hears of it."""
    with intake.site.engine.begin() as db:
        db.execute(update(ledger.devices).where(ledger.devices.c.id == device).values(revoked_at=intake.site.now()))


def test_nothing_that_is_remembered_lets_anybody_in(client: Client, intake: RunningIntake) -> None:
    """Every handler that goes by memory is used, and used again after the revocation."""
    size = {"Upload-Length": str(len(client.photo)), "Tus-Resumable": "1.0.0"}
    where = client.call("POST", "/v1/blobs", **size).headers["Location"]
    half = len(client.photo) // 2
    asks: dict[str, Callable[[], requests.Response]] = {
        "put_revision": client.put,
        "dossier": lambda: client.call("GET", f"/v1/dossiers/{client.item.dossier}"),
        "create_upload": lambda: client.call("POST", "/v1/blobs", **size),
        "upload_head": lambda: client.call("HEAD", where),
        "upload_patch": lambda: client.call(
            "PATCH", where, client.photo[half:], **_PATCH, **{"Upload-Offset": str(half)}
        ),
        "upload_delete": lambda: client.call("DELETE", where, **{"Tus-Resumable": "1.0.0"}),
    }
    assert set(asks) == set(BUSY), "a new one is to be tried here"
    assert client.put().status_code == 201
    assert client.call("PATCH", where, client.photo[:half], **_PATCH, **{"Upload-Offset": "0"}).status_code == 204
    assert client.call("HEAD", where).headers["Upload-Offset"] == str(half)
    device = str(client.machine.profile.device)
    _revoke_elsewhere(intake, device)
    for name, ask in asks.items():
        assert identity.remembered(intake.site, identity.Asking(client.headers["Authorization"])), name
        answer = ask()
        assert answer.status_code == 401, name
        assert name == "upload_head" or _code(answer) == (401, "revoked")
    whole = client.call("POST", "/v1/blobs", client.photo, **_PATCH, **{"Upload-Length": str(len(client.photo))})
    assert _code(whole) == (401, "revoked"), "the door for photos that come whole"
    with intake.site.engine.begin() as db:
        db.execute(update(ledger.devices).where(ledger.devices.c.id == device).values(revoked_at=None))
        assert db.execute(select(ledger.blobs)).first() is None
    assert client.call("HEAD", where).headers["Upload-Offset"] == str(half), "and nothing was done"


@pytest.mark.parametrize("is_person", [False, True])
def test_who_waits_for_news_hears_none_any_more(
    client: Client, intake: RunningIntake, monkeypatch: pytest.MonkeyPatch, is_person: bool
) -> None:
    device, waits, answers = str(client.machine.profile.device), threading.Event(), []
    looked = feed.has_more_than

    def look(*asked: Any, **more: Any) -> bool:
        waits.set()
        return looked(*asked, **more)

    def shut_out(db: Connection) -> None:
        if is_person:
            db.execute(update(ledger.devices).where(ledger.devices.c.id == device).values(subject="https://issuer#u1"))
            db.execute(insert(ledger.revoked_subjects).values(subject="https://issuer#u1", at=intake.site.now()))
        else:
            db.execute(update(ledger.devices).where(ledger.devices.c.id == device).values(revoked_at=intake.site.now()))

    monkeypatch.setattr(feed, "has_more_than", look)
    asking = threading.Thread(
        target=lambda: answers.append(client.call("GET", "/v1/changes?cursor=0", Prefer="wait=50"))
    )
    asking.start()
    assert waits.wait(240)
    with intake.site.engine.begin() as db:
        dossier, at = str(client.item.dossier), intake.clock.now()
        feed.append(db, device, dossier=dossier, rev=1, state=WireState.DELIVERED, at=at)
        shut_out(db)
    asking.join(240)
    assert _code(answers[0]) == (401, "revoked")
