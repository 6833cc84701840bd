"""Bundles made to harm: whatever a stranger puts into a zip, it is refused within bounds and never taken."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bnhelper.vault.canonical import sha256_of
from bnhelper.vault.signatures import SigningKey
from sync.intake import bundles, courier_keys, identity
from sync.wire import bundle as module
from sync.wire.bundle import BundleDamaged, OpenedBundle, TooFewRecipients, seal_blocks, seal_bundle
from sync.wire.courier import BundleState, CarriedFile, CarriedRevision, CourierManifest
from sync.wire.enrolment import EnrolmentRequest
from tests import factories
from tests.sync.conftest import RunningIntake

_DEVICE = "0199a3f0-0000-7abc-8def-0123456789ab"
_DOSSIER = "0199a3f0-6a00-7abc-8def-0123456789ab"
_PHOTO = factories.png(9, extra=b"x" * 3_000)
_ENVELOPE = b'{"no": "envelope"}'
_SELF = pyrage.x25519.Identity.generate()


def manifest(**changes: Any) -> CourierManifest:
    revision = CarriedRevision(
        dossier=_DOSSIER,
        rev=1,
        envelope=sha256_of(_ENVELOPE),
        size=len(_ENVELOPE),
        signature="a..b",
        files=(CarriedFile(sha256=sha256_of(_PHOTO), size=len(_PHOTO), media_type="image/png"),),
    )
    said = {
        "province": "intake-x",
        "device": _DEVICE,
        "reply_to": str(_SELF.to_public()),
        "exported_at": "2026-11-25T03:00:00Z",
        "series": "0199a3f0-2222-7abc-8def-0123456789ab",
        "part": 1,
        "parts": 1,
        "revisions": (revision,),
    }
    return CourierManifest.model_validate(said | changes)


class _Plain:
    """Takes the place of age: what is inside is what is tested."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def plain(target: Any, blocks: Any, _recipients: Any) -> None:
            for block in blocks:
                target.write(block)

        monkeypatch.setattr(module, "seal_blocks", plain)

    def zip(self, said: CourierManifest) -> bytes:
        target = io.BytesIO()
        seal_bundle(
            target,
            said,
            sign=lambda _body: "h..s",
            envelope=lambda _one: _ENVELOPE,
            blocks=lambda _one, _file: [_PHOTO],
            recipients=(),
        )
        return target.getvalue()


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> _Plain:
    return _Plain(monkeypatch)


def _open(content: bytes) -> OpenedBundle:
    found = OpenedBundle(io.BytesIO(content))
    found.verify(lambda _signature, _body: None)
    return found


def _read_all(content: bytes) -> bytes:
    found = _open(content)
    (one,) = found.manifest.revisions
    return found.envelope(one) + b"".join(block for file in one.files for block in found.blob(file))


def rewritten(content: bytes, change: Callable[[dict[str, tuple[int, bytes]]], None]) -> bytes:
    """Pack a bundle's entries anew after `change` had them: name -> (compression, bytes)."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        entries = {one.filename: (one.compress_type, old.read(one)) for one in old.infolist()}
    change(entries)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as new:
        for name, (kind, body) in entries.items():
            new.writestr(zipfile.ZipInfo(name), body, compress_type=kind)
    return target.getvalue()


def test_what_was_written_is_read(plain: _Plain) -> None:
    assert _read_all(plain.zip(manifest())) == _ENVELOPE + _PHOTO


def test_fewer_than_two_different_recipients_are_refused() -> None:
    one = str(_SELF.to_public())
    for few in ([], [one], [one, one]):
        with pytest.raises(TooFewRecipients):
            seal_blocks(io.BytesIO(), iter([b"x"]), few)


def test_a_trouble_while_reading_a_photo_keeps_its_own_name() -> None:
    class PhotoGone(Exception):
        pass

    def blocks() -> Any:
        yield b"x" * 100_000
        raise PhotoGone

    keys = [str(pyrage.x25519.Identity.generate().to_public()) for _ in range(2)]
    with pytest.raises(PhotoGone):
        seal_blocks(io.BytesIO(), blocks(), keys)


def test_sealing_and_opening_hold_one_block_and_not_the_whole() -> None:
    """Sixty-four megabytes go through; what is held at once stays a few blocks."""
    import tracemalloc

    size, block = 64 * 2**20, b"\x07" * module.BLOCK
    keys = [pyrage.x25519.Identity.generate() for _ in range(2)]

    class Nowhere(io.RawIOBase):
        count = 0

        def write(self, body: Any, /) -> int:
            self.count += len(body)
            return len(body)

    sink = Nowhere()
    tracemalloc.start()
    seal_blocks(sink, (block for _ in range(size // len(block))), [str(one.to_public()) for one in keys])
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sink.count > size
    assert most < 4 * 2**20


def _bomb(entries: dict[str, tuple[int, bytes]]) -> None:
    name = next(name for name in entries if name.startswith("envelopes/"))
    entries[name] = (zipfile.ZIP_DEFLATED, b"\0" * 50_000_000)


def _packed_blob(entries: dict[str, tuple[int, bytes]]) -> None:
    name = next(name for name in entries if name.startswith("blobs/"))
    entries[name] = (zipfile.ZIP_DEFLATED, entries[name][1])


def _unsigned_rider(entries: dict[str, tuple[int, bytes]]) -> None:
    entries["blobs/" + "0" * 64] = (zipfile.ZIP_STORED, b"rides along")


def _other_photo(entries: dict[str, tuple[int, bytes]]) -> None:
    name = next(name for name in entries if name.startswith("blobs/"))
    entries[name] = (zipfile.ZIP_STORED, b"y" * len(_PHOTO))


def _other_envelope(entries: dict[str, tuple[int, bytes]]) -> None:
    name = next(name for name in entries if name.startswith("envelopes/"))
    entries[name] = (zipfile.ZIP_STORED, b'{"no": "envelopE"}')


def _no_photo(entries: dict[str, tuple[int, bytes]]) -> None:
    del entries[next(name for name in entries if name.startswith("blobs/"))]


def _no_signature(entries: dict[str, tuple[int, bytes]]) -> None:
    del entries["manifest.jws"]


def _manifest_bomb(entries: dict[str, tuple[int, bytes]]) -> None:
    entries["manifest.json"] = (zipfile.ZIP_DEFLATED, b" " * 100_000_000)


def _other_packing(entries: dict[str, tuple[int, bytes]]) -> None:
    entries["manifest.json"] = (zipfile.ZIP_BZIP2, entries["manifest.json"][1])


@pytest.mark.parametrize(
    "change",
    [
        _bomb, _packed_blob, _unsigned_rider, _other_photo, _other_envelope, _no_photo, _no_signature, _manifest_bomb,
        _other_packing,
    ],
)  # fmt: skip
def test_a_bundle_that_is_not_what_it_says_is_refused(
    plain: _Plain, change: Callable[[dict[str, tuple[int, bytes]]], None]
) -> None:
    content = rewritten(plain.zip(manifest()), change)
    with pytest.raises(BundleDamaged):
        _read_all(content)


def test_a_directory_that_promises_a_million_entries_is_not_even_read(plain: _Plain) -> None:
    content = bytearray(plain.zip(manifest()))
    content[-12:-10] = b"\xff\xff"
    with pytest.raises(BundleDamaged):
        _open(bytes(content))


def test_entries_that_lie_over_one_another_are_refused(plain: _Plain) -> None:
    """The small bomb that unpacks one stretch of bytes many times."""
    content = plain.zip(manifest())
    at = content.index(b"PK\x01\x02")
    directory = content[at:-22]
    first = directory.index(b"PK\x01\x02", 4)
    many = b"".join(
        directory[first:].replace(b"blobs/" + sha256_of(_PHOTO).encode(), b"blobs/" + f"{number:064}".encode())
        for number in range(40)
    )
    count = directory.count(b"PK\x01\x02") + many.count(b"PK\x01\x02")
    whole = directory + many
    end = bytearray(content[-22:])
    end[8:12] = count.to_bytes(2, "little") * 2
    end[12:16] = len(whole).to_bytes(4, "little")
    with pytest.raises(BundleDamaged):
        _open(content[:at] + whole + bytes(end))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_changed_bytes_end_in_a_refusal_or_in_the_same_content(data: st.DataObject) -> None:
    with pytest.MonkeyPatch.context() as patch:
        content = bytearray(_Plain(patch).zip(manifest()))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content) - 1)) :]
    try:
        found = _read_all(bytes(content))
    except BundleDamaged:
        return
    assert found == _ENVELOPE + _PHOTO


@given(content=st.binary(max_size=400))
def test_rubbish_is_no_bundle(content: bytes) -> None:
    with pytest.raises(BundleDamaged):
        _open(content)


def _enrolled(intake: RunningIntake) -> SigningKey:
    from sync.wire.enrolment import Invitation

    key = SigningKey.generate()
    code = Invitation.from_text(intake.invitation()).code
    identity.enrol(intake.site, EnrolmentRequest(code=code, device=_DEVICE, public_key=key.public(), name="x"))
    return key


def _sealed(intake: RunningIntake, at: Path, said: CourierManifest, sign: Callable[[bytes], str]) -> Path:
    keys = [str(pyrage.x25519.Identity.from_str(courier_keys.identities(intake.site)[0]).to_public())]
    with at.open("wb") as file:
        seal_bundle(
            file,
            said,
            sign=sign,
            envelope=lambda _one: _ENVELOPE,
            blocks=lambda _one, _file: [_PHOTO],
            recipients=[*keys, str(_SELF.to_public())],
        )
    return at


def test_the_intake_takes_only_what_the_named_machine_signed(intake: RunningIntake, tmp_path: Path) -> None:
    key = _enrolled(intake)
    said = manifest(province=intake.site.server_id)
    forged = _sealed(intake, tmp_path / "forged", said, SigningKey.generate().sign_detached)
    assert bundles.take_in(intake.site, "0" * 64, forged, "x").code == "bad-signature"
    other = _sealed(intake, tmp_path / "other", manifest(province="intake-other"), key.sign_detached)
    assert bundles.take_in(intake.site, "1" * 64, other, "x").code == "wrong-province"
    later = _sealed(
        intake, tmp_path / "later", manifest(province=intake.site.server_id, format="courier/9"), key.sign_detached
    )
    assert bundles.take_in(intake.site, "2" * 64, later, "x").code == "format-unknown"
    signed = _sealed(intake, tmp_path / "signed", said, key.sign_detached)
    taken = bundles.take_in(intake.site, "3" * 64, signed, "x")
    assert (taken.state, taken.refused) == (BundleState.DONE, 1), "a good bundle around a bad envelope"
    assert not [path for path in intake.site.spool.path(".").iterdir() if path.name.startswith("opened-")]
