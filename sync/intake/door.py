"""The door for tokens: right ones always come in, wrong ones of one network so many in a minute.

A wrong token costs a look into the ledger on a thread of the pool, so a stranger with many could keep the threads from
everybody. Behind one address there may be a whole ward, therefore nobody is refused for where they are: once a network
has spent its tries, tokens of it that this worker has not met are looked up many in one statement, on a thread beside
the pool, and only those that are wrong hear that they have to wait.
"""

import asyncio
import contextlib
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from sync.intake import identity, ledger
from sync.intake.gathering import Gathering
from sync.intake.identity import Asking, Caller
from sync.intake.limits import Buckets, network_of
from sync.intake.refusals import Refused
from sync.intake.station import Site, hash_of
from sync.wire.problems import ProblemCode

_MOST_AT_ONCE: Final = 500
_MOST_KNOWN: Final = 20_000
_KNOWN_S: Final = 3600.0
Ask = Callable[[Site, Asking], Caller]


class Door:
    """The tokens that come to one worker. What it remembers of them lets nobody in: it only spares the side door."""

    def __init__(self, site: Site, tries: Buckets) -> None:
        """`tries` are the wrong tokens that a network may bring."""
        self._site = site
        self._tries = tries
        self._right: OrderedDict[str, float] = OrderedDict()
        self._looks = Gathering[str, bool]("tokens", self._are_known, _MOST_AT_ONCE)
        self._people = ThreadPoolExecutor(1, "people")

    async def let_in(self, asking: Asking, address: str, ask: Ask) -> Caller:
        """Return who sends a request, as `ask` tells. Raises Refused, 429 for one wrong token too many."""
        if not identity.may_be_a_token(self._site, asking):
            raise identity.stranger()  # nobody needs to look
        name, network = hash_of(asking.authorization), network_of(address)
        wait_s = 0 if self._was_right(name) else self._tries.wait_s(network)
        try:
            caller = await (self._beside(asking, ask) if wait_s else run_in_threadpool(ask, self._site, asking))
        except Refused as no:
            if no.problem.code != ProblemCode.UNKNOWN_DEVICE:
                raise
            self._right.pop(name, None)
            if wait_s:
                raise self._tries.refusal(wait_s) from no
            with contextlib.suppress(Refused):  # the one that empties the bucket is told the truth
                self._tries.spend(network)
            raise
        self._note(name)
        return caller

    def _was_right(self, name: str) -> bool:
        return time.monotonic() < self._right.get(name, 0.0)

    def _note(self, name: str) -> None:
        self._right[name] = time.monotonic() + _KNOWN_S
        self._right.move_to_end(name)
        while len(self._right) > _MOST_KNOWN:
            self._right.popitem(last=False)

    async def _beside(self, asking: Asking, ask: Ask) -> Caller:
        """Look a token up where nobody else has to wait for it. Raises Refused (401) for a wrong one."""
        if identity.is_of_person(self._site, asking):  # its signature has to be checked, one after the other
            return await asyncio.get_running_loop().run_in_executor(self._people, ask, self._site, asking)
        if not await self._looks.put(hash_of(identity.token_of(asking))):
            raise identity.stranger()
        return await run_in_threadpool(ask, self._site, asking)

    def _are_known(self, hashes: Sequence[str]) -> list[bool | Exception]:
        found: set[str] = set()
        with self._site.loosely() as db:
            for one in (ledger.devices.c.token_hash, ledger.bearers.c.token_hash):
                found |= set(db.execute(select(one).where(one.in_(set(hashes)))).scalars())
        return [name in found for name in hashes]
