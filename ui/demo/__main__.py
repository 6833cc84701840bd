"""`python -m ui.demo`: play the journey, say each step, write what came out, leave the app open on a display."""

import argparse
import json
import os
import sys
import tempfile
import warnings
from pathlib import Path


def _qt_said(_kind: object, _where: object, text: str) -> None:
    """Pass on what Qt says; that a window without a screen has no size to hint at is no news."""
    if "propagateSizeHints" not in text:
        print(f"Qt: {text}", file=sys.stderr)


def main() -> int:
    """Run the demo; 0 only when everything the summary claims is so."""
    parser = argparse.ArgumentParser(prog="demo", description="One whole journey through the real widgets.")
    parser.add_argument(
        "--headless", action="store_true", help="fast, without a window (the default without a display)"
    )
    parser.add_argument("--out", type=Path, default=None, help="where summary.json, receipt.pdf and the pictures go")
    said = parser.parse_args()
    has_display = sys.platform in {"win32", "darwin"} or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    is_fast = said.headless or not has_display or os.environ.get("QT_QPA_PLATFORM") == "offscreen"
    if is_fast:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import qInstallMessageHandler

    from ui.app import make_qt
    from ui.demo.play import Play

    warnings.simplefilter("default")
    qt = make_qt(sys.argv[:1])
    qInstallMessageHandler(_qt_said)
    with tempfile.TemporaryDirectory(prefix="bnhelper-demo-", ignore_cleanup_errors=True) as folder:
        out = said.out or Path(folder) / "out"
        play = Play(Path(folder), out, is_fast=is_fast, say=lambda words: print(words, flush=True))
        try:
            played = play.play()
            (out / "summary.json").write_text(
                json.dumps(played.summary, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
            )
            for words in played.wrong:
                print(f"NOT SO: {words}", file=sys.stderr)
            print(f"{'all so' if not played.wrong else 'not all so'}, {played.summary['seconds']} s")
            if not is_fast:
                print("the app stays open; close its window to end")
                qt.exec()
        finally:
            play.close()
    return 1 if played.wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
