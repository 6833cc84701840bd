"""Released programs that ours must get on with: the official tus server and clients, a certified OpenID provider.

`python -m tests.peers` fetches them by npm and pip at the versions and hashes of the locks beside this file; `bn.py
test` and `bn.py bench net` do so by themselves. Without Node 20 or a registry, what needs them is skipped, saying so.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
_MODULES: Final = HERE / "node_modules"
_VENV: Final = HERE.parents[1] / ".venv" / "peers"
_PYTHON: Final = _VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def set_up() -> list[str]:
    """Fetch what is not there; return a sentence for each part that could not be had."""
    troubles = []
    if node_peers() and not _fetched_npm():
        troubles.append(node_peers())
    if python_peers() and not _fetched_pip():
        troubles.append(python_peers())
    return troubles


def node_peers() -> str:
    """Return why the peers from npm cannot be run, or an empty text."""
    if shutil.which("node") is None:
        return "no Node.js here: tus-js-client, @tus/server and oidc-provider are skipped"
    if not (_MODULES / "@tus" / "server").exists() or not (_MODULES / "oidc-provider").exists():
        return "not fetched from npm: python -m tests.peers"
    return ""


def python_peers() -> str:
    """Return why tuspy cannot be run, or an empty text."""
    return "" if (_VENV / "ready").exists() else "tuspy is not fetched: python -m tests.peers"


def node(script: str, *arguments: str) -> list[str]:
    """Return the command that runs one of the scripts beside this file."""
    return ["node", str(HERE / script), *arguments]


def python(*arguments: str) -> list[str]:
    """Return the command that runs Python with tuspy."""
    return [str(_PYTHON), *arguments]


def _fetched_npm() -> bool:
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None or not _is_node_20():
        return False
    return _runs([npm, "ci", "--no-audit", "--no-fund", "--silent", "--ignore-scripts"])


def _is_node_20() -> bool:
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    major = said.strip().removeprefix("v").partition(".")[0]
    return major.isdigit() and int(major) >= 20


def _fetched_pip() -> bool:
    pip = [str(_PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--require-hashes"]
    done = _runs([sys.executable, "-m", "venv", str(_VENV)]) and _runs([*pip, "-r", str(HERE / "requirements.txt")])
    if done:
        (_VENV / "ready").touch()
    return done


def _runs(command: list[str]) -> bool:
    return subprocess.run(command, cwd=HERE, capture_output=True, timeout=300, check=False).returncode == 0
