"""Files that become whole together are written down in one commit, and each hears what became of it alone."""

import asyncio
import hashlib
import random
from pathlib import Path

import pytest
from sqlalchemy import select

from bnhelper.clock import SystemClock
from sync.engine.reports import Answered
from sync.intake import accept, arrivals, finishing, identity, ledger, upload_rows
from sync.intake.app import make_app
from sync.intake.bodies import Body
from sync.intake.finishing import Finishes
from sync.intake.identity import Caller
from sync.intake.number_stock import Stock
from sync.intake.refusals import Refused
from sync.intake.station import Site, open_site
from sync.intake.upload_rows import Upload
from sync.wire.blobs import CHECKSUM_MISMATCH, OFFSET_MEDIA_TYPE, UploadMetadata
from sync.wire.changes import Change
from tests.sync.in_process import asked
from tests.sync.intake.engines import Postgres
from tests.sync.intake.load import Device, Sealed, devices, photo, sealed, template

_LIKE = template()
Batch = list[tuple[Upload, str]]


@pytest.fixture
def site(tmp_path: Path, postgres: Postgres) -> Site:
    return open_site(tmp_path / "site", SystemClock(), postgres=postgres.fresh_database())[0]


def _kept(site: Site, device: Device, die: random.Random, photos: int = 2) -> Sealed:
    """Keep a dossier whose photos are still to come."""
    one = sealed(_LIKE, device, die, [photo(die, 100) for _ in range(photos)])
    who = Caller(device.id, "Máy", device.key.public())
    arrival = accept.judge(site, who, one.id, 1, Body.of(one.body), one.signature)
    (said,) = arrivals.keep_new(site, Stock(site), [arrival])
    assert isinstance(said, tuple)
    return one


def _whole(site: Site, device: Device, content: bytes, named: str = "") -> tuple[Upload, str]:
    """Put a file into the spool, as its last body leaves it."""
    sha256 = hashlib.sha256(content).hexdigest()
    begun = upload_rows.find_or_make(site, device.id, named or sha256, len(content), "image/png")
    site.spool.path(begun.id).write_bytes(content)
    return Upload(begun.id, device.id, named or sha256, len(content), begun.expires), sha256


def _alone(site: Site, device: Device, content: bytes) -> tuple[Upload, str]:
    """Put a file into the spool that came whole with its creation: it has no row."""
    sha256 = hashlib.sha256(content).hexdigest()
    upload = upload_rows.alone(site, device.id, sha256, len(content))
    site.spool.path(upload.id).write_bytes(content)
    return upload, sha256


def _receipt(site: Site, dossier: str) -> str | None:
    with site.engine.connect() as db:
        found: str | None = db.execute(
            select(ledger.revisions.c.receipt).where(ledger.revisions.c.dossier == dossier)
        ).scalar_one()
    return found


def test_the_last_files_of_several_dossiers_settle_them_in_one_commit(site: Site) -> None:
    die = random.Random(1)
    one, other = devices(site, 2)
    whole = [_kept(site, device, die) for device in (one, other, one)]
    partly = _kept(site, other, die, 3)
    batch: Batch = [_whole(site, sent.device, content) for sent in whole for content in sent.photos.values()]
    batch += [_whole(site, other, content) for content in list(partly.photos.values())[:2]]
    said = finishing.finish_many(site, Stock(site), batch)
    settled = [_receipt(site, sent.id) for sent in whole for _ in sent.photos]
    assert all(settled)
    assert said == [*((one,) for one in settled), (), ()], "each file says what is whole with it"
    assert _receipt(site, partly.id) is None
    assert all(site.blobs.has(sha256) for _, sha256 in batch)
    assert not any(site.spool.path(row.id).exists() for row, _ in batch)
    assert finishing.finish_many(site, Stock(site), [_whole(site, other, list(partly.photos.values())[2])]) == [
        (_receipt(site, partly.id),)
    ]
    with site.engine.connect() as db:
        told = select(ledger.changes.c.owner, ledger.changes.c.seq, ledger.changes.c.body)
        rows = [(row.owner, row.seq, Change.read(row.body.encode())) for row in db.execute(told)]
        numbers = set(db.execute(select(ledger.dossiers.c.office_number)).scalars())
        noted = list(db.execute(select(ledger.audit.c.dossier).where(ledger.audit.c.what == "delivered")).scalars())
        words = set(db.execute(select(ledger.dossier_words.c.word)).scalars())
    assert sorted(row[:2] for row in rows) == sorted((mine.id, seq) for mine in (one, other) for seq in (1, 2))
    assert {(change.seq, change.dossier) for _, _, change in rows} == {(seq, change.dossier) for _, seq, change in rows}
    assert {change.office_number for _, _, change in rows} == numbers
    assert len(numbers) == 4
    assert sorted(noted) == sorted([*(sent.id for sent in whole), partly.id])
    assert {number.lower().partition("-")[2] for number in numbers} <= words
    site.close()


def test_each_of_many_files_is_told_apart(site: Site) -> None:
    die = random.Random(2)
    good, shut = devices(site, 2)
    sent, theirs = _kept(site, good, die), _kept(site, shut, die)
    first, second = sent.photos.values()
    damaged = _whole(site, good, b"\x89PNG but no image", "0" * 64)
    ended = _whole(site, good, photo(die, 100))
    upload_rows.forget(site, ended[0].id)
    batch: Batch = [_alone(site, good, first), damaged, ended]
    batch += [make(site, shut, content) for make, content in zip((_whole, _alone), theirs.photos.values(), strict=True)]
    identity.revoke(site, shut.id)
    said = finishing.finish_many(site, Stock(site), [*batch, _whole(site, good, second)])
    assert said[0] == said[5] == (_receipt(site, sent.id),)
    codes = [one.problem.code for one in said if isinstance(one, Refused)]
    assert codes == ["sha256-mismatch", "not-found", "revoked", "revoked"]
    assert _receipt(site, sent.id)
    assert _receipt(site, theirs.id) is None
    with site.engine.connect() as db:
        assert set(db.execute(select(ledger.blobs.c.owner)).scalars()) == {good.id}
    site.close()


def test_bytes_that_retention_deletes_in_this_moment_hold_up_nobody_else(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    die = random.Random(3)
    device, shut = devices(site, 2)
    sent, theirs = _kept(site, device, die), _kept(site, shut, die)
    batch: Batch = [_whole(site, device, content) for content in sent.photos.values()]
    batch += [_alone(site, device, photo(die, 100)), _alone(site, shut, next(iter(theirs.photos.values())))]
    identity.revoke(site, shut.id)
    gone = batch[0][1]
    has = type(site.blobs).has
    monkeypatch.setattr(type(site.blobs), "has", lambda self, sha256: sha256 != gone and has(self, sha256))
    said = finishing.finish_many(site, Stock(site), batch)
    assert isinstance(said[0], Refused)
    assert said[0].problem.code == "offset"
    assert said[1:3] == [(), ()]
    assert isinstance(said[3], Refused)
    assert said[3].problem.code == "revoked", "also where each is written down alone"
    with site.engine.connect() as db:
        assert set(db.execute(select(ledger.blobs.c.sha256)).scalars()) == {batch[1][1], batch[2][1]}
        assert db.execute(select(ledger.uploads.c.finished_at).where(ledger.uploads.c.id == batch[2][0].id)).scalar()
    assert _receipt(site, sent.id) is None
    site.close()


def test_files_that_wait_together_share_a_commit(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    die = random.Random(4)
    fleet = devices(site, 3)
    sent = [_kept(site, device, die) for device in fleet]
    batch: Batch = [_whole(site, one.device, content) for one in sent for content in one.photos.values()]
    sizes: list[int] = []
    keep = upload_rows.finish_many

    def counted(site: Site, stock: Stock, wholes: list[upload_rows.Whole]) -> list[upload_rows.Receipts | Exception]:
        sizes.append(len(wholes))
        return keep(site, stock, wholes)

    monkeypatch.setattr(upload_rows, "finish_many", counted)

    async def together() -> None:
        finishes = Finishes(site, Stock(site))
        assert finishes.are_shared
        await asyncio.gather(*(finishes.put(row, sha256) for row, sha256 in batch))

    asyncio.run(together())
    assert sizes == [6]
    assert all(_receipt(site, one.id) for one in sent)
    site.close()


def test_a_revision_that_waits_twice_for_a_file_is_settled_once(site: Site) -> None:
    """Two owners bring the same bytes: each settles what is theirs."""
    die = random.Random(5)
    content = photo(die, 100)
    one, other = devices(site, 2)
    sent = []
    for device in (one, other):
        made = sealed(_LIKE, device, die, [content])
        who = Caller(device.id, "Máy", device.key.public())
        arrivals.keep_new(site, Stock(site), [accept.judge(site, who, made.id, 1, Body.of(made.body), made.signature)])
        sent.append(made)
    assert finishing.finish_many(site, Stock(site), [_whole(site, one, content)]) == [(_receipt(site, sent[0].id),)]
    assert _receipt(site, sent[0].id)
    assert _receipt(site, sent[1].id) is None
    assert finishing.finish_many(site, Stock(site), [_whole(site, other, content)]) == [(_receipt(site, sent[1].id),)]
    assert _receipt(site, sent[1].id)
    with site.engine.connect() as db:
        assert list(db.execute(select(ledger.changes.c.seq)).scalars()) == [1, 1]
    site.close()


def test_a_photo_that_comes_whole_with_its_creation_needs_one_request(site: Site) -> None:
    die = random.Random(6)
    device, shut = devices(site, 2)
    app = make_app(site)
    sent, theirs = _kept(site, device, die, 1), _kept(site, shut, die, 1)

    async def created(one: Sealed, *, is_cut: bool = False, named: str = "", body: bytes | None = None) -> Answered:
        ((sha256, content),) = one.photos.items()
        body = content if body is None else body
        said = {**_bearer(one), "Upload-Length": str(len(content))}
        said |= {"Upload-Metadata": UploadMetadata(named or sha256, "image/png").to_header()}
        said |= {"Content-Type": OFFSET_MEDIA_TYPE, "Content-Length": str(len(body))} if body else {}
        return await asked(app, "POST", "/v1/blobs", said, body, is_cut=is_cut)

    async def told(one: Sealed, where: str) -> tuple[int, str]:
        answer = await asked(app, "HEAD", where, _bearer(one), b"")
        return answer.status, answer.headers.get("upload-offset", "")

    async def played() -> None:
        (content,) = sent.photos.values()
        assert (await created(sent, named="0" * 64)).status == CHECKSUM_MISMATCH
        assert list(site.spool.left_for(-1)) == []
        await created(sent, is_cut=True)
        half = await created(sent, body=b"")
        assert (half.status, half.headers["upload-offset"]) == (201, str(len(content) // 2)), "what came before is kept"
        assert await told(sent, half.headers["location"]) == (200, str(len(content) // 2))
        assert _receipt(site, sent.id) is None
        whole = await created(sent)
        assert (whole.status, whole.headers["upload-offset"]) == (201, str(len(content)))
        assert await told(sent, whole.headers["location"]) == (200, str(len(content)))
        assert whole.headers["bn-receipt"] == _receipt(site, sent.id), "nobody need ask for it"
        again = await created(sent, body=b"")
        assert again.headers["upload-offset"] == str(len(content)), "the province has it"
        assert (await asked(app, "DELETE", half.headers["location"], _bearer(sent), b"")).status == 204
        await created(theirs, is_cut=True)
        identity.revoke(site, shut.id)
        assert (await created(theirs)).status == 401
        assert _receipt(site, theirs.id) is None

    asyncio.run(played())
    site.close()


def _bearer(one: Sealed) -> dict[str, str]:
    return {"Authorization": f"Bearer {one.device.token}"}
