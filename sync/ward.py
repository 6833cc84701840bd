"""The ward's machine and the volunteers' beside it: pairing once, handing over, replies on the way back.

A bundle on the ward's machine is not at the province: custody says so, and only a receipt that the province signed
changes that, whichever machine brought it.
"""

import datetime as dt
import secrets
from contextlib import nullcontext
from dataclasses import asdict
from typing import Any, Final

from bnhelper.clock import from_text, to_text
from bnhelper.errors import KnownTrouble
from bnhelper.vault.audit_chain import Deed
from sync.courier import Courier
from sync.courier_keeper import CourierKeeper, NothingToCarry
from sync.engine.carried import BroughtBack
from sync.screen_chain import carried_folder
from sync.transport import announce
from sync.transport.courier import Stick
from sync.transport.lan import LanTransport, OwnCertificate, make_certificate, pair
from sync.transport.ward_server import Paired, WardServer
from sync.wire.pairing import PairingRequest, WardInvitation

_OWN: Final = "lan_password"
_PAIRED: Final = "lan_paired"  #: on the ward's machine: who may bring
_WARD: Final = "lan_ward"  #: on a volunteer's machine: to whom
_CODE: Final = "lan_code"
_CODE_LASTS: Final = dt.timedelta(minutes=15)


class NoWard(KnownTrouble):
    """No ward's machine has been paired with this one."""

    code = "no-ward"


class Ward:
    """Both sides' doings on the LAN, over one courier."""

    def __init__(self, courier: Courier) -> None:
        self._courier = courier
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

    def serve(self, host: str = "0.0.0.0", port: int = 0) -> WardServer:  # noqa: S104 - the LAN is where it serves
        """Return the server, bound but not yet running."""
        return WardServer(
            (host, port),
            own=self.own(),
            name=self._keeper.machine.profile.person,
            folder=carried_folder(self._keeper),
            paired=[Paired(**one) for one in self._keeper.get(_PAIRED) or []],
            redeem=self._redeem,
            keep=self._keep,
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

    def _redeem(self, asked: PairingRequest) -> bool:
        known: dict[str, Any] | None = self._keeper.get(_CODE)
        if known is None or not secrets.compare_digest(known["code"].encode(), asked.code.encode()):
            return False
        self._keeper.put(_CODE, None)
        return self._keeper.machine.clock.now() <= from_text(known["until"])

    def _keep(self, one: Paired) -> None:
        others = [known for known in self._keeper.get(_PAIRED) or [] if known["device"] != one.device]
        self._keeper.put(_PAIRED, [*others, asdict(one)], Deed.LET_IN, machine=one.device)

    # --- the volunteer's side ------------------------------------------------------------------------------

    def pair(self, text: str) -> str:
        """Pair with a ward's machine by its QR code; return its name. Raises PairingFailed, WardSilent."""
        machine = self._keeper.machine
        said, host = pair(text, device=machine.profile.device, name=machine.profile.person, own=self.own())
        kept = {"name": said.name, "host": host, "port": said.port, "certificate_sha256": said.certificate_sha256}
        self._keeper.put(_WARD, kept, Deed.PAIRED_WITH_WARD, certificate_sha256=said.certificate_sha256)
        return said.name

    def to_ward(self) -> BroughtBack:
        """Hand what waits to the ward's machine, and take the replies that it has.

        Raises NoWard, NoCourierKeys, NotLetIn, ProvinceSilent when the ward's machine does not answer.
        """
        known: dict[str, Any] | None = self._keeper.get(_WARD)
        if known is None:
            raise NoWard
        folder = self._keeper.machine.places.root / "to-ward"
        is_new = any(item.exported_at is None for item in self._keeper.to_carry())
        if is_new or not Stick(folder).parts():
            try:
                self._courier.carry_out(folder)
            except NothingToCarry:
                if not Stick(folder).parts():
                    raise
        own = self.own()
        self._courier.hand_over(
            folder,
            through=lambda read_at: LanTransport(
                known["host"],
                known["port"],
                device=self._keeper.machine.profile.device,
                certificate_sha256=known["certificate_sha256"],
                own=own,
                read_at=read_at,
            ),
        )
        self._keeper.on_ward(known["name"])
        return self._courier.bring_back(folder)


def serve_ward(ward: Ward, host: str, port: int, *, is_announced: bool) -> None:
    """Serve until the process is told to stop; print the invitation as the first line."""
    server = ward.serve(host, port)
    found = announce.addresses() if host == "0.0.0.0" else (host,)  # noqa: S104
    print(ward.invitation(found, server.server_address[1]).to_text(), flush=True)
    with announce.announced(server.name, found, server.server_address[1]) if is_announced else nullcontext(), server:
        server.serve_forever(poll_interval=0.2)
