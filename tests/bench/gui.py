"""`bn.py bench gui`: how long the window's loop is held up while 50 dossiers with photos are sent, beside the same idle.

Each round takes a copy of one machine with 50 sealed dossiers, a fresh intake on loopback, and the real window on the
screen that redraws most (Send and receive). A timer asks every 4 ms to be called; by how much it is late is the gap.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QLineEdit

from bnhelper.domain.sending import SendingKind
from bnhelper.paths import Places
from bnhelper.settings import Settings
from tests.bench.bench_run import Row, show
from tests.bench.netlab import ours
from ui.app import App, make_qt
from ui.demo.hands import Hands
from ui.demo.play import start_intake
from ui.doorway import enrol_machine
from ui.presenters import routes

_DOSSIERS: Final = 50
_PHOTO: Final = 150_000
_ROUNDS: Final = 5
_EVERY_MS: Final = 4
_IDLE_S: Final = 3.0
_MOST_S: Final = 240.0


class Gaps:
    """Milliseconds by which the loop came late."""

    def __init__(self) -> None:
        self.found: list[float] = []
        self._before = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._called)

    def start(self) -> None:
        self._before = time.perf_counter()
        self._timer.start()

    def stop(self) -> tuple[float, float]:
        """Return the 99th percentile and the worst."""
        self._timer.stop()
        ordered = sorted(self.found)
        return ordered[int(len(ordered) * 0.99)], ordered[-1]

    def _called(self) -> None:
        now = time.perf_counter()
        self.found.append(max(0.0, (now - self._before) * 1000 - _EVERY_MS))
        self._before = now


def _turn(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(max(1, round(seconds * 1000)), loop.quit)
    loop.exec()


def _round(template: Path, folder: Path) -> tuple[tuple[float, float], tuple[float, float], float]:
    """Return the gaps while it sends, while it idles, and the seconds the sending took."""
    shutil.copytree(template / "data", folder / "data")
    shutil.copy(template / "key", folder / "key")
    process, ready = start_intake(folder)
    app = App(Places(folder / "data"), settings=Settings())
    try:
        app.window.show()
        hands = Hands(app, None)
        hands.screen("UnlockScreen")
        hands.type(hands.find("secretField", QLineEdit), str(folder / "key"))
        hands.click("primaryAction")
        hands.screen("TodayScreen")
        app.window.home(routes.SyncCentre())
        hands.screen("SyncCentreScreen")
        _turn(1.0)
        idle = Gaps()
        idle.start()
        _turn(_IDLE_S)
        quiet = idle.stop()
        desk = app.desk
        assert desk is not None
        enrolled: list[bool] = []
        app.long_work.run(lambda: enrol_machine(desk.machine, str(ready["invitation"]))).then(
            lambda _none: enrolled.append(True)
        )
        hands.wait(lambda: enrolled, "the enrolment")
        busy = Gaps()
        began = time.monotonic()
        busy.start()
        desk.changed()
        while app.window.badge.kind is not SendingKind.ALL_SENT:
            if time.monotonic() - began > _MOST_S:
                raise SystemExit("not everything was sent in time")
            _turn(0.05)
        return busy.stop(), quiet, time.monotonic() - began
    finally:
        app.close()
        app.window.close()
        process.kill()
        process.wait()


def main() -> int:
    make_qt(["bench"])
    busy, quiet, took = [], [], []
    with tempfile.TemporaryDirectory(prefix="bnhelper-bench-", ignore_cleanup_errors=True) as folder:
        template = Path(folder) / "template"
        template.mkdir()
        ours.make(template, _DOSSIERS, 1, _PHOTO)
        rounds = int(sys.argv[sys.argv.index("--rounds") + 1]) if "--rounds" in sys.argv else _ROUNDS
        for number in range(rounds):
            place = Path(folder) / f"round-{number}"
            place.mkdir()
            sent, idle, seconds = _round(template, place)
            busy.append(sent)
            quiet.append(idle)
            took.append(seconds)
            print(f"round {number + 1}: p99 {sent[0]:.1f} ms, worst {sent[1]:.1f} ms, {seconds:.1f} s", file=sys.stderr)
    p99, worst = (statistics.median(one[place] for one in busy) for place in (0, 1))
    p99_idle, worst_idle = (max(0.01, statistics.median(one[place] for one in quiet)) for place in (0, 1))
    rows = [
        Row("loop_gap_p99", p99, "ms", "the same window idle", p99_idle, p99 / p99_idle, 16),
        Row("loop_gap_worst", worst, "ms", "the same window idle", worst_idle, worst / worst_idle, 50),
        Row("sent_in", statistics.median(took), "s", "no reference", 0, 0, None),
    ]
    return show("gui", rows)


if __name__ == "__main__":
    raise SystemExit(main())
