"""Announces the ward's machine on the LAN by multicast DNS, and finds it; what is found is trusted only when paired."""

import contextlib
import ipaddress
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sync.wire.pairing import SERVICE

if TYPE_CHECKING:
    import zeroconf


def service_name(name: str) -> str:
    """Return what a machine is called on the LAN that people call `name`."""
    return name[:40].replace(".", " ")


def addresses() -> tuple[str, ...]:
    """Return this machine's addresses on its LANs, IPv4 first; loopback is none."""
    import ifaddr

    found = []
    for adapter in ifaddr.get_adapters():
        for one in adapter.ips:
            text = one.ip if isinstance(one.ip, str) else one.ip[0]
            address = ipaddress.ip_address(text)
            if not address.is_loopback and not address.is_link_local:
                found.append((address.version, text))
    return tuple(text for _version, text in sorted(found))[:8] or ("127.0.0.1",)


@contextlib.contextmanager
def announced(
    name: str, hosts: tuple[str, ...], port: int, interfaces: list[str] | None = None
) -> "Iterator[zeroconf.ServiceInfo]":
    """Announce a ward's machine while the block runs; `name` is what people call it."""
    import zeroconf

    said = zeroconf.ServiceInfo(
        SERVICE,
        f"{service_name(name)}.{SERVICE}",
        port=port,
        parsed_addresses=list(hosts),
        server="bnhelper-ward.local.",
    )
    with zeroconf.Zeroconf(interfaces=interfaces or zeroconf.InterfaceChoice.All) as service:
        service.register_service(said)
        try:
            yield said
        finally:
            service.unregister_service(said)


def found(within_s: float = 3.0, interfaces: list[str] | None = None) -> list[tuple[str, str, int]]:
    """Return the ward's machines that announce themselves: name, address, port."""
    import zeroconf

    seen: dict[str, tuple[str, str, int]] = {}

    class Listener(zeroconf.ServiceListener):
        def add_service(self, zc: zeroconf.Zeroconf, type_: str, name: str) -> None:
            said = zc.get_service_info(type_, name, 1000)
            if said is not None and said.port and said.parsed_addresses():
                seen[name] = (name.removesuffix(f".{SERVICE}"), said.parsed_addresses()[0], said.port)

        def update_service(self, zc: zeroconf.Zeroconf, type_: str, name: str) -> None:
            self.add_service(zc, type_, name)

        def remove_service(self, _zc: zeroconf.Zeroconf, _type: str, name: str) -> None:
            seen.pop(name, None)

    with zeroconf.Zeroconf(interfaces=interfaces or zeroconf.InterfaceChoice.All) as service:
        browser = zeroconf.ServiceBrowser(service, SERVICE, Listener())
        time.sleep(within_s)
        browser.cancel()
    return sorted(seen.values())
