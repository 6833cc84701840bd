"""Packs from the province's own server: the whole one, then a difference, a portal in between, and from the neighbour."""

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import requests

import resources
from bnhelper.authoring.build_pack import content_from
from bnhelper.authoring.publish import Publisher, make_keys
from bnhelper.authoring.sources import read_sources
from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.pack_content import PackContent, write_pack_file
from bnhelper.catalogue.pack_update import FolderSource, UpdateNotThere, UpdateRefused, update
from sync.intake.catalogue_files import FOLDER
from sync.transport.pack_source import update_from_province
from tests.sync.conftest import RunningIntake

_NOW = dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)
_WORD = b"tre xanh lua chin"


@pytest.fixture(scope="module")
def contents() -> list[PackContent]:
    sources = read_sources(resources.resource("procedures").parent)
    words = {**sources.words, "everyday": {}, "retired": {}, "life_events": []}
    small = replace(sources, procedures=sources.procedures[:3], stubs=(), words=words, guides=(), declarations={})
    newer = replace(small, stubs=sources.stubs[:1], meta={**sources.meta, "compiled": "2026-11-24"})
    return [content_from(small), content_from(newer)]


@pytest.fixture
def repository(intake: RunningIntake, tmp_path: Path, contents: list[PackContent]) -> Path:
    make_keys(tmp_path / "keys", _WORD)
    folder = intake.site.folder / FOLDER
    _publish(folder, tmp_path, contents[0])
    return folder


def _publish(folder: Path, place: Path, content: PackContent) -> None:
    write_pack_file(content, place / "new.bnpack")
    Publisher.open(folder, place / "keys", _WORD, _NOW).publish(place / "new.bnpack")


def test_the_whole_pack_comes_first_and_then_what_changed(
    intake: RunningIntake, repository: Path, tmp_path: Path, contents: list[PackContent]
) -> None:
    packs = tmp_path / "packs"
    first = update_from_province(intake.url, None, packs, packs / "root.json", _NOW, None)
    assert (first.is_new, first.version) == (True, contents[0].version)
    assert (packs / "root.json").read_bytes() == (repository / "metadata" / "1.root.json").read_bytes()
    here = Pack(packs / f"{first.version}.bnpack")
    assert not update_from_province(intake.url, None, packs, packs / "root.json", _NOW, here).is_new
    _publish(repository, tmp_path, contents[1])
    second = update_from_province(intake.url, None, packs, packs / "root.json", _NOW, here)
    assert second.is_new
    assert second.bytes_fetched < first.bytes_fetched / 10
    assert Pack(packs / f"{second.version}.bnpack").count() == 4


def test_the_machine_beside_hands_on_what_it_brought(
    intake: RunningIntake, repository: Path, tmp_path: Path, contents: list[PackContent]
) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    update_from_province(intake.url, None, ours, ours / "root.json", _NOW, None)
    root = (ours / "root.json").read_bytes()
    done = update(FolderSource(ours), theirs, root, _NOW)
    assert (done.is_new, done.version) == (True, contents[0].version)
    # Both have the first; one brings the second and hands the difference on.
    _publish(repository, tmp_path, contents[1])
    here = Pack(ours / f"{done.version}.bnpack")
    update_from_province(intake.url, None, ours, ours / "root.json", _NOW, here)
    third = update(FolderSource(ours), theirs, root, _NOW, Pack(theirs / f"{done.version}.bnpack"))
    assert (third.is_new, third.version) == (True, contents[1].version)
    # What the neighbour changed on the way is refused.
    for path in (ours / "targets").glob("*.delta"):
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(UpdateRefused):
        update(FolderSource(ours), tmp_path / "fresh", root, _NOW, here)


def test_a_captive_portal_has_no_packs_and_has_forged_nothing(
    intake: RunningIntake, repository: Path, tmp_path: Path
) -> None:
    packs = tmp_path / "packs"
    intake.faults.portal = 10
    with pytest.raises(UpdateNotThere):
        update_from_province(intake.url, None, packs, packs / "root.json", _NOW, None)
    assert not (packs / "root.json").exists()
    assert repository.exists()


def test_a_province_without_packs_has_none(intake: RunningIntake, tmp_path: Path) -> None:
    with pytest.raises(UpdateNotThere):
        update_from_province(intake.url, None, tmp_path, tmp_path / "root.json", _NOW, None)


def test_another_publisher_than_the_trusted_one_is_refused(
    intake: RunningIntake, repository: Path, tmp_path: Path, contents: list[PackContent]
) -> None:
    packs = tmp_path / "packs"
    update_from_province(intake.url, None, packs, packs / "root.json", _NOW, None)
    shutil.rmtree(repository)
    (tmp_path / "others").mkdir()
    make_keys(tmp_path / "others" / "keys", _WORD)
    _publish(repository, tmp_path / "others", contents[1])
    with pytest.raises(UpdateRefused):
        update_from_province(intake.url, None, packs, packs / "root.json", _NOW, None)


def test_files_are_handed_out_from_any_byte_and_nothing_else_is(intake: RunningIntake, repository: Path) -> None:
    name = next(path.name for path in (repository / "targets").glob("*.zst"))
    whole = (repository / "targets" / name).read_bytes()
    url = f"{intake.url}/v1/catalogue/targets/{name}"
    answer = requests.get(url, headers={"Range": "bytes=100-"}, timeout=60)
    assert (answer.status_code, answer.content) == (206, whole[100:])
    assert answer.headers["BN-Server"] == "intake/1"
    for asked in ("targets/..%2fmetadata%2froot.json", "packs/x.bnpack", "metadata/.hidden", "targets/none.zst"):
        found = requests.get(f"{intake.url}/v1/catalogue/{asked}", timeout=60)
        assert (found.status_code, found.json()["code"]) == (404, "not-found")
