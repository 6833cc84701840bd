"""What was accepted leaves in the national vocabulary, once for each receiver that keeps ids, and statuses come back."""

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import xmlschema
from sqlalchemy import select, update

import resources
from bnhelper.vault.signatures import verify_detached
from sync.intake import feed, identity, ledger, national
from sync.intake.deliver import Deliverer, waiting
from sync.intake.roles import Role
from sync.wire.dossiers import WireState
from tests.sync.conftest import RunningIntake
from tests.sync.intake.test_contract import Client, client, test_an_upload_by_tus_ends_in_a_signed_receipt

__all__ = ["client"]


class Province:
    """The province's receiving end: keeps what it took by id, and refuses when it is told to."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, Any], bytes, str]] = []
        self.refuses = 0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = 202
                if outer.refuses:
                    outer.refuses -= 1
                    status = 503
                else:
                    assert self.headers["Content-Type"] == "application/cloudevents+json"
                    outer.taken.append((json.loads(body), body, self.headers["BN-Signature"]))
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def province() -> Iterator[Province]:
    made = Province()
    yield made
    made.close()


def _goes_to(intake: RunningIntake, dossier: str, state: WireState) -> None:
    """Do what an officer's deed does to state and feed, in one transaction."""
    site = intake.site
    intake.clock.move(minutes=1)
    with site.engine.begin() as db:
        row = db.execute(select(ledger.dossiers).where(ledger.dossiers.c.id == dossier).with_for_update()).one()
        said = {"state": state.value, "version": row.version + 1, "changed_at": site.now(), "officer": "Cán bộ"}
        db.execute(update(ledger.dossiers).where(ledger.dossiers.c.id == dossier).values(**said))
        feed.append(
            db, row.device, dossier=dossier, rev=1, state=state, at=intake.clock.now(), office_number=row.office_number
        )


def test_an_accepted_dossier_leaves_whole_and_its_steps_follow(
    client: Client, intake: RunningIntake, province: Province
) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    site, dossier = intake.site, str(client.item.dossier)
    deliverer = Deliverer(site, province.url, "secret")
    assert deliverer.once() == 0, "what is only delivered here is nobody else's yet"
    _goes_to(intake, dossier, WireState.ACCEPTED)
    _goes_to(intake, dossier, WireState.IN_REVIEW)
    _goes_to(intake, dossier, WireState.APPROVED)
    province.refuses = 2
    assert deliverer.once() == 0
    assert waiting(site)[0] == 3
    for _ in range(10):
        intake.clock.move(hours=2)
        deliverer.once()
    events = [one for one, _, _ in province.taken]
    assert [one["type"].split(".")[-2] for one in events] == ["accepted", "status", "status"]
    assert len({one["id"] for one in events}) == 3
    assert waiting(site) == (0, 0.0)
    said = events[0]["data"]
    national.check(said)
    assert said["MaDonViGiaiQuyet"] == said["MaDonViTiepNhan"] == "09208"
    assert said["MaTTHC"] == "1.001193"
    assert said["MaHoSo"] == events[0]["subject"] != ""
    assert said["TrangThaiHoSo"] == 2
    assert said["ThongTinNguoiNop"]["TenNguoiNop"] == "NGUYỄN THỊ HOÀ"
    papers = {file["HashTepTin"] for part in said["ThanhPhanHoSo"] for file in part["GiayToDinhKem"]}
    assert papers == {one.sha256 for one in _files(client)}
    assert [one["data"]["TrangThai"] for one in events[1:]] == [4, 9]
    _, body, signature = province.taken[0]
    verify_detached(signature, body, site.receipt_keys())


def _files(client: Client) -> list[Any]:
    from sync.wire.dossiers import Envelope

    return [file for paper in Envelope.read(client.item.envelope).papers for file in paper.files]


def test_a_deliverer_that_dies_in_the_middle_is_followed_by_another_under_the_same_id(
    client: Client, intake: RunningIntake, province: Province
) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    _goes_to(intake, str(client.item.dossier), WireState.ACCEPTED)
    first = Deliverer(intake.site, province.url)
    row = first._claim()
    assert row is not None
    requests.post(
        province.url,
        json.dumps(first.event(row)),
        headers={"Content-Type": "application/cloudevents+json", "BN-Signature": ""},
        timeout=5,
    )  # and dies before it can write that down
    second = Deliverer(intake.site, province.url)
    assert second.once() == 0, "leased"
    intake.clock.move(minutes=2)
    assert second.once() == 1
    assert province.taken[0][0] == province.taken[1][0], "the receiver sees that it is the same"


def test_what_its_schema_refuses_does_not_leave_and_says_where(
    client: Client, intake: RunningIntake, province: Province
) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    site, dossier = intake.site, str(client.item.dossier)
    _goes_to(intake, dossier, WireState.ACCEPTED)
    with site.engine.begin() as db:
        db.execute(update(ledger.dossiers).where(ledger.dossiers.c.id == dossier).values(office_number="wrong number"))
    assert Deliverer(site, province.url).once() == 0
    with site.engine.connect() as db:
        row = db.execute(select(ledger.outbox)).one()
    assert row.last_error == "schema MaHoSo"
    assert not province.taken


def test_a_status_comes_back_once_and_reaches_the_device(
    client: Client, intake: RunningIntake, province: Province
) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    site, dossier = intake.site, str(client.item.dossier)
    _goes_to(intake, dossier, WireState.ACCEPTED)
    with site.engine.connect() as db:
        number = db.execute(select(ledger.dossiers.c.office_number)).scalar_one()
    token = identity.make_bearer(site, "lgsp", Role.SYSTEM)

    def tell(event: str, code: int, **more: Any) -> requests.Response:
        intake.clock.move(minutes=1)
        said = {
            "specversion": "1.0",
            "id": event,
            "source": "urn:lgsp",
            "type": "vn.lgsp.status",
            "time": intake.clock.now().isoformat(),
            "data": {"MaHoSo": number, "TrangThai": code, **more},
        }
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/cloudevents+json"}
        return requests.post(f"{intake.url}/v1/statuses", json.dumps(said), headers=headers, timeout=10)

    assert tell("1", 4).json() == {"outcome": "taken"}
    assert tell("1", 4).json() == {"outcome": "known"}
    asked = tell("2", 5, GhiChu="Thiếu giấy chứng sinh", ThanhPhanBoSung=["birth_evidence"])
    assert asked.json() == {"outcome": "taken"}
    assert tell("3", 8).json() == {"outcome": "taken"}
    assert tell("4", 4).json() == {"outcome": "late"}
    assert tell("5", 11).status_code == 422
    number = "H05.27-000000-9999"
    assert tell("6", 4).status_code == 404
    items = client.call("GET", "/v1/changes?cursor=0").json()["items"]
    assert [one["state"] for one in items] == ["delivered", "accepted", "in_review", "needs_info", "rejected"]
    assert items[3]["request"]["papers"] == ["birth_evidence"]
    assert items[3]["note"] == "Thiếu giấy chứng sinh"
    assert [one["seq"] for one in items] == [1, 2, 3, 4, 5]
    for _ in range(4):
        Deliverer(site, province.url).once()
        intake.clock.move(minutes=5)
    assert [one["type"].split(".")[-2] for one, _, _ in province.taken] == ["accepted"], "their own words are no news"


def test_a_receiver_that_reads_xml_gets_xml_that_holds_to_its_schemas(
    client: Client, intake: RunningIntake, province: Province
) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    site, dossier = intake.site, str(client.item.dossier)
    _goes_to(intake, dossier, WireState.ACCEPTED)
    with site.engine.begin() as db:  # handed over to the office that decides
        db.execute(update(ledger.dossiers).where(ledger.dossiers.c.id == dossier).values(holder="24"))
    _goes_to(intake, dossier, WireState.IN_REVIEW)
    deliverer = Deliverer(site, province.url, as_xml=True)
    assert deliverer.once() == 2
    first, second = (event for event, _, _ in province.taken)
    assert {first["datacontenttype"], second["datacontenttype"]} == {"application/xml"}
    whole, step = (
        xmlschema.XMLSchema(resources.read_text(national.SCHEMAS[root][1])) for root in ("HoSo", "TienDoHoSo")
    )
    said: Any = whole.to_dict(first["data"])
    told: Any = step.to_dict(second["data"])
    assert (said["MaDonViTiepNhan"], said["MaDonViGiaiQuyet"]) == ("09208", "24")
    assert said["ThanhPhanHoSo"][0]["GiayToDinhKem"][0]["HashTepTin"] in {one.sha256 for one in _files(client)}
    assert told["TrangThai"] == 4


def test_a_status_comes_back_as_xml_too_and_rubbish_does_not(client: Client, intake: RunningIntake) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    site = intake.site
    _goes_to(intake, str(client.item.dossier), WireState.ACCEPTED)
    with site.engine.connect() as db:
        number = db.execute(select(ledger.dossiers.c.office_number)).scalar_one()
    token = identity.make_bearer(site, "lgsp", Role.SYSTEM)

    def tell(event: str, data: str) -> requests.Response:
        intake.clock.move(minutes=1)
        said = {
            "specversion": "1.0",
            "id": event,
            "source": "urn:lgsp",
            "type": "vn.lgsp.status",
            "time": intake.clock.now().isoformat(),
            "datacontenttype": "application/xml",
            "data": data,
        }
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/cloudevents+json"}
        return requests.post(f"{intake.url}/v1/statuses", json.dumps(said), headers=headers, timeout=10)

    step = {"MaHoSo": number, "TrangThai": 5, "GhiChu": "Thiếu", "ThanhPhanBoSung": ["birth_evidence"]}
    assert tell("1", national.to_xml(step, national.STATUS)).json() == {"outcome": "taken"}
    items = client.call("GET", "/v1/changes?cursor=0").json()["items"]
    assert items[-1]["request"]["papers"] == ["birth_evidence"]
    bomb = '<!DOCTYPE a [<!ENTITY b "c">]><TienDoHoSo xmlns="urn:vn:bacninh:hoso:1">&b;</TienDoHoSo>'
    for number, rubbish in enumerate(("", "<a/>", bomb, national.to_xml(step | {"TrangThai": 11}, national.STATUS))):
        assert tell(f"x{number}", rubbish).status_code == 422


def test_json_and_xml_say_the_same_and_both_schemas_bite() -> None:
    with pytest.raises(national.NotNational, match="required"):
        national.check({})
    codes = {national.code_of(state, was_accepted=True) for state in set(national.STATE_OF.values())}
    assert codes == {1, 2, 4, 5, 7, 8, 9, 10}
    assert national.code_of(WireState.REJECTED, was_accepted=False) == 3
    assert set(national.STATE_OF) == set(national.NATIONAL_WORDS) == set(range(1, 11))
