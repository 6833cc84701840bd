"""What was accepted leaves in the national vocabulary, once for each receiver that keeps ids, and statuses come back."""

import base64
import hashlib
import http.server
import json
import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import xmlschema
from sqlalchemy import select, update

import resources
from bnhelper.vault.signatures import verify_detached
from sync.intake import deeds, desk, exports, identity, ledger, national, receipt_keys, retention
from sync.intake.deliver import Deliverer
from sync.intake.officers_rights import PROVINCE_OFFICE, Officer
from sync.intake.officers_rights import Role as OfficerRole
from sync.intake.roles import Role
from sync.wire.dossiers import Envelope, WireState
from tests.sync.conftest import RunningIntake
from tests.sync.intake.test_contract import Client, _login, client, test_an_upload_by_tus_ends_in_a_signed_receipt

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


_OFFICER = Officer("canbo", "Cán bộ", "", OfficerRole.PROVINCE, PROVINCE_OFFICE)
_PDF = b"%PDF-1.4 ket qua\n%%EOF"
_CHILD = "/data/declaration/child/full_name"
_RESULT = hashlib.sha256(_PDF).hexdigest()


def _row(intake: RunningIntake) -> Any:
    with intake.site.engine.connect() as db:
        return db.execute(select(ledger.dossiers)).one()


def _does(intake: RunningIntake, dossier: str, kind: str, **more: Any) -> None:
    """Let an officer do a deed, as the pages do it, a minute after whatever was before."""
    intake.clock.move(minutes=1)
    with intake.site.engine.connect() as db:
        version = db.execute(select(ledger.dossiers.c.version).where(ledger.dossiers.c.id == dossier)).scalar_one()
    deeds.do(intake.site, _OFFICER, dossier, version, deeds.Deed(kind, **more))


def _waiting(intake: RunningIntake) -> int:
    with intake.site.engine.connect() as db:
        return exports.waiting(db).count


def _deliver_all(intake: RunningIntake, deliverer: Deliverer) -> None:
    while _waiting(intake):
        intake.clock.move(hours=2)
        deliverer.once()


def test_an_accepted_dossier_leaves_whole_and_its_steps_follow(
    client: Client, intake: RunningIntake, province: Province
) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    site, dossier = intake.site, str(client.item.dossier)
    deliverer = Deliverer(site, province.url, "secret")
    assert deliverer.once() == 0, "what is only delivered here is nobody else's yet"
    _does(intake, dossier, "accept")
    _does(intake, dossier, "review")
    _does(intake, dossier, "result", result=("quyet-dinh.pdf", "application/pdf", _PDF))
    province.refuses = 2
    assert deliverer.once() == 0
    assert _waiting(intake) == 3
    _deliver_all(intake, deliverer)
    events = [one for one, _, _ in province.taken]
    assert [one["type"].split(".")[-2] for one in events] == ["accepted", "status", "status"]
    assert len({one["id"] for one in events}) == 3
    assert _waiting(intake) == 0
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
    assert "GiayToKetQua" not in events[1]["data"]
    assert events[2]["data"]["GiayToKetQua"] == {"TenGiayTo": "quyet-dinh.pdf", "HashTepTin": _RESULT}
    _, body, signature = province.taken[0]
    verify_detached(signature, body, receipt_keys.published(site).keys)


def _metrics(intake: RunningIntake) -> dict[str, float]:
    said = requests.get(f"{intake.url}/internal/metrics", timeout=10).text
    assert "# TYPE intake_requests_total counter" in said
    found = dict(line.rsplit(" ", 1) for line in said.splitlines() if line.startswith("intake_exports"))
    return {name: float(value) for name, value in found.items()}


def test_an_operator_sees_what_the_province_did_not_take_yet(
    client: Client, intake: RunningIntake, province: Province
) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    _does(intake, str(client.item.dossier), "accept")
    assert _metrics(intake) == {}, "nobody is there to be told, so nobody is woken"
    deliverer = Deliverer(intake.site, province.url)
    _does(intake, str(client.item.dossier), "review")
    province.refuses = 1
    deliverer.once()
    intake.clock.move(hours=1)
    said = _metrics(intake)
    assert (said["intake_exports_waiting"], said["intake_exports_failing"]) == (2, 1)
    assert said["intake_exports_oldest_seconds"] == 61 * 60
    _deliver_all(intake, deliverer)
    assert set(_metrics(intake).values()) == {0.0}


def _files(client: Client) -> list[Any]:
    return [file for paper in Envelope.read(client.item.envelope).papers for file in paper.files]


def test_a_supplement_is_told_whole_once_it_is_taken_in(
    client: Client, intake: RunningIntake, province: Province
) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    dossier, deliverer = str(client.item.dossier), Deliverer(intake.site, province.url)
    _does(intake, dossier, "accept")
    _does(intake, dossier, "supplement", note="Ghi rõ", fields=(_CHILD,))
    asked = json.loads(_row(intake).request)["id"]
    first = Envelope.read(client.item.envelope)
    mended = first.instance.replace("TRẦN MINH AN", "TRẦN MINH ANH")
    assert mended != first.instance
    second = first.model_copy(update={"revision": 2, "answers_request": asked, "instance": mended})
    body = second.model_dump_json(exclude_none=True, by_alias=True).encode()
    answer = client.put(body, 2)
    assert (answer.status_code, answer.json()["state"]) == (201, "delivered")
    _does(intake, dossier, "accept")
    _deliver_all(intake, deliverer)
    kinds = [one["type"].split(".")[-2] for one, _, _ in province.taken]
    assert kinds == ["accepted", "status", "accepted", "status"]
    wholes = [one["data"]["DuLieuBieuMau"] for one, _, _ in province.taken if "DuLieuBieuMau" in one["data"]]
    assert ["TRẦN MINH ANH<" in one for one in wholes] == [False, True]
    assert [one["data"]["TrangThai"] for one, _, _ in province.taken if "NoiDungXuLy" in one["data"]] == [5, 2]


def test_a_deliverer_that_dies_in_the_middle_is_followed_by_another_under_the_same_id(
    client: Client, intake: RunningIntake, province: Province
) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    _does(intake, str(client.item.dossier), "accept")
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
    _does(intake, dossier, "accept")
    with site.engine.begin() as db:
        db.execute(update(ledger.dossiers).where(ledger.dossiers.c.id == dossier).values(office_number="wrong number"))
    assert Deliverer(site, province.url).once() == 0
    with site.engine.connect() as db:
        row = db.execute(select(ledger.outbox)).one()
    assert row.last_error == "schema MaHoSo"
    assert not province.taken


class Lgsp:
    """The province's systems, which tell statuses of the one dossier that is here."""

    def __init__(self, intake: RunningIntake) -> None:
        self._intake, self.number, self._told = intake, _row(intake).office_number, 0
        token = identity.make_bearer(intake.site, "lgsp", Role.SYSTEM)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/cloudevents+json"}

    def tell(self, data: dict[str, Any] | str, event: str = "") -> requests.Response:
        self._told += 1
        self._intake.clock.move(minutes=1)
        said = {
            "specversion": "1.0",
            "id": event or str(self._told),
            "source": "urn:lgsp",
            "type": "vn.lgsp.status",
            "time": self._intake.clock.now().isoformat(),
            "data": data,
        }
        return requests.post(f"{self._intake.url}/v1/statuses", json.dumps(said), headers=self._headers, timeout=20)

    def step(self, code: int, event: str = "", **more: Any) -> requests.Response:
        return self.tell({"MaHoSo": self.number, "TrangThai": code, **more}, event)


_PAPER = {"TenGiayTo": "Trích lục.pdf", "HashTepTin": _RESULT}
_WITH_FILE = {"GiayToKetQua": _PAPER | {"NoiDungTepTin": base64.b64encode(_PDF).decode()}}
#: code -> what it brings, the state it leads to, what the resident reads
_CODES: dict[int, tuple[dict[str, Any], str, str]] = {
    2: ({}, "accepted", "Được tiếp nhận"),
    4: ({"GhiChu": "Đã chuyển phòng Tư pháp", "PhongBanXuLy": "Phòng Tư pháp"}, "in_review", "Đã chuyển phòng Tư pháp"),
    5: ({"GhiChu": "Thiếu giấy", "ThanhPhanBoSung": ["birth_evidence"]}, "needs_info", "Thiếu giấy"),
    6: ({"GhiChu": "8.000 đồng"}, "in_review", "Yêu cầu thực hiện nghĩa vụ tài chính: 8.000 đồng"),
    9: (_WITH_FILE, "approved", "Đã xử lý xong"),
    10: (_WITH_FILE, "returned", "Đã trả kết quả"),
    3: ({}, "rejected", "Không được tiếp nhận"),
    7: ({"NguoiXuLy": "Bà Lan"}, "withdrawn", "Công dân yêu cầu rút hồ sơ"),
    8: ({}, "rejected", "Dừng xử lý"),
}


def test_all_ten_codes_reach_the_device_and_the_officers_history(
    client: Client, intake: RunningIntake, province: Province
) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    site, dossier, lgsp = intake.site, str(client.item.dossier), Lgsp(intake)
    assert lgsp.step(1).json() == {"outcome": "late"}, "registered it is since it came"
    assert {1, *_CODES} == set(national.STATE_OF)
    for code, (more, state, note) in _CODES.items():
        version = _row(intake).version
        assert lgsp.step(code, **more).json() == {"outcome": "taken"}, code
        row = _row(intake)
        assert (row.state, row.note, row.version) == (state, note, version + 1)
        newest = client.call("GET", "/v1/changes?cursor=0").json()["items"][-1]
        assert (newest["state"], newest["note"]) == (state, note)
        asks = newest.get("request")
        assert asks is None if code != 5 else asks["papers"] == ["birth_evidence"]
        assert newest.get("result", {}).get("sha256") == (_RESULT if code in {9, 10} else None)
        (came,) = desk.history(site, dossier, since=version)
        assert (came.kind, came.note) == (f"status-{code}", more.get("GhiChu", ""))
        with pytest.raises(deeds.NotNow):  # an officer who saw the page before
            deeds.do(site, _OFFICER, dossier, version, deeds.Deed("handover", to_office="24"))
    assert client.call("GET", f"/v1/blobs/{_RESULT}").content == _PDF
    assert [one.name for one in desk.history(site, dossier)][:2] == ["lgsp", "Bà Lan"]
    browser, _ = _login(intake, intake.officer.password)
    for language, words in (("vi", "Hệ thống của tỉnh báo: Đã xử lý xong"), ("en", "systems told: processed")):
        page = browser.get(f"{intake.url}/officer/dossiers/{dossier}?lang={language}", timeout=10).text
        assert words in page.replace("&#39;", "'")
        assert f"/files/{_RESULT}" in page
        assert "Phòng Tư pháp" in page
    _deliver_all(intake, Deliverer(site, province.url))
    assert not province.taken, "their own words are no news to them"


def test_an_officer_who_acts_on_an_old_page_reads_what_the_province_did(client: Client, intake: RunningIntake) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    lgsp = Lgsp(intake)
    browser, _ = _login(intake, intake.officer.password)
    url = f"{intake.url}/officer/dossiers/{client.item.dossier}"
    hidden = dict(re.findall(r'name="(csrf|version)" value="([^"]*)"', browser.get(url, timeout=10).text))
    assert lgsp.step(4, NguoiXuLy="Bà Lan", GhiChu="Đang xác minh").status_code == 200
    told = browser.post(f"{url}/accept", hidden, timeout=10)
    assert told.status_code == 409
    panel = told.text.partition('id="conflict"')[2].partition("</section>")[0]
    assert "Hệ thống của tỉnh báo: Đang xử lý" in panel
    assert "Bà Lan" in panel
    assert "Đang xác minh" in panel


def test_a_status_counts_once_and_neither_late_nor_for_another(client: Client, intake: RunningIntake) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    lgsp = Lgsp(intake)
    assert lgsp.step(4, "1").json() == {"outcome": "taken"}
    assert lgsp.step(4, "1").json() == {"outcome": "known"}
    assert lgsp.step(8).json() == {"outcome": "taken"}
    assert lgsp.step(4).json() == {"outcome": "late"}
    assert lgsp.step(11).status_code == 422
    lgsp.number = "H05.27-000000-9999"
    assert lgsp.step(4).status_code == 404
    items = client.call("GET", "/v1/changes?cursor=0").json()["items"]
    assert [one["state"] for one in items] == ["delivered", "in_review", "rejected"]


def test_a_result_that_stays_in_the_provinces_systems_is_named_and_not_promised(
    client: Client, intake: RunningIntake
) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    lgsp = Lgsp(intake)
    assert lgsp.step(9, GiayToKetQua=_PAPER).json() == {"outcome": "taken"}
    newest = client.call("GET", "/v1/changes?cursor=0").json()["items"][-1]
    assert "result" not in newest, "the device would ask for what is not here"
    browser, _ = _login(intake, intake.officer.password)
    page = browser.get(f"{intake.url}/officer/dossiers/{client.item.dossier}", timeout=10).text
    assert "Trích lục.pdf" in page
    assert _RESULT in page


@pytest.mark.parametrize("content", [b"MZ this is no PDF", b"%PDF-1.4 another\n%%EOF"])
def test_a_result_that_is_not_what_it_says_is_refused_and_not_kept(
    content: bytes, client: Client, intake: RunningIntake
) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    lgsp, site = Lgsp(intake), intake.site
    wrong = _PAPER | {"NoiDungTepTin": base64.b64encode(content).decode()}
    refused = lgsp.step(9, GiayToKetQua=wrong)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/data/GiayToKetQua")
    assert lgsp.step(9, GiayToKetQua=_PAPER | {"NoiDungTepTin": "no base64!"}).status_code == 422
    assert lgsp.step(8).json() == {"outcome": "taken"}
    assert lgsp.step(9, GiayToKetQua=_WITH_FILE["GiayToKetQua"]).json() == {"outcome": "late"}
    retention.run(site, 365)
    assert not site.blobs.has(_RESULT), "what was not taken leaves no file"


def test_a_receiver_that_reads_xml_gets_xml_that_holds_to_its_schemas(
    client: Client, intake: RunningIntake, province: Province
) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    site, dossier = intake.site, str(client.item.dossier)
    _does(intake, dossier, "accept")
    with site.engine.begin() as db:  # handed over to the office that decides
        db.execute(update(ledger.dossiers).where(ledger.dossiers.c.id == dossier).values(holder="24"))
    _does(intake, dossier, "review")
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
    lgsp = Lgsp(intake)
    step = {"MaHoSo": lgsp.number, "TrangThai": 5, "GhiChu": "Thiếu", "ThanhPhanBoSung": ["birth_evidence"]}
    assert lgsp.tell(national.to_xml(step, national.STATUS)).json() == {"outcome": "taken"}
    items = client.call("GET", "/v1/changes?cursor=0").json()["items"]
    assert items[-1]["request"]["papers"] == ["birth_evidence"]
    bomb = '<!DOCTYPE a [<!ENTITY b "c">]><TienDoHoSo xmlns="urn:vn:bacninh:hoso:1">&b;</TienDoHoSo>'
    for rubbish in ("", "<a/>", bomb, national.to_xml(step | {"TrangThai": 11}, national.STATUS)):
        assert lgsp.tell(rubbish).status_code == 422
    done = {"MaHoSo": lgsp.number, "TrangThai": 9, **_WITH_FILE}
    assert lgsp.tell(national.to_xml(done, national.STATUS)).json() == {"outcome": "taken"}
    assert client.call("GET", f"/v1/blobs/{_RESULT}").content == _PDF


def test_json_and_xml_say_the_same_and_both_schemas_bite() -> None:
    with pytest.raises(national.NotNational, match="required"):
        national.check({})
    codes = {national.code_of(state, was_accepted=True) for state in set(national.STATE_OF.values())}
    assert codes == {1, 2, 4, 5, 7, 8, 9, 10}
    assert national.code_of(WireState.REJECTED, was_accepted=False) == 3
    assert set(national.STATE_OF) == set(national.NATIONAL_WORDS) == set(range(1, 11))
