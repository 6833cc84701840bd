"""Hands one sealed bundle over, from the byte the other side has, and fetches the reply that rides back."""

from typing import Final

from sync.engine.exchange import Exchange, ask
from sync.engine.orders import FileSlice, Send
from sync.engine.reports import Answered
from sync.engine.verdicts import Stop, Why, read_as, refusal, stop_for, whole_number
from sync.wire.courier import BundleState, BundleStatus

#: At most this much may have to be sent twice after a cut.
PIECE: Final = 1024 * 1024
_SETBACKS: Final = 4


def put_bundle(sha256: str, size: int, *, piece: int = PIECE) -> Exchange[BundleStatus]:
    """Send what is missing of a bundle of `size` bytes; its bytes are read under the name `sha256`.

    Ends with how it stands: done, refused, or being read (to be asked after again). Raises Stop.
    """
    path = f"/v1/bundles/{sha256}"
    status = yield from bundle_status(sha256)
    if status is not None and status.state in {BundleState.DONE, BundleState.READING} and not status.refused:
        return status
    offset = status.offset if status is not None and status.state is BundleState.ARRIVING else 0
    setbacks = 0
    while True:
        if setbacks > _SETBACKS:
            raise Stop(Why.LATER, "no-progress")
        length = max(0, min(piece, size - offset))
        placed = f"bytes {offset}-{offset + length - 1}/{size}" if length else f"bytes */{size}"
        headers = {"Content-Type": "application/octet-stream", "Content-Range": placed}
        body = FileSlice(sha256, offset, length) if length else b""
        answer = yield from ask(Send("PUT", path, headers, body, about=sha256))
        if answer.status == 409:
            setbacks += 1
            offset = min(size, whole_number(answer.headers.get("upload-offset", "")) or 0)
        elif answer.status == 400 and refusal(answer).code == "digest-mismatch":
            setbacks += 1
            offset = 0
        elif answer.status not in {200, 202}:
            raise stop_for(answer)
        else:
            status = _about(answer, sha256)
            if status.state is not BundleState.ARRIVING:
                return status
            setbacks += status.offset <= offset
            offset = min(size, status.offset)


def bundle_status(sha256: str) -> Exchange[BundleStatus | None]:
    """Ask how far a bundle is; None when nothing of it is there. Raises Stop."""
    answer = yield from ask(Send("GET", f"/v1/bundles/{sha256}"))
    if answer.status == 404:
        return None
    if answer.status != 200:
        raise stop_for(answer)
    return _about(answer, sha256)


def fetch_reply(sha256: str) -> Exchange[bytes | None]:
    """Fetch the sealed reply to a bundle that was read; None while there is none. Raises Stop."""
    answer = yield from ask(Send("GET", f"/v1/bundles/{sha256}/reply"))
    if answer.status == 404:
        return None
    if answer.status != 200:
        raise stop_for(answer)
    return answer.body


def forget_bundle(sha256: str) -> Exchange[bool]:
    """Tell a carrier that everything of a bundle is proved; return whether it keeps nothing of it any more.

    A carrier that does not know the word yet, or has not heard from the province, keeps it, which harms nothing.
    Raises Stop.
    """
    answer = yield from ask(Send("DELETE", f"/v1/bundles/{sha256}"))
    if answer.status in {401, 403}:
        raise stop_for(answer)
    return answer.status in {204, 404}


def _about(answer: Answered, sha256: str) -> BundleStatus:
    status = read_as(answer, BundleStatus)
    if status.sha256 != sha256:
        raise Stop(Why.LATER, "about-something-else")
    return status
