"""Whether this machine is in a network at all, without sending a byte."""

import socket
from urllib.parse import urlsplit


def route_to(url: str) -> str:
    """Return the local address from which `url` would be reached, or an empty text where there is no way.

    A datagram socket that is connected chooses its route and sends nothing. The address changes with the network, so
    a change is a reason to look again at once. Names are not asked for: that would need the network.
    """
    host = urlsplit(url).hostname or ""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    target = host if _is_address(host, family) else "192.0.2.1"  # of TEST-NET-1: only its route is looked up
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.connect((target, 9))
            return str(sock.getsockname()[0])
    except OSError:
        return ""


def _is_address(host: str, family: socket.AddressFamily) -> bool:
    try:
        socket.inet_pton(family, host)
    except OSError:
        return False
    return True
