"""The inside of a sealed bundle: a zip with a signed table of contents, sealed by age to several recipients.

Written block by block (memory does not grow with the size) and read as what a stranger may have made: counts and
sizes are bounded before anything is unpacked, and an entry that the signed manifest does not name is refused.
"""

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, BinaryIO, Final, Protocol

import pyrage

from sync.wire.courier import MAX_REVISIONS, CarriedFile, CarriedRevision, CourierManifest
from sync.wire.model import NotTheContract
from sync.wire.version import MAX_BLOBS_PER_DOSSIER

BLOCK: Final = 64 * 1024
_MANIFEST: Final = "manifest.json"
_SIGNATURE: Final = "manifest.jws"
_MOST_MANIFEST: Final = 16 * 1024 * 1024
_MOST_ENTRIES: Final = 2 + MAX_REVISIONS * (MAX_BLOBS_PER_DOSSIER + 1)
_END: Final = struct.Struct("<4s4H2LH")  # end of central directory (APPNOTE 4.3.16)


class BundleDamaged(ValueError):
    """Bytes that are no bundle, a bundle that was cut off or changed, or one that is larger than it says."""


class NotForUs(ValueError):
    """A bundle that none of our keys opens."""


class TooFewRecipients(ValueError):
    """A bundle must be sealed to two different keys at least."""


class _Writes(Protocol):
    def write(self, block: bytes, /) -> Any: ...


# --- writing -------------------------------------------------------------------------------------------------------


def seal_bundle(
    target: _Writes,
    manifest: CourierManifest,
    *,
    sign: Callable[[bytes], str],
    envelope: Callable[[CarriedRevision], bytes],
    blocks: Callable[[CarriedRevision, CarriedFile], Iterable[bytes]],
    recipients: Sequence[str],
) -> None:
    """Write one part to `target`, sealed. Raises TooFewRecipients, and whatever `envelope` and `blocks` raise."""
    said = manifest.write()
    members: list[tuple[str, int, Callable[[], Iterable[bytes]]]] = [
        (_MANIFEST, zipfile.ZIP_DEFLATED, lambda: [said]),
        (_SIGNATURE, zipfile.ZIP_STORED, lambda: [sign(said).encode("ascii")]),
    ]
    done: set[str] = set()
    for revision in manifest.revisions:
        members.append((_envelope_name(revision), zipfile.ZIP_DEFLATED, partial(_whole, envelope, revision)))
        for file in revision.files:
            if file.here and file.sha256 not in done:
                done.add(file.sha256)
                members.append((_blob_name(file), zipfile.ZIP_STORED, partial(blocks, revision, file)))
    seal_blocks(target, _zip_blocks(members), recipients)


def _whole(envelope: Callable[[CarriedRevision], bytes], revision: CarriedRevision) -> list[bytes]:
    return [envelope(revision)]


def seal_blocks(target: _Writes, blocks: Iterator[bytes], recipients: Sequence[str]) -> None:
    """Seal a stream of bytes to two recipients at least."""
    if len(set(recipients)) < 2:
        raise TooFewRecipients
    _seal(target, blocks, recipients)


def seal_to_one(content: bytes, recipient: str) -> bytes:
    """Return `content` sealed to the one device that it answers."""
    made: bytes = pyrage.encrypt(content, [pyrage.x25519.Recipient.from_str(recipient)])
    return made


def _seal(target: _Writes, blocks: Iterator[bytes], recipients: Sequence[str]) -> None:
    source = _Pull(blocks)
    keys = [pyrage.x25519.Recipient.from_str(one) for one in sorted(set(recipients))]
    try:
        pyrage.encrypt_io(source, target, keys)
    except (pyrage.EncryptError, OSError):
        if source.wrong is not None:
            raise source.wrong from None  # age only repeats its words; the reader's own trouble says what to do
        raise


class _Pull:
    """Gives blocks as a file that is read, and remembers what went wrong while making them."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._left = b""
        self.wrong: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            while not self._left:
                self._left = next(self._blocks)
        except StopIteration:
            return b""
        except BaseException as wrong:
            self.wrong = wrong
            raise
        taken = self._left if size < 0 else self._left[:size]
        self._left = self._left[len(taken) :]
        return taken


class _Sink:
    """Where the zip is written to: gives back what was added since it was last asked."""

    def __init__(self) -> None:
        self._new = bytearray()

    def write(self, block: bytes, /) -> int:
        self._new += block
        return len(block)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        taken = bytes(self._new)
        self._new.clear()
        return taken


def _zip_blocks(members: Iterable[tuple[str, int, Callable[[], Iterable[bytes]]]]) -> Iterator[bytes]:
    sink: Any = _Sink()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, kind, blocks in members:
            about = zipfile.ZipInfo(name)  # of 1980: no clock in it
            about.compress_type = kind
            with archive.open(about, "w") as entry:
                for block in blocks():
                    entry.write(block)
                    yield sink.take()
            yield sink.take()
    yield sink.take()


def _envelope_name(revision: CarriedRevision) -> str:
    return f"envelopes/{revision.dossier}-{revision.rev}.json"


def _blob_name(file: CarriedFile) -> str:
    return f"blobs/{file.sha256}"


# --- reading -------------------------------------------------------------------------------------------------------


def open_sealed(source: BinaryIO, target: BinaryIO, identities: Sequence[str]) -> None:
    """Unseal `source` into `target`, block by block. Raises NotForUs, BundleDamaged."""
    keys = [pyrage.x25519.Identity.from_str(one) for one in identities]
    try:
        pyrage.decrypt_io(source, target, keys)
    except pyrage.DecryptError as wrong:
        if "No matching keys" in str(wrong):
            raise NotForUs from None
        raise BundleDamaged("not sealed, or its head is damaged") from None
    except OSError as wrong:
        if wrong.errno is not None:
            raise  # the disk's own trouble
        raise BundleDamaged("changed or cut off") from None


def opened_bytes(sealed: bytes, identities: Sequence[str], most: int) -> bytes:
    """Return small sealed bytes opened. Raises NotForUs, BundleDamaged."""
    if len(sealed) > most:
        raise BundleDamaged("larger than it may be")
    target = io.BytesIO()
    open_sealed(io.BytesIO(sealed), target, identities)
    return target.getvalue()


class OpenedBundle:
    """An unsealed part. Nothing in it counts before `verify` has returned."""

    def __init__(self, source: BinaryIO) -> None:
        """Open the zip, bounded. Raises BundleDamaged."""
        size = _bounded(source)
        try:
            self._zip = zipfile.ZipFile(source)
        except _ZIP_TROUBLE as wrong:
            raise BundleDamaged("no zip") from wrong
        entries = self._zip.infolist()
        self._entries = {one.filename: one for one in entries}
        if len(self._entries) != len(entries):
            raise BundleDamaged("two entries of one name")
        if sum(one.compress_size for one in entries) > size:
            raise BundleDamaged("entries that lie over one another")
        self._said = self._small(_MANIFEST, _MOST_MANIFEST)
        self._signature = self._small(_SIGNATURE, 4_000)
        try:
            self.manifest = CourierManifest.read(self._said)
        except NotTheContract as wrong:
            raise BundleDamaged("no manifest") from wrong

    def verify(self, check: Callable[[str, bytes], None]) -> None:
        """Let `check` look at the signature over the manifest, and refuse what the manifest does not name.

        Raises what `check` raises, and BundleDamaged.
        """
        try:
            signature = self._signature.decode("ascii")
        except UnicodeDecodeError as wrong:
            raise BundleDamaged("no signature") from wrong
        check(signature, self._said)
        named = {_MANIFEST, _SIGNATURE}
        for revision in self.manifest.revisions:
            named.add(_envelope_name(revision))
            named |= {_blob_name(file) for file in revision.files if file.here}
        if set(self._entries) - named:
            raise BundleDamaged("more than was signed for")

    def envelope(self, revision: CarriedRevision) -> bytes:
        """Return an envelope's bytes. Raises BundleDamaged when they are not the named ones."""
        body = self._small(_envelope_name(revision), revision.size)
        if hashlib.sha256(body).hexdigest() != revision.envelope:
            raise BundleDamaged("another envelope")
        return body

    def blob(self, file: CarriedFile) -> Iterator[bytes]:
        """Give a file's bytes in blocks. Raises BundleDamaged; at the latest with the last block."""
        about = self._entries.get(_blob_name(file))
        if about is None or about.compress_type != zipfile.ZIP_STORED or about.file_size != file.size:
            raise BundleDamaged("a file is missing, or not of the named size")
        digest, left = hashlib.sha256(), file.size
        try:
            with self._zip.open(about) as entry:
                while left:
                    block = entry.read(min(BLOCK, left))
                    if not block:
                        raise BundleDamaged("a file is cut off")
                    left -= len(block)
                    digest.update(block)
                    if not left and digest.hexdigest() != file.sha256:
                        raise BundleDamaged("another file")
                    yield block
        except _ZIP_TROUBLE as wrong:
            raise BundleDamaged("a file cannot be read") from wrong

    def _small(self, name: str, most: int) -> bytes:
        about = self._entries.get(name)
        if about is None or about.file_size > most:
            raise BundleDamaged("an entry is missing or too large")
        if about.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise BundleDamaged("packed in a way that is not ours")
        try:
            with self._zip.open(about) as entry:
                body = entry.read(most + 1)
        except _ZIP_TROUBLE as wrong:
            raise BundleDamaged("an entry cannot be read") from wrong
        if len(body) > most:
            raise BundleDamaged("an entry is larger than it says")
        return body


#: What zipfile raises over bytes that were made to confuse it.
_ZIP_TROUBLE: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    KeyError,
    OverflowError,
    struct.error,
)


def _bounded(source: BinaryIO) -> int:
    """Look at the end record before zipfile reads the whole directory into memory; return the archive's size."""
    size = source.seek(0, io.SEEK_END)
    if size < _END.size:
        raise BundleDamaged("too short")
    source.seek(size - _END.size)
    mark, _disk, _first, _here, count, length, _at, remark = _END.unpack(source.read(_END.size))
    if mark != b"PK\x05\x06" or remark or count > _MOST_ENTRIES or length > 200 * _MOST_ENTRIES or length > size:
        raise BundleDamaged("no end record of ours")
    source.seek(0)
    return size
