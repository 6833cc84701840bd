"""`bnhelper-sync`: send and receive without a screen, and say what waits."""

import argparse
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from bnhelper.actions.unlock_machine import unlock_machine
from bnhelper.catalogue.library import Library
from bnhelper.clock import SystemClock
from bnhelper.domain.sending import LinkState
from bnhelper.errors import KnownTrouble
from bnhelper.paths import Places
from bnhelper.queries.sending_status import sending_status
from bnhelper.vault.keys import KeyFile
from sync.keeper import Keeper
from sync.runner import Runner


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0 when nothing is left waiting, 1 when something is, 2 when the store does not open."""
    parser = argparse.ArgumentParser(prog="bnhelper-sync", description="Send and receive without a screen.")
    parser.add_argument("verb", choices=["run", "status"])
    parser.add_argument("--folder", type=Path, default=Places.of_this_user().root)
    parser.add_argument("--key-file", type=Path, required=True)
    parser.add_argument("--timeout", type=float, default=600.0, help="seconds after which to stop trying")
    said = parser.parse_args(argv)
    try:
        machine = unlock_machine(
            Places(said.folder), KeyFile(said.key_file), library=Library.shipped(), clock=SystemClock()
        )
    except KnownTrouble as trouble:
        print(trouble, file=sys.stderr)
        return 2
    try:
        link = LinkState()
        if said.verb == "run":
            runner = Runner(Keeper(machine))
            ended = threading.Event()
            runner.subscribe(lambda now: ended.set() if now.round else None)
            runner.start()
            ended.wait(said.timeout)
            runner.stop()
            link = runner.snapshot().link
        status = sending_status(machine, link)
        print(f"waiting {status.waiting}, held {status.failed}, proved today {status.done_today}")
        return 1 if status.waiting or status.failed else 0
    finally:
        machine.close()


if __name__ == "__main__":
    raise SystemExit(main())
