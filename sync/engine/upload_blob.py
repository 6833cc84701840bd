"""Sends one file by tus 1.0.0, from the byte the other side confirmed."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

from sync.engine.exchange import ask
from sync.engine.orders import FileSlice, Send
from sync.engine.reports import Answered, Report
from sync.engine.verdicts import Stop, Why, refusal, stop_for, whole_number
from sync.wire.blobs import CHECKSUM_MISMATCH, COLLECTION, OFFSET_MEDIA_TYPE, TUS_VERSION, UploadMetadata
from sync.wire.version import CHUNK_BYTES, RECEIPT_HEADER


@dataclass(frozen=True, slots=True)
class Confirmed:
    """To be kept at once: the upload lives at `url`, and this many bytes of it are confirmed."""

    url: str
    offset: int
    expires: str = ""
    receipts: str = ""  #: of what is whole with this file, if the other side says so


Step = Send | Confirmed
UploadExchange = Generator[Step, Report, None]

_RECEIPTS: Final = RECEIPT_HEADER.lower()
_TUS = {"Tus-Resumable": TUS_VERSION}
#: So many setbacks in one exchange are taken; a province that turns in circles would keep the line for ever.
_SETBACKS: Final = 4
#: Over a slow line a creation brings no more of the file along: one that was cut is made anew to learn what was kept.
FOLDED_IN_SLOWLY: Final = 64 * 1024


def upload_blob(
    *,
    sha256: str,
    size: int,
    media_type: str,
    dossier: str,
    url: str | None,
    base: str = "",
    chunk: Callable[[], int] = lambda: CHUNK_BYTES,
    folded_in: int = 0,
    is_anew: bool = False,
) -> UploadExchange:
    """Send a file of `size` bytes; `url` is where an earlier attempt left off, if there was one.

    `base` is the province's address: an upload that it places on another host is not taken, since a resident's
    papers go to nobody else. `chunk` is asked before every piece. `folded_in` bytes travel with the creation, which
    saves a round trip; give 0 where the other side may have some of the file already. `is_anew` ends the upload at
    `url` first: the other side called it whole, and lost the file since.

    Yields orders and, in between, `Confirmed` steps that the caller keeps on disk before it goes on (the report to
    those is ignored). A piece is at most `chunk()` bytes and the next one goes only after the last was confirmed, so
    that a cut costs at most one piece. Raises Stop.
    """
    offset = -1
    restarts = setbacks = 0
    if url is not None and _is_elsewhere(base, url):
        url = None  # the province moved since: begin anew there, or every try would read as a dead line
    if url is not None and is_anew:
        yield from _ask(Send("DELETE", url, _TUS))  # whatever the answer: a new one is made either way
        url = None
    while offset < size:
        if setbacks > _SETBACKS:
            raise Stop(Why.LATER, "no-progress")
        if url is None:
            first = min(folded_in, chunk(), size)
            folded_in = 0  # only once: whoever comes again may have left something there
            confirmed = yield from _create(sha256, size, media_type, dossier, base, first)
            url, offset = confirmed.url, confirmed.offset
            yield confirmed
        elif offset < 0:
            offset = yield from _where(url)
            if offset < 0 or offset > size:
                url, offset = None, -1
                continue
            yield Confirmed(url, offset)
        if offset >= size:
            break
        piece = min(chunk(), size - offset)
        headers = {**_TUS, "Upload-Offset": str(offset), "Content-Type": OFFSET_MEDIA_TYPE}
        answer = yield from _ask(Send("PATCH", url, headers, FileSlice(sha256, offset, piece), about=sha256))
        if answer.status == 204:
            before, offset = offset, _offset(answer.headers.get("upload-offset", ""), size)
            setbacks += offset <= before
            yield Confirmed(url, offset, receipts=answer.headers.get(_RECEIPTS, ""))
        elif answer.status in {404, 410}:
            setbacks += 1
            url, offset = None, -1
        elif answer.status == 409:
            setbacks += 1
            offset = -1  # the other side knows better: ask
        elif answer.status == CHECKSUM_MISMATCH:
            restarts += 1
            if restarts > 1:
                raise Stop(Why.HELD, "file-damaged")
            offset = -1
        else:
            raise stop_for(answer)


def _ask(order: Send) -> Generator[Step, Report, Answered]:
    return (yield from ask(order))


def _create(
    sha256: str, size: int, media_type: str, dossier: str, base: str, first: int
) -> Generator[Step, Report, Confirmed]:
    said = UploadMetadata(sha256, media_type, dossier).to_header()
    headers = {**_TUS, "Upload-Length": str(size), "Upload-Metadata": said}
    if first:
        with_first = {**headers, "Content-Type": OFFSET_MEDIA_TYPE}
        answer = yield from _ask(Send("POST", COLLECTION, with_first, FileSlice(sha256, 0, first), about=sha256))
        if answer.status == 409:  # it has some of the file already
            answer = yield from _ask(Send("POST", COLLECTION, headers))
    else:
        answer = yield from _ask(Send("POST", COLLECTION, headers))
    if answer.status != 201:
        raise stop_for(answer)
    location = answer.headers.get("location", "")
    if not location:
        raise Stop(Why.LATER, "rubbish", detail="no Location")
    if _is_elsewhere(base, location):
        raise Stop(Why.LATER, "elsewhere")
    offset = _offset(answer.headers.get("upload-offset", "0"), size)
    return Confirmed(location, offset, answer.headers.get("upload-expires", ""), answer.headers.get(_RECEIPTS, ""))


def _is_elsewhere(base: str, url: str) -> bool:
    return bool(base) and urlsplit(urljoin(base, url))[:2] != urlsplit(base)[:2]


def _where(url: str) -> Generator[Step, Report, int]:
    """Return the confirmed offset, or -1 when the upload is gone."""
    answer = yield from _ask(Send("HEAD", url, _TUS))
    if answer.status in {404, 410}:
        return -1
    if answer.status not in {200, 204}:
        if refusal(answer).code == "gone":
            return -1
        raise stop_for(answer)
    return _offset(answer.headers.get("upload-offset", ""), 1 << 62)


def _offset(text: str, most: int) -> int:
    offset = whole_number(text)
    if offset is None or offset > most:
        raise Stop(Why.LATER, "rubbish", detail="Upload-Offset")
    return offset
