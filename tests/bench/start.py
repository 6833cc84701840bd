"""`bn.py bench start`: time to first paint and memory, beside a bare QMainWindow in the same run."""

import os
import subprocess
import sys
import tempfile
import time

from tests.bench.bench_run import Row, in_turn, show

_BARE = """
import time, os
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1366, 768)
window.show()
def done():
    kb = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024
    print(f"first-paint {time.time()} rss_kb {kb}", flush=True)
    app.exit(0)
QTimer.singleShot(0, done)
app.exec()
"""


def _run(command: list[str], folder: str) -> tuple[float, float]:
    """Return milliseconds from before exec to the turn after the first paint, and MB."""
    environment = {**os.environ, "BNHELPER_BENCH_FIRST_PAINT": "1", "HOME": folder, "XDG_DATA_HOME": folder}
    # Both run from compiled modules as an installed program does, whatever this shell says of writing them: the
    # warm-up run compiles into a folder of the bench's own.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = f"{folder}/compiled"
    began = time.time()
    said = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
    words = next(line for line in said.splitlines() if line.startswith("first-paint")).split()
    return (float(words[1]) - began) * 1000, int(words[3]) / 1024


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        ours, bare = [sys.executable, "-m", "ui", "--folder", folder], [sys.executable, "-c", _BARE]
        paint, paint_bare = in_turn(lambda: _run(ours, folder)[0], lambda: _run(bare, folder)[0])
        rss, rss_bare = in_turn(lambda: _run(ours, folder)[1], lambda: _run(bare, folder)[1], runs=5)
    name = "bare QMainWindow"
    return show(
        "start",
        [
            Row("first_paint", paint, "ms", name, paint_bare, paint / paint_bare, 2.0),
            Row("rss", rss, "MB", name, rss_bare, rss / rss_bare, 1.5),
        ],
    )


if __name__ == "__main__":
    raise SystemExit(main())
