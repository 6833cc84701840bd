"""The public look-up says a status and its date, in both languages, and not one word more."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
import requests
from sqlalchemy import insert, update

from sync.intake import ledger, lookup
from sync.intake.app import make_app
from sync.intake.page_words import LANGUAGES, resident_state, word, words
from sync.intake.station import Site, hash_of, open_site
from sync.wire.dossiers import WireState
from tests.fakes.clock import FixedClock
from tests.sync.conftest import served

_CODE = "a-code-of-a-slip-0123"
#: Something in every column that is somebody's, or the office's own.
_PLANTED = {
    "id": "01936f00-0000-7000-8000-00000000dead",
    "device": "the-device",
    "procedure": "1.001193",
    "pack_version": "2026.11.23",
    "readable_code": "BN-AAA-222",
    "office_number": "H05.27-261123-0077",
    "unit": "09208",
    "holder": "09209",
    "assigned": "canbo77",
    "officer": "Bà Hạnh",
    "applicant": "NGUYỄN THỊ KÍN",
    "note": "thiếu bản sao",
    "request": '{"note":"xin thêm ảnh"}',
    "result": '{"sha256":"f00d","name":"ket-qua.pdf"}',
    "received_at": "2026-11-20T01:02:00.000Z",
    "due_at": "2026-12-24T10:00:00.000Z",
}


class _Main(HTMLParser):
    """The texts of a page's main part."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._depth += tag == "main"

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag == "main"

    def handle_data(self, data: str) -> None:
        if self._depth and data.strip():
            self.texts.append(" ".join(data.split()))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    made, _ = open_site(tmp_path_factory.mktemp("look-up"), FixedClock())
    with made.engine.begin() as db:
        row = _PLANTED | {"look_up_hash": hash_of(_CODE), "revision": 1, "state": "delivered"}
        db.execute(insert(ledger.dossiers).values(**row, changed_at="2026-11-23T18:05:00.000Z", version=7))
    patch = pytest.MonkeyPatch()
    many = (1e6, 1e6)
    patch.setattr(lookup, "Throttle", lambda now, made=lookup.Throttle: made(now, each=many, all_=many))
    with served(make_app(made)) as url:
        yield made, url
    patch.undo()
    made.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", list(WireState))
def test_a_status_its_date_and_nothing_else(site: tuple[Site, str], state: WireState, language: str) -> None:
    with site[0].engine.begin() as db:
        db.execute(update(ledger.dossiers).values(state=state.value))
    answer = requests.get(f"{site[1]}/t/{_CODE}?lang={language}", timeout=60)
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    main, w = _Main(), words(language)
    main.feed(answer.text)
    said = word("look_up", state.value, language)
    date = f"{w['as_of']} 01:05 24/11/2026"  # the province's time
    assert main.texts == [w["look_up"], resident_state(state.value, language), said, date, w["not_official"]]
    for column, planted in _PLANTED.items():
        assert planted not in answer.text, column
    assert not re.search(r"20/11/2026|24/12/2026|09208|09209|ket-qua", answer.text)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_code_and_no_dossier_look_the_same(site: tuple[Site, str], language: str) -> None:
    pages = [requests.get(f"{site[1]}/t/{code}?lang={language}", timeout=60) for code in ("x", _CODE + "x", "y" * 300)]
    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    main, w = _Main(), words(language)
    main.feed(pages[0].text)
    assert main.texts == [w["look_up"], w["look_up_none"], w["look_up_none_how"], w["not_official"]]
