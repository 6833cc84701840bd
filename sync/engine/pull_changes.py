"""Asks what changed since a cursor, fetches only that; and asks what the province lacks."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from sync.engine.exchange import Exchange, ask
from sync.engine.orders import Send
from sync.engine.verdicts import Stop, Why, read_as, refusal, stop_for
from sync.wire.changes import ChangesPage, HeldByDevice, Reconcile, ReconcileAnswer

#: So much comes with one answer: what is held of it in memory, and what a cut may cost.
PAGE = 200

_PIECE: Final = 128 * 1024  #: of a result's file: over 2G it comes within half a minute, and a cut costs no more


def pull_changes(cursor: str, *, wait_s: int = 0) -> Exchange[ChangesPage | None]:
    """Ask for one page after `cursor`; None when nothing is new, within `wait_s` if that is given.

    Raises Stop, with the code cursor-expired for 410.
    """
    headers = {"Prefer": f"wait={wait_s}"} if wait_s else {}
    path = f"/v1/changes?cursor={quote(cursor, safe='')}&limit={PAGE}&visits=1"
    answer = yield from ask(Send("GET", path, headers, wait_s=wait_s))
    if answer.status == 304:
        return None
    if answer.status == 410:
        raise Stop(Why.LATER, "cursor-expired")
    if answer.status != 200:
        raise stop_for(answer)
    page = read_as(answer, ChangesPage)
    if page.more and page.cursor == cursor:
        raise Stop(Why.LATER, "rubbish", detail="cursor")  # more of the same page: the reader would never end
    return page


def reconcile(items: Sequence[HeldByDevice]) -> Exchange[tuple[HeldByDevice, ...]]:
    """Tell the province what this device believes delivered; return what it lacks. Raises Stop."""
    body = Reconcile(items=tuple(items)).write()
    answer = yield from ask(Send("POST", "/v1/reconcile", {"Content-Type": "application/json"}, body))
    if answer.status != 200:
        raise stop_for(answer)
    return read_as(answer, ReconcileAnswer).lacking


def fetch_piece(sha256: str, begin: int, size: int) -> Exchange[tuple[int, bytes]]:
    """Fetch a piece of a result's file; return where it begins, and its bytes.

    A province that knows no pieces gives the whole, from 0. Raises Stop; the caller checks the hash of the whole.
    """
    last = min(begin + _PIECE, size) - 1
    answer = yield from ask(Send("GET", f"/v1/blobs/{sha256}", {"Range": f"bytes={begin}-{last}"}))
    if answer.status == 206:
        if answer.headers.get("content-range", "").startswith(f"bytes {begin}-") and answer.body:
            return begin, answer.body
        raise Stop(Why.LATER, "rubbish", detail="Content-Range")
    if answer.status != 200:
        if answer.status in {404, 410}:
            raise Stop(Why.LATER, refusal(answer).code)
        raise stop_for(answer)
    return 0, answer.body
