"""The one door to shipped files; knows no Qt and nothing of where the program was installed."""

from importlib.resources import files
from importlib.resources.abc import Traversable


def resource(name: str) -> Traversable:
    """Return the shipped file or folder `name`, a path with forward slashes below `resources/`."""
    return files(__name__).joinpath(*name.split("/"))


def read_text(name: str) -> str:
    """Return a shipped UTF-8 text file."""
    return resource(name).read_text(encoding="utf-8")


def read_bytes(name: str) -> bytes:
    """Return a shipped file as it is."""
    return resource(name).read_bytes()


def names_under(folder: str, ending: str = "") -> list[str]:
    """Return the names of the files right inside `folder` that end with `ending`, sorted."""
    return sorted(entry.name for entry in resource(folder).iterdir() if entry.is_file() and entry.name.endswith(ending))
