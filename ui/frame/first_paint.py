"""Says when the window was first painted, for `bn.py bench start`; loaded by nothing else."""

import contextlib
import os
import time
from pathlib import Path

from PySide6.QtWidgets import QApplication


def report_first_paint() -> None:
    """Say when the turn after the first paint began, and how much memory that took; then end."""
    rss_kb = 0
    with contextlib.suppress(OSError):
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
        rss_kb = int(pages) * os.sysconf("SC_PAGE_SIZE") // 1024
    print(f"first-paint {time.time()} rss_kb {rss_kb}", flush=True)
    QApplication.exit(0)
