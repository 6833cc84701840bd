"""Fifty planted values and a photo go in through the real screens; after lock and after kill -9 no byte of them is found.

What is searched: the data folder, the home, the temporary folder, logs and crash reports, everything the process left
anywhere below one folder that holds all of these; in UTF-8, UTF-16, Base64 in every alignment, hexadecimal, and as JSON
and percent-encoding spell letters beyond ASCII.
"""

import base64
import json
import os
import re
import signal
import subprocess
import sys
import urllib.parse
from pathlib import Path

import pytest

from bnhelper.actions.unlock_machine import unlock_machine
from bnhelper.catalogue.library import Library
from bnhelper.ids import FieldPath
from bnhelper.paths import Places
from bnhelper.queries.dossier_list import dossier_list
from bnhelper.store import dossiers, photos
from bnhelper.vault.keys import KeyFile
from tests import factories
from tests.fakes.clock import FixedClock

#: what they do takes seconds, and on a machine that is busy with everything else any number of minutes
pytestmark = [pytest.mark.crash, pytest.mark.timeout(2_400)]
_ROOT = Path(__file__).resolve().parents[2]
#: Fifty texts no file of a machine holds by chance.
PLANTED = [f"{word} {number:02}QZ" for number, word in enumerate(["NGUYỄN THỊ HOÀ", "Thôn Đông Khê", "0279", "Lê Đức Ướt", "Bệnh xá"] * 10)]  # fmt: skip
_CHILD = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from bnhelper.actions.attach_photo import attach_photo
from bnhelper.ids import PaperId
from bnhelper.logs import hold_crashes, set_up_logs
from bnhelper.paths import Places
from bnhelper.settings import Settings
from tests import factories
from tests.crash.test_nothing_seen import PLANTED, planted_photo
from ui.app import App, make_qt
from ui.demo.hands import Hands
from ui.presenters import routes
from ui.widgets.question_field import QuestionField
root = Path(sys.argv[1])
make_qt(["test"])
set_up_logs(root / "data" / "logs")
hold_crashes(root / "data" / "logs")
app = App(Places(root / "data"), settings=Settings())
app.window.show()
app.window.owns_clipboard = lambda: True  # the offscreen platform owns none
hands = Hands(app, None)
hands.screen("UnlockScreen")
hands.type(hands.find("secretField", QLineEdit), str(root / "stick" / "key"))
hands.click("primaryAction")
hands.screen("TodayScreen")
dossier = sys.argv[2]
left = list(PLANTED)
for _again in range(12):  # what was typed first stays in the journal
    for section in ("applicant", "child", "mother", "father", "requester"):
        for page in range(3):
            if not left:
                break
            app.window.go(routes.Question(dossier, section, page))
            hands.screen("QuestionScreen")
            for field in hands.page.findChildren(QuestionField):
                line = field.findChild(QLineEdit, "field_" + field.path.rpartition("/")[2])
                if line is not None and line.isVisibleTo(hands.page) and left:
                    hands.type(line, left.pop())
                    field.commit()
            hands.settle()
    with app.desk.machine.store.read() as db:  # a combo box passes over what it does not offer
        kept = set(db.exec_driver_sql("SELECT after FROM answer_changes").scalars())
    left = [one for one in PLANTED if one not in kept]
assert not left, len(left)
app.window.search.setText(PLANTED[0])
app.window.search.returnPressed.emit()
hands.screen("FindProcedureScreen")
app.window.go(routes.DossierList(text=PLANTED[1]))
hands.screen("DossierListScreen")
attach_photo(app.desk.machine, dossier, PaperId("birth_evidence"), planted_photo())
app.window.go(routes.TakePhoto(dossier))  # shows its thumbnail
hands.screen("TakePhotoScreen")
app.window.go(routes.DossierTasks(dossier))
hands.screen("DossierTasksScreen")
app.desk.backups.make()
QApplication.clipboard().setText(PLANTED[2])
try:
    int(PLANTED[3])
except ValueError as wrong:
    app._last_resort(wrong)  # a bug of ours that carries a value
if sys.argv[3] == "lock":
    app.lock()
    hands.screen("UnlockScreen")
    hands.settle()
    assert QApplication.clipboard().text() == ""
print("ready", flush=True)
sys.stdin.read()
"""


def planted_photo() -> bytes:
    """A picture with 20 kB that come from nowhere else."""
    return factories.png(side=64, extra=b"".join(f"PLANTED-PHOTO-{number:05}".encode() for number in range(1000)))


def _spellings(value: str) -> set[bytes]:
    """Return how a text may stand in a file, whole or folded."""
    raw = value.encode("utf-8")
    found = {raw, value.encode("utf-16-le"), value.encode("utf-16-be"), value.lower().encode(), value.upper().encode()}
    found |= {json.dumps(value)[1:-1].encode(), urllib.parse.quote(value).encode()}
    for one in (raw, value.encode("utf-16-le")):
        found |= {one.hex().encode(), one.hex().upper().encode()}
        for shift in range(3):  # the letters of Base64 that depend on this value alone, wherever it begins
            coded = base64.b64encode(b"\0" * shift + one)
            found.add(coded[-(-shift * 8 // 6) + (1 if shift else 0) : -4])
    return {one for one in found if len(one) >= 6}


def _everything(folder: Path) -> list[tuple[Path, bytes]]:
    return [(path, path.read_bytes()) for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]


def _search(folder: Path) -> list[str]:
    """Return where any planted value or photo byte stands."""
    needles = {one: value for value in PLANTED for one in _spellings(value)}
    photo = planted_photo()
    needles |= {photo[place : place + 32]: "photo" for place in range(0, len(photo) - 32, 512)}
    pattern = re.compile(b"|".join(re.escape(one) for one in sorted(needles, key=len, reverse=True)))
    return [
        f"{path.relative_to(folder)}: {needles[hit.group()]}"
        for path, content in _everything(folder)
        for hit in pattern.finditer(content)
    ]


def _plant(root: Path, how: str) -> str:
    """Make a machine, plant through the screens in a process of its own, and end it by SIGKILL."""
    for name in ("home", "tmp", "stick"):
        (root / name).mkdir()
    opened = factories.machine(root / "stick")
    dossier = factories.birth_dossier(opened, is_filled=False, has_consent=False)
    opened.close()
    (root / "stick" / "data").rename(root / "data")
    homes = {name: str(root / "home") for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    temporary = {name: str(root / "tmp") for name in ("TMPDIR", "TEMP", "TMP", "XDG_RUNTIME_DIR")}
    environment = {**os.environ, **homes, **temporary, "PYTHONPATH": str(_ROOT), "QT_QPA_PLATFORM": "offscreen"}
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(root), dossier, how],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, cwd=root / "tmp",
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    assert child.stderr is not None
    said = child.stdout.readline()
    child.send_signal(signal.SIGKILL)
    errors = child.stderr.read()
    child.wait(60)
    child.stdin.close()
    child.stdout.close()
    child.stderr.close()
    assert said.strip() == b"ready", errors.decode("utf-8", "replace")
    (root / "tmp" / "stderr.txt").write_bytes(errors)
    return dossier


@pytest.mark.skipif(os.name == "nt", reason="kills by signal")
@pytest.mark.parametrize("how", [pytest.param("lock", marks=pytest.mark.long), "kill -9 while open"])
def test_fifty_planted_values_and_a_photo_are_nowhere_to_be_found(tmp_path: Path, how: str) -> None:
    root = tmp_path / "all"
    root.mkdir()
    dossier = _plant(root, "lock" if how == "lock" else "open")
    assert _search(root) == []
    files = [path for path, _content in _everything(root)]
    assert len(files) >= 4
    assert [path.suffix for path in files if path.parent.name == "backups"] == [".backup"], "a copy was searched too"
    assert (root / "data" / "logs" / "events.log").read_text(encoding="utf-8").count("ValueError") >= 1
    # The search is worth something only if the values were there: the key brings all of them back.
    again = unlock_machine(
        Places(root / "data"), KeyFile(root / "stick" / "key"), library=Library.shipped(), clock=FixedClock()
    )
    try:
        with again.store.read() as db:
            journal = db.exec_driver_sql("SELECT after FROM answer_changes").scalars().all()
            (photo,) = photos.of_dossier(db, dossier_list(again).rows[0].id)
            row = photos.sealed_row(db, photo.id)
            dossiers.answers_of(db, dossier_list(again).rows[0].id).get(FieldPath("/data/applicant/full_name"))
        assert set(PLANTED) <= set(journal)
        with again.photos.open(row) as file:
            assert file.read_at(0, file.size) == planted_photo()
        assert dossier_list(again).rows[0].id == dossier
    finally:
        again.close()


def test_the_search_finds_what_is_there_in_every_spelling(tmp_path: Path) -> None:
    """A check that cannot fail is none: each spelling, hidden between random bytes, is found."""
    for number, spelling in enumerate(sorted(_spellings(PLANTED[1]))):
        path = tmp_path / f"{number}.bin"
        path.write_bytes(os.urandom(1000) + spelling + os.urandom(1000))
        assert _search(tmp_path), spelling
        path.unlink()
    for shift in range(3):
        (tmp_path / "b").write_bytes(base64.b64encode(b"x" * shift + PLANTED[7].encode() + b"tail"))
        assert _search(tmp_path), shift
    (tmp_path / "b").write_bytes(planted_photo()[700:1300])
    assert _search(tmp_path)
