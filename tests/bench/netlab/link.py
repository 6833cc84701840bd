"""Two network namespaces joined by an emulated link: rate, delay, loss, a short queue, outages, a NAT that forgets.

    python -m tests.bench.netlab.link '{"id": "a", "rate_bps": 1000000, "rtt_ms": 200, ...}' STATS.json

Kernels without `netem` can do this too: each namespace has a TUN device, and this process carries the packets from
one to the other. Real kernel TCP runs on both ends. Prints READY once packets flow; SIGTERM ends it. Needs root.
The client's namespace is nlc-ID (10.77.0.1), the server's nls-ID (10.77.0.2).
"""

import contextlib
import fcntl
import heapq
import json
import os
import random
import select
import signal
import struct
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

CLIENT: Final = "10.77.0.1"
SERVER: Final = "10.77.0.2"
MTU: Final = 1400
_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
_SYN, _ACK = 0x02, 0x10
_SHORTEST_QUEUE: Final = 32 * MTU


@dataclass(frozen=True, slots=True)
class Link:
    """How a link is, the same both ways. `up_s` and `down_s` make it come and go."""

    id: str = "0"
    rate_bps: float = 1e9
    rtt_ms: float = 0.0
    loss: float = 0.0
    up_s: float = 0.0
    down_s: float = 0.0
    is_nat_forgetful: bool = False  #: flows that were alive before an outage are dead after it
    congestion: str = "cubic"
    seed: int = 11

    @property
    def duty(self) -> float:
        return self.up_s / (self.up_s + self.down_s) if self.down_s else 1.0


@dataclass(slots=True)
class Carried:
    """What was put on one direction of the link, and what became of it; IP bytes."""

    offered: int = 0
    left: int = 0  #: took its time on the link, lost after that or not
    lost: int = 0
    queue_full: int = 0
    outage: int = 0
    forgotten: int = 0


@dataclass(slots=True)
class Direction:
    """One way of the link: packets leave one after the other at its rate and arrive after its delay."""

    link: Link
    die: random.Random
    carried: Carried = field(default_factory=Carried)
    _free_at: float = 0.0
    _last: float = 0.0

    def arrives(self, size: int, now: float, is_up: bool) -> float | None:
        """Return when a packet offered `now` arrives, or None when it does not."""
        self.carried.offered += size
        if not is_up:
            self.carried.outage += size
            return None
        rate = self.link.rate_bps / 8
        waiting = max(0.0, self._free_at - now) * rate
        if waiting + size > max(2 * rate * self.link.rtt_ms / 1000, _SHORTEST_QUEUE):
            self.carried.queue_full += size
            return None
        self._free_at = max(now, self._free_at) + size / rate
        self.carried.left += size
        if self.link.loss and self.die.random() < self.link.loss:
            self.carried.lost += size
            return None
        self._last = max(self._free_at + self.link.rtt_ms / 2000, self._last)
        return self._last


@dataclass(slots=True)
class Nat:
    """The flows a NAT knows by the client's port; after an outage it has forgotten them, until a new SYN."""

    alive: set[int] = field(default_factory=set)
    dead: set[int] = field(default_factory=set)

    def forget(self) -> None:
        self.dead |= self.alive
        self.alive.clear()

    def drops(self, packet: bytes, *, from_client: bool) -> bool:
        if packet[9] != 6:  # not TCP
            return False
        head = (packet[0] & 15) * 4
        source, target = struct.unpack_from("!HH", packet, head)
        port, flags = (source if from_client else target), packet[head + 13]
        if from_client and flags & (_SYN | _ACK) == _SYN:
            self.dead.discard(port)
        if port in self.dead:
            return True
        self.alive.add(port)
        return False


def _run(*command: str, must: bool = True) -> None:
    subprocess.run(command, check=must, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def _tun(name: str) -> int:
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH22s", name.encode(), _IFF_TUN | _IFF_NO_PI, b""))
    return device


def _namespaces(link: Link) -> tuple[int, int]:
    """Make both namespaces with their devices; return the devices, the client's first."""
    allowed = Path("/proc/sys/net/ipv4/tcp_allowed_congestion_control")
    with contextlib.suppress(OSError):  # a namespace may only choose what is allowed; no default is changed
        known = allowed.read_text().split()
        if link.congestion not in known:
            allowed.write_text(" ".join([*known, link.congestion]))
    devices = []
    for side, address in (("c", CLIENT), ("s", SERVER)):
        space, device = f"nl{side}-{link.id}", f"nl{side}{link.id}"[:15]
        _run("ip", "netns", "del", space, must=False)
        _run("ip", "netns", "add", space)
        devices.append(_tun(device))
        _run("ip", "link", "set", device, "netns", space)
        inside = ("ip", "netns", "exec", space)
        _run(*inside, "ip", "addr", "add", f"{address}/24", "dev", device)
        _run(*inside, "ip", "link", "set", device, "mtu", str(MTU), "txqueuelen", "1000", "up")
        _run(*inside, "ip", "link", "set", "lo", "up")
        _run(*inside, "sysctl", "-qw", f"net.ipv4.tcp_congestion_control={link.congestion}")
        _run(*inside, "sysctl", "-qw", "net.ipv4.tcp_no_metrics_save=1")
    return devices[0], devices[1]


def carry(link: Link, stats: Path) -> None:
    """Carry packets until told to stop; keep what was carried in `stats` twice a second."""
    near, far = _namespaces(link)
    die = random.Random(link.seed)
    up, down = Direction(link, die), Direction(link, die)
    nat, stop = Nat(), []
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stop.append(True))
    poll = select.epoll()
    poll.register(near, select.EPOLLIN)
    poll.register(far, select.EPOLLIN)
    flying: list[tuple[float, int, int, bytes]] = []
    number, was_up, began = 0, True, time.monotonic()
    save_at = began

    def save() -> None:
        part = stats.with_suffix(".part")
        part.write_text(json.dumps({"up": asdict(up.carried), "down": asdict(down.carried)}))
        part.replace(stats)

    print("READY", flush=True)
    while not stop:
        now = time.monotonic()
        is_up = not link.down_s or (now - began) % (link.up_s + link.down_s) < link.up_s
        if was_up and not is_up:
            flying.clear()
            if link.is_nat_forgetful:
                nat.forget()
        was_up = is_up
        while flying and flying[0][0] <= now:
            _, _, device, packet = heapq.heappop(flying)
            with contextlib.suppress(OSError):
                os.write(device, packet)
        if now >= save_at:
            save()
            save_at = now + 0.5
        for device, _ in poll.poll(min(0.05, max(0.0, flying[0][0] - now)) if flying else 0.05):
            for _ in range(64):
                try:
                    packet = os.read(device, 65_535)
                except BlockingIOError:
                    break
                if packet[0] >> 4 != 4:
                    continue  # IPv6 neighbours looking around
                way = up if device == near else down
                if link.is_nat_forgetful and nat.drops(packet, from_client=device == near):
                    way.carried.offered += len(packet)
                    way.carried.forgotten += len(packet)
                    continue
                at = way.arrives(len(packet), time.monotonic(), is_up)
                if at is not None:
                    number += 1
                    heapq.heappush(flying, (at, number, far if device == near else near, packet))
    save()
    os.close(near)
    os.close(far)
    for side in "cs":
        _run("ip", "netns", "del", f"nl{side}-{link.id}", must=False)


if __name__ == "__main__":
    carry(Link(**json.loads(sys.argv[1])), Path(sys.argv[2]))
