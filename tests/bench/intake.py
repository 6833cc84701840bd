"""`bn.py bench intake`: dossiers a second with a real commit each, beside the raw commit rate of the same PostgreSQL."""

import asyncio
import os
import random
import re
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import requests
from argon2 import PasswordHasher
from sqlalchemy import insert

from bnhelper.clock import SystemClock
from sync.intake import ledger
from sync.intake.desk import PAGE
from sync.intake.station import FirstOfficer, Site, open_site
from tests.bench import cores
from tests.bench.bench_run import Row, show
from tests.bench.grown_ledger import WARDS, grow
from tests.bench.intake_size import size_rows
from tests.sync.intake.engines import ObjectStore, Postgres, free_port
from tests.sync.intake.load import Device, Line, Sealed, Tally, devices, load, photo, pull_page, sealed, template

_LINES = 16
_MANY_LINES = 64  #: a province after an outage
_DEVICES = 200
_TEXTS = 1_000  #: dossiers of one run
_PHOTO_DOSSIERS = 48
_RUNS = 5
_ODK_TEXT = (49.0, 135.0)  #: submissions a second of ODK Central on such a machine (design, "Server")
_ODK_PHOTOS = (10.6, 14.1)


class Server:
    """The intake in processes of its own, two workers on two cores."""

    def __init__(self, folder: Path, postgres: str, s3: str = "", workers: int = 2) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "sync.intake", "--folder", str(folder), "--port", str(self.port)]
        command += ["--workers", str(workers), "--no-invitation"]
        command += [*(["--postgres", postgres] if postgres else []), *(["--s3", s3] if s3 else [])]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
        asyncio.run(self._answers())

    async def _answers(self) -> None:
        ends = time.monotonic() + 60
        while True:
            line = Line(self.port)
            try:
                await line.ask(b"GET /v1/ping HTTP/1.1\r\nHost: x\r\n\r\n")
            except OSError:
                if time.monotonic() > ends:
                    raise
                await asyncio.sleep(0.1)
            else:
                line.close()
                return  # whoever is dealt to a worker that only starts waits for it

    def workers(self) -> list[int]:
        """Return the process ids of the workers."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if parent == self.process.pid and b"spawn_main" in command:
                found.append(int(entry.name))
        return found

    def rss_mb(self) -> float:
        """Return the mean resident size of a worker, in MB."""
        sizes = []
        for worker in self.workers():
            said = Path(f"/proc/{worker}/status").read_text(encoding="ascii").splitlines()
            sizes += [int(line.split()[1]) / 1000 for line in said if line.startswith("VmRSS:")]
        return statistics.mean(sizes)

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(40)


@contextmanager
def serving(postgres: Postgres, folder: Path, s3: str = "") -> Iterator[tuple[Server, Site, str, FirstOfficer]]:
    """Run a server over a fresh database; also hand out the site, to enrol and to look."""
    url = postgres.fresh_database()
    site, first = open_site(folder, SystemClock(), postgres=url, s3=s3)
    assert first is not None
    server = Server(folder, url, s3)
    try:
        yield server, site, url, first
    finally:
        server.stop()
        site.close()


def driver_commits(url: str, size: int, lines: int = _LINES, seconds: int = 3, processes: int = 2) -> float:
    """Return INSERT ... COMMIT a second of rows as heavy as an envelope, by the server's own driver.

    As many processes and connections as the server has workers and lines; nothing is read, checked or signed.
    """
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("CREATE TABLE IF NOT EXISTS raw_commits (id uuid PRIMARY KEY, body bytea NOT NULL)")
    said = [url, str(lines // processes), str(seconds), str(size)]
    command = [sys.executable, "-m", "tests.bench.raw_commits", *said]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    return sum(int(one.communicate(timeout=seconds + 60)[0]) for one in running) / seconds


def raw_commits(postgres: Postgres, url: str, body: bytes, seconds: int = 3) -> float:
    """Return INSERT ... COMMIT a second of rows as heavy as an envelope, by PostgreSQL's own pgbench."""
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("CREATE TABLE IF NOT EXISTS raw_commits (id uuid PRIMARY KEY, body bytea NOT NULL)")
    script = postgres.folder / "raw.sql"
    script.write_text(f"INSERT INTO raw_commits VALUES (gen_random_uuid(), '\\\\x{body.hex()}');\n", encoding="ascii")
    script.chmod(0o644)
    command = [str(postgres.binaries / "pgbench"), "-n", "-h", "127.0.0.1", "-p", str(postgres.port), "-U", "intake"]
    command += [
        "-c",
        str(_LINES),
        "-j",
        "2",
        "-T",
        str(seconds),
        "-M",
        "prepared",
        "-f",
        str(script),
        url.rpartition("/")[2],
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return next(float(line.split()[2]) for line in said.splitlines() if line.startswith("tps"))


def _run(server: Server, many: list[Sealed], lines: int = _LINES) -> Tally:
    import uvloop  # as the server's workers do, on the systems that have it

    said = uvloop.run(load(server.port, iter(many), lines))  # a client's loop that costs as little as may be
    assert len(said.kept) == len(many), "a dossier was not acknowledged"
    return said


def text_rows(postgres: Postgres, folder: Path) -> list[Row]:
    """Rates with many lines open, as at a province's peak, and with the sixteen that ODK Central was measured with."""
    die, like = random.Random(20261125), template()
    with serving(postgres, folder) as (server, site, url, _first):
        fleet = devices(site, _DEVICES)
        _run(server, _texts(like, fleet, die, 300))
        first_mb = server.rss_mb()
        size = len(_texts(like, fleet, die, 1)[0].body)
        body = os.urandom(size)
        found: dict[str, list[float]] = {}
        tallies: list[Tally] = []
        spent: list[dict[str, float]] = []

        def note(**figures: float) -> None:
            for name, value in figures.items():
                found.setdefault(name, []).append(value)

        for _ in range(_RUNS):
            waiting = _texts(like, fleet, die, _TEXTS)
            before = cores.spent(server.workers(), postgres)
            tallies.append(_run(server, waiting, _MANY_LINES))
            spent.append(cores.since(before, cores.spent(server.workers(), postgres), _TEXTS))
            note(many=tallies[-1].per_s, many_raw=driver_commits(url, size, _MANY_LINES))
            note(few=_run(server, _texts(like, fleet, die, _TEXTS), _LINES).per_s, few_raw=driver_commits(url, size))
            note(pgbench=raw_commits(postgres, url, body))
        last_mb, sent = server.rss_mb(), 300 + 2 * _RUNS * _TEXTS
    many, many_raw, few, few_raw, bare = (
        statistics.median(found[name]) for name in ("many", "many_raw", "few", "few_raw", "pgbench")
    )
    p50, p99 = (statistics.median(one.percentile(share) for one in tallies) for share in (0.5, 0.99))
    return [
        Row(
            "text_dossiers_per_s",
            many,
            "/s",
            f"raw INSERT..COMMIT, same driver, {_MANY_LINES} lines",
            many_raw,
            many / many_raw,
            0.5,
        ),
        Row(f"text_{_LINES}_lines_per_s", few, "/s", f"same driver, {_LINES} lines", few_raw, few / few_raw, None),
        Row(
            "text_against_pgbench", many, "/s", f"raw INSERT..COMMIT, pgbench, {_LINES} lines", bare, many / bare, None
        ),
        Row("text_against_odk", many, "/s", "ODK Central, best quoted", _ODK_TEXT[1], many / _ODK_TEXT[1], 8.0),
        Row(
            f"text_{_LINES}_lines_against_odk",
            few,
            "/s",
            "ODK Central, best quoted",
            _ODK_TEXT[1],
            few / _ODK_TEXT[1],
            None,
        ),
        Row(
            "text_p50",
            p50,
            "ms",
            f"{_MANY_LINES} lines at that rate",
            1000 * _MANY_LINES / many,
            p50 * many / 1000 / _MANY_LINES,
            None,
        ),
        Row("text_p99", p99, "ms", "p50", p50, p99 / p50, None),
        Row("rss_worker", last_mb, "MB", f"after 300, now {sent}", first_mb, last_mb / first_mb, 1.1),
        *_core_rows("text", spent),
    ]


def _core_rows(what: str, spent: list[dict[str, float]]) -> list[Row]:
    """Say what a dossier cost of the cores, which the server, its database and the load itself share."""
    each = {name: statistics.median(one[name] for one in spent) for name in spent[0]}
    whole = sum(each.values())
    return [
        Row(f"{what}_core_ms_{name}", ms, "ms", "all of them", whole, ms / whole, None) for name, ms in each.items()
    ]


def embedded_rows(folder: Path) -> list[Row]:
    """Text dossiers of a ward's own machine: one process, SQLite, no other engine."""
    die, like = random.Random(20261128), template()
    site, _ = open_site(folder, SystemClock())
    fleet = devices(site, 20)
    site.close()
    server = Server(folder, "", workers=1)
    rates, raws = [], []
    try:
        _run(server, _texts(like, fleet, die, 100))
        for number in range(_RUNS):
            waiting = _texts(like, fleet, die, 300)
            rates.append(_run(server, waiting).per_s)
            raws.append(sqlite_commits(folder / f"raw{number}.db", waiting[0].body))
    finally:
        server.stop()
    rate, raw = statistics.median(rates), statistics.median(raws)
    return [Row("text_embedded_per_s", rate, "/s", "raw INSERT..COMMIT, SQLite, one line", raw, rate / raw, None)]


def sqlite_commits(path: Path, body: bytes, seconds: float = 2.0) -> float:
    """Return INSERT ... COMMIT a second into SQLite as the embedded ledger has it: WAL, every commit on the disk."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE raw_commits (id TEXT PRIMARY KEY, body BLOB NOT NULL)")
    count, ends = 0, time.perf_counter() + seconds
    while time.perf_counter() < ends:
        db.execute("INSERT INTO raw_commits VALUES (?, ?)", (f"{count:032x}", body))
        count += 1
    db.close()
    return count / seconds


def _texts(like: dict[str, Any], fleet: list[Device], die: random.Random, count: int) -> list[Sealed]:
    return [sealed(like, die.choice(fleet), die) for _ in range(count)]


def photo_rows(postgres: Postgres, folder: Path, s3: str = "") -> list[Row]:
    die, like = random.Random(20261126), template()
    what = "photo_dossiers_s3_per_s" if s3 else "photo_dossiers_per_s"
    with serving(postgres, folder, s3) as (server, site, url, _first):
        fleet = devices(site, 20)

        def some(count: int) -> list[Sealed]:
            return [sealed(like, die.choice(fleet), die, [photo(die) for _ in range(3)]) for _ in range(count)]

        _run(server, some(8))
        count = 8 if s3 else _PHOTO_DOSSIERS
        tallies, spent, size = [], [], _bytes_of(url)
        for _ in range(_RUNS):
            many = some(count)
            before = cores.spent(server.workers(), postgres)
            tallies.append(_run(server, many))
            spent.append(cores.since(before, cores.spent(server.workers(), postgres), count))
        grown = (_bytes_of(url) - size) / (count * _RUNS) / 1000
    rate = statistics.median(one.per_s for one in tallies)
    p99 = statistics.median(one.percentile(0.99) for one in tallies)
    p50 = statistics.median(one.percentile(0.5) for one in tallies)
    envelope = len(some(1)[0].body) / 1000
    return [
        Row(what, rate, "/s", "ODK Central, best quoted", _ODK_PHOTOS[1], rate / _ODK_PHOTOS[1], None if s3 else 5.0),
        Row(f"{what[:-6]}_p99", p99, "ms", "p50", p50, p99 / p50, None),
        *([] if s3 else [Row("ledger_per_dossier", grown, "kB", "its envelope", envelope, grown / envelope, None)]),
        *_core_rows("photo_s3" if s3 else "photo", spent),
    ]


def _bytes_of(url: str) -> int:
    """Return what a database takes on the disk."""
    with psycopg.connect(url) as db:
        return int(db.execute("SELECT pg_database_size(current_database())").fetchall()[0][0])


_WARD = "09001"
_PAGES = {  #: of the province's officer but for the last, who sees one ward of 124
    "queue_page": "/officer/queue",
    "second_page": "/officer/queue?after=2026-11-20T00:00:00.000Z|z",
    "search_name": "/officer/queue?q=nguyen+thi",
    "search_nobody": "/officer/queue?q=nguyen+xyzzy",
    "ward_queue_page": "/officer/queue",
    "ward_search_name": "/officer/queue?q=nguyen+thi",
}


def million_rows(postgres: Postgres, folder: Path) -> list[Row]:
    """Pages of the officers and a pull, with 2,000 and with 1,000,000 dossiers in the ledger.

    A page is full in both, so that the ledger differs and not what is shown: the small ledger has four wards.
    """
    die, like = random.Random(20261127), template()
    found: dict[tuple[str, int], float] = {}
    with serving(postgres, folder) as (server, site, url, first):
        fleet = devices(site, 50)
        _run(server, _texts(like, fleet, die, 200))
        browsers = [logged_in(server.port, one) for one in (first, ward_officer(site))]
        for have, count, wards in ((2_000, 1_800, 4), (1_000_000, 998_000, WARDS)):
            grow(url, count, wards)
            for name, address in _PAGES.items():
                browser = browsers[name.startswith("ward")]
                taken = [shown(browser, server.port, address, 0 if "nobody" in name else PAGE) for _ in range(21)]
                found[name, have] = statistics.median(taken)
            found["pull_page", have] = statistics.median(pull_page(server.port, fleet[0]) for _ in range(21))
    rows = []
    for name in (*_PAGES, "pull_page"):
        few, many = found[name, 2_000], found[name, 1_000_000]
        target = 1.3 if "page" in name else None
        rows.append(Row(f"{name}_1m", many, "ms", "the same with 2,000", few, many / few, target))
    return rows


def ward_officer(site: Site) -> FirstOfficer:
    """Make an account at one ward."""
    one = FirstOfficer("xa", "mot hai ba bon")
    about = {"name": "Cán bộ xã", "role": "officer", "office": _WARD, "made_at": site.now()}
    hashed = PasswordHasher(time_cost=2, memory_cost=19 * 1024).hash(one.password)
    with site.engine.begin() as db:
        db.execute(insert(ledger.officers).values(user=one.user, password_hash=hashed, **about))
    return one


def logged_in(port: int, officer: FirstOfficer) -> requests.Session:
    """Return a browser in which the first officer is logged in."""
    browser = requests.Session()
    where = f"http://127.0.0.1:{port}/officer/login"
    csrf = re.search(r'name="csrf" value="([^"]+)"', browser.get(where, timeout=10).text)
    assert csrf is not None
    browser.post(where, {"csrf": csrf[1], "user": officer.user, "password": officer.password}, timeout=20)
    return browser


def shown(browser: requests.Session, port: int, address: str, rows: int) -> float:
    """Return the milliseconds of one page of the officers' list, which must have so many rows."""
    at = time.perf_counter()
    answer = browser.get(f"http://127.0.0.1:{port}{address}", timeout=120)
    assert answer.status_code == 200, answer.status_code
    assert "/officer/queue" in answer.url, answer.url
    spent = (time.perf_counter() - at) * 1000
    has = len(set(re.findall(r'href="/officer/dossiers?/([0-9a-f-]{36})', answer.text)))
    assert has == rows, (address, has)
    return spent


def main() -> int:
    """Measure; `--only text|photo|embedded|s3|million` for a part."""
    only = sys.argv[sys.argv.index("--only") + 1] if "--only" in sys.argv else ""
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "bench")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "bench")
    rows: list[Row] = []
    postgres = Postgres.make(is_safe=True)
    try:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            if only in {"", "text"}:
                rows += text_rows(postgres, place / "text")
            if only in {"", "photo"}:
                rows += photo_rows(postgres, place / "photo")
            if only in {"", "embedded"}:
                rows += embedded_rows(place / "embedded")
            if only in {"", "million"}:
                rows += million_rows(postgres, place / "million")
            if only in {"", "s3"}:
                store = ObjectStore.make()
                try:
                    rows += photo_rows(postgres, place / "s3", store.fresh_bucket())
                finally:
                    store.remove()
    finally:
        postgres.remove()
    return show("intake", [*rows, *size_rows(rows)])


if __name__ == "__main__":
    raise SystemExit(main())
