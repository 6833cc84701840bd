"""`bnhelper-store audit`: export a machine's log; verify one with nothing but the file and the device's public key."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from bnhelper.actions.export_log import export_log, key_beside
from bnhelper.actions.unlock_machine import unlock_machine
from bnhelper.catalogue.library import Library
from bnhelper.clock import SystemClock
from bnhelper.paths import Places
from bnhelper.vault.audit_chain import Broken, Verified, verify
from bnhelper.vault.keys import Secret
from bnhelper.vault.signatures import thumbprint

_WRONG: Final = {
    "unreadable": "the line is no link, or not written the one way a link is written",
    "signature": "its signature does not hold: it was changed, or another device wrote it",
    "order": "a link was taken out, put in, or moved here",
    "changed": "it does not follow the link before it",
    "cut": "the end does not fit: links were taken off",
    "after-the-end": "something was added after the end",
    "no-end": "the log stops without its end: it was cut off",
}


def add_to(verbs: Any, keys: argparse.ArgumentParser, secret: Callable[[argparse.Namespace, Places], Secret]) -> None:
    """Add `audit` to the command; `secret` finds what opens a machine from the options of `keys`."""
    audit = verbs.add_parser("audit", help="the hash-chained log of who did what when")
    kinds = audit.add_subparsers(dest="audit_verb", required=True)
    export = kinds.add_parser("export", parents=[keys], help="write the log and the device's public key beside it")
    export.add_argument("target", type=Path)
    export.add_argument("--folder", type=Path, help="the machine's folder")
    export.set_defaults(run=lambda said: _export(said, secret))
    check = kinds.add_parser("verify", help="check an exported log; needs no machine and no secret")
    check.add_argument("file", type=Path)
    check.add_argument("--key", type=Path, help="the device's public key; NAME.key.json beside the log if not given")
    check.add_argument("--earlier", type=Path, help="an earlier export of the same machine, which this must continue")
    check.add_argument("--json", action="store_true", help="print one object instead of sentences")
    check.set_defaults(run=_verify)


def _export(said: argparse.Namespace, secret: Callable[[argparse.Namespace, Places], Secret]) -> int:
    places = Places(said.folder) if said.folder else Places.of_this_user()
    machine = unlock_machine(
        places, secret(said, places), library=Library.of_machine(places.packs), clock=SystemClock()
    )
    try:
        done = export_log(machine, said.target)
    finally:
        machine.close()
    print(f"{done.log.name}: {done.links} links, the last {done.head}")
    print(f"{done.key.name}: the device's public key, {machine.signing.kid}")
    return 0


def _verify(said: argparse.Namespace) -> int:
    key_path = said.key or key_beside(said.file)
    try:
        key = json.loads(key_path.read_text(encoding="utf-8"))
        kid = thumbprint(key)
    except (OSError, ValueError) as wrong:
        print(f"The device's public key cannot be read: {key_path.name} ({type(wrong).__name__})", file=sys.stderr)
        return 2
    found = _read(said.file, key)
    earlier = _read(said.earlier, key) if said.earlier else None
    if found is None or (said.earlier and earlier is None):
        print("The log cannot be read.", file=sys.stderr)
        return 2
    continues = earlier is None or (earlier.broken is None and found.hashes[: earlier.links] == earlier.hashes)
    if said.json:
        print(json.dumps(_as_json(found, kid, continues=continues)))
    else:
        _tell(found, kid, continues=continues)
    return 0 if found.broken is None and continues else 1


def _read(path: Path, key: dict[str, Any]) -> Verified | None:
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            return verify(lines, key)
    except (OSError, ValueError):
        return None


def _tell(found: Verified, kid: str, *, continues: bool) -> None:
    print(f"device key: {kid}")
    print("Compare this with what the province or the ward wrote down when the machine was set up.")
    if found.links:
        print(f"links 1 to {found.links} hold, {found.first_at} to {found.last_at}, device {found.device}")
    if found.broken is not None:
        print(f"FIRST BROKEN LINK: {found.broken.seq} (line {found.broken.line}): {_WRONG[found.broken.what]}")
    elif not continues:
        print("This log does not continue the earlier one: what the earlier one holds was changed since.")
    else:
        print(f"The log is whole. Its last link: {found.head}")


def _as_json(found: Verified, kid: str, *, continues: bool) -> dict[str, Any]:
    broken: Broken | None = found.broken
    return {
        "key": kid,
        "device": found.device,
        "links": found.links,
        "head": found.head,
        "first_at": found.first_at,
        "last_at": found.last_at,
        "continues": continues,
        "broken": None if broken is None else {"seq": broken.seq, "line": broken.line, "what": broken.what},
    }
