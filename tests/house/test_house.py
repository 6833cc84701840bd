"""The rules of the house, as tests with their reasons."""

import ast
import importlib.metadata
import re
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_OURS = ("bnhelper", "sync", "ui", "resources")
_MODULES = sorted(path for name in _OURS for path in (_ROOT / name).rglob("*.py"))
_FORBIDDEN_NAMES = {
    "utils", "helpers", "common", "misc", "base", "logic", "manager", "service", "handler", "data", "info", "types",
    "constants", "core",
}  # fmt: skip
_BROAD = {"ui/background.py", "sync/runner.py", "sync/lanes.py", "sync/watch.py"}


def _name(path: Path) -> str:
    return path.relative_to(_ROOT).as_posix()


@pytest.mark.parametrize("path", _MODULES, ids=_name)
def test_a_module_is_small_named_for_one_thing_and_says_so(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 460, "cut it: one module, one purpose"
    assert path.stem not in _FORBIDDEN_NAMES, "a name that says nothing"
    if path.name not in {"__init__.py", "__main__.py"}:
        first = (ast.get_docstring(ast.parse(text)) or "").splitlines()
        assert first, "the first line says what it is for"
        assert path.stem not in sys.stdlib_module_names - {"signatures"}, "shadows the standard library"


@pytest.mark.parametrize("path", _MODULES, ids=_name)
def test_nothing_is_swallowed(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            is_broad = node.type is None or (
                isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}
            )
            re_raises = any(isinstance(one, ast.Raise) for one in ast.walk(node))
            assert not is_broad or re_raises or _name(path) in _BROAD, f"line {node.lineno}"


def test_our_four_names_belong_to_us_alone() -> None:
    found = importlib.metadata.packages_distributions()
    for name in _OURS:
        assert set(found.get(name, ["bnhelper"])) == {"bnhelper"}


def test_the_lock_names_versions_and_hashes_and_no_address() -> None:
    lock = (_ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    blocks = re.split(r"\n(?=[a-z0-9])", lock)
    for block in blocks:
        if re.match(r"[a-z0-9][a-z0-9._-]*==", block):
            assert "--hash=sha256:" in block, block.splitlines()[0]


def test_style_sheets_name_roles_and_no_colours() -> None:
    for path in (_ROOT / "resources" / "qss").glob("*.qss"):
        assert not re.search(r"#[0-9a-fA-F]{6}\b", path.read_text(encoding="utf-8")), path.name


def test_threads_are_made_in_five_places_only() -> None:
    for path in _MODULES:
        name = _name(path)
        if name not in {"sync/runner.py", "sync/lanes.py", "sync/watch.py", "ui/background.py", "ui/demo/relay.py"}:
            text = path.read_text(encoding="utf-8")
            assert "threading.Thread(" not in text, name
            assert "QThread" not in text.replace("QThreadPool", ""), name


def test_every_trouble_has_words_in_both_languages() -> None:
    import sync.courier
    import sync.sign_in
    import sync.transport.enrolment
    import sync.ward  # noqa: F401
    from bnhelper.errors import KnownTrouble
    from ui.words.sync_trouble_words import SYNC_WORDS
    from ui.words.trouble_words import WORDS

    waiting, codes = [KnownTrouble], set()
    while waiting:
        one = waiting.pop()
        waiting.extend(one.__subclasses__())
        codes.add(one.code)
    assert not set(WORDS) & set(SYNC_WORDS)
    known = WORDS | SYNC_WORDS
    assert codes - {"trouble"} <= set(known), codes - set(known)
    for both in known.values():
        assert all(part for language in both for part in language)
