"""Many devices with sealed dossiers, and a plain client that keeps a server busy: for the bench and the kill tests."""

import asyncio
import hashlib
import json
import random
import secrets
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.clock import SystemClock
from bnhelper.domain.sealed import OutboxItem
from bnhelper.ids import uuid7
from bnhelper.store import outbox
from bnhelper.vault.canonical import canonical_bytes
from bnhelper.vault.signatures import SigningKey
from sync.intake import identity
from sync.intake.station import Site, invite
from sync.wire.blobs import FOLDED_IN, OFFSET_MEDIA_TYPE, UploadMetadata
from sync.wire.coding import ZSTD, packed
from sync.wire.dossiers import content_digest
from sync.wire.enrolment import EnrolmentRequest
from tests import factories

NAMES = ("NGUYỄN THỊ HOÀ", "TRẦN VĂN BÌNH", "LÊ THỊ MAI", "PHẠM ĐỨC ANH", "VŨ THỊ LAN", "ĐỖ QUANG HUY")


@dataclass(frozen=True, slots=True)
class Device:
    """One enrolled device."""

    id: str
    token: str
    key: SigningKey


@dataclass(frozen=True, slots=True)
class Sealed:
    """One sealed dossier with its photos, as a device would send it."""

    device: Device
    id: str
    body: bytes
    signature: str
    put: bytes  #: the request that sends it, made before a clock runs
    photos: Mapping[str, bytes] = field(default_factory=dict)  #: by their SHA-256

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


def template() -> dict[str, Any]:
    """Return the envelope of the birth registration without files, as the app itself seals it."""
    with tempfile.TemporaryDirectory() as folder:
        machine = factories.machine(Path(folder), SystemClock())
        lock_dossier(machine, factories.birth_dossier(machine))
        with machine.store.read() as db:
            item: OutboxItem
            (item,) = outbox.waiting(db, SystemClock().now())
        machine.close()
    found: dict[str, Any] = json.loads(item.envelope)
    return found


def devices(site: Site, count: int) -> list[Device]:
    """Enrol as many devices."""
    made = []
    for number in range(count):
        key = SigningKey.generate()
        name = uuid7(site.clock.now())
        code = invite(site, "http://127.0.0.1").code
        asked = EnrolmentRequest(code=code, device=name, public_key=key.public(), name=f"Máy {number}")
        made.append(Device(name, identity.enrol(site, asked).token, key))
    return made


def sealed(like: dict[str, Any], device: Device, die: random.Random, photos: Sequence[bytes] = ()) -> Sealed:
    """Return another family's dossier: other names, other ids, signed by the device."""
    dossier = uuid7(SystemClock().now())
    papers = [dict(one) for one in like["papers"]]
    named = {hashlib.sha256(one).hexdigest(): one for one in photos}
    files = [{"sha256": name, "size": len(one), "media_type": "image/png"} for name, one in named.items()]
    if files:
        papers = [one for one in papers if one["paper"] != "birth_evidence"] + [
            {"paper": "birth_evidence", "shown": False, "files": files}
        ]
    instance = str(like["instance"]).replace(like["dossier"], dossier)
    instance = instance.replace("TRẦN MINH AN", die.choice(NAMES)).replace(
        "Thôn Phúc Long", f"Thôn {die.randrange(999)}"
    )
    said = {
        **like,
        "dossier": dossier,
        "device": device.id,
        "look_up_token": secrets.token_urlsafe(16),
        "instance": instance,
        "papers": papers,
    }
    body = canonical_bytes(said)
    signature = device.key.sign_detached(body)
    return Sealed(device, dossier, body, signature, put(device, dossier, body, signature), named)


def photo(die: random.Random, size: int = 1_000_000) -> bytes:
    """Return an image of about `size` bytes that is like no other."""
    return factories.png(extra=die.randbytes(size))


# --- requests as bytes ------------------------------------------------------------------------------------------


def _request(method: str, path: str, token: str, body: bytes = b"", **more: str) -> bytes:
    head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {token}"]
    head += [f"{name.replace('_', '-')}: {value}" for name, value in more.items()]
    return "\r\n".join([*head, f"Content-Length: {len(body)}", "", ""]).encode() + body


def put(device: Device, dossier: str, body: bytes, signature: str, revision: int = 1) -> bytes:
    """Return the PUT of a dossier, made small as the app does."""
    small = packed(body)
    sent = small if small is not None else body
    return _request(
        "PUT",
        f"/v1/dossiers/{dossier}/revisions/{revision}",
        device.token,
        sent,
        Content_Type="application/json",
        Content_Digest=content_digest(sent),
        **({"Content_Encoding": ZSTD} if small is not None else {}),
        BN_Signature=signature,
        BN_Schema="1",
    )


class Line:
    """One kept-alive connection; opened again after it broke."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._wire: _Wire | None = None

    async def ask(self, request: bytes) -> tuple[int, dict[str, str], bytes]:
        """Send one request; return status, headers in lower case, body. Raises OSError when the line breaks."""
        try:
            if self._wire is None:
                loop = asyncio.get_running_loop()
                _, self._wire = await loop.create_connection(_Wire, "127.0.0.1", self._port)
            status, headers, body = await self._wire.ask(request)
        except OSError:
            self.close()
            raise
        if headers.get("connection") == "close":
            self.close()
        return status, headers, body

    def close(self) -> None:
        if self._wire is not None:
            self._wire.transport.close()
            self._wire = None


class _Wire(asyncio.Protocol):
    """The bytes of one connection. It shares the cores with the server it measures, so it does no more than it must."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self._answer: asyncio.Future[tuple[int, dict[str, str], bytes]] | None = None
        self._come = b""
        self._whole = 0  #: bytes of the answer, its head among them; 0 before the head is there

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    async def ask(self, request: bytes) -> tuple[int, dict[str, str], bytes]:
        """Send one request and wait for the whole of its answer."""
        self._answer = asyncio.get_running_loop().create_future()
        if self.transport.is_closing():
            raise OSError("closed")
        self.transport.write(request)
        return await self._answer

    def data_received(self, data: bytes) -> None:
        self._come = self._come + data if self._come else data
        if self._whole == 0:
            end = self._come.find(b"\r\n\r\n")
            if end < 0:
                return
            self._head = _head(self._come[:end])
            self._begins = end + 4
            self._whole = self._begins + int(self._head[1].get("content-length", "0"))
        if len(self._come) >= self._whole and self._answer is not None and not self._answer.done():
            body, self._come, self._whole = self._come[self._begins :], b"", 0
            self._answer.set_result((*self._head, body))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(OSError(str(exc)))


def _head(said: bytes) -> tuple[int, dict[str, str]]:
    lines = said.decode("latin-1").split("\r\n")
    pairs = (line.partition(": ") for line in lines[1:])
    return int(lines[0][9:12]), {name.lower(): value for name, _, value in pairs}


@dataclass(slots=True)
class Tally:
    """What a load did."""

    kept: dict[str, str] = field(default_factory=dict)  #: dossier -> receipt, of those that were acknowledged
    ms: list[float] = field(default_factory=list)
    seconds: float = 0.0
    broken: int = 0

    @property
    def per_s(self) -> float:
        return len(self.kept) / self.seconds

    def percentile(self, share: float) -> float:
        return sorted(self.ms)[int(len(self.ms) * share)]


async def send(line: Line, one: Sealed) -> str | None:
    """Send one dossier wholly, as the app does: text, then what is missing, and the text again for its receipt.

    The answer to the last file mostly brings that along. None: not this time.
    """
    status, _, body = await line.ask(one.put)
    if status not in {200, 201}:
        return None
    verdict = json.loads(body)
    for sha256 in verdict.get("missing", ()):
        brought = await _upload(line, one, sha256, one.photos[sha256])
        if brought is None:
            return None
        if brought:
            return brought
    if "receipt" not in verdict:
        status, _, body = await line.ask(one.put)
        verdict = json.loads(body) if status == 200 else {}
    receipt: str | None = verdict.get("receipt")
    return receipt


async def _upload(line: Line, one: Sealed, sha256: str, content: bytes) -> str | None:
    """Send a file as the app does over a quick line: as much as may be with its creation, what is left in one piece.

    Returns the receipt that came along, or nothing of it; None where the file did not arrive.
    """
    status, headers, _ = await line.ask(
        _request(
            "POST",
            "/v1/blobs",
            one.device.token,
            content[:FOLDED_IN],
            Upload_Length=str(len(content)),
            Upload_Metadata=UploadMetadata(sha256, "image/png", one.id).to_header(),
            Content_Type=OFFSET_MEDIA_TYPE,
            Tus_Resumable="1.0.0",
        )
    )
    if status != 201:
        return None
    offset = int(headers["upload-offset"])
    if offset < len(content):
        status, headers, _ = await line.ask(
            _request(
                "PATCH",
                headers["location"],
                one.device.token,
                content[offset:],
                Upload_Offset=str(offset),
                Content_Type=OFFSET_MEDIA_TYPE,
                Tus_Resumable="1.0.0",
            )
        )
    is_whole = status in {201, 204} and int(headers["upload-offset"]) == len(content)
    return headers.get("bn-receipt", "") if is_whole else None


async def load(
    port: int, waiting: Iterator[Sealed], lines: int, *, seconds: float = 3600.0, patience_s: float = 60.0
) -> Tally:
    """Send dossiers over as many connections until they are all acknowledged or the time is up.

    One that was not acknowledged is sent again by the same line until it is, for `patience_s` at most.
    """
    said = Tally()
    began = time.perf_counter()

    async def one_line() -> None:
        line = Line(port)
        for one in waiting:
            if time.perf_counter() - began > seconds:
                break
            at = time.perf_counter()
            while one.id not in said.kept and time.perf_counter() - at < patience_s:
                try:
                    receipt = await send(line, one)
                except OSError:
                    receipt = None
                if receipt is not None:
                    said.kept[one.id] = receipt
                    said.ms.append((time.perf_counter() - at) * 1000)
                else:
                    said.broken += 1
                    await asyncio.sleep(0.05)
        line.close()

    await asyncio.gather(*(one_line() for _ in range(lines)))
    said.seconds = time.perf_counter() - began
    return said


def pull_page(port: int, device: Device) -> float:
    """Return the milliseconds of one pull of the feed's first page."""
    return asyncio.run(_timed(port, _request("GET", "/v1/changes?cursor=0&limit=200", device.token)))


async def _timed(port: int, request: bytes) -> float:
    line = Line(port)
    await line.ask(request)  # the connection, and what the worker reads only once
    at = time.perf_counter()
    status, _, _ = await line.ask(request)
    spent = (time.perf_counter() - at) * 1000
    line.close()
    assert status == 200, status
    return spent
