"""Personal data leaves when its time is over, what is held stays, and what somebody else still needs stays too."""

import hashlib

from sqlalchemy import select, update

from sync.intake import ledger, retention
from tests.sync.conftest import RunningIntake
from tests.sync.intake.test_contract import (
    _PATCH,
    Client,
    _meta,
    client,
    test_an_upload_by_tus_ends_in_a_signed_receipt,
)

__all__ = ["client"]


def _close(intake: RunningIntake, dossier: str) -> None:
    with intake.site.engine.begin() as db:
        db.execute(update(ledger.dossiers).where(ledger.dossiers.c.id == dossier).values(state="returned"))


def test_a_closed_dossier_leaves_in_time_unless_it_is_held(client: Client, intake: RunningIntake) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    site, dossier, sha256 = intake.site, str(client.item.dossier), hashlib.sha256(client.photo).hexdigest()
    intake.clock.move(days=400)
    assert retention.run(site, 365)["erased"] == 0, "it is not closed"
    _close(intake, dossier)
    retention.hold(site, dossier, "vụ án 12/2026", "officer:x")
    assert retention.run(site, 365)["erased"] == 0
    retention.release(site, dossier, "officer:x")
    done = retention.run(site, 365)
    assert (done["erased"], done["deleted_files"]) == (1, 1)
    assert not site.blobs.has(sha256)
    with site.engine.connect() as db:
        row = db.execute(select(ledger.dossiers)).one()
        assert (row.applicant, row.erased_at is not None, bool(row.office_number)) == ("", True, True)
        assert db.execute(select(ledger.revisions.c.body)).scalar_one() == b""
        everything = "".join(
            str(tuple(one)) for table in ledger.metadata.tables.values() for one in db.execute(select(table))
        )
    assert "TRẦN MINH AN" not in everything
    assert "027190000002" not in everything
    assert retention.run(site, 365)["erased"] == 0


def test_bytes_that_come_again_while_they_are_doomed_are_kept(client: Client, intake: RunningIntake) -> None:
    test_an_upload_by_tus_ends_in_a_signed_receipt(client, intake)
    site, sha256 = intake.site, hashlib.sha256(client.photo).hexdigest()
    _close(intake, str(client.item.dossier))
    intake.clock.move(days=400)
    retention.erase_old(site, 365)
    made = client.call("POST", "/v1/blobs", **_meta(sha256), **{"Upload-Length": str(len(client.photo))})
    client.call("PATCH", made.headers["Location"], client.photo, **_PATCH, **{"Upload-Offset": "0"})
    assert retention.delete_doomed(site) == 0
    assert site.blobs.read(sha256) == client.photo
