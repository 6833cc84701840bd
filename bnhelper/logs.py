"""Log set-up; names, numbers and answers never reach a log line."""

import logging
from pathlib import Path


def set_up_logs(folder: Path | None) -> None:
    """Log warnings to the console and everything from INFO to a small rotating file in `folder`, if given.

    What is logged is codes and counts by construction: KnownTrouble carries no personal data, and no module
    logs values. Libraries stay at WARNING, since some log addresses and bodies below that.
    """
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    for name in ("bnhelper", "sync", "ui"):
        logging.getLogger(name).setLevel(logging.INFO)
    if folder is not None:
        from logging.handlers import RotatingFileHandler  # late: it brings sockets and queues along

        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            folder / "bnhelper.log", maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True
        )
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        root.addHandler(handler)
