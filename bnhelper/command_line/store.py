"""`bnhelper-store`: check, back up, restore and rescue a machine's data. Prints nothing personal."""

import argparse
import contextlib
import getpass
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from bnhelper.actions.unlock_machine import store_key
from bnhelper.catalogue.library import Library
from bnhelper.clock import SystemClock
from bnhelper.command_line import audit, recovery, support
from bnhelper.command_line.rescue_report import procedure_of, rescue_report
from bnhelper.errors import KnownTrouble
from bnhelper.paths import Places
from bnhelper.store.backup import back_up, settle, unpack
from bnhelper.store.integrity import Integrity, inspect
from bnhelper.store.open_store import StoreLock
from bnhelper.store.photos import sealed_photos
from bnhelper.store.rescue import default_target, rescue
from bnhelper.vault import pin
from bnhelper.vault.disk import told_as_trouble
from bnhelper.vault.keys import (
    KeyFile,
    Passphrase,
    Pin,
    Secret,
    kinds,
    make_key_file,
    unwrap,
    with_another_way,
)

_SENTENCES: Final = {
    "wrong-key": "That opens nothing here. Nothing was changed.",
    "must-wait": "Too many wrong tries: wait {wait_s} seconds.",
    "keys-damaged": "keys.json is missing or cannot be read. Delete nothing.",
    "secret-too-weak": "A PIN has at least 6 digits, a passphrase 4 words, a key file 32 bytes.",
    "no-keyring": "There is no keyring here that answers, and a PIN needs this user's own.",
    "keyring-locked": "The keyring is locked: unlock it, then try again.",
    "keyring-secret-gone": "This keyring does not hold this machine's half of the key. Log in as the same user.",
    "store-in-use": "bnhelper has this store open. Close it first.",
    "store-damaged": "The store is missing, or is no store of bnhelper.",
    "store-from-the-future": "A newer bnhelper wrote this store: use that one.",
    "backup-damaged": "This is no backup, or it is cut off or changed. Take another copy.",
    "target-exists": "There is something at the target already. Nothing is ever overwritten.",
    "disk-full": "The disk is full. Nothing was left behind.",
    "disk-read-only": "The disk or folder takes no writing. Nothing was left behind.",
    "disk-failed": "The disk answers with an error. Check it, then try again.",
    "log-exists": "There is a file of that name already. Nothing is ever overwritten.",
    "not-yours": "Only the keeper of the machine may do this.",
    "nothing-there": "There is no machine, store or backup at that place. Look at the path, or plug the stick in.",
    "no-such-folder": "There is no folder to write it into. Make the folder first, or plug the stick in.",
    "secret-not-given": "Say which key opens it, in a readable file: --pin-file, --passphrase-file or --key-file.",
    **recovery.SENTENCES,
}


class SecretNotGiven(KnownTrouble):
    """Only a key file opens this machine and none was named, or the file with the PIN cannot be read."""

    code = "secret-not-given"


class NothingThere(KnownTrouble):
    """The folder or file that was named does not exist."""

    code = "nothing-there"


class NoSuchFolder(KnownTrouble):
    """The folder that a file was to be written into does not exist."""

    code = "no-such-folder"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0 when everything is whole, 1 when something is not, 2 when nothing could be done."""
    said = _parser().parse_args(argv)
    try:
        if hasattr(said, "run"):
            return int(said.run(said))
        if said.verb == "check":
            return _check(said)
        if said.verb == "rescue":
            return _rescue(said)
        return _backup(said) if said.verb == "backup" else _restore(said)
    except KnownTrouble as trouble:
        print(_SENTENCES.get(trouble.code, str(trouble)).format(**trouble.values), file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    keys = argparse.ArgumentParser(add_help=False)
    keys.add_argument("--pin-file", help="a file whose first line is the PIN; - reads standard input")
    keys.add_argument("--passphrase-file", help="the same for a passphrase")
    keys.add_argument("--key-file", type=Path, help="the key file itself")
    parser = argparse.ArgumentParser(prog="bnhelper-store", description="Check, back up, restore, rescue a machine.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    check = verbs.add_parser("check", parents=[keys], help="read every page and every photo; changes nothing")
    check.add_argument("what", type=Path, nargs="?", help="a machine's folder, its store.db, or a backup")
    backup = verbs.add_parser("backup", parents=[keys], help="write everything, sealed, into one file")
    backup.add_argument("target", type=Path)
    backup.add_argument("--folder", type=Path, help="the machine's folder")
    backup.add_argument("--new-key-file", type=Path, help="make a key file that opens the backup on any machine")
    restore = verbs.add_parser("restore", parents=[keys], help="put a backup into an empty folder")
    restore.add_argument("backup", type=Path)
    restore.add_argument("--folder", type=Path, help="the folder to make; this user's usual one if not given")
    rescue = verbs.add_parser("rescue", parents=[keys], help="save what can be read of a damaged machine")
    rescue.add_argument("--folder", type=Path, help="the damaged machine's folder; it is only read")
    rescue.add_argument("--to", type=Path, help="the folder to make; NAME-rescued beside the old one if not given")
    audit.add_to(verbs, keys, _secret)
    recovery.add_to(verbs, keys, _secret)
    support.add_to(verbs, keys, _secret)
    return parser


def _check(said: argparse.Namespace) -> int:
    what: Path = said.what or Places.of_this_user().root
    if not what.exists() and what.suffix != ".db":
        raise NothingThere
    if what.is_dir():
        return _told(_inspected(said, Places(what), what / "store.db"))
    if what.suffix == ".db":
        root = what.parent if (what.parent / "keys.json").exists() else what.parent.parent
        return _told(_inspected(said, Places(root), what))
    with tempfile.TemporaryDirectory() as folder:  # what is unpacked is as sealed as it was
        places = unpack(what, Path(folder) / "backup")
        key = unwrap(places.keys, _secret(said, places))
        return _told(inspect(places.store, key, sealed_photos(places.photos, key)))


def _inspected(said: argparse.Namespace, places: Places, store: Path) -> Integrity:
    with _held(places):
        key = _key(said, places)
        return inspect(store, key, sealed_photos(places.photos, key))


def _backup(said: argparse.Namespace) -> int:
    places = Places(said.folder) if said.folder else Places.of_this_user()
    for written in (said.target, said.new_key_file):
        if written is not None and not written.absolute().parent.is_dir():
            raise NoSuchFolder
    with _held(places):
        key, keys = _key(said, places), None
        if said.new_key_file is not None:
            if said.new_key_file.exists():
                keys = with_another_way(places.keys, key, KeyFile(said.new_key_file))
            else:
                keys = with_another_way(places.keys, key, make_key_file(said.new_key_file))
        found = back_up(places, key, said.target, keys)
    print(f"{said.target.name}: written, opened again and compared, {said.target.stat().st_size:,} bytes")
    if keys is None and set(kinds(places.keys)) == {"pin"}:
        print("It opens only with this user's keyring. --new-key-file makes a copy that opens anywhere.")
    return _told(found)


def _restore(said: argparse.Namespace) -> int:
    root: Path = said.folder or Places.of_this_user().root
    with told_as_trouble():
        root.parent.mkdir(parents=True, exist_ok=True)
    with told_as_trouble(), tempfile.TemporaryDirectory(dir=root.parent, prefix=".bnhelper-") as folder:
        places = unpack(said.backup, Path(folder) / "machine")
        key = unwrap(places.keys, _secret(said, places))
        found = inspect(places.store, key, sealed_photos(places.photos, key))
        if found.pages:
            return _told(found)
        settle(places.root, root)
    print("restored; everything was opened before it got its place")
    return _told(found)


def _rescue(said: argparse.Namespace) -> int:
    places = Places(said.folder) if said.folder else Places.of_this_user()
    target = Places(said.to or default_target(places))
    with _held(places):
        key = _key(said, places)
        library = Library.of_machine(places.packs)
        made = rescue(places, key, target, clock=SystemClock(), procedure_of=partial(procedure_of, library))
    rescue_report(made, target)
    return 0 if made.is_everything else 1


def _told(found: Integrity) -> int:
    """Print what was found, by counts and random file names."""
    print(f"store {found.version}: {'pages whole' if not found.pages else f'{len(found.pages)} faults'}")
    for words in found.pages[:20]:
        print(f"  {words}")
    print(f"foreign keys: {found.foreign_keys} broken")
    print(f"photos: {found.whole} whole, {len(found.damaged)} damaged, {len(found.missing)} missing")
    for kind, names in (("damaged", found.damaged), ("missing", found.missing), ("without a row", found.orphans)):
        for name in names:
            print(f"  {kind}: {name}")
    return 0 if found.is_whole else 1


@contextlib.contextmanager
def _held(places: Places) -> Iterator[None]:
    """Keep the program out meanwhile, or its half-done work would look like faults. Raises StoreInUse, NothingThere."""
    if not places.root.exists():
        raise NothingThere
    if not places.has_keys:
        kinds(places.keys)  # says that there is no machine, before a lock file is made for it
    lock = StoreLock(places.lock)
    try:
        yield
    finally:
        lock.release()


def _key(said: argparse.Namespace, places: Places) -> bytes:
    key = store_key(places, _secret(said, places), SystemClock())
    pin.right(places.tries)
    return key


def _secret(said: argparse.Namespace, places: Places) -> Secret:
    """Return what opens the machine: from an option, or asked for without showing it."""
    if said.key_file is not None:
        return KeyFile(said.key_file)
    if said.pin_file is not None:
        return Pin(_first_line(said.pin_file))
    if said.passphrase_file is not None:
        return Passphrase(_first_line(said.passphrase_file))
    known = kinds(places.keys)
    if "pin" in known:
        return Pin(getpass.getpass("PIN: "))
    if "passphrase" in known:
        return Passphrase(getpass.getpass("Passphrase: "))
    raise SecretNotGiven


def _first_line(name: str) -> str:
    if name == "-":
        return sys.stdin.readline().strip()
    try:
        lines = Path(name).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as wrong:
        raise SecretNotGiven from wrong
    return lines[0].strip() if lines else ""


if __name__ == "__main__":
    raise SystemExit(main())
