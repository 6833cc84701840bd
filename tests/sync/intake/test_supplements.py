"""A supplement whose photo does not come: what officers see and may do, what stays, and what the device is told."""

import datetime as dt
import json
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from sync.intake import deeds, ledger, retention, supplements
from sync.intake.officers_rights import PROVINCE_OFFICE, Officer, Role
from sync.wire.changes import ChangesPage
from tests.sync.conftest import RunningIntake
from tests.sync.intake.test_contract import Client, _code, _login, client
from tests.sync.intake.test_exports import Lgsp
from tests.sync.intake.test_rare_moments import _bring, _delivered, _does, _hash, _other, _row, _second

__all__ = ["client"]


def _on_its_way(client: Client, intake: RunningIntake) -> tuple[bytes, bytes]:
    """Let a dossier wait for the one new photo of its supplement; return the revision and the photo."""
    _delivered(client, intake)
    photo = _other(client.photo)
    second = _second(client, intake, photo)
    intake.clock.move(minutes=1)
    assert client.put(second, 2).json()["state"] == "receiving"
    return second, photo


def _revisions(intake: RunningIntake) -> list[tuple[int, bool]]:
    one = ledger.revisions.c
    with intake.site.engine.connect() as db:
        rows = db.execute(select(one.revision, one.receipt, one.body).order_by(one.revision)).all()
    assert all(row.body for row in rows)
    return [(row.revision, row.receipt is not None) for row in rows]


def _told(client: Client) -> list[Any]:
    """Return what the device was told, as it reads it."""
    return list(ChangesPage.read(client.call("GET", "/v1/changes?cursor=0").content).items)


def test_officers_see_how_much_has_come_and_ask_again_while_the_device_goes_on(
    client: Client, intake: RunningIntake
) -> None:
    second, photo = _on_its_way(client, intake)
    browser, _ = _login(intake, intake.officer.password)
    url = f"{intake.url}/officer/dossiers/{client.item.dossier}"
    since = "0 of 1 files have come, since"
    english = {"lang": "en"}
    assert since in browser.get(url, params=english, timeout=20).text
    assert "not here yet" in browser.get(url, params=english, timeout=20).text
    assert "not here yet" in browser.get(f"{url}/photos/1", params=english, timeout=20).text
    assert "supplement on its way: 0 of 1 files" in browser.get(f"{intake.url}/officer/queue", timeout=20).text
    kinds = {kind for kind in deeds.DEEDS if deeds.may(_boss(), _row(intake), kind)}
    assert kinds == {"ask_again", "reject", "withdraw", "handover"}

    asked, until = json.loads(second)["answers_request"], intake.clock.now() + dt.timedelta(days=5)
    version = _row(intake).version
    _does(intake, "ask_again", deadline=until)
    row = _row(intake)
    assert (row.state, row.revision, row.version) == ("needs_info", 2, version + 1)
    last = _told(client)[-1]
    assert (last.state, last.rev, last.request.id, last.request.deadline) == ("needs_info", 1, asked, until)
    assert (last.request.papers, last.request.note) == (("file", "birth_evidence"), "ghi chú")
    assert "0 of 1 files have come" in browser.get(url, params=english, timeout=20).text
    assert browser.get(f"{url}/slips/02", timeout=20).status_code == 200

    again = client.put(second, 2)
    assert (again.status_code, again.json()["missing"]) == (200, [_hash(photo)]), "the same revision, once more"
    assert _bring(client, photo).status_code == 204
    row = _row(intake)
    assert (row.state, row.request) == ("delivered", None)
    assert _revisions(intake) == [(1, True), (2, True)]
    assert _told(client)[-1].receipt is not None


def _boss() -> Officer:
    return Officer("canbo", "Bà Hạnh", "", Role.PROVINCE, PROVINCE_OFFICE)


def test_another_revision_takes_the_place_of_one_that_was_asked_for_again(
    client: Client, intake: RunningIntake
) -> None:
    second, photo = _on_its_way(client, intake)
    _does(intake, "ask_again", deadline=intake.clock.now() + dt.timedelta(days=5))
    third = json.dumps(json.loads(second) | {"revision": 3, "gives_up": 2}).encode()
    assert client.put(third, 3).json()["missing"] == [_hash(photo)]
    assert _bring(client, photo).status_code == 204
    assert (_row(intake).state, _revisions(intake)) == ("delivered", [(1, True), (3, True)])


@pytest.mark.parametrize(("kind", "state"), [("reject", "rejected"), ("withdraw", "withdrawn")])
def test_one_that_is_refused_or_withdrawn_on_its_way_is_received_and_wakes_nothing(
    client: Client, intake: RunningIntake, kind: str, state: str
) -> None:
    second, photo = _on_its_way(client, intake)
    _does(intake, kind)
    assert _told(client)[-1].state == state
    third = json.dumps(json.loads(second) | {"revision": 3, "gives_up": 2}).encode()
    assert _code(client.put(third, 3)) == (409, "already-decided"), "in the place of the unfinished one, or after it"
    assert _bring(client, photo).status_code == 204
    verdict = client.put(second, 2).json()
    assert (verdict["state"], "receipt" in verdict) == (state, True)
    assert _code(client.put(third, 3)) == (409, "already-decided")
    assert _row(intake).state == state


def test_what_was_received_is_never_erased_for_a_supplement_that_did_not_come(
    client: Client, intake: RunningIntake
) -> None:
    _delivered(client, intake)
    site = intake.site
    with site.engine.connect() as db:
        before = _row(intake).applicant, set(db.execute(select(ledger.dossier_words.c.word)).scalars())
    photo = _other(client.photo)
    names = ("/data/applicant/full_name", "/data/declaration/mother/full_name")
    said = json.loads(_second(client, intake, photo, fields=names))
    said["instance"] = said["instance"].replace("NGUYỄN THỊ HOÀ", "LÊ THỊ KHÁC")
    second, asked = json.dumps(said).encode(), said["answers_request"]
    assert client.put(second, 2).json()["state"] == "receiving"
    assert _row(intake).applicant == "LÊ THỊ KHÁC"
    intake.clock.move(days=360)
    assert retention.run(site, 365)["supplements_given_up"] == 0, "not yet"
    intake.clock.move(days=40)
    retention.hold(site, client.item.dossier, "vụ án", "officer:x")
    assert retention.run(site, 365)["supplements_given_up"] == 0, "held"
    retention.release(site, client.item.dossier, "officer:x")
    done = retention.run(site, 365)
    assert (done["supplements_given_up"], done["never_whole"], done["erased"]) == (1, 0, 0)
    row = _row(intake)
    assert (row.state, row.revision, row.erased_at, row.due_at is not None) == ("needs_info", 1, None, True)
    assert (json.loads(row.request)["id"], _revisions(intake)) == (asked, [(1, True)])
    with site.engine.connect() as db:
        words = set(db.execute(select(ledger.dossier_words.c.word)).scalars())
    assert (row.applicant, words) == before, "it is found by what is there, and by nothing that went"
    assert site.blobs.read(_hash(client.photo)) == client.photo
    told = _told(client)[-1]
    assert (told.state, told.rev, told.request.id, told.receipt) == ("needs_info", 1, asked, None)
    assert retention.run(site, 365)["supplements_given_up"] == 0

    # The machine is found in a drawer: what it still holds is the answer to the request.
    assert client.put(second, 2).status_code == 201
    assert _bring(client, photo).status_code == 204
    assert (_row(intake).state, _revisions(intake)) == ("delivered", [(1, True), (2, True)])


def test_a_whole_one_that_nobody_settled_is_received_and_not_given_up(client: Client, intake: RunningIntake) -> None:
    _on_its_way(client, intake)
    about = {"owner": _row(intake).device, "stored_at": intake.site.now()}
    with intake.site.engine.begin() as db:  # its last file came by a worker that died before it looked
        row = db.execute(select(ledger.files).where(ledger.files.c.revision == 2)).one()
        file = {"sha256": row.sha256, "size": row.size, "media_type": row.media_type}
        db.execute(insert(ledger.blobs).values(**about, **file))
    intake.clock.move(days=400)
    assert supplements.give_up_old(intake.site, 365) == 0
    assert (_row(intake).state, _revisions(intake)) == ("delivered", [(1, True), (2, True)])


def test_one_that_the_provinces_systems_asked_for_is_opened_again_as_they_asked(
    client: Client, intake: RunningIntake
) -> None:
    _delivered(client, intake)
    intake.clock.move(minutes=1)
    assert Lgsp(intake).step(5, ThanhPhanBoSung=["birth_evidence"], GhiChu="Chụp lại.").json()["outcome"] == "taken"
    said, photo = json.loads(client.item.envelope), _other(client.photo)
    file = {"sha256": _hash(photo), "size": len(photo)}
    papers = [
        one | {"files": [one["files"][0] | file]} if one["paper"] == "birth_evidence" else one for one in said["papers"]
    ]
    request = json.loads(_row(intake).request)["id"]
    second = json.dumps(said | {"revision": 2, "papers": papers, "answers_request": request}).encode()
    assert client.put(second, 2).json()["state"] == "receiving"
    _does(intake, "ask_again", deadline=intake.clock.now() + dt.timedelta(days=3))
    again = json.loads(_row(intake).request)
    assert (again["id"], again["papers"]) == (request, ["birth_evidence"])


def test_of_a_dossier_that_never_was_whole_there_is_nothing_to_decide(client: Client, intake: RunningIntake) -> None:
    assert client.put().json()["state"] == "receiving"
    row = _row(intake)
    assert not any(deeds.may(_boss(), row, kind) for kind in deeds.DEEDS)
    with pytest.raises(deeds.NotTheirs):
        _does(intake, "reject")
    with intake.site.engine.begin() as db:  # a receipt alone keeps it, whatever the other columns say
        db.execute(update(ledger.revisions).values(receipt="signed"))
    intake.clock.move(days=400)
    assert retention.run(intake.site, 365)["never_whole"] == 0
