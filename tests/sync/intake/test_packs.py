"""A dossier is held to the form it was filled in, whichever pack the machine had; a made-up pack is held to none."""

import json
import re
import secrets
from dataclasses import replace
from pathlib import Path

import zstandard
from sqlalchemy import select

import resources
from bnhelper.catalogue.library import SHIPPED, Library
from bnhelper.catalogue.pack_content import PackContent, meta_of, row_of, write_pack_file
from bnhelper.clock import SystemClock
from bnhelper.ids import DossierId, uuid7
from sync.intake import ledger, packs
from sync.intake.deliver import Deliverer
from sync.intake.station import PACKS
from tests.sync.conftest import RunningIntake
from tests.sync.intake.test_contract import Client, _code, _login, client
from tests.sync.intake.test_exports import Province, _does, province

__all__ = ["client", "province"]

_CODE = "1.001193"


def pack_of(target: Path, version: str, *, also: str = "") -> Path:
    """Write a pack of one procedure; `also` is one more answer that its form allows as a child's sex."""
    shipped = Library.shipped().newest
    row = row_of(shipped, _CODE)
    assert row is not None
    if also:
        sex = re.compile(r'(<select1 ref="/data/declaration/child/sex">)(<item>.*?</item>)')
        found = sex.search(row.form)
        assert found is not None
        more = found[2].replace("<value>nam<", f"<value>{also}<")
        assert more != found[2]
        row = replace(row, form=sex.sub(lambda one: one[1] + more + one[2], row.form))
    write_pack_file(PackContent(meta_of(shipped) | {"version": version}, {_CODE: row}), target)
    return target


def _filled(client: Client, version: str, sex: str = "nam") -> tuple[Client, bytes]:
    """Return another dossier of this device without a file, filled in by a pack of that version."""
    said = json.loads(client.item.envelope)
    said |= {"dossier": uuid7(SystemClock().now()), "look_up_token": secrets.token_urlsafe(16)}
    said["pack"] |= {"version": version}
    said["papers"] = [one for one in said["papers"] if not one["files"]]
    assert "<sex>nam</sex>" in said["instance"]
    said["instance"] = said["instance"].replace("<sex>nam</sex>", f"<sex>{sex}</sex>")
    return replace(client, item=replace(client.item, dossier=DossierId(said["dossier"]))), json.dumps(said).encode()


def _remarks(intake: RunningIntake) -> list[str | None]:
    with intake.site.engine.connect() as db:
        return list(db.execute(select(ledger.revisions.c.remark)).scalars())


def test_a_made_up_pack_frees_nobody_from_the_form(client: Client, intake: RunningIntake, tmp_path: Path) -> None:
    for version in ("2099.1", "../../../etc/passwd", "a\x00b", "", "%s" * 20, "2026.11"):
        for sex in ("robot", "nam"):
            one, body = _filled(client, version, sex)
            refused = one.put(body)
            assert _code(refused) == (422, "pack-unknown")
            assert refused.json()["retry"] == "later"
            assert refused.json()["errors"] == [{"pointer": "/pack/version", "code": "unknown"}]
            assert one.call("GET", f"/v1/dossiers/{one.item.dossier}").status_code == 404
    honest, body = _filled(client, "2099.1")
    liar, lie = _filled(client, "2099.1", "robot")
    assert client.put().status_code == 201, "nobody else is held up"
    # The operator makes the pack known: the same bytes are taken, and the lie is told from the truth.
    assert packs.take_in(intake.site, pack_of(tmp_path / "new.bnpack", "2099.1")) == "2099.1"
    assert honest.put(body).status_code == 201
    assert _code(liar.put(lie)) == (422, "invalid")
    assert _remarks(intake) == [None, None]


def test_a_pack_that_the_site_hands_out_judges_its_own_dossiers(
    client: Client, intake: RunningIntake, tmp_path: Path
) -> None:
    targets = intake.site.folder / "catalogue" / "targets"
    targets.mkdir(parents=True)
    pack = pack_of(tmp_path / "new.bnpack", "2099.2", also="khac")
    (targets / "2099.2.bnpack.zst").write_bytes(zstandard.compress(pack.read_bytes()))
    one, body = _filled(client, "2099.2", "khac")
    assert one.put(body).status_code == 201, "its own form allows it, whatever the newest says"
    liar, lie = _filled(client, "2099.2", "robot")
    assert _code(liar.put(lie)) == (422, "invalid")
    other, wrong = _filled(client, Library.shipped().newest.version, "khac")
    assert _code(other.put(wrong)) == (422, "invalid")
    assert _remarks(intake) == [None]


def test_an_old_pack_whose_form_is_gone_is_held_to_the_newest_and_officers_are_told(
    client: Client, intake: RunningIntake, province: Province
) -> None:
    metadata = intake.site.folder / "catalogue" / "metadata"
    metadata.mkdir(parents=True)
    (metadata / "targets.json").write_text('{"signed": {"versions": ["2025.7", "2025.8"]}}', encoding="utf-8")
    packs.remember(intake.site, {"2025.6"})
    for version in ("2025.6", "2025.7"):
        liar, lie = _filled(client, version, "khac")
        refused = liar.put(lie)
        assert _code(refused) == (422, "pack-unknown"), "an older form may have allowed it: it waits, nobody is accused"
        assert [wrong["code"] for wrong in refused.json()["errors"]] == ["choice"]
        one, body = _filled(client, version)
        assert one.put(body).status_code == 201
    assert _remarks(intake) == [packs.NEWER_FORM] * 2
    browser, _ = _login(intake, intake.officer.password)
    url = f"{intake.url}/officer/dossiers/{one.item.dossier}"
    assert "đã kiểm tra theo mẫu mới hơn" in browser.get(url, timeout=10).text
    assert "checked against a newer one" in browser.get(f"{url}?lang=en", timeout=10).text
    deliverer = Deliverer(intake.site, province.url, "secret")
    _does(intake, str(one.item.dossier), "accept")
    assert deliverer.once() == 1
    assert "mẫu mới hơn" in province.taken[0][0]["data"]["GhiChu"]


def test_the_pack_of_this_program_is_kept_for_the_next(intake: RunningIntake) -> None:
    version = Library.shipped().newest.version
    assert not packs.was_published(intake.site, version)
    packs.keep_shipped(intake.site)
    packs.keep_shipped(intake.site)
    assert packs.was_published(intake.site, version)
    kept = list((intake.site.folder / PACKS).iterdir())
    assert [path.name for path in kept] == [f"{version}.bnpack"]
    assert kept[0].read_bytes() == resources.read_bytes(SHIPPED)
