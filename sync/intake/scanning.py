"""The site's virus scanner: a command of the operator's that is given each file's path before the file is kept."""

import logging
import subprocess
from pathlib import Path
from typing import Final

from sync.intake.blobs import BlobsUnavailable
from sync.intake.refusals import Refused
from sync.intake.station import Site
from sync.wire.problems import ProblemCode

_log = logging.getLogger(__name__)
_CLEAN: Final = 0
_NOT_CLEAN: Final = 1
_LONGEST_S: Final = 120.0


class FileNotClean(Refused):
    """The scanner refuses these bytes, whoever brings them (415)."""

    def __init__(self) -> None:
        super().__init__(415, ProblemCode.UNSUPPORTED_MEDIA, title="refused by the scanner")


class ScannerAway(BlobsUnavailable):
    """The scanner cannot be asked or does not answer: nothing is let through, and the same may be sent again."""


def scan(site: Site, path: Path) -> None:
    """Have a file looked at, where the site has a scanner. Raises FileNotClean, ScannerAway.

    The command is the operator's and the path our own. An answer that is neither yes nor no lets nothing through.
    """
    if not site.scanner:
        return
    said = _answer([*site.scanner, str(path)])
    if said == _NOT_CLEAN:
        _log.warning("the scanner refused a file")
        raise FileNotClean
    if said != _CLEAN:
        _log.error("the scanner failed: %s", said)
        raise ScannerAway


def _answer(command: list[str]) -> int | str:
    """Return what the scanner says, or why it says nothing."""
    try:
        return subprocess.run(command, capture_output=True, timeout=_LONGEST_S, check=False).returncode  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as wrong:
        return type(wrong).__name__
