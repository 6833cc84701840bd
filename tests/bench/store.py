"""`bn.py bench store`: an answer kept, ten thousand dossiers listed, a photo sealed, a machine unlocked, and memory.

Each beside plain SQLite (the same pragmas, no encryption, no form) or a plain file in the same run.
"""

import itertools
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw

from bnhelper.actions.answer_question import answer_question
from bnhelper.actions.unlock_machine import OpenMachine, create_machine, unlock_machine
from bnhelper.clock import SystemClock, to_text
from bnhelper.ids import DossierId
from bnhelper.paths import Places
from bnhelper.queries.dossier_list import dossier_list
from bnhelper.store import dossiers
from bnhelper.vault.keys import KeyCost, Passphrase
from bnhelper.vault.sealed_file import seal
from tests import factories
from tests.bench.bench_run import Row, in_turn, show
from tests.bench.many_dossiers import fill
from tests.crash.deeds import DETAIL, LIBRARY

_PHOTO = 5_000_000
_MIB = 1024 * 1024
_WORDS = Passphrase("tre xanh lua chin")


def _ms(do: Callable[[], object], times: int = 1) -> float:
    began = time.perf_counter()
    for _ in range(times):
        do()
    return (time.perf_counter() - began) * 1000 / times


def _plain(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        db.execute(f"PRAGMA {pragma}")
    return db


def _answer(machine: OpenMachine, dossier: DossierId, folder: Path) -> list[Row]:
    """The transaction of one answer, beside the same statements on plain SQLite; then the whole deed with its form."""
    db = _plain(folder / "plain.db")
    db.execute("CREATE TABLE answers (dossier, path, value, origin, at, PRIMARY KEY (dossier, path))")
    db.execute(
        "CREATE TABLE changes (id INTEGER PRIMARY KEY, dossier, step, path, before, after, origin, at, is_undone)"
    )
    db.execute("CREATE INDEX by_step ON changes (dossier, step)")
    count = [0]

    def ours() -> None:
        count[0] += 1
        with machine.store.write() as store:
            change = (DETAIL, f"Thôn {count[0] - 1}", f"Thôn {count[0]}")
            dossiers.put_answers(store, dossier, [change], origin="typed", at=to_text(machine.clock.now()))

    def plain() -> None:
        count[0] += 1
        db.execute("BEGIN IMMEDIATE")
        db.execute("DELETE FROM changes WHERE dossier = ? AND is_undone", (dossier,))
        step = db.execute("SELECT max(step) FROM changes WHERE dossier = ?", (dossier,)).fetchone()[0] or 0
        row = (dossier, step + 1, DETAIL, "a", f"Thôn {count[0]}", "typed", to_text(machine.clock.now()))
        db.execute(
            "INSERT INTO changes (dossier, step, path, before, after, origin, at, is_undone) VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
            row,
        )
        db.execute("DELETE FROM answers WHERE dossier = ? AND path = ?", (dossier, DETAIL))
        db.execute("INSERT INTO answers VALUES (?, ?, ?, 'typed', ?)", (dossier, DETAIL, row[4], row[6]))
        db.execute("COMMIT")

    commit, plain_commit = in_turn(lambda: _ms(ours, 20), lambda: _ms(plain, 20))
    deed, _again = in_turn(
        lambda: _ms(lambda: answer_question(machine, dossier, DETAIL, f"Ngõ {time.perf_counter_ns()}"), 5), lambda: 0.0
    )
    db.close()
    return [
        Row("answer_commit", commit, "ms", "plain SQLite, same rows", plain_commit, commit / plain_commit, 2.0),
        Row("answer_deed", deed, "ms", "plain SQLite, same rows", plain_commit, deed / plain_commit, None),
    ]


def _list(machine: OpenMachine, folder: Path) -> list[Row]:
    db = _plain(folder / "list.db")
    db.execute("CREATE TABLE dossiers (id PRIMARY KEY, applicant, title, code, status, changed_at)")
    with machine.store.read() as store:
        every = dossiers.every(store)
    rows = [(r.id, r.applicant, r.title_vi, r.readable_code, r.status.value, to_text(r.changed_at)) for r in every]
    db.executemany("INSERT INTO dossiers VALUES (?, ?, ?, ?, ?, ?)", rows)
    db.execute("CREATE INDEX by_change ON dossiers (changed_at)")

    def plain(where: str = "") -> None:
        db.execute("SELECT status, count(*) FROM dossiers GROUP BY status").fetchall()
        db.execute(f"SELECT * FROM dossiers {where} ORDER BY changed_at DESC LIMIT 50").fetchall()

    listed, plainly = in_turn(lambda: _ms(lambda: dossier_list(machine), 3), lambda: _ms(plain, 3))
    like = "WHERE applicant LIKE '%NGUYỄN%' AND applicant LIKE '%HOÀ%'"
    found, plain_found = in_turn(
        lambda: _ms(lambda: dossier_list(machine, text="nguyen hoa"), 3), lambda: _ms(lambda: plain(like), 3)
    )
    start = dossier_list(machine, size=5_000).next
    deep, _again = in_turn(lambda: _ms(lambda: dossier_list(machine, start=start), 3), lambda: 0.0)
    db.close()
    name = "plain SQLite, target in ms"
    return [
        Row("list_10000", listed, "ms", name, plainly, listed / plainly, 50.0),
        Row("search_10000", found, "ms", name, plain_found, found / plain_found, 50.0),
        Row("list_10000_page_100", deep, "ms", name, plainly, deep / plainly, 50.0),
    ]


def _photo(folder: Path) -> Row:
    """Each into a file of its own, as a photo is, and both in pieces of 1 MiB: 5 MB in one call take longer here."""
    content, key, count = os.urandom(_PHOTO), os.urandom(32), itertools.count()
    view = memoryview(content)

    def plain() -> None:
        with (folder / f"{next(count)}.plain").open("wb", buffering=0) as file:
            for begin in range(0, len(content), _MIB):
                file.write(view[begin : begin + _MIB])
            os.fsync(file.fileno())

    def ours() -> None:
        seal(folder / f"{next(count)}.sealed", content, key, b"about")

    sealed, written = in_turn(lambda: _ms(ours), lambda: _ms(plain), runs=31)
    return Row("photo_seal", sealed, "ms", "plain write + fsync, 5 MB", written, sealed / written, 2.0)


def _unlock(folder: Path) -> Row:
    cost, salt = KeyCost(), os.urandom(16)
    made = create_machine(
        Places(folder / "locked"), _WORDS, person="A", unit=None, library=LIBRARY, clock=SystemClock(), cost=cost
    )
    made.close()

    def ours() -> None:
        unlock_machine(Places(folder / "locked"), _WORDS, library=LIBRARY, clock=SystemClock()).close()

    def argon() -> None:
        hash_secret_raw(b"tre xanh lua chin", salt, cost.passes, cost.memory_kib, 1, 32, Type.ID)

    whole, stretched = in_turn(lambda: _ms(ours), lambda: _ms(argon), runs=5)
    return Row("unlock", whole, "ms", "Argon2id 64 MiB alone", stretched, whole / stretched, 400.0)


_APP = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QEventLoop, QTimer
from bnhelper.actions.unlock_machine import unlock_machine
from bnhelper.catalogue.library import Library
from bnhelper.clock import SystemClock
from bnhelper.paths import Places
from bnhelper.settings import Settings
from bnhelper.vault.keys import KeyFile
from ui.app import App, make_qt
from ui.presenters.routes import DossierList, SyncCentre, Today
make_qt(["bench"])
folder = Path(sys.argv[1])
app = App(Places(folder / "data"), settings=Settings())
app.window.show()
app.opened(unlock_machine(Places(folder / "data"), KeyFile(folder / "key"), library=Library.shipped(), clock=SystemClock()))
loop = QEventLoop()
def settle():
    for _ in range(200):
        QTimer.singleShot(20, loop.quit)
        loop.exec()
        if not app.background.is_busy:
            return
for route in (Today(), DossierList(), SyncCentre(), DossierList(text="nguyen"), Today()):
    app.window.home(route)
    settle()
print(int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6, flush=True)
app.close()
os._exit(0)
"""


def _rss(folder: Path) -> float:
    said = subprocess.run([sys.executable, "-c", _APP, str(folder)], capture_output=True, text=True, check=True).stdout
    return float(said.split()[-1])


def _memory(folder: Path, many: Path) -> Row:
    few = folder / "few"
    machine = factories.machine(few, SystemClock())
    fill(machine, 10)
    machine.close()
    pairs = [(_rss(many), _rss(few)) for _ in range(5)]
    big, small = statistics.median(one for one, _ in pairs), statistics.median(other for _, other in pairs)
    return Row("rss_10000", big - small, "MB", "the app with 10 dossiers", small, big / small, 60.0)


def main() -> int:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        machine = factories.machine(folder / "many", SystemClock())
        dossier = factories.birth_dossier(machine)
        fill(machine, 10_000, days=25)  # of older ones those that ended would be erased under the measurement
        rows = [*_answer(machine, dossier, folder), *_list(machine, folder), _photo(folder), _unlock(folder)]
        machine.close()
        rows.append(_memory(folder, folder / "many"))
    return show("store", rows)


if __name__ == "__main__":
    raise SystemExit(main())
