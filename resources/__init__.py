"""The one door to shipped files; knows no Qt and nothing of where the program was installed."""

from pathlib import Path

# A plain folder beside this file, also when frozen: importlib.resources would bring zipfile, tempfile and shutil
# into the time to first paint.
_HERE = Path(__file__).parent


def resource(name: str) -> Path:
    """Return the shipped file or folder `name`, a path with forward slashes below `resources/`."""
    return _HERE.joinpath(*name.split("/"))


def read_text(name: str) -> str:
    """Return a shipped UTF-8 text file."""
    return resource(name).read_text(encoding="utf-8")


def read_bytes(name: str) -> bytes:
    """Return a shipped file as it is."""
    return resource(name).read_bytes()


def names_under(folder: str, ending: str = "") -> list[str]:
    """Return the names of the files right inside `folder` that end with `ending`, sorted."""
    return sorted(entry.name for entry in resource(folder).iterdir() if entry.is_file() and entry.name.endswith(ending))
