"""A pack carries what lies beside a form: lists, pictures; bounded, hashed, updated, and read from the installed pack."""

import datetime as dt
import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlcipher3 import dbapi2 as sqlite

import resources
from bnhelper.authoring.build_pack import content_from
from bnhelper.authoring.lint import lint
from bnhelper.authoring.publish import Publisher, make_keys, trusted_root
from bnhelper.authoring.sources import Sources, read_sources
from bnhelper.catalogue.pack import MOST_BESIDE, Pack, PackDamaged, rows_hash
from bnhelper.catalogue.pack_content import content_of, row_from_json, write_pack_file
from bnhelper.catalogue.pack_delta import apply_delta, make_delta
from bnhelper.catalogue.pack_update import FolderSource, update
from bnhelper.catalogue.search_index import search
from bnhelper.forms.instance import FormInstance
from bnhelper.ids import FieldPath

_NOW = dt.datetime(2026, 11, 25, 3, tzinfo=dt.UTC)
_WORD = b"tre xanh lua chin"
_LIST = "name,label\nphuc_long,Thôn Phúc Long\ndong,Thôn Đông\n"
_PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.fixture(scope="module")
def none() -> Sources:
    sources = read_sources(resources.resource("procedures").parent)
    words = {**sources.words, "everyday": {}, "retired": {}, "life_events": []}
    return replace(sources, procedures=(), stubs=(), words=words, guides=(), declarations={})


def _sources(none: Sources, folder: Path, villages: str = _LIST, files: Mapping[str, bytes] | None = None) -> Sources:
    """One procedure whose form asks for a hamlet out of a list that lies beside it."""
    place = folder / "9.000002"
    place.mkdir(parents=True, exist_ok=True)
    (place / "villages.csv").write_text(villages, encoding="utf-8")
    (place / "map.png").write_bytes(_PICTURE)
    for name, content in (files or {}).items():
        (place / name).write_bytes(content)
    book = Workbook()
    survey = book.active
    assert survey is not None
    survey.title = "survey"
    for row in (
        ("type", "name", "label::vi (vi)", "label::en (en)"),
        ("begin_group", "declaration", "Nơi ở", "Home"),
        ("begin_group", "home", "Nơi ở", "Home"),
        ("select_one_from_file villages.csv", "village", "Thôn", "Hamlet"),
        ("end_group", "", "", ""),
        ("end_group", "", "", ""),
    ):
        survey.append(row)
    settings = book.create_sheet("settings")
    settings.append(("form_title", "form_id", "default_language"))
    settings.append(("Nơi ở", "9.000002", "vi (vi)"))
    book.save(place / "form.xlsx")
    record = {
        "code": "9.000002", "name_vi": "Nơi ở", "name_en": "Home", "documents": [], "fees": [{"amount_vnd": None}],
        "time_limits": [], "steps": ["Nộp"], "conditions_reviewed": False, "sources": [],
    }  # fmt: skip
    return replace(none, procedures=(record,), forms={"9.000002": place / "form.xlsx"})


@pytest.fixture
def pack(none: Sources, tmp_path: Path) -> Pack:
    write_pack_file(content_from(_sources(none, tmp_path / "in")), tmp_path / "a.bnpack")
    return Pack(tmp_path / "a.bnpack")


def _hamlets(pack: Pack) -> list[str]:
    instance = FormInstance(pack.form("9.000002"), today=_NOW.date)
    return [one.label for one in instance.choices(FieldPath("/data/declaration/home/village"), "vi")]


def test_a_form_of_the_pack_reads_the_list_that_the_pack_carries(pack: Pack) -> None:
    assert _hamlets(pack) == ["Thôn Phúc Long", "Thôn Đông"]
    assert pack.beside("9.000002", "map.png") == _PICTURE
    assert pack.beside("9.000002", "../map.png") is None
    assert pack.beside("1.001193", "map.png") is None


def test_a_longer_list_comes_by_a_small_delta_and_through_the_signed_way(
    none: Sources, pack: Pack, tmp_path: Path
) -> None:
    longer = _LIST + "vong_nguyet,Thôn Vọng Nguyệt\n"
    newer = _sources(none, tmp_path / "new", longer)
    new = content_from(replace(newer, meta={**newer.meta, "compiled": "2027-03-01"}))
    old = content_of(pack)
    assert apply_delta(old, make_delta(old, new)).sha256() == new.sha256()
    write_pack_file(new, tmp_path / "b.bnpack")
    make_keys(tmp_path / "keys", _WORD)
    publisher = Publisher.open(tmp_path / "stick", tmp_path / "keys", _WORD, _NOW)
    publisher.publish(pack.path)
    publisher.publish(tmp_path / "b.bnpack")
    done = update(FolderSource(tmp_path / "stick"), tmp_path / "packs", trusted_root(tmp_path / "stick"), _NOW, pack)
    assert done.is_new
    installed = Pack(tmp_path / "packs" / f"{done.version}.bnpack")
    assert _hamlets(installed)[-1] == "Thôn Vọng Nguyệt"
    assert installed.beside("9.000002", "map.png") == _PICTURE


def test_a_file_that_was_changed_in_an_installed_pack_is_refused(pack: Pack, tmp_path: Path) -> None:
    copy = Path(shutil.copy(pack.path, tmp_path / "copy.bnpack"))
    with sqlite.connect(copy) as db:
        db.execute("UPDATE beside SET content = ? WHERE name = 'villages.csv'", (b"name,label\nx,Evil\n",))
    with pytest.raises(PackDamaged):
        Pack(copy)


def test_a_pack_of_the_format_before_still_opens_and_is_searched(pack: Pack, tmp_path: Path) -> None:
    copy = Path(shutil.copy(pack.path, tmp_path / "old.bnpack"))
    db = sqlite.connect(copy)
    db.executescript("DROP TABLE beside; DROP TABLE written; UPDATE meta SET value = '2' WHERE key = 'format';")
    db.execute("UPDATE meta SET value = ? WHERE key = 'file_sha256'", (rows_hash(db, 2),))
    db.commit()
    db.close()
    old = Pack(copy)
    assert old.beside("9.000002", "map.png") is None
    assert [hit.code for hit in search(old, "nơi ở ")] == ["9.000002"]


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("run.exe", b"MZ", "9.000002/run.exe: no plain name of a file a form may use"),
        ("big.png", b"0" * (MOST_BESIDE + 1), f"9.000002/big.png: {MOST_BESIDE + 1} bytes, at most {MOST_BESIDE}"),
    ],
)
def test_what_no_form_may_carry_is_a_fault(
    none: Sources, tmp_path: Path, name: str, content: bytes, fault: str
) -> None:
    assert fault in lint(_sources(none, tmp_path, files={name: content}))


@pytest.mark.parametrize(
    "files",
    [
        [["../../evil.csv", "text", "x"]],
        [["a.csv", "base64", "!!"]],
        [["a.csv", "text"]],
        [],
        "a.csv",
        [["a.csv", "text", "x" * (MOST_BESIDE + 1)]],
    ],
)
def test_a_row_with_files_that_are_none_is_refused(pack: Pack, files: object) -> None:
    said = json.loads(content_of(pack).rows["9.000002"].as_json())
    with pytest.raises(ValueError, match=r"file|base64"):
        row_from_json(json.dumps([*said[:4], files]))
