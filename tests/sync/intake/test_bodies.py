"""What a device sent is kept as it came, and read as it was signed."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, type_coerce, update
from sqlalchemy.types import LargeBinary

from bnhelper.clock import SystemClock
from sync.intake import accept, arrivals, desk, ledger
from sync.intake.bodies import Body, unpacked
from sync.intake.identity import Caller
from sync.intake.number_stock import Stock
from sync.intake.refusals import Refused
from sync.intake.station import Site, open_site
from sync.wire.coding import packed
from sync.wire.dossiers import content_digest
from sync.wire.version import MAX_ENVELOPE_BYTES
from tests.sync.intake.engines import Postgres
from tests.sync.intake.load import devices, sealed, template


def _received(content: bytes, encoding: str = "zstd") -> Body:
    return Body.received(content, digest=content_digest(content), encoding=encoding)


@given(st.binary(max_size=400).map(lambda some: b"{" + some))
def test_what_came_compressed_is_kept_so_and_gives_what_was_signed(signed: bytes) -> None:
    small = zstandard.compress(signed)
    body = _received(small)
    assert (body.signed, body.kept, unpacked(body.kept)) == (signed, small, signed)


def test_a_frame_that_does_not_say_its_size_is_kept_unpacked() -> None:
    signed = b"{" + b"a" * 1_000 + b"}"
    silent = zstandard.ZstdCompressor(write_content_size=False).compress(signed)
    two = zstandard.compress(signed[:10]) + zstandard.compress(signed[10:])
    assert _received(silent).kept == _received(silent).signed == signed
    with pytest.raises(Refused):
        _received(two)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"\x28\xb5\x2f\xfd", b"\x50\x2a\x4d\x18\x02\x00\x00\x00ab", b"\x28\xb5"]
)
def test_what_is_no_frame_is_refused(content: bytes) -> None:
    with pytest.raises(Refused) as no:
        _received(content)
    assert no.value.problem.status == 400


@pytest.mark.parametrize("says_size", [True, False])
def test_a_bomb_is_refused_before_it_is_large(*, says_size: bool) -> None:
    bomb = zstandard.ZstdCompressor(write_content_size=says_size).compress(b"0" * (MAX_ENVELOPE_BYTES + 1))
    with pytest.raises(Refused) as no:
        _received(bomb)
    assert no.value.problem.status == 413


@pytest.fixture(params=["embedded", pytest.param("postgres", marks=pytest.mark.slow)])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    postgres: Postgres | None = request.getfixturevalue("postgres") if request.param == "postgres" else None
    made, _ = open_site(tmp_path / "site", SystemClock(), postgres=postgres.fresh_database() if postgres else "")
    yield made
    made.close()


def test_the_ledger_has_what_came_and_officers_see_what_was_signed(site: Site) -> None:
    (device,) = devices(site, 1)
    one = sealed(template(), device, random.Random(1))
    small = packed(one.body)
    assert small is not None
    who = Caller(device.id, "Máy", device.key.public())
    arrival = accept.judge(site, who, one.id, 1, _received(small), one.signature)
    arrivals.keep_new(site, Stock(site), [arrival])
    bare = select(type_coerce(ledger.revisions.c.body, LargeBinary))
    with site.engine.begin() as db:
        assert bytes(db.execute(bare).scalar_one()) == small
        assert db.execute(select(ledger.revisions.c.body)).scalar_one() == one.body
    assert desk.envelope_bytes(site, one.id) == one.body
    with site.engine.begin() as db:
        db.execute(update(ledger.revisions).values(body=b""))  # as erasure does
        assert db.execute(select(ledger.revisions.c.body)).scalar_one() == b""
