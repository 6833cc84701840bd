"""`bnhelper-store recovery`: make the ward's recovery key, put it on a machine, open a machine with both officers."""

import argparse
import getpass
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from bnhelper.actions.recover_machine import Recovery, begin_recovery, finish_recovery, set_ward_key
from bnhelper.actions.unlock_machine import unlock_machine
from bnhelper.catalogue.library import Library
from bnhelper.clock import SystemClock
from bnhelper.domain.people import Person
from bnhelper.paths import Places
from bnhelper.store.people import NoSuchPerson
from bnhelper.vault.keys import KeyFile, Passphrase, Pin, Secret, make_key_file
from bnhelper.vault.recovery import RecoveryFileDamaged, make_officer, make_ward, read_ward

SENTENCES: Final = {
    "recovery-file-damaged": "A recovery file or its passphrase file is missing, broken, or of another kind.",
    "officer-passphrase-wrong": "An officer's passphrase is not right. Nothing was changed.",
    "officers-do-not-fit": "It takes the two different officers this machine was set up for.",
    "no-recovery-key": "No ward recovery key was set up on this machine.",
    "recovery-needs-two": "Both officers' files are needed: give --officer twice.",
    "secret-in-use": "Another person of this machine uses that already. Choose another.",
    "no-such-person": "Nobody of that name has a key here.",
}
Ask = Callable[[argparse.Namespace, Places], Secret]


def add_to(verbs: Any, keys: argparse.ArgumentParser, secret: Ask) -> None:
    """Add `recovery` to the command; `secret` finds what opens a machine from the options of `keys`."""
    recovery = verbs.add_parser("recovery", help="the ward's recovery key, which two officers hold together")
    kinds = recovery.add_subparsers(dest="recovery_verb", required=True)
    officer = kinds.add_parser("officer", help="make one officer's key; the private file stays with the officer")
    officer.add_argument("target", type=Path)
    officer.add_argument("--name", required=True, help="the officer's name or post, for the ward's file")
    officer.add_argument("--passphrase-file", help="a file whose first line is the passphrase; asked for if not given")
    officer.set_defaults(run=_officer)
    ward = kinds.add_parser("ward", help="make the ward's public file from both officers' public files")
    ward.add_argument("target", type=Path)
    ward.add_argument("--ward", required=True, help="the commune's or ward's name")
    ward.add_argument("--officer", type=Path, action="append", required=True, help="NAME.pub.json; give it twice")
    ward.set_defaults(run=_ward)
    setting = kinds.add_parser("set", parents=[keys], help="put the ward's public file on a machine")
    setting.add_argument("ward", type=Path)
    setting.add_argument("--folder", type=Path, help="the machine's folder")
    setting.set_defaults(run=lambda said: _set(said, secret))
    opening = kinds.add_parser("open", help="both officers open a machine; its person gets a new secret")
    opening.add_argument("--folder", type=Path, help="the machine's folder")
    opening.add_argument("--officer", type=Path, action="append", required=True, help="the private file; give it twice")
    opening.add_argument("--passphrase-file", action="append", default=[], help="one for each officer, in order")
    opening.add_argument("--person", help="whose secret to make anew: the name, if there are several")
    opening.add_argument("--new-key-file", type=Path, help="make or take this key file instead of a PIN or passphrase")
    opening.add_argument("--new-passphrase-file", help="a file whose first line is the new passphrase")
    opening.add_argument("--new-pin-file", help="a file whose first line is the new PIN")
    opening.set_defaults(run=_open)


def _officer(said: argparse.Namespace) -> int:
    if said.target.exists():
        print("There is a file of that name already. Nothing is ever overwritten.", file=sys.stderr)
        return 2
    words = _line(said.passphrase_file) if said.passphrase_file else _asked_twice("Passphrase of at least 4 words: ")
    public = make_officer(said.target, said.name, Passphrase(words))
    print(f"{said.target.name}: the private half; it stays with the officer, apart from the machines")
    print(f"{public.name}: the public half, for the ward's file")
    return 0


def _ward(said: argparse.Namespace) -> int:
    if len(said.officer) != 2:
        print("A ward's key takes two officers: give --officer twice.", file=sys.stderr)
        return 2
    if said.target.exists():
        print("There is a file of that name already. Nothing is ever overwritten.", file=sys.stderr)
        return 2
    made = make_ward(said.target, said.ward, said.officer[0], said.officer[1])
    print(f"{said.target.name}: {made.ward}, {' and '.join(one.name for one in made.officers)}")
    print(f"Write this down and compare it at every machine: {in_groups(made.fingerprint)}")
    return 0


def _set(said: argparse.Namespace, secret: Ask) -> int:
    print(f"Fingerprint of this file: {in_groups(read_ward(said.ward).fingerprint)}")
    places = Places(said.folder) if said.folder else Places.of_this_user()
    machine = unlock_machine(
        places, secret(said, places), library=Library.of_machine(places.packs), clock=SystemClock()
    )
    try:
        made = set_ward_key(machine, said.ward)
    finally:
        machine.close()
    print(f"{made.ward}: these two officers together can open this machine from now on")
    return 0


def _open(said: argparse.Namespace) -> int:
    places = Places(said.folder) if said.folder else Places.of_this_user()
    words = [_line(name) for name in said.passphrase_file]
    left = range(len(words), len(said.officer))
    words += [getpass.getpass(f"Passphrase of officer {number + 1}: ") for number in left]
    officers = [(path, Passphrase(one)) for path, one in zip(said.officer, words, strict=False)]
    found = begin_recovery(places, officers, SystemClock())
    who = _whose(found, said.person)
    machine = finish_recovery(
        places,
        found,
        who.id,
        _new_secret(said),
        library=Library.of_machine(places.packs),
        clock=SystemClock(),
    )
    machine.close()
    print("The new secret opens this machine; the old one does not. The log names both officers' keys.")
    return 0


def _whose(found: Recovery, name: str | None) -> Person:
    fitting = [one for one in found.people if name is None or one.name == name]
    if len(fitting) != 1:
        print("Say whose with --person: " + ", ".join(one.name for one in found.people), file=sys.stderr)
        raise NoSuchPerson
    return fitting[0]


def _new_secret(said: argparse.Namespace) -> Secret:
    if said.new_key_file is not None:
        return KeyFile(said.new_key_file) if said.new_key_file.exists() else make_key_file(said.new_key_file)
    if said.new_passphrase_file is not None:
        return Passphrase(_line(said.new_passphrase_file))
    if said.new_pin_file is not None:
        return Pin(_line(said.new_pin_file))
    words = _asked_twice("New PIN (6 digits) or passphrase (4 words): ")
    return Pin(words) if words.isdigit() else Passphrase(words)


def in_groups(fingerprint: str) -> str:
    """Return the first 32 digits of a fingerprint in fours, as people read them to each other."""
    return " ".join(fingerprint[place : place + 4] for place in range(0, 32, 4))


def _asked_twice(words: str) -> str:
    while True:
        first = getpass.getpass(words)
        if first == getpass.getpass("The same once more: "):
            return first
        print("The two entries differ.", file=sys.stderr)


def _line(name: str) -> str:
    try:
        lines = sys.stdin.readline() if name == "-" else Path(name).read_text(encoding="utf-8")
    except (OSError, ValueError) as wrong:
        raise RecoveryFileDamaged from wrong
    return next(iter(lines.splitlines()), "").strip()
