"""Packs come signed, whole or not at all: what is forged, old, mixed, cut or half done leaves the old one in use."""

import contextlib
import datetime as dt
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tuf.api.exceptions import DownloadError
from tuf.api.metadata import Metadata

import resources
from bnhelper.authoring import publish
from bnhelper.authoring.build_pack import content_from
from bnhelper.authoring.publish import Publisher, PublishingRefused, make_keys, trusted_root
from bnhelper.authoring.sources import Sources, read_sources
from bnhelper.catalogue import pack_content, pack_update
from bnhelper.catalogue.library import Library
from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.pack_amend import amend_pack_file, can_be_amended, changes_to
from bnhelper.catalogue.pack_content import PackContent, content_of, write_pack_file
from bnhelper.catalogue.pack_delta import DeltaDoesNotFit, apply_delta, make_delta
from bnhelper.catalogue.pack_update import (
    ClockAbsurd,
    FolderSource,
    Updated,
    UpdateNotThere,
    UpdateRefused,
    UpdateTooOld,
    update,
)
from bnhelper.command_line import pack as pack_command

_NOW = dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)
_WORD = b"tre xanh lua chin"


@pytest.fixture(scope="module")
def contents() -> list[PackContent]:
    """Four versions of a small pack, each with one more change."""
    sources = read_sources(resources.resource("procedures").parent)
    few = {"1.001193", "1.000894", "1.004194"}
    words = {**sources.words, "everyday": {}, "retired": {}, "life_events": []}
    small = replace(
        sources,
        procedures=tuple(one for one in sources.procedures if one["code"] in few),
        stubs=sources.stubs[:2],
        words=words,
        guides=(),
    )
    return [content_from(_changed(small, number)) for number in range(4)]


def _changed(sources: Sources, number: int) -> Sources:
    first = {**sources.procedures[0], "deadline_vi": f"Hạn số {number}"} if number else sources.procedures[0]
    return replace(
        sources,
        procedures=(first, *sources.procedures[1:]),
        stubs=sources.stubs[: 2 - (number > 2)],
        meta={**sources.meta, "compiled": f"2026-11-{20 + number}"},
    )


class Office:
    """A publisher and one device."""

    def __init__(self, folder: Path, contents: list[PackContent]) -> None:
        self.folder, self.contents = folder, contents
        self.keys, self.repository, self.device = folder / "keys", folder / "repository", folder / "device"
        make_keys(self.keys, _WORD)
        self.publish(0)
        self.root = trusted_root(self.repository)

    def publisher(self, now: dt.datetime = _NOW) -> Publisher:
        return Publisher.open(self.repository, self.keys, _WORD, now)

    def publish(self, number: int) -> None:
        write_pack_file(self.contents[number], self.folder / "new.bnpack")
        self.publisher().publish(self.folder / "new.bnpack")

    def update(self, now: dt.datetime = _NOW, here: Pack | None = None) -> Updated:
        return update(FolderSource(self.repository), self.device, self.root, now, here)

    def installed(self) -> list[Pack]:
        return [Pack(path) for path in sorted(self.device.glob("*.bnpack"))]


@pytest.fixture
def office(tmp_path: Path, contents: list[PackContent]) -> Office:
    return Office(tmp_path, contents)


def test_a_first_pack_comes_whole_and_a_newer_one_as_a_difference(office: Office) -> None:
    first = office.update()
    assert first.is_new
    (here,) = office.installed()
    office.publish(1)
    second = office.update(here=here)
    assert second.is_new
    assert second.bytes_fetched < 2_000 < first.bytes_fetched
    assert [pack.version for pack in office.installed()] == [office.contents[0].version, office.contents[1].version]
    newest = office.installed()[-1]
    assert content_of(newest) == office.contents[1]
    assert not office.update(here=newest).is_new


def test_a_version_that_was_skipped_is_taken_in_one_step(office: Office) -> None:
    office.update()
    (here,) = office.installed()
    for number in (1, 2, 3):
        office.publish(number)
    done = office.update(here=here)
    assert done.version == office.contents[3].version
    assert done.bytes_fetched < 2_000


def test_a_pack_older_than_the_ways_is_replaced_whole(office: Office) -> None:
    office.update()
    stranger = Library.shipped().newest  # a version this publisher never had
    office.publish(1)
    assert office.update(here=stranger).version == office.contents[1].version


def test_the_file_made_from_a_difference_is_the_publishers_file(office: Office, contents: list[PackContent]) -> None:
    assert apply_delta(contents[0], make_delta(contents[0], contents[3])) == contents[3]
    write_pack_file(contents[3], office.folder / "one.bnpack")
    write_pack_file(apply_delta(contents[0], make_delta(contents[0], contents[3])), office.folder / "two.bnpack")
    assert (office.folder / "one.bnpack").read_bytes() == (office.folder / "two.bnpack").read_bytes()


def _tables(path: Path) -> dict[str, object]:
    """Return what a pack's file says, whatever numbers its rows have."""
    pack = Pack(path)
    with pack.connection() as db:
        return {
            "counted": [
                db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
                for table in ("vocabulary", "written", "beside")
            ],
            "searched": db.execute(
                "SELECT r.code, r.marked, r.ours, s.title, s.everyday, s.papers, s.pairs, p.search FROM search_row r"
                " JOIN search s ON s.rowid = r.id JOIN procedure p ON p.code = r.code ORDER BY r.code"
            ).fetchall(),
            "content": content_of(pack),
        }


def test_a_file_amended_by_differences_says_what_one_made_anew_says(
    tmp_path: Path, contents: list[PackContent]
) -> None:
    anew, amended = tmp_path / "anew.bnpack", tmp_path / "0.bnpack"
    write_pack_file(contents[0], amended)
    for number in range(1, len(contents)):
        before = Pack(amended)
        assert can_be_amended(before)
        changes = changes_to(before, make_delta(contents[number - 1], contents[number]))
        amended = tmp_path / f"{number}.bnpack"
        amend_pack_file(before, changes, amended)
        write_pack_file(contents[number], anew)
        assert _tables(amended) == _tables(anew)


def test_a_file_of_an_older_program_is_made_anew_from_a_difference(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(pack_content, "INDEX", 1)
        write_pack_file(office.contents[0], office.device / "old.bnpack")
    here = Pack(office.device / "old.bnpack")
    assert not can_be_amended(here)
    office.publish(1)
    done = office.update(here=here)
    assert done.bytes_fetched < 2_000
    made = Pack(office.device / f"{done.version}.bnpack")
    assert can_be_amended(made)
    assert content_of(made) == office.contents[1]


def _tamper(path: Path, what: str) -> None:
    said = json.loads(path.read_bytes())
    said["signed"]["expires"] = "2036-01-01T00:00:00Z"
    if what == "unsigned":
        said["signatures"] = []
    path.write_text(json.dumps(said), encoding="utf-8")


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
@pytest.mark.parametrize("what", ["forged", "unsigned"])
def test_forged_metadata_is_refused(office: Office, role: str, what: str) -> None:
    _tamper(office.repository / "metadata" / f"{role}.json", what)
    with pytest.raises(UpdateRefused):
        office.update()
    assert office.installed() == []


def test_another_publishers_packs_are_refused(office: Office, tmp_path: Path, contents: list[PackContent]) -> None:
    stranger = Office(tmp_path / "stranger", contents)
    with pytest.raises((UpdateRefused, UpdateNotThere)):
        update(FolderSource(stranger.repository), office.device, office.root, _NOW)
    assert office.installed() == []


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_cut_off_pack_is_refused(office: Office, share: float) -> None:
    (target,) = (office.repository / "targets").glob("*.zst")
    target.write_bytes(target.read_bytes()[: int(target.stat().st_size * share)])
    with pytest.raises((UpdateRefused, UpdateNotThere)):
        office.update()
    assert office.installed() == []


def test_a_changed_difference_is_refused_and_the_old_pack_stays(office: Office) -> None:
    office.update()
    (here,) = office.installed()
    office.publish(1)
    (delta,) = (office.repository / "targets").glob("*.delta")
    content = bytearray(delta.read_bytes())
    content[-1] ^= 1
    delta.write_bytes(bytes(content))
    with pytest.raises((UpdateRefused, UpdateNotThere)):
        office.update(here=here)
    assert [pack.version for pack in office.installed()] == [here.version]


def test_an_older_repository_is_refused(office: Office) -> None:
    old = shutil.copytree(office.repository, office.folder / "old")
    office.publish(1)
    office.update()
    with pytest.raises(UpdateRefused):
        update(FolderSource(old), office.device, office.root, _NOW)
    assert [pack.version for pack in office.installed()] == [office.contents[1].version]


def test_pieces_of_two_times_are_not_mixed(office: Office) -> None:
    old = (office.repository / "metadata" / "targets.json").read_bytes()
    office.publish(1)
    (office.repository / "metadata" / "targets.json").write_bytes(old)
    with pytest.raises(UpdateRefused):
        office.update()
    assert office.installed() == []


def test_what_is_past_its_date_is_told_and_kept_away(office: Office) -> None:
    late = Publisher.open(office.repository, office.keys, _WORD, dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    late.refresh()
    with pytest.raises(UpdateTooOld):
        office.update()
    assert office.installed() == []


@pytest.mark.parametrize("role", ["root", "targets", "snapshot", "timestamp"])
def test_no_signed_part_past_its_date_installs_anything(
    tmp_path: Path, contents: list[PackContent], monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    monkeypatch.setitem(publish._DAYS, role, -1)
    office = Office(tmp_path, contents)
    with pytest.raises(UpdateTooOld):
        office.update()
    assert office.installed() == []


def test_an_absurd_clock_updates_nothing(office: Office) -> None:
    with pytest.raises(ClockAbsurd):
        office.update(now=dt.datetime(2006, 1, 1, tzinfo=dt.UTC))


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets"])
def test_a_new_key_is_followed(office: Office, role: str) -> None:
    office.update()
    (here,) = office.installed()
    office.publisher().rotate(role, office.keys, _WORD)
    office.publish(1)
    office.publisher().rotate(role, office.keys, _WORD)
    assert office.update(here=here).version == office.contents[1].version


def test_nothing_on_the_stick_is_told(tmp_path: Path, office: Office) -> None:
    with pytest.raises(UpdateNotThere):
        update(FolderSource(tmp_path / "empty"), office.device, office.root, _NOW)


@pytest.mark.parametrize("step", ["amend_pack_file", "changes_to", "content_of"])
def test_a_program_that_dies_half_way_leaves_the_old_pack_and_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    office.update()
    (here,) = office.installed()
    office.publish(1)

    def dies(*_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(pack_update, step, dies)
        with pytest.raises(KeyboardInterrupt):
            office.update(here=here)
    assert [pack.version for pack in office.installed()] == [here.version]
    assert office.update(here=here).version == office.contents[1].version


def test_a_name_that_leads_out_of_the_folder_reaches_no_source() -> None:
    class Curious:
        def read(self, name: str) -> Iterator[bytes]:
            raise AssertionError(name)

    fetcher = pack_update._Fetcher(Curious())
    for name in ("../../etc/passwd", "..", "a/b", "", "%2e%2e", "a" * 200):
        with pytest.raises(DownloadError):
            list(fetcher.fetch(f"{pack_update._BASE}/targets/{name}"))


def test_a_version_is_published_once_and_keys_are_made_once(office: Office) -> None:
    with pytest.raises(PublishingRefused):
        office.publish(0)
    with pytest.raises(PublishingRefused):
        make_keys(office.keys, _WORD)
    with pytest.raises(PublishingRefused):
        Publisher.open(office.repository, office.keys, b"wrong", _NOW)


def test_no_key_lies_in_clear_text(office: Office) -> None:
    for path in office.keys.glob("*.pem"):
        assert b"ENCRYPTED" in path.read_bytes()


def test_the_root_needs_two_of_three(office: Office) -> None:
    root = Metadata.from_bytes(office.root)
    assert root.signed.roles["root"].threshold == 2
    assert len(root.signed.roles["root"].keyids) == 3


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 2_000))
def test_no_difference_is_too_strange(noise: bytes, at: int) -> None:
    row = next(iter(_tiny().rows.values()))
    new = PackContent(_tiny().meta, {**_tiny().rows, "1.000002": replace(row, code="1.000002")})
    delta = bytearray(make_delta(_tiny(), new))
    delta[at % len(delta) : at % len(delta) + len(noise)] = noise
    for content in (noise, b"BNDELTA1" + noise, bytes(delta)):
        with contextlib.suppress(DeltaDoesNotFit):
            assert apply_delta(_tiny(), content) == new


def _tiny() -> PackContent:
    from bnhelper.catalogue.pack_content import Row

    record = json.dumps({"name_vi": "x", "is_stub": True})
    meta = {"version": "2026.01.01-00000000", "built_on": "2026-01-01", "words": "{}", "guides": "[]"}
    return PackContent(meta, {"1.000001": Row("1.000001", record, "", ("một",))})


@pytest.mark.slow
def test_the_whole_way_from_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    word = tmp_path / "word"
    word.write_text("tre xanh lua chin", encoding="utf-8")
    keys, repository, into = str(tmp_path / "keys"), str(tmp_path / "repository"), tmp_path / "packs"
    common = ["--repository", repository, "--keys", keys, "--passphrase-file", str(word)]
    assert pack_command.main(["keys", keys, "--passphrase-file", str(word)]) == 0
    assert pack_command.main(["publish", *common, "--pack", str(Library.shipped().newest.path)]) == 0
    assert pack_command.main(["refresh", *common]) == 0
    into.mkdir()
    (into / "root.json").write_bytes(trusted_root(Path(repository)))
    assert pack_command.main(["update", "--from", repository, "--into", str(into)]) == 0
    assert f"{Library.shipped().newest.version} is here" in capsys.readouterr().out
    other = tmp_path / "other"
    assert pack_command.main(["update", "--from", repository, "--into", str(other)]) == 1
    assert "--root" in capsys.readouterr().err, "whom to trust is never taken from what is offered"
    named = ["update", "--from", repository, "--into", str(other), "--root", str(into / "root.json")]
    assert pack_command.main(named) == pack_command.main(named[:-2]) == 0, "and is asked for once"
    (Path(repository) / "metadata" / "timestamp.json").write_text("{}")
    assert pack_command.main(named[:-2]) == 1
    assert "Nothing was installed" in capsys.readouterr().err


def test_a_library_leaves_a_spoilt_pack_aside(tmp_path: Path, contents: list[PackContent]) -> None:
    newer = replace(contents[0], meta={**contents[0].meta, "version": "2030.01.01-00000000"})
    write_pack_file(newer, tmp_path / "2030.01.01-00000000.bnpack")
    (tmp_path / "2031.01.01-00000000.bnpack").write_bytes(b"SQLite format 3\x00" + b"x" * 200)
    library = Library.of_machine(tmp_path)
    assert library.newest.version == "2030.01.01-00000000"
    assert library.pack(Library.shipped().newest.version)
