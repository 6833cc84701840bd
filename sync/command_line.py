"""`bnhelper-sync`: send and receive without a screen, by line or by stick, and say what waits."""

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
from sync.courier import Courier
from sync.courier_keeper import CourierKeeper
from sync.keeper import Keeper
from sync.runner import Runner
from sync.session import Session
from sync.sign_in import SignIn
from sync.transport.identity_provider import DeviceCode
from sync.ward import Ward, serve_ward
from sync.wire.courier import LEAST_PART_BYTES, MAX_BUNDLE_BYTES, PART_BYTES

_BY_HAND = ("pack", "import", "unpack", "pair")
_ON_LAN = ("ward", "pair", "to-ward")
_SIGN_IN = ("sign-in", "sign-out")
_VERBS = (
    "run, status; pack a stick, import a stick to the province, unpack the receipts that came back; "
    "ward: take bundles from machines beside this one, pair with it, to-ward: hand over to it; "
    "sign-in with a code that is typed in on another device, sign-out"
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0 when nothing is left waiting, 1 when something is, 2 when the store does not open."""
    parser = argparse.ArgumentParser(prog="bnhelper-sync", description="Send and receive without a screen.")
    parser.add_argument(
        "verb",
        choices=["run", "status", "pack", "import", "unpack", "ward", "pair", "to-ward", "sign-in", "sign-out"],
        help=_VERBS,
    )
    parser.add_argument(
        "what",
        nargs="?",
        help="the stick's folder; for pair the text of the QR code; for sign-in the province's address, the first time",
    )
    parser.add_argument("--host", default="0.0.0.0", help="ward: the address it serves at")  # noqa: S104
    parser.add_argument("--port", type=int, default=8760, help="ward: 0 takes a free one")
    parser.add_argument("--no-mdns", action="store_true", help="ward: do not announce itself on the LAN")
    parser.add_argument("--part-mib", type=int, default=PART_BYTES // 2**20, help="pack: largest size of a file")
    parser.add_argument("--folder", type=Path, default=Places.of_this_user().root)
    parser.add_argument("--key-file", type=Path, required=True)
    parser.add_argument("--timeout", type=float, default=600.0, help="seconds after which to stop trying")
    said = parser.parse_args(argv)
    if said.verb != "sign-in" and (said.what is None) == (said.verb in _BY_HAND):
        parser.error("pack, import and unpack need the stick's folder, pair the code's text, the others nothing")
    if not LEAST_PART_BYTES <= said.part_mib * 2**20 <= MAX_BUNDLE_BYTES:
        parser.error(f"--part-mib: from {-(-LEAST_PART_BYTES // 2**20)} to {MAX_BUNDLE_BYTES // 2**20}")
    try:
        machine = unlock_machine(
            Places(said.folder), KeyFile(said.key_file), library=Library.shipped(), clock=SystemClock()
        )
    except KnownTrouble as trouble:
        print(trouble, file=sys.stderr)
        return 2
    try:
        if said.verb in _SIGN_IN:
            return _who(Keeper(machine), said.verb, said.what or "")
        if said.verb in _ON_LAN:
            return _on_lan(Ward(Courier(CourierKeeper(machine))), said)
        if said.verb in _BY_HAND:
            return _by_hand(Courier(CourierKeeper(machine)), said.verb, Path(said.what), said.part_mib * 2**20)
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


def _who(keeper: Keeper, verb: str, address: str) -> int:
    """Sign a person in or out; a machine without a screen has no browser, so the code is typed in elsewhere."""
    session = Session(keeper)
    try:
        if verb == "sign-in":
            SignIn(keeper, session, address).with_code(_show_code)
            state = session.state()
            print(f"signed in: {state.name if state is not None else ''}")
        elif keeper.province is not None and keeper.province.sign_in is not None:
            session.end(keeper.province.sign_in)
            print("signed out")
        else:
            print("nobody signs in here")
    except KnownTrouble as trouble:
        print(trouble, file=sys.stderr)
        return 2
    return 0


def _show_code(code: DeviceCode) -> None:
    print(f"open {code.url} on another device and type in {code.user_code}", flush=True)
    if code.whole_url != code.url:
        print(f"or open {code.whole_url}", flush=True)


def _on_lan(ward: Ward, said: argparse.Namespace) -> int:
    """Serve the volunteers' machines until told to stop, pair with a ward's machine, or hand over to it."""
    try:
        if said.verb == "ward":
            serve_ward(ward, said.host, said.port, is_announced=not said.no_mdns)
        elif said.verb == "pair":
            print(f"paired with {ward.pair(said.what)}")
        else:
            back = ward.to_ward()
            print(f"on the ward's machine; proved {back.proved}, held {back.held}, waiting {back.waiting}")
            if back.left is not None:
                print(back.left, file=sys.stderr)
                return 1
    except KnownTrouble as trouble:
        print(trouble, file=sys.stderr)
        return 2
    return 0


def _by_hand(courier: Courier, verb: str, stick: Path, part_bytes: int) -> int:
    """Do one of the courier's works; 0 when all went well, 1 when something is left, 2 when it could not begin."""
    try:
        words, is_whole = _courier_work(courier, verb, stick, part_bytes)
    except KnownTrouble as trouble:
        print(trouble, file=sys.stderr)
        return 2
    print(words)
    return 0 if is_whole else 1


def _courier_work(courier: Courier, verb: str, stick: Path, part_bytes: int) -> tuple[str, bool]:
    if verb == "pack":
        carried = courier.carry_out(stick, part_bytes=part_bytes)
        return f"sealed {carried.dossiers} dossiers, {carried.files} files, {carried.parts} parts: not sent yet", True
    if verb == "import":
        over = courier.hand_over(stick)
        refused = "".join(f", {count} parts {code}" for code, count in sorted(over.codes.items()))
        refused += f", {len(over.left)} parts left" if over.left else ""
        words = f"parts {over.parts}, proved {over.proved}, waiting {over.waiting}, refused {over.refused}{refused}"
        return words, not (over.waiting or over.refused or over.codes or over.missing_parts or over.left)
    back = courier.bring_back(stick)
    words = f"proved {back.proved}, held {back.held}, waiting {back.waiting}, for others {back.others}"
    return words, not (back.held or back.waiting)


if __name__ == "__main__":
    raise SystemExit(main())
