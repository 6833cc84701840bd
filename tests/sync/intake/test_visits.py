"""Visit lists at the intake: made from a table, read page by page with the one cursor, told on, taken back, erased."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from sqlalchemy import select, update

from bnhelper.domain.visits import KEPT_DAYS, Reason
from bnhelper.ids import uuid7
from bnhelper.vault.canonical import canonical_bytes, sha256_of
from bnhelper.vault.signatures import SigningKey, verified_payload
from sync.intake import identity, ledger, retention, visits
from sync.intake.roles import Role
from sync.intake.station import hash_of, invite, public_key
from sync.intake.visit_csv import EXAMPLE, NotAList, homes_of, text_of
from sync.wire.dossiers import content_digest
from sync.wire.enrolment import EnrolmentRequest
from tests.sync.conftest import RunningIntake

_UNIT, _ELSEWHERE = "09208", "07210"
_TODAY = dt.date(2026, 11, 26)
#: The engine makes no difference to these.
_ONCE = pytest.mark.parametrize("intake", ["embedded"], indirect=True)


@dataclass
class Device:
    """A device of a unit, over plain HTTP."""

    url: str
    id: str
    token: str
    key: SigningKey
    name: str

    @classmethod
    def made(cls, intake: RunningIntake, name: str, unit: str | None = _UNIT, role: Role = Role.VOLUNTEER) -> "Device":
        key, device = SigningKey.generate(), uuid7(intake.clock.now())
        code = invite(intake.site, intake.url, role=role, unit=unit).code
        asked = EnrolmentRequest(code=code, device=device, public_key=key.public(), name=name)
        return cls(intake.url, device, identity.enrol(intake.site, asked).token, key, name)

    def get(self, cursor: str = "", limit: int = 200, *, visits: bool = True) -> requests.Response:
        said = {"cursor": cursor, "limit": str(limit), **({"visits": "1"} if visits else {})}
        return requests.get(f"{self.url}/v1/changes", params=said, headers=self._headers(), timeout=20)

    def pull(self, cursor: str = "", limit: int = 200) -> tuple[list[dict[str, Any]], str]:
        """Return every entry after a cursor, page by page, and the cursor at the end."""
        found: list[dict[str, Any]] = []
        while (answer := self.get(cursor, limit)).status_code == 200:
            said = answer.json()
            assert len(said["items"]) + len(said.get("visits", ())) <= limit
            found += said.get("visits", ())
            cursor = said["cursor"]
            if not said["more"]:
                break
        return found, cursor

    def tell(self, list_id: str, home: str, outcome: str | None = "met", **about: Any) -> requests.Response:
        said = {
            "schema": 1,
            "record": uuid7(dt.datetime.now(dt.UTC)),
            "revision": 1,
            "device": self.id,
            "list": list_id,
        }
        said |= {"home": home, "outcome": outcome, "at": "2026-11-26T02:10:00Z", "by": self.name, **about}
        return self.put({name: value for name, value in said.items() if value is not None})

    def put(self, said: dict[str, Any], **headers: str) -> requests.Response:
        body = canonical_bytes(said)
        sent = {"Content-Digest": content_digest(body), "BN-Signature": self.key.sign_detached(body), **headers}
        url = f"{self.url}/v1/records/visit/{said['record']}/revisions/{said['revision']}"
        return requests.put(url, body, headers={**self._headers(), **sent}, timeout=20)

    def make(self, **said: Any) -> requests.Response:
        body = json.dumps({"hamlet": "Thôn Đông", "csv": EXAMPLE, **said})
        return requests.post(f"{self.url}/v1/visit-lists", body, headers=self._headers(), timeout=20)

    def _headers(self) -> dict[str, str | bytes]:
        return {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}


def _homes(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one["home"] for one in entries if "home" in one]


def test_a_list_reaches_the_devices_of_its_unit_and_no_other(intake: RunningIntake) -> None:
    leader = Device.made(intake, "Đội trưởng", role=Role.TEAM_LEADER)
    mai, tuan, stranger = (
        Device.made(intake, name, unit) for name, unit in (("Mai", _UNIT), ("Tuấn", _UNIT), ("X", _ELSEWHERE))
    )
    nowhere = Device.made(intake, "Y", None)
    assert mai.get(visits=True).json() == {"items": [], "cursor": "0", "more": False}
    made = leader.make()
    assert (made.status_code, made.json()["homes"]) == (201, 3)
    entries, cursor = mai.pull()
    assert [one.get("head", {}).get("hamlet") for one in entries][:1] == ["Thôn Đông"]
    assert entries[0]["head"]["homes"] == 3
    assert [(one["lane"], one["number"], one["who"], one["born"]) for one in _homes(entries)[:2]] == [
        ("Ngõ 3", "12", "Nguyễn Thị Hoa", 1952),
        ("Ngõ 3", "15", "Trần Văn Bảy", 1958),
    ]
    assert mai.get(cursor).status_code == 304
    assert [len(one.pull()[0]) for one in (tuan, stranger, nowhere)] == [4, 0, 0]
    assert "visits" not in mai.get(visits=False).json(), "a program that does not know them is told nothing"
    late = Device.made(intake, "Lan")
    assert len(late.pull()[0]) == 4, "whoever joins the unit later has it too"
    only_tuan = leader.make(hamlet="Thôn Tây", device=tuan.id)
    assert only_tuan.status_code == 201
    assert mai.pull(cursor)[0] == []
    assert len(tuan.pull()[0]) == 8
    assert leader.make(device=stranger.id).status_code == 404
    assert leader.make(unit=_ELSEWHERE).status_code == 403
    with intake.site.engine.connect() as db:
        line = ledger.audit.c
        said = db.execute(select(line.who, line.dossier).where(line.what == "pulled-visits")).all()
    assert {(mai.id, made.json()["list"]), (tuan.id, only_tuan.json()["list"])} <= {tuple(one) for one in said}
    assert stranger.id not in {one.who for one in said}


def test_a_pull_that_is_cut_at_any_page_goes_on_from_there(intake: RunningIntake) -> None:
    leader, mai = Device.made(intake, "Đội trưởng", role=Role.TEAM_LEADER), Device.made(intake, "Mai")
    rows = "".join(f"Ngõ {n // 5};{n};Nhà {n}\n" for n in range(23))
    leader.make(csv="Ngõ;Số nhà;Họ tên\n" + rows)
    whole = mai.pull()[0]
    for limit in (1, 5, 24):
        cursor, found = "", []
        while (said := mai.get(cursor, limit).json())["more"]:
            again = mai.get(cursor, limit).json()  # the page was read and never kept
            assert again == said
            found += said["visits"]
            cursor = said["cursor"]
        found += said.get("visits", [])
        assert found == whole


def test_an_outcome_is_kept_once_with_a_receipt_and_told_to_the_others(intake: RunningIntake) -> None:
    leader = Device.made(intake, "Đội trưởng", role=Role.TEAM_LEADER)
    mai, tuan, stranger = Device.made(intake, "Mai"), Device.made(intake, "Tuấn"), Device.made(intake, "X", _ELSEWHERE)
    made = leader.make().json()["list"]
    entries, cursor = mai.pull()
    home = _homes(entries)[0]["id"]
    record = uuid7(intake.clock.now())
    said = {"schema": 1, "record": record, "revision": 1, "device": tuan.id, "list": made, "home": home}
    said |= {
        "outcome": "met",
        "at": "2026-11-26T02:10:00Z",
        "by": "Tuấn",
        "note": "Hẹn lại tuần sau",
        "done": ["result"],
    }
    first, again = tuan.put(said), tuan.put(said)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    receipt = json.loads(verified_payload(first.json()["receipt"], [public_key(intake.site)]))
    assert (receipt["dossier"], receipt["envelope"], receipt["blobs"]) == (record, sha256_of(canonical_bytes(said)), [])
    assert tuan.put({**said, "note": "x"}).json()["code"] == "id-conflict"
    assert mai.put({**said, "device": mai.id, "revision": 2}).json()["code"] == "id-conflict"
    assert mai.put({**said, "device": mai.id}, **{"BN-Signature": "x"}).json()["code"] == "bad-signature"
    assert mai.tell(made, home).status_code == 201, "two at one home: both are kept"
    told, cursor = mai.pull(cursor)
    assert [(one["outcome"]["by"], one["outcome"]["outcome"], one["outcome"]["done"]) for one in told] == [
        ("Tuấn", "met", ["result"]),
        ("Mai", "met", []),
    ]
    assert visits.lists(intake.site, _UNIT)[0].visited == 1
    undone = tuan.put({**said, "revision": 2, "outcome": "undone"})
    assert undone.status_code == 201
    assert [one["outcome"]["outcome"] for one in mai.pull(cursor)[0]] == ["undone"]
    assert len(leader.pull()[0]) == 6, "of one record only the newest is told"
    heard, unknown = stranger.tell(made, home), stranger.tell(uuid7(intake.clock.now()), home)
    assert set(heard.json()) == set(unknown.json())
    assert (heard.status_code, unknown.status_code) == (201, 201), "nobody learns that there is such a list"
    assert (len(leader.pull()[0]), stranger.pull()[0]) == (6, []), "and nobody hears of it"
    assert mai.tell(made, home, "sold").json()["code"] == "invalid"
    assert mai.tell(made, home, None).json()["code"] == "invalid"
    assert mai.tell(uuid7(intake.clock.now()), home).status_code == 201, "a list that a restored backup lacks"
    body = json.dumps(
        {
            "items": [
                {"dossier": record, "rev": one, "envelope": sha}
                for one, sha in ((1, receipt["envelope"]), (9, "0" * 64))
            ]
        }
    )
    lacking = requests.post(f"{intake.url}/v1/reconcile", body, headers=tuan._headers(), timeout=20).json()["lacking"]
    assert [one["rev"] for one in lacking] == [9]


@_ONCE
def test_a_home_that_was_not_listed_is_told_once_and_marked(intake: RunningIntake) -> None:
    leader, mai = Device.made(intake, "Đội trưởng", role=Role.TEAM_LEADER), Device.made(intake, "Mai")
    made = leader.make().json()["list"]
    cursor = mai.pull()[1]
    home = uuid7(intake.clock.now())
    new = {"id": home, "place": 9, "lane": "Ngõ 7", "number": "2", "who": "Lê Thị Tư", "is_new": False}
    assert mai.tell(made, home, None, new_home=new).status_code == 201
    assert mai.tell(made, home, "later", new_home=new).status_code == 201
    told = mai.pull(cursor)[0]
    assert [next(iter(one.keys() - {"list"})) for one in told] == ["home", "outcome"]
    assert told[0]["home"]["is_new"] is True
    begun = uuid7(intake.clock.now())
    assert mai.tell(begun, home, None, new_home=new, hamlet="Xóm Trại").status_code == 201
    assert [one["head"]["hamlet"] for one in mai.pull()[0] if "head" in one] == ["Thôn Đông", "Xóm Trại"]
    assert begun not in {one["list"] for one in leader.pull()[0]}, "it is that device's own"
    assert begun in {one.id for one in visits.lists(intake.site, _UNIT)}, "and its office sees it"


@_ONCE
def test_who_holds_classes_neither_reads_nor_tells(intake: RunningIntake) -> None:
    leader, trainer = (Device.made(intake, "x", role=role) for role in (Role.TEAM_LEADER, Role.TRAINER))
    made = leader.make().json()["list"]
    home = _homes(leader.pull()[0])[0]["id"]
    assert trainer.get().status_code == 403
    assert trainer.tell(made, home).status_code == 403
    assert trainer.make().status_code == 403


def test_a_list_is_taken_back_and_erased_in_time(intake: RunningIntake) -> None:
    site = intake.site
    leader, mai = Device.made(intake, "Đội trưởng", role=Role.TEAM_LEADER), Device.made(intake, "Mai")
    first, second = leader.make().json()["list"], leader.make(hamlet="Thôn Tây").json()["list"]
    entries, cursor = mai.pull()
    assert mai.tell(first, _homes(entries)[0]["id"], note="chó dữ").status_code == 201
    assert not visits.withdraw(site, _ELSEWHERE, first, "officer:x")
    assert visits.withdraw(site, _UNIT, first, "officer:x")
    assert not visits.withdraw(site, _UNIT, first, "officer:x")
    told = [one for one in mai.pull(cursor)[0] if one["list"] == first]
    assert [one["head"]["is_over"] for one in told] == [True]
    assert mai.tell(first, _homes(entries)[0]["id"]).status_code == 201, "what was said meanwhile blocks nobody"
    intake.clock.move(days=KEPT_DAYS + 1)
    assert retention.run(site, 365)["erased_visits"] == 1
    with site.engine.connect() as db:
        bodies = [bytes(one) for one in db.execute(select(ledger.records.c.body)).scalars()]
        bodies += [one.encode() for one in db.execute(select(ledger.visit_entries.c.body)).scalars()]
        said = db.execute(select(ledger.visit_lists)).all()
    assert not any(b"Hoa" in one or "chó dữ".encode() in one for one in bodies)
    assert [(one.hamlet, one.made_by) for one in said] == [("", ""), ("", "")]
    over = [one["head"]["is_over"] for one in Device.made(intake, "Lan").pull()[0]]
    assert over == [True, True]
    assert second


@_ONCE
def test_a_province_restored_from_a_backup_is_read_anew(intake: RunningIntake) -> None:
    leader, mai = Device.made(intake, "Đội trưởng", role=Role.TEAM_LEADER), Device.made(intake, "Mai")
    leader.make()
    cursor = mai.pull()[1]
    with intake.site.engine.begin() as db:
        db.execute(update(ledger.visit_entries).values(mark="0" * 16))  # other entries under the same numbers
    assert len(mai.pull(cursor)[0]) == 4


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("", [(0, "empty")]),
        ("Họ tên\n", [(0, "empty")]),
        ("a;b\n1;2", [(1, "head")]),
        ("Tên;Họ tên\nx;y", [(1, "head-twice")]),
        ("Họ tên;Lý do\nHoa;đi chơi", [(2, "reason")]),
        ("Họ tên;Tuổi\nHoa;bảy mươi\n\nBảy;1850", [(2, "born"), (4, "born")]),
        ("Số nhà;Họ tên\n12;Hoa\n12;HOA", [(3, "twice")]),
        ("Số nhà;Ghi chú\n;chó dữ", [(2, "nobody")]),
        ("Số nhà\n1;2;3", [(2, "too-wide")]),
        ("Họ tên\n" + "x" * 121, [(2, "long-who")]),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_taken(text: str, errors: list[tuple[int, str]]) -> None:
    with pytest.raises(NotAList) as wrong:
        homes_of(text, _TODAY)
    assert [(one.row, one.code) for one in wrong.value.errors] == errors


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_table_is_read_as_spreadsheets_save_it(encoding: str, separator: str) -> None:
    rows = (("NGÕ", "Số nhà", "Họ và tên", "Tuổi", "Lý do"), ("Ngõ 3", "12", "Nguyễn Thị Hoa", "71", "Trao kết quả"))
    text = "\r\n".join(separator.join(one) for one in rows)
    (home,) = homes_of(text_of(text.encode(encoding)), _TODAY)
    assert (home.lane, home.number, home.who, home.born) == ("Ngõ 3", "12", "Nguyễn Thị Hoa", 1955)
    assert home.reasons == (Reason.OVER_70, Reason.RESULT)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(NotAList):
        text_of(b"\x81\x82\xff")


# --- the officers' page ----------------------------------------------------------------------------------------------


class Desk:
    """An officer at the pages, with a session of their own."""

    def __init__(self, intake: RunningIntake, user: str, role: str, office: str | None) -> None:
        site, ends = intake.site, "2099-01-01T00:00:00.000Z"
        account = {"user": user, "name": user, "password_hash": "x", "role": role, "office": office}
        session = {"token_hash": hash_of(user), "user": user, "csrf": f"csrf-{user}", "ends_at": ends}
        with site.engine.begin() as db:
            db.execute(ledger.officers.insert().values(made_at=site.now(), **account))
            db.execute(ledger.sessions.insert().values(latest_at=ends, **session))
        self._url, self._headers, self._csrf = intake.url, {"Cookie": f"bn-officer={user}"}, f"csrf-{user}"

    def ask(self, path: str = "", form: dict[str, str] | None = None, table: bytes | None = None) -> requests.Response:
        method = "GET" if form is None else "POST"
        said = None if form is None else {"csrf": self._csrf, **form}
        files = {"file": ("ds.csv", table)} if table is not None else None
        url = f"{self._url}/officer/visits{path}"
        return requests.request(method, url, data=said, files=files, headers=self._headers, timeout=20)


@_ONCE
def test_an_officer_makes_a_list_of_the_office_and_sees_how_it_goes(intake: RunningIntake) -> None:
    here, elsewhere = (Desk(intake, user, "officer", unit) for user, unit in (("hanh", _UNIT), ("long", _ELSEWHERE)))
    auditor, province = Desk(intake, "kiem", "auditor", None), Desk(intake, "tinh", "provincial_officer", "24")
    mai = Device.made(intake, "Máy của Mai")
    wrong = here.ask(form={"hamlet": "Thôn Đông"}, table="Họ tên;Lý do\nHoa;đi chơi\nBảy;bổ sung".encode())
    assert wrong.status_code == 422
    assert "Dòng 2: Không rõ lý do “đi chơi”" in wrong.text
    assert "Máy của Mai" in wrong.text
    assert mai.pull()[0] == []
    made = here.ask(form={"hamlet": "Thôn Đông", "device": mai.id}, table=EXAMPLE.encode("utf-8-sig"))
    assert (made.status_code, "3 hộ" in made.text) == (200, True)
    home = _homes(mai.pull()[0])[0]["id"]
    (one,) = visits.lists(intake.site, None)
    mai.tell(one.id, home, note="<b>chó dữ</b>")
    page = here.ask(f"/{one.id}").text
    assert ("Nguyễn Thị Hoa" in page, "đã gặp" in page, "&lt;b&gt;chó dữ" in page) == (True, True, True)
    assert elsewhere.ask(f"/{one.id}").status_code == 404
    assert elsewhere.ask(f"/{one.id}/withdraw", {}).status_code == 404
    assert "Thôn Đông" not in elsewhere.ask().text
    assert "đã thăm 1 trên 3 hộ" in auditor.ask().text
    assert auditor.ask(form={"hamlet": "x"}).status_code == 403
    assert province.ask(form={"hamlet": "x", "table": EXAMPLE}).status_code == 422, "of which commune?"
    assert province.ask(form={"hamlet": "Thôn Tây", "unit": _ELSEWHERE, "table": EXAMPLE}).status_code == 200
    assert here.ask(form={"hamlet": "x", "device": "stranger", "table": EXAMPLE}).status_code == 422
    assert here.ask(f"/{one.id}/withdraw", {}).status_code == 200
    assert here.ask(f"/{one.id}").status_code == 404
    with intake.site.engine.connect() as db:
        line = ledger.audit.c
        said = db.execute(select(line.who, line.what).where(line.dossier == one.id).order_by(line.id)).all()
    assert [tuple(one) for one in said] == [
        ("officer:hanh", "made-visits"),
        (mai.id, "pulled-visits"),
        (mai.id, "visit"),
        ("officer:hanh", "read-visits"),
        ("officer:hanh", "withdrew-visits"),
    ]
