"""The public look-up behind the receipt's QR code: a status in plain words with its date, nothing else."""

import hmac
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from sqlalchemy import select, text
from starlette.requests import Request
from starlette.responses import Response

from bnhelper.clock import from_text
from sync.intake import ledger
from sync.intake.console import PAGE_HEADERS, icon, language_of, moment, page
from sync.intake.limits import network_of
from sync.intake.page_words import resident_state, word, words
from sync.intake.station import Site, hash_of
from sync.wire.look_up import LookUpAnswer

_MOST_NETWORKS: Final = 10_000
EACH: Final = (0.5, 20.0)  #: look-ups a second and most at once, of one network
ALL: Final = (20.0, 200.0)  #: of everybody together
#: A name is let through while the time at which it would have spent everything lies less than a burst ahead
#: (the generic cell rate algorithm): one row, one statement, no reading before.
_SPEND: Final = """
    INSERT INTO throttles AS known (name, free_at) VALUES (:name, CAST(:now AS float) + CAST(:step AS float))
    ON CONFLICT (name) DO UPDATE SET free_at = greatest(known.free_at, CAST(:now AS float)) + CAST(:step AS float)
    WHERE known.free_at <= CAST(:now AS float) + CAST(:ahead AS float) RETURNING free_at
"""


class Throttle:
    """Tokens that refill with time, for each network and for everybody together.

    128 bits cannot be guessed at any speed; this keeps a flood from taking the server from the people, at a
    cost that is bounded: one counter for each of the latest networks, kept by each worker for itself. What a worker
    lets through is counted for all workers together where the ledger is theirs in common (`allowed_by_all`).
    """

    def __init__(
        self, now: Callable[[], float], *, each: tuple[float, float] = EACH, all_: tuple[float, float] = ALL
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


def allowed_by_all(site: Site, address: str) -> bool:
    """Take a token that all workers share: of this address's network, and of everybody's. True where one works alone.

    The table holds no address: names are keyed hashes, and a day later they are gone (`retention`).
    """
    if site.counting is None:
        return True
    network = hmac.new(site.secret(), network_of(address).encode("ascii"), "sha256").hexdigest()[:32]
    now = site.clock.now().timestamp()
    with site.counting.connect() as db:
        for name, (per_s, burst) in ((network, EACH), ("everybody", ALL)):
            said = {"name": name, "now": now, "step": 1 / per_s, "ahead": (burst - 1) / per_s}
            if db.execute(text(_SPEND), said).first() is None:
                return False
    return True


def look_up(site: Site, request: Request, token: str) -> Response:
    """Show a dossier's status to whoever holds the slip. A wrong code and an absent dossier look the same.

    A kiosk asks for JSON and is told the same: the state and its date.
    """
    language = language_of(request)
    columns = ledger.dossiers.c
    with site.engine.connect() as db:
        row = db.execute(
            select(columns.state, columns.changed_at).where(columns.look_up_hash == hash_of(token[:64]))
        ).first()
    if "application/json" in request.headers.get("accept", ""):
        headers = {**PAGE_HEADERS, "Vary": "Accept"}
        if row is None:
            return Response(status_code=404, headers=headers)
        said = LookUpAnswer(state=row.state, changed_at=from_text(row.changed_at))
        return Response(said.write(), media_type="application/json", headers=headers)
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


def wait(request: Request, said: str = "look_up_wait") -> Response:
    """Say that too many people are at this door just now."""
    w = words(language_of(request))
    answer = page(request, "told.html", 429, said=w[said], how="", here=request.url.path)
    answer.headers["Retry-After"] = "60"
    return answer
