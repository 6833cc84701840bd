"""Bytes that nobody wrote down are found, lie in quarantine and go; whatever anybody counts on stays."""

import datetime as dt
import hashlib
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select

from sync.intake import admin, erasure, ledger, retention, strays
from sync.intake.blobs import BlobsUnavailable
from sync.intake.station import Site, open_site
from tests.fakes.clock import FixedClock
from tests.sync.conftest import RunningIntake
from tests.sync.intake.test_contract import Client, _meta, client
from tests.sync.intake.test_rare_moments import _bring, _delivered, _does, _hash, _other

__all__ = ["client"]
_PDF = b"%PDF-1.4 ket qua\n%%EOF"


def _put(site: Site, content: bytes) -> str:
    """Put bytes into the store as a process does that is killed before it writes them down."""
    name = hashlib.sha256(content).hexdigest()
    site.blobs.put(name, site.spool.place(content))
    return name


def _marks(site: Site) -> dict[str, str]:
    one = ledger.doomed_blobs.c
    with site.engine.connect() as db:
        return {row.sha256: row.at for row in db.execute(select(one.sha256, one.at))}


def test_what_nobody_wrote_down_waits_a_month_and_goes(client: Client, intake: RunningIntake) -> None:
    _delivered(client, intake)
    _does(intake, "result", result=("ket-qua.pdf", "application/pdf", _PDF))
    site, stray = intake.site, _put(intake.site, b"left by a process that died")
    assert retention.run(site, 365)["strays_marked"] == 0, "somebody may be about to write it down"
    assert admin.check(site)["strays"] == 0
    met = strays.quarantine(site, safe_s=-1)
    assert (met.looked, met.strays, met.in_doubt) == (3, 1, 0)
    assert strays.quarantine(site, safe_s=-1).strays == 0, "once"
    said = admin.check(site)
    assert (said["strays"], said["marked"], said["failed"]) == (0, 1, False)
    intake.clock.move(days=29)
    assert erasure.delete_doomed(site) == 0
    intake.clock.move(days=2)
    assert erasure.delete_doomed(site) == 1
    assert not site.blobs.has(stray)
    assert site.blobs.read(_hash(client.photo)) == client.photo
    assert site.blobs.read(_hash(_PDF)) == _PDF


def test_whoever_brings_the_same_meanwhile_keeps_it(client: Client, intake: RunningIntake) -> None:
    site, sha256 = intake.site, _put(intake.site, client.photo)
    size = {"Upload-Length": str(len(client.photo))}
    client.call("POST", "/v1/blobs", **_meta(sha256), **size)
    assert strays.quarantine(site, safe_s=-1).strays == 0, "an upload that goes on now"
    with site.engine.begin() as db:
        db.execute(delete(ledger.uploads))
    assert strays.quarantine(site, safe_s=-1).strays == 1
    assert _bring(client, client.photo).status_code == 204
    assert _marks(site) == {}
    intake.clock.move(days=40)
    assert erasure.delete_doomed(site) == 0
    assert site.blobs.read(sha256) == client.photo


def test_what_a_receipt_or_a_result_names_is_left_alone_whatever_the_rows_say(
    client: Client, intake: RunningIntake
) -> None:
    _delivered(client, intake)
    _does(intake, "result", result=("ket-qua.pdf", "application/pdf", _PDF))
    site, other = intake.site, _put(intake.site, _other(client.photo))
    with site.engine.begin() as db:  # the store lost them, was asked for them (`check --mend`), and is back
        db.execute(delete(ledger.blobs))
        db.execute(delete(ledger.uploads))
    met = strays.quarantine(site, safe_s=-1)
    assert (met.looked, met.strays, met.in_doubt, list(_marks(site))) == (3, 1, 2, [other])


def test_a_large_store_is_looked_at_in_turn(tmp_path: Path) -> None:
    site, _ = open_site(tmp_path / "site", FixedClock())
    names = sorted(_put(site, bytes([number])) for number in range(12))
    first = strays.quarantine(site, safe_s=-1, most=5)
    assert first.looked >= 5
    assert set(_marks(site)) == set(names[: first.looked])
    second = strays.quarantine(site, safe_s=-1, lasts=dt.timedelta(), most=600)
    assert second.strays == 12 - first.looked
    assert set(_marks(site)) == set(names)
    assert strays.count(site).looked == 12
    site.close()


def test_half_arrived_files_without_a_row_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site, _ = open_site(tmp_path / "site", FixedClock())
    known, unknown = "a" * 32, "b" * 32
    with site.engine.begin() as db:
        about = {"owner": "d", "size": 9, "media_type": "", "expires_at": "2099-01-01T00:00:00.000Z"}
        db.execute(insert(ledger.uploads).values(id=known, **about))
    monkeypatch.setattr(type(site.spool), "left_for", lambda _self, _days: {known, unknown})
    assert strays.in_spool(site) == {unknown}
    assert admin.check(site)["spool_strays"] == 1
    site.close()


def test_a_store_that_may_not_be_listed_stops_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site, _ = open_site(tmp_path / "site", FixedClock())

    def refuse(*_: object) -> None:
        raise BlobsUnavailable

    monkeypatch.setattr(type(site.blobs), "listed", refuse)
    done = retention.run(site, 365)
    assert (done["strays_not_looked_for"], done["old_audit_lines"]) == (1, 0)
    said = admin.check(site)
    assert (said["strays_not_looked_for"], said["failed"]) == (1, False)
    site.close()
