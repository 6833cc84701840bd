"""Starts the program: its arguments, its logs, its one window or the kiosk."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler

from bnhelper.paths import Places
from ui.app import App, make_qt

if TYPE_CHECKING:
    from ui.kiosk import Kiosk

_log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the app until its window is closed, or its kiosk was left and then closed."""
    parser = argparse.ArgumentParser(
        prog="bnhelper", description="Offline-first assistant for administrative procedures."
    )
    parser.add_argument("--folder", type=Path, help="where this machine keeps its data")
    parser.add_argument("--kiosk", action="store_true", help="serve residents; an officer's key leads out again")
    said = parser.parse_args(argv)
    qt = make_qt(sys.argv[:1])
    places = Places(said.folder) if said.folder else Places.of_this_user()
    app = App(places)
    if app.window.page is not None:
        app.window.page.after_first_paint(partial(_set_up_logs, places))
    kiosk = with_kiosk(app)
    if opens_as_kiosk(app, is_asked=said.kiosk):
        _set_up_logs(places)
        kiosk()
    else:
        app.window.show()
    if os.environ.get("BNHELPER_BENCH_FIRST_PAINT"):
        from ui.frame.first_paint import report_first_paint

        QTimer.singleShot(0, qt, report_first_paint)
    code = qt.exec()
    app.close()
    return code


def with_kiosk(app: App) -> Callable[[], object]:
    """Return what makes a kiosk of this machine; Settings offer it from now on."""
    held: list[Kiosk] = []  # it lives as long as it is one

    def begin() -> None:
        from ui.kiosk import Kiosk

        held[:] = [Kiosk(app)]
        held[0].begin()

    app.begin_kiosk = begin
    return begin


def opens_as_kiosk(app: App, *, is_asked: bool) -> bool:
    """Tell whether residents come first. Where nobody has set the machine up, nobody could leave it: the app opens."""
    if not (is_asked or app.settings.kiosk):
        return False
    if app.places.keys.exists():
        return True
    print("this machine is not set up: set it up first, then start it as a kiosk", file=sys.stderr)
    return False


def _set_up_logs(places: Places) -> None:
    from bnhelper.logs import hold_crashes, set_up_logs

    set_up_logs(places.root / "logs")
    hold_crashes(places.root / "logs")
    qInstallMessageHandler(_qt_said)


def _qt_said(kind: QtMsgType, where: QMessageLogContext, _text: str) -> None:
    """Keep that Qt complained and where, not in which words: they may hold a file's name or a field's text."""
    _log.warning("Qt: %s, line %d", kind, where.line or 0)


if __name__ == "__main__":
    raise SystemExit(main())
