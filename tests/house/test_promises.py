"""Every test that docs/sync.md names exists, and every promise there names one."""

import ast
import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_TEXT = (_ROOT / "docs" / "sync.md").read_text(encoding="utf-8")
_NAMED = sorted(set(re.findall(r"`(tests/[\w/]+(?:\.py)?)(?:::(\w+))?`", _TEXT)))


def test_every_promise_names_what_shows_it() -> None:
    assert len(_NAMED) >= 60
    for line in _TEXT.splitlines():
        if line.startswith("| ") and not line.startswith("| promise"):
            assert "`tests/" in line, f"nothing shows: {line[:60]}"


@pytest.mark.parametrize(("path", "name"), _NAMED, ids=[f"{path}-{name}" for path, name in _NAMED])
def test_what_is_named_exists(path: str, name: str) -> None:
    place = _ROOT / path
    files = sorted(place.glob("test_*.py")) if place.is_dir() else [place]
    trees = [ast.parse(one.read_text(encoding="utf-8")) for one in files]
    found = {one.name for tree in trees for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
    assert name in found if name else any(one.startswith("test_") for one in found)
