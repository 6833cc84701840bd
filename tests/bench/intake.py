"""`bn.py bench intake`: dossiers a second with a real commit each, beside the raw commit rate of the same PostgreSQL."""

import asyncio
import os
import random
import re
import signal
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
from sync.intake.station import FirstOfficer, Site, open_site
from tests.bench.bench_run import Row, show
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
        command = [sys.executable, "-m", "sync.intake", "--folder", str(folder), "--postgres", postgres]
        command += ["--workers", str(workers), "--port", str(self.port), *(["--s3", s3] if s3 else [])]
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
                await asyncio.sleep(2)  # the second worker is a moment behind the first
                return

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
    said = asyncio.run(load(server.port, iter(many), lines))
    assert len(said.kept) == len(many), "a dossier was not acknowledged"
    return said


def text_rows(postgres: Postgres, folder: Path) -> list[Row]:
    die, like = random.Random(20261125), template()
    with serving(postgres, folder) as (server, site, url, _first):
        fleet = devices(site, _DEVICES)
        _run(server, _texts(like, fleet, die, 300))
        first_mb = server.rss_mb()
        rates, raws, drivers, tallies = [], [], [], []
        for _ in range(_RUNS):
            tallies.append(_run(server, _texts(like, fleet, die, _TEXTS)))
            rates.append(tallies[-1].per_s)
            body = _texts(like, fleet, die, 1)[0].body
            raws.append(raw_commits(postgres, url, body))
            drivers.append(driver_commits(url, len(body)))
        last_mb = server.rss_mb()
        wide = [_run(server, _texts(like, fleet, die, _TEXTS), _MANY_LINES).per_s for _ in range(3)]
        wide_drivers = [driver_commits(url, len(body), _MANY_LINES) for _ in range(3)]
    rate, raw, driver = (statistics.median(one) for one in (rates, raws, drivers))
    p50, p99 = (statistics.median(one.percentile(share) for one in tallies) for share in (0.5, 0.99))
    many, many_raw = statistics.median(wide), statistics.median(wide_drivers)
    return [
        Row("text_dossiers_per_s", rate, "/s", "raw INSERT..COMMIT, same driver", driver, rate / driver, 0.5),
        Row(
            f"text_{_MANY_LINES}_lines_per_s", many, "/s", "same driver, as many lines", many_raw, many / many_raw, None
        ),
        Row("text_against_pgbench", rate, "/s", "raw INSERT..COMMIT, pgbench", raw, rate / raw, None),
        Row("text_against_odk", rate, "/s", "ODK Central, best quoted", _ODK_TEXT[1], rate / _ODK_TEXT[1], 8.0),
        Row("text_p50", p50, "ms", "16 lines at that rate", 1000 * _LINES / rate, p50 * rate / 1000 / _LINES, None),
        Row("text_p99", p99, "ms", "p50", p50, p99 / p50, None),
        Row("rss_worker", last_mb, "MB", f"after 300, now {300 + _RUNS * _TEXTS}", first_mb, last_mb / first_mb, 1.1),
    ]


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
        count, before = 8 if s3 else _PHOTO_DOSSIERS, _bytes_of(url)
        tallies = [_run(server, some(count)) for _ in range(_RUNS)]
        grown = (_bytes_of(url) - before) / (count * _RUNS) / 1000
    rate = statistics.median(one.per_s for one in tallies)
    p99 = statistics.median(one.percentile(0.99) for one in tallies)
    p50 = statistics.median(one.percentile(0.5) for one in tallies)
    envelope = len(some(1)[0].body) / 1000
    return [
        Row(what, rate, "/s", "ODK Central, best quoted", _ODK_PHOTOS[1], rate / _ODK_PHOTOS[1], None if s3 else 5.0),
        Row(f"{what[:-6]}_p99", p99, "ms", "p50", p50, p99 / p50, None),
        *([] if s3 else [Row("ledger_per_dossier", grown, "kB", "its envelope", envelope, grown / envelope, None)]),
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
    """Pages of the officers and a pull, with 2,000 and with 1,000,000 dossiers in the ledger."""
    die, like = random.Random(20261127), template()
    found: dict[tuple[str, int], float] = {}
    with serving(postgres, folder) as (server, site, url, first):
        fleet = devices(site, 50)
        _run(server, _texts(like, fleet, die, 200))
        browsers = [logged_in(server.port, one) for one in (first, ward_officer(site))]
        for have, count in ((2_000, 1_800), (1_000_000, 998_000)):
            grow(url, count)
            for name, address in _PAGES.items():
                browser = browsers[name.startswith("ward")]
                taken = [shown(browser, server.port, address) for _ in range(21)]
                found[name, have] = statistics.median(taken)
            found["pull_page", have] = statistics.median(pull_page(server.port, fleet[0]) for _ in range(21))
    rows = []
    for name in (*_PAGES, "pull_page"):
        few, many = found[name, 2_000], found[name, 1_000_000]
        target = 1.3 if name in {"queue_page", "pull_page"} else None
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


def shown(browser: requests.Session, port: int, address: str) -> float:
    """Return the milliseconds of one page of the officers' list."""
    at = time.perf_counter()
    answer = browser.get(f"http://127.0.0.1:{port}{address}", timeout=120)
    assert answer.status_code == 200, answer.status_code
    assert "/officer/queue" in answer.url, answer.url
    return (time.perf_counter() - at) * 1000


#: How a grown dossier differs from the one it is a copy of: one of 124 wards, one in five still open, over 300 days.
_GROWN = {
    "dossiers": {
        "id": "n.id",
        "look_up_hash": "n.id",
        "unit": "n.ward",
        "holder": "n.ward",
        "office_number": "'H05.27-261126-' || 10000 + n.i",
        "state": "CASE WHEN n.is_open THEN (ARRAY['delivered', 'accepted', 'in_review', 'needs_info'])[1 + n.i / 620 % 4]"
        " ELSE (ARRAY['returned', 'returned', 'rejected', 'approved'])[1 + n.i / 620 % 4] END",
        "due_at": "CASE WHEN n.is_open THEN to_char(now() + (n.i % 61 - 10) * interval '1 day', n.written) END",
        "changed_at": "to_char(now() - n.i % 300 * interval '1 day', n.written)",
    },
    "revisions": {"dossier": "n.id", "body": "substr(one.body, 1, 400)"},  # no page reads it: the disk is spared
    "dossier_words": {"dossier": "n.id"},
}
_PLAN = """
CREATE TABLE grow_plan AS SELECT regexp_replace(lpad(to_hex(nextval('grown')), 32, '0'),
    '(.{8})(.{4})(.{4})(.{4})(.{12})', '\\1-\\2-\\3-\\4-\\5') AS id, i, i % 5 = 0 AS is_open,
    lpad((9000 + i / 5 % 124)::text, 5, '0') AS ward, 'YYYY-MM-DD"T"HH24:MI:SS.000Z' AS written,
    (ARRAY(SELECT id FROM dossiers ORDER BY received_at LIMIT 200))[1 + i % 200] AS source
FROM generate_series(1, %(count)s) AS i
"""


def grow(url: str, count: int) -> None:
    """Multiply what the ledger holds, as PostgreSQL does it quickest; every row is like one that arrived."""
    with psycopg.connect(url, autocommit=True) as db:
        _set(db, "fsync = off", "full_page_writes = off", "max_wal_size = '8GB'", "maintenance_work_mem = '512MB'")
        db.execute("CREATE SEQUENCE IF NOT EXISTS grown")
        db.execute("DROP TABLE IF EXISTS grow_plan")
        db.execute(_PLAN.replace("%(count)s", str(count)).encode())
        indexes = db.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexdef NOT LIKE '%%UNIQUE%%'",
            ([*_GROWN, "changes"],),
        ).fetchall()
        for name, _ in indexes:
            db.execute(f'DROP INDEX "{name}"'.encode())
        db.execute("ALTER TABLE dossier_words DROP CONSTRAINT pk_dossier_words")
        for table, replaced in _GROWN.items():
            columns = ledger.metadata.tables[table].c.keys()
            values = ", ".join(replaced.get(name, f'one."{name}"') for name in columns)
            names = ", ".join(f'"{name}"' for name in columns)
            key = "id" if table == "dossiers" else "dossier"
            db.execute(
                f"INSERT INTO {table} ({names}) SELECT {values} FROM grow_plan n"
                f' JOIN {table} one ON one."{key}" = n.source ORDER BY n.id'.encode()
            )
        db.execute(
            "INSERT INTO changes (owner, seq, body) SELECT 'other-' || (i %% 30000), i, repeat('x', 600)"
            " FROM generate_series(%s::int, %s::int) AS i ORDER BY 1, 2",
            (2 * count, 3 * count - 1),
        )
        for _, definition in indexes:
            db.execute(definition.encode())
        db.execute("ALTER TABLE dossier_words ADD CONSTRAINT pk_dossier_words PRIMARY KEY (dossier, word)")
        _set(db, "fsync = on", "full_page_writes = on")
        db.execute("VACUUM ANALYZE")
        db.execute("CHECKPOINT")


def _set(db: "psycopg.Connection[Any]", *settings: str) -> None:
    for setting in settings:
        db.execute(f"ALTER SYSTEM SET {setting}".encode())
    db.execute("SELECT pg_reload_conf()")


def main() -> int:
    """Measure; `--only text|photo|s3|million` for a part."""
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
