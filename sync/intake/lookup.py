"""The public look-up behind the receipt's QR code: a status in plain words with its date, nothing else."""

import ipaddress
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response

from sync.intake import ledger
from sync.intake.console import icon, language_of, moment, page
from sync.intake.page_words import resident_state, word, words
from sync.intake.station import Site, hash_of

_MOST_NETWORKS: Final = 10_000


class Throttle:
    """Tokens that refill with time, for each network and for everybody together.

    128 bits cannot be guessed at any speed; this keeps a flood from taking the server from the people, at a
    cost that is bounded: one counter for each of the latest networks, kept by each worker for itself.
    """

    def __init__(
        self, now: Callable[[], float], *, each: tuple[float, float] = (0.5, 20), all_: tuple[float, float] = (20, 200)
    ) -> None:
        """`now` gives seconds that only grow; `each` and `all_` are (tokens a second, most at once)."""
        self._now, self._each, self._all = now, each, all_
        self._networks: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._everybody = (all_[1], now())
        self._lock = threading.Lock()

    def allows(self, address: str) -> bool:
        """Take a token of this address's network and one of everybody's; False when one of them is out."""
        network = network_of(address)
        with self._lock:
            now = self._now()
            left, at = self._networks.pop(network, (self._each[1], now))
            left = min(self._each[1], left + (now - at) * self._each[0])
            shared, since = self._everybody
            shared = min(self._all[1], shared + (now - since) * self._all[0])
            is_allowed = left >= 1 and shared >= 1
            self._networks[network] = (left - 1 if is_allowed else left, now)
            self._everybody = (shared - 1 if is_allowed else shared, now)
            if len(self._networks) > _MOST_NETWORKS:
                self._networks.popitem(last=False)
            return is_allowed


def network_of(address: str) -> str:
    """Return what counts as one caller: an IPv4 address, the /64 of an IPv6 one."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def look_up(site: Site, request: Request, token: str) -> Response:
    """Show a dossier's status to whoever holds the slip. A wrong code and an absent dossier look the same."""
    language = language_of(request)
    columns = ledger.dossiers.c
    with site.engine.connect() as db:
        row = db.execute(
            select(columns.state, columns.changed_at).where(columns.look_up_hash == hash_of(token[:64]))
        ).first()
    if row is None:
        return page(request, "lookup.html", 404, said="", here="/t/-")
    return page(
        request,
        "lookup.html",
        said=word("look_up", row.state, language),
        state=row.state,
        state_word=resident_state(row.state, language),
        state_icon=icon(row.state),
        since=moment(row.changed_at),
    )


def wait(request: Request) -> Response:
    """Say that too many people are looking up just now."""
    w = words(language_of(request))
    answer = page(request, "told.html", 429, said=w["look_up_wait"], how="", here=request.url.path)
    answer.headers["Retry-After"] = "60"
    return answer
