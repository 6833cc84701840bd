"""The window is painted before the store, the keyring and the network are imported: SQLAlchemy alone costs 350 ms."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
#: what the first picture does not need, and what each costs at the start (measured: architecture)
_LATER = {"sqlalchemy", "sqlcipher3", "keyring", "requests", "cryptography", "argon2", "pydantic", "alembic", "asyncio"}
_ASK = """
import sys
from pathlib import Path
from bnhelper.paths import Places
from ui.app import App, make_qt
qt = make_qt(["test"])
folder = Path(sys.argv[1])
if sys.argv[2] == "locked":
    folder.mkdir()
    (folder / "keys.json").write_text("{}")
app = App(Places(folder))
print(" ".join(sorted({name.partition(".")[0] for name in sys.modules})))
"""


@pytest.mark.parametrize("state", ["new", "locked"])
def test_nothing_heavy_is_imported_before_the_first_paint(tmp_path: Path, state: str) -> None:
    said = subprocess.run(
        [sys.executable, "-c", _ASK, str(tmp_path / "data"), state],
        capture_output=True,
        text=True,
        check=True,
        cwd=_ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    ).stdout
    assert not _LATER & set(said.split())
