"""The ward's machine and the volunteers' beside it: pairing once, handing over, replies on the way back.

A bundle on the ward's machine is not at the province: custody says so, and only a receipt that the province signed
changes that, whichever machine brought it.
"""

import datetime as dt
import logging
import secrets
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from bnhelper.clock import from_text, to_text
from bnhelper.errors import KnownTrouble
from bnhelper.vault.audit_chain import Deed
from sync.courier import Courier
from sync.courier_keeper import CourierKeeper, NothingToCarry
from sync.delivery import run
from sync.engine.carried import BroughtBack, HandedOver
from sync.engine.put_bundle import forget_bundle
from sync.engine.verdicts import LINE_LOST, Stop, Why
from sync.screen_chain import carried_folder
from sync.transport import announce
from sync.transport.courier import FOLDER, CarriedPart, Stick, file_sha256
from sync.transport.https import ReadAt
from sync.transport.lan import (
    BundleRefused,
    LanTransport,
    NotPaired,
    OwnCertificate,
    WardFull,
    WardRefused,
    WardSilent,
    make_certificate,
    pair,
)
from sync.transport.ward_server import Paired, WardServer, arriving
from sync.wire.courier import BundleStatus
from sync.wire.pairing import PairingRequest, WardInvitation
from sync.wire.problems import ProblemCode

_log = logging.getLogger(__name__)
_OWN: Final = "lan_password"
_PAIRED: Final = "lan_paired"  #: on the ward's machine: who may bring
_WARD: Final = "lan_ward"  #: on a volunteer's machine: to whom
_CODE: Final = "lan_code"
_LYING: Final = "lan_lying"  #: on a volunteer's machine: part in the folder for the ward -> outbox ids it carries
_OVER: Final = "lan_over"  #: on a volunteer's machine: bundles that the ward's machine need not keep any longer
_CODE_LASTS: Final = dt.timedelta(minutes=15)
_ARRIVES_WITHIN: Final = dt.timedelta(days=7)  #: half a bundle is kept so long, as the province keeps half an upload
#: A reply that nobody fetched is kept so long. Its machine may have heard from the province itself; else it brings its
#: bundle again, and the province answers again.
REPLY_KEPT: Final = dt.timedelta(days=90)
_PUT_AWAY: Final = "lan_put_away"  #: on the ward's machine: how many replies nobody fetched, and when they went
_SAID_FOR: Final = dt.timedelta(days=30)
_MOST_OVER: Final = 500
_TRIED: Final = "lan_refused_tried"  #: on the ward's machine: when what the province refused was tried again
_TRIES_EVERY: Final = dt.timedelta(days=1)
#: as a ward's machine says it now, and as one of an earlier version does
_NO_ROOM: Final = frozenset({ProblemCode.STORAGE_FULL.value, "status-507"})


class NoWard(KnownTrouble):
    """No ward's machine has been paired with this one."""

    code = "no-ward"


class Ward:
    """Both sides' doings on the LAN, over one courier."""

    def __init__(
        self, courier: Courier, *, look_around: Callable[[], list[tuple[str, str, int]]] = announce.found
    ) -> None:
        """`look_around` finds the machines that announce themselves: name, address, port."""
        self._courier = courier
        self._look_around = look_around
        self._keeper: CourierKeeper = courier.keeper

    def own(self) -> OwnCertificate:
        """Return this machine's certificate, made once; its key lies sealed, the password in the store."""
        path = self._keeper.machine.places.root / "lan" / "own.pem"
        known = self._keeper.get(_OWN)
        if known is not None and path.is_file():
            return OwnCertificate(path, known)
        made = make_certificate(path, self._keeper.machine.clock.now())
        self._keeper.put(_OWN, made.password)
        return made

    # --- the ward's side -----------------------------------------------------------------------------------

    @property
    def carried(self) -> Path:
        """Where bundles lie until the province has them, and the replies to them."""
        return carried_folder(self._keeper)

    def neighbours(self) -> tuple[str, ...]:
        """Return the names of the machines that may bring bundles."""
        return tuple(one["name"] for one in self._keeper.get(_PAIRED) or [])

    def relay(self) -> HandedOver:
        """Bring to the province what lies here, and keep its replies; raises as `Courier.hand_over`, but no NoBundles.

        A bundle of which the province lacks nothing and refused nothing is taken away at once; its reply stays until
        the machine that brought it has read it.
        """
        self.prune()
        stick = Stick(self.carried)

        def answered(part: CarriedPart, status: BundleStatus) -> None:
            if not status.waiting and not status.refused:
                stick.clear_part(part.path.name)

        self._try_refused_again(stick)
        if not stick.parts():
            return HandedOver(0, 0, 0, 0)
        over = self._courier.hand_over(self.carried, answered=answered)
        for name, code in over.refused_parts.items():
            stick.refuse(name, code)
        return over

    def _try_refused_again(self, stick: Stick) -> None:
        """Once a day: the machine that sealed it may be let in by now."""
        now, tried = self._keeper.machine.clock.now(), self._keeper.get(_TRIED)
        if tried is None or abs(now - from_text(tried)) > _TRIES_EVERY:
            self._keeper.put(_TRIED, to_text(now))
            stick.try_refused_again()

    def prune(self) -> None:
        """Take away halves of bundles that nobody went on with for a week, and replies that nobody fetched for 90 days.

        Raises StickGone.
        """
        gone = Stick(self.carried).forget_replies(time.time() - REPLY_KEPT.total_seconds())
        if gone:
            now = to_text(self._keeper.machine.clock.now())
            self._keeper.put(_PUT_AWAY, {"count": self.put_away() + gone, "at": now})
        before = time.time() - _ARRIVES_WITHIN.total_seconds()
        for half in arriving(self.carried).glob("*"):
            with suppress(OSError):
                if half.stat().st_mtime < before:
                    half.unlink()

    def put_away(self) -> int:
        """Return how many replies were taken away lately since nobody fetched them; a screen says so for a month."""
        known: dict[str, Any] | None = self._keeper.get(_PUT_AWAY)
        if known is None or self._keeper.machine.clock.now() - from_text(known["at"]) > _SAID_FOR:
            return 0
        return int(known["count"])

    def serve(self, host: str = "0.0.0.0", port: int = 0) -> WardServer:  # noqa: S104 - the LAN is where it serves
        """Return the server, bound but not yet running."""
        self.prune()
        return WardServer(
            (host, port),
            own=self.own(),
            name=self._keeper.machine.profile.person,
            folder=carried_folder(self._keeper),
            paired=[Paired(**one) for one in self._keeper.get(_PAIRED) or []],
            redeem=self.redeem,
            keep=self.keep,
        )

    def invitation(self, hosts: tuple[str, ...], port: int) -> WardInvitation:
        """Return what the QR code says; a new one makes the last one void."""
        code = secrets.token_urlsafe(24)
        until = self._keeper.machine.clock.now() + _CODE_LASTS
        self._keeper.put(_CODE, {"code": code, "until": to_text(until)})
        return WardInvitation(
            name=self._keeper.machine.profile.person,
            hosts=hosts,
            port=port,
            certificate_sha256=self.own().sha256,
            code=code,
        )

    def redeem(self, asked: PairingRequest) -> bool:
        """Tell whether a code is good, and spend it."""
        known: dict[str, Any] | None = self._keeper.get(_CODE)
        if known is None or not secrets.compare_digest(known["code"].encode(), asked.code.encode()):
            return False
        self._keeper.put(_CODE, None)
        return self._keeper.machine.clock.now() <= from_text(known["until"])

    def keep(self, one: Paired) -> None:
        """Remember a machine that may bring bundles."""
        others = [known for known in self._keeper.get(_PAIRED) or [] if known["device"] != one.device]
        self._keeper.put(_PAIRED, [*others, asdict(one)], Deed.LET_IN, machine=one.device)

    # --- the volunteer's side ------------------------------------------------------------------------------

    def ward_name(self) -> str:
        """Return the name of the ward's machine this one is paired with, or an empty text."""
        known: dict[str, Any] | None = self._keeper.get(_WARD)
        return str(known["name"]) if known is not None else ""

    def forget_ward(self) -> None:
        """Go to that ward's machine no more."""
        self._keeper.put(_WARD, None)

    def pair(self, text: str) -> str:
        """Pair with a ward's machine by its QR code; return its name. Raises PairingFailed, WardSilent."""
        machine = self._keeper.machine
        said, host = pair(text, device=machine.profile.device, name=machine.profile.person, own=self.own())
        kept = {"name": said.name, "host": host, "port": said.port, "certificate_sha256": said.certificate_sha256}
        self._keeper.put(_WARD, kept, Deed.PAIRED_WITH_WARD, certificate_sha256=said.certificate_sha256)
        return said.name

    def to_ward(self) -> BroughtBack:
        """Hand what waits to the ward's machine, and take the replies that it has.

        What it does not take now stays here and goes the next time; `left` says why. Raises NoWard, NoCourierKeys,
        NothingToCarry, NotLetIn, CopyStopped, WardSilent where it is nowhere to be found, NotPaired, WardRefused.
        """
        known: dict[str, Any] | None = self._keeper.get(_WARD)
        if known is None:
            raise NoWard
        folder = self._keeper.machine.places.root / "to-ward"
        lying = self._lay(folder)
        try:
            handed = self._hand(folder, known)
        except WardSilent:
            handed = self._hand(folder, self._found_again(known))
        not_taken = {*handed.left, *handed.refused_parts}
        taken = {one for name, ids in lying.items() if name not in not_taken for one in ids}
        self._keeper.on_ward(known["name"], taken)
        for name in handed.refused_parts:  # what is in it is sealed anew, or goes by the line
            self._is_over(folder / FOLDER / "out" / name)
            Stick(folder).clear(name)
        back = self._courier.bring_back(folder, over=self._is_over)
        self._tell_over()
        return replace(back, left=_why_left(handed))

    def _lay(self, folder: Path) -> dict[str, list[int]]:
        """Seal what is not in the folder yet; return the outbox ids in each part there. Raises NothingToCarry.

        The folder is this machine's own: what lies in it is on no stick, and at nobody's yet.
        """
        there = {part.path.name for part in Stick(folder).parts()}
        lying: dict[str, list[int]] = {
            name: ids for name, ids in (self._keeper.get(_LYING) or {}).items() if name in there
        }

        def lies(series: dict[str, list[int]]) -> None:
            lying.update(series)
            self._keeper.put(_LYING, lying)

        try:
            self._courier.carry_out(folder, without={one for ids in lying.values() for one in ids}, lies=lies)
        except NothingToCarry:
            if not lying:
                raise
        return lying

    def _hand(self, folder: Path, known: dict[str, Any]) -> HandedOver:
        return self._courier.hand_over(
            folder, through=lambda read_at: self._transport(known, read_at), trouble=_of_ward
        )

    def _transport(self, known: dict[str, Any], read_at: ReadAt | None = None) -> LanTransport:
        return LanTransport(
            known["host"],
            known["port"],
            device=self._keeper.machine.profile.device,
            certificate_sha256=known["certificate_sha256"],
            own=self.own(),
            read_at=read_at,
        )

    def _is_over(self, part: Path) -> None:
        """Write down that a bundle need not be kept any longer, before its name is lost with it."""
        if part.is_file():
            self._keeper.put(_OVER, [*(self._keeper.get(_OVER) or []), file_sha256(part)][-_MOST_OVER:])

    def _tell_over(self) -> None:
        """Let the ward's machine forget what is proved; what it could not be told is told the next time."""
        over = self._keeper.get(_OVER) or []
        if not over:
            return
        transport = self._transport(self._keeper.get(_WARD))
        left = list(over)
        try:
            for sha256 in over:
                if run(transport, forget_bundle(sha256)):
                    left.remove(sha256)
        except Stop as stop:
            _log.info("the ward's machine was not told what is over: %s", stop.code)
        finally:
            transport.close()
            self._keeper.put(_OVER, left or None)

    def _found_again(self, known: dict[str, Any]) -> dict[str, Any]:
        """Return where the ward's machine is now: addresses change, its name and certificate do not.

        Raises WardSilent when it does not announce itself. Whoever else answers there is refused by the pin.
        """
        for name, host, port in self._look_around():
            if name == announce.service_name(known["name"]) and (host, port) != (known["host"], known["port"]):
                moved = {**known, "host": host, "port": port}
                self._keeper.put(_WARD, moved)
                return moved
        raise WardSilent


def _of_ward(stop: Stop) -> KnownTrouble:
    if stop.why in LINE_LOST:
        return WardSilent()
    return NotPaired() if stop.why is Why.LOGIN else WardRefused(reason=stop.code)


def _why_left(handed: HandedOver) -> KnownTrouble | None:
    if handed.refused_parts:
        return BundleRefused(reason=next(iter(handed.refused_parts.values())))
    reasons = list(handed.left.values())
    if any(one in _NO_ROOM for one in reasons):
        return WardFull()
    return WardRefused(reason=reasons[0]) if reasons else None


def serve_ward(ward: Ward, host: str, port: int, *, is_announced: bool) -> None:
    """Serve until the process is told to stop; print the invitation as the first line."""
    server = ward.serve(host, port)
    found = announce.addresses() if host == "0.0.0.0" else (host,)  # noqa: S104
    print(ward.invitation(found, server.server_address[1]).to_text(), flush=True)
    with announce.announced(server.name, found, server.server_address[1]) if is_announced else nullcontext(), server:
        server.serve_forever(poll_interval=0.2)
