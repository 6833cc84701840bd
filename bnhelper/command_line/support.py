"""`bnhelper-store support-bundle`: a file for the help desk, also of a machine that does not open any more."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bnhelper.actions.support_bundle import make_support_bundle
from bnhelper.actions.unlock_machine import unlock_machine
from bnhelper.catalogue.library import Library
from bnhelper.clock import SystemClock
from bnhelper.paths import Places
from bnhelper.vault.keys import Secret


def add_to(verbs: Any, keys: argparse.ArgumentParser, secret: Callable[[argparse.Namespace, Places], Secret]) -> None:
    """Add `support-bundle`; with a key it also counts what is inside, without one it looks from outside."""
    bundle = verbs.add_parser("support-bundle", parents=[keys], help="versions, counts and safe logs in one file")
    bundle.add_argument("target", type=Path)
    bundle.add_argument("--folder", type=Path, help="the machine's folder")
    bundle.set_defaults(run=lambda said: _make(said, secret))


def _make(said: argparse.Namespace, secret: Callable[[argparse.Namespace, Places], Secret]) -> int:
    places, clock = Places(said.folder) if said.folder else Places.of_this_user(), SystemClock()
    machine = None
    if any((said.key_file, said.pin_file, said.passphrase_file)):
        library = Library.of_machine(places.packs)
        machine = unlock_machine(places, secret(said, places), library=library, clock=clock)
    try:
        made = make_support_bundle(said.target, places, clock, machine)
    finally:
        if machine is not None:
            machine.close()
    for name, size in made.entries:
        print(f"{size:>10,}  {name}")
    print(f"{made.path.name}: written. Open it and look before you send it on.")
    return 0
