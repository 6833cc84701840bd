"""`bn.py bench net`: our client and server beside curl, multipart, tuspy and tus-js-client over bad networks.

    bn.py bench net [--quick] [--json] [--profiles 3G,drops] [--clients bnhelper,curl] [--jobs 8]

A row per client and profile, `what` = CLIENT:PROFILE, `value` the goodput as a share of the link. Every client runs
in a process of its own over plain HTTP with a static token, and what it believes is compared with the SHA-256 of what
is really at the far end. Without root and a TUN device only the profiles of the fault proxy run.
"""

import argparse
import itertools
import json
import platform
import queue
import sys
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from tests import peers
from tests.bench.netlab.faults import Fault
from tests.bench.netlab.link import Link
from tests.bench.netlab.runs import CLIENTS, Profile, Ran, Run, Workload, has_link, missing, workloads

_2G = Link(rate_bps=50e3, rtt_ms=600)
_3G = Link(rate_bps=1e6, rtt_ms=200, loss=0.01)
_4G = Link(rate_bps=20e6, rtt_ms=60)
_DROPS = Link(rate_bps=1e6, rtt_ms=200, up_s=20, down_s=15)
_MB = 1_000_000

#: The profiles: 20 dossiers of three photos, six where the line comes and goes, one on 2G.
PROFILES: Final = {
    one.name: one
    for one in (
        Profile("2G", _2G, 1, 1, _MB, 420),
        Profile("2G-small", _2G, 1, 3, 100_000, 240),
        Profile("3G", _3G, 20, 3, _MB, 1100),
        Profile("4G", _4G, 20, 3, _MB, 180),
        Profile("drops", _DROPS, 6, 3, _MB, 800),
        Profile("drops-nat", replace(_DROPS, is_nat_forgetful=True), 6, 3, _MB, 800),
        Profile("drops-4G", replace(_4G, up_s=20, down_s=15), 20, 3, _MB, 240),
        Profile("portal", _4G, 20, 3, _MB, 150, Fault("portal", for_s=20)),
        Profile("503", _4G, 20, 3, _MB, 150, Fault("busy", for_s=20)),
        Profile("reset", _4G, 20, 3, _MB, 300, Fault("reset", mean_bytes=2e6)),
        Profile("truncate", _4G, 20, 3, _MB, 300, Fault("truncate", for_s=10)),
    )
}


@dataclass(frozen=True, slots=True)
class Target:
    """What ours must reach: a share of the link, or seconds."""

    goodput: float | None = None
    seconds: float | None = None


_TARGETS: Final = {
    "2G": Target(seconds=175),
    "3G": Target(goodput=0.94),
    "4G": Target(goodput=0.92),
    "drops": Target(seconds=320),
    "drops-nat": Target(seconds=340),
    "reset": Target(seconds=35),
    "portal": Target(seconds=50),
    "503": Target(seconds=50),
}
MOST_OVERHEAD: Final = 0.16


def quick(profile: Profile) -> Profile:
    """Return the profile with little to send and shorter faults: it shows that all holds, not how fast."""
    link, fault = profile.link, profile.fault
    limit_s = 90.0
    if link.down_s:
        # A dead flow is noticed after eight seconds and more: a cycle that is shorter spends every other one on that,
        # and with a NAT that forgets there are some ten of them even where nothing else runs.
        link, limit_s = replace(link, up_s=4.0, down_s=5.0), 180.0
    if fault.for_s:
        fault = replace(fault, for_s=3.0, retry_after=2)
    fault = replace(fault, mean_bytes=300_000)
    dossiers, photos, size = (1, 1, 30_000) if profile.name.startswith("2G") else (2, 2, 150_000)
    return replace(profile, link=link, fault=fault, dossiers=dossiers, photos=photos, photo_bytes=size, limit_s=limit_s)


def measure(
    profiles: Sequence[Profile], clients: Sequence[str], jobs: int, *, is_linked: bool
) -> tuple[list[Ran], dict[str, str]]:
    """Run every client over every profile; return what came out and what was skipped, with the reason.

    Slow links leave the machine idle, so they run side by side; fast ones run alone.
    """
    skipped = {client: why for client in clients if (why := missing(client))}
    numbers = itertools.count()
    found: list[Ran] = []
    with workloads() as files:
        pairs = [(profile, client) for profile in profiles for client in clients if client not in skipped]
        for one in {(p.dossiers, p.photos, p.photo_bytes): p for p, _ in pairs}.values():
            files.of(one)
        fast = [pair for pair in pairs if pair[0].link.rate_bps > 5e6]
        slow = [pair for pair in pairs if pair[0].link.rate_bps <= 5e6]
        for group, width in ((fast, 1), (slow, jobs)):
            found += _side_by_side(group, files, numbers, width, is_linked=is_linked)
    return found, skipped


def _side_by_side(
    pairs: Iterable[tuple[Profile, str]],
    files: Workload,
    numbers: "itertools.count[int]",
    width: int,
    *,
    is_linked: bool,
) -> list[Ran]:
    waiting: queue.SimpleQueue[tuple[Profile, str]] = queue.SimpleQueue()
    for pair in pairs:
        waiting.put(pair)
    found: list[Ran] = []
    failed: list[BaseException] = []

    def work() -> None:
        while True:
            try:
                profile, client = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                ran = Run(profile, client, files, next(numbers), is_linked=is_linked).go()
            except Exception as wrong:  # noqa: BLE001 - told in the main thread, once the others are done
                print(f"{client}:{profile.name} could not be run: {wrong}", file=sys.stderr, flush=True)
                failed.append(wrong)
                continue
            found.append(ran)
            print(_line(ran), file=sys.stderr, flush=True)

    threads = [threading.Thread(target=work) for _ in range(max(1, width))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if failed and not found:
        raise failed[0]
    return found


def _line(ran: Ran) -> str:
    overhead = "" if ran.overhead is None else f" +{ran.overhead:.0%}"
    wrong = f" FALSELY BELIEVED {ran.falsely_believed}" if ran.falsely_believed else ""
    return (
        f"{ran.client + ':' + ran.profile:<24}{ran.seconds:8.1f} s  {ran.goodput:6.1%} of the link{overhead}"
        f"  {ran.intact}/{ran.files}{' HUNG' if ran.hung else ''}{wrong} {ran.errors or ''}"
    )


def row(ran: Ran, best: Ran | None) -> dict[str, Any]:
    """Return the row of one run, beside the best peer over the same profile."""
    target = _TARGETS.get(ran.profile, Target()) if ran.client == "bnhelper" else Target()
    return {
        "what": f"{ran.client}:{ran.profile}",
        "value": ran.goodput,
        "unit": "share of the link",
        "reference": f"{best.client}:{ran.profile}" if best else "",
        "reference_value": best.goodput if best else None,
        "ratio": round(ran.goodput / best.goodput, 3) if best and best.goodput else None,
        "target": target.goodput,
        "target_seconds": target.seconds,
        "seconds": ran.seconds,
        "overhead": ran.overhead,
        "busy": ran.busy,
        "hung": ran.hung,
        "falsely_believed": ran.falsely_believed,
        "intact": ran.intact == ran.files,
        "arrived": ran.intact,
        "files": ran.files,
        "errors": ran.errors,
    }


def rows(found: Sequence[Ran]) -> list[dict[str, Any]]:
    """Return the rows, ours beside the best peer that brought everything and claimed nothing false."""
    made = []
    for ran in sorted(found, key=lambda one: (list(PROFILES).index(one.profile), CLIENTS.index(one.client))):
        honest = [
            one
            for one in found
            if one.profile == ran.profile and one.client not in {"bnhelper", ran.client} and one.intact == one.files
        ]
        made.append(row(ran, max(honest, key=lambda one: one.goodput, default=None)))
    return made


def main() -> int:
    parser = argparse.ArgumentParser(prog="bn.py bench net")
    parser.add_argument("--quick", action="store_true", help="small files, every profile, our client alone")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--profiles", default=",".join(PROFILES))
    parser.add_argument("--clients", default="")
    parser.add_argument("--jobs", type=int, default=10, help="how many runs over slow links side by side")
    said = parser.parse_args()
    clients = said.clients.split(",") if said.clients else ["bnhelper"] if said.quick else list(CLIENTS)
    if set(clients) - {"bnhelper", "curl", "multipart"}:
        for trouble in peers.set_up():
            print(trouble, file=sys.stderr)
    chosen = [PROFILES[name] for name in said.profiles.split(",")]
    without = has_link()
    not_run = {one.name: without for one in chosen if without and one.needs_link}
    chosen = [one for one in chosen if one.name not in not_run]
    if said.quick:
        chosen = [quick(one) for one in chosen]
    found, skipped = measure(chosen, clients, said.jobs, is_linked=not without)
    for name, why in {**skipped, **not_run}.items():
        print(f"{name}: skipped, {why}", file=sys.stderr)
    if said.json:
        machine = f"{platform.system()} {platform.machine()} Python {platform.python_version()}"
        made = {"name": "net", "machine": machine, "rows": rows(found), "skipped": skipped, "not_run": not_run}
        print(json.dumps(made))
    bad = [
        one
        for one in found
        if one.client == "bnhelper" and (one.hung or one.falsely_believed or one.intact < one.files)
    ]
    wanted = len(chosen) * sum(client not in skipped for client in clients)
    return 1 if bad or len(found) < wanted else 0


if __name__ == "__main__":
    raise SystemExit(main())
