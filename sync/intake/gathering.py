"""Gathers what arrives while one commit is on its way to the disk, so that it shares the next one."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Generic, TypeVar

Item = TypeVar("Item")
Said = TypeVar("Said")

#: Turns of the event loop before a commit begins: in the first it reads what has come, in the second that is judged,
#: so that whoever stands at the door already shares it. A lonely one waits for some microseconds.
_TURNS: Final = 2


class Gathering(Generic[Item, Said]):
    """What one worker has to keep: the busier it is, the more share the price of a commit; a lonely one never waits."""

    def __init__(self, name: str, keep: Callable[[Sequence[Item]], Sequence[Said | Exception]], most: int) -> None:
        """`keep` is called in a thread of its own with `most` items at most; it says an outcome for each in order."""
        self._keep = keep
        self._most = most
        self._waiting: list[tuple[Item, asyncio.Future[Said]]] = []
        self._task: asyncio.Task[None] | None = None
        self._writer = ThreadPoolExecutor(1, name)  # a thread of its own: no queueing behind other requests

    async def put(self, item: Item) -> Said:
        """Return what became of an item. Raises what `keep` says of it, or what it raised for all."""
        promise: asyncio.Future[Said] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, promise))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._commit())
        return await promise

    async def _commit(self) -> None:
        while self._waiting:
            for _ in range(_TURNS):
                await asyncio.sleep(0)
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            loop = asyncio.get_running_loop()
            keeping = loop.run_in_executor(self._writer, self._keep, [item for item, _ in batch])
            await asyncio.wait({keeping})
            wrong = keeping.exception()
            if wrong is not None:  # whatever it is, nobody may wait for ever: none is answered as kept
                for _, promise in batch:
                    if not promise.done():
                        promise.set_exception(wrong)
                continue
            for (_, promise), one in zip(batch, keeping.result(), strict=True):
                if promise.done():
                    continue
                if isinstance(one, Exception):
                    promise.set_exception(one)
                else:
                    promise.set_result(one)
