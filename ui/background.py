"""The one way to leave the GUI thread: run, then, on_trouble."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import shiboken6
from PySide6.QtCore import QObject, QThreadPool, Signal

Result = TypeVar("Result")


class _Task(Generic[Result]):
    def __init__(self, background: "Background", work: Callable[[], Result], owner: object) -> None:
        self._background = background
        self.work: Callable[[], Result] | None = work
        self._owner = owner
        self._then: list[Callable[[Result], object]] = []
        self._trouble: list[Callable[[BaseException], object]] = []

    def then(self, callback: Callable[[Result], object]) -> "_Task[Result]":
        self._then.append(callback)
        return self

    def on_trouble(self, callback: Callable[[BaseException], object]) -> "_Task[Result]":
        self._trouble.append(callback)
        return self

    def deliver(self, result: Any, trouble: BaseException | None) -> None:
        """Call back on the GUI thread, unless the widget that asked is gone."""
        try:
            self._call_back(result, trouble)
        finally:
            # The worker may be the last to hold this task: no widget may end with it there.
            self.work, self._owner = None, None
            self._then, self._trouble = [], []

    def _call_back(self, result: Any, trouble: BaseException | None) -> None:
        if isinstance(self._owner, QObject) and not shiboken6.isValid(self._owner):
            return
        if trouble is None:
            for callback in self._then:
                callback(result)
        elif self._trouble:
            for tell in self._trouble:
                tell(trouble)
        else:
            self._background.last_resort(trouble)


class Background(QObject):
    """One worker, first come first served: answers are kept in the order in which they were given.

    `last_resort` gets every trouble nobody asked for; app.py puts a sentence on the screen.
    """

    _done = Signal(object, object, object)

    def __init__(self, last_resort: Callable[[BaseException], object] | None = None) -> None:
        super().__init__()
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(1)
        self._waiting: deque[_Task[Any]] = deque()
        self._lock = threading.Lock()
        self._count = 0
        self.last_resort = last_resort or _raise
        self._done.connect(self._deliver)

    def run(self, work: Callable[[], Result], *, owner: object = None) -> _Task[Result]:
        """Run `work` on the worker; the returned task takes the callbacks."""
        task: _Task[Result] = _Task(self, work, owner)
        with self._lock:
            self._count += 1
            self._waiting.append(task)
        self._pool.start(self._work_one)
        return task

    @property
    def is_busy(self) -> bool:
        """Tell whether anything is under way or not yet delivered."""
        return self._count > 0

    def finish(self) -> None:
        """Wait until everything that was begun is done; for closing."""
        self._pool.waitForDone()

    def _work_one(self) -> None:
        with self._lock:
            task = self._waiting.popleft()
        result: Any = None
        trouble: BaseException | None = None
        assert task.work is not None
        try:
            result = task.work()
        except Exception as wrong:
            trouble = wrong
        self._done.emit(task, result, trouble)

    def _deliver(self, task: _Task[Any], result: Any, trouble: BaseException | None) -> None:
        with self._lock:
            self._count -= 1
        task.deliver(result, trouble)


def _raise(trouble: BaseException) -> None:
    raise trouble
