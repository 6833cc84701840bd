"""A pack is taken whole or not at all."""

import shutil
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlite

from bnhelper.authoring.build_pack import build_pack
from bnhelper.catalogue.library import Library
from bnhelper.catalogue.pack import Pack, PackDamaged, PackFromTheFuture, UnknownProcedure


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copy(Library.shipped().newest.path, tmp_path / "copy.bnpack"))


def test_the_shipped_pack_has_the_whole_province_and_what_authors_wrote_goes_first() -> None:
    pack = Library.shipped().newest
    summaries = pack.procedures()
    assert pack.count() == len(summaries) > 2_600
    assert sum(one.is_stub for one in summaries) < 15  # known by name only: not in the portal's records either
    assert all(one.name_en for one in pack.procedures(55))
    written = pack.procedure("1.001193")
    assert written.name_en
    assert len(pack.form("1.002693").under("/data/documents")) >= 2  # a record of the portal, no author has seen it


@pytest.mark.parametrize("size", [0, 50, 4096, 100_000])
def test_a_truncated_pack_is_refused(copy: Path, size: int) -> None:
    copy.write_bytes(copy.read_bytes()[:size])
    with pytest.raises(PackDamaged):
        Pack(copy)


def test_one_changed_word_is_refused(copy: Path) -> None:
    db = sqlite.connect(copy)
    db.execute(
        "UPDATE procedure SET record = (SELECT record FROM procedure WHERE code = '1.000656') WHERE code = '1.001193'"
    )
    db.commit()
    db.close()
    with pytest.raises(PackDamaged):
        Pack(copy)


def test_a_file_that_is_no_pack_is_refused(tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.bnpack"
    db = sqlite.connect(stranger)
    db.execute("CREATE TABLE t (x)")
    db.commit()
    db.close()
    with pytest.raises(PackDamaged):
        Pack(stranger)
    with pytest.raises(PackDamaged):
        Pack(tmp_path / "none.bnpack")


def test_a_newer_format_is_refused_with_its_own_word(copy: Path) -> None:
    db = sqlite.connect(copy)
    db.execute("UPDATE meta SET value = '99' WHERE key = 'format'")
    db.commit()
    db.close()
    with pytest.raises(PackFromTheFuture):
        Pack(copy)


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    sources = Path(__file__).resolve().parents[3] / "resources"
    build_pack(sources, tmp_path / "one.bnpack", is_whole=False)
    build_pack(sources, tmp_path / "two.bnpack", is_whole=False)
    assert (tmp_path / "one.bnpack").read_bytes() == (tmp_path / "two.bnpack").read_bytes()


def test_retired_codes_and_suffixes_resolve_and_stubs_have_no_form() -> None:
    pack = Library.shipped().newest
    successors = {
        **dict.fromkeys(("2.000986", "2.001023", "2.002621"), "3.000722"),
        "2.002622": "2.002913",
        "1.012784": "1.115458",
        "1.012783": "1.115464",
        "1.012796": "1.115446",
        "1.013949": "1.115438",
    }
    assert {code: pack.resolve(code) for code in successors} == successors
    assert {pack.resolve(f"{code}.H05") for code in successors} == set(successors.values())
    assert {pack.procedure(code).code for code in successors.values()} == set(successors.values())
    assert pack.resolve("2.000815.H05") == "2.000815"
    with pytest.raises(UnknownProcedure):
        pack.form("3.000182")
    with pytest.raises(UnknownProcedure):
        pack.procedure("9.999999")
