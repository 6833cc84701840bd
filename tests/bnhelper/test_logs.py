"""What may stand in a log line is decided by the type of a value; nothing anybody wrote gets in by any road."""

import enum
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bnhelper.logs import Code, SafeFormatter, message_of, shown, traceback_of
from bnhelper.vault.keys import WrongKey

_PLANTED = "NGUYỄN THỊ HOÀ 027190000002"
_ROOT = Path(__file__).resolve().parents[2]


class Colour(enum.StrEnum):
    RED = _PLANTED


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """Every line that the program's formatter made of what was logged."""
    made: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            made.append(self.format(record))

    handler = Keep()
    handler.setFormatter(SafeFormatter())
    root = logging.getLogger()
    level, root.level = root.level, logging.DEBUG
    root.addHandler(handler)
    yield made
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (3, 3),
        (2.5, 2.5),
        (None, None),
        (True, True),
        (Code("v0002"), "v0002"),
        (Colour.RED, "Colour.RED"),
        (ValueError, "ValueError"),
        (ValueError(_PLANTED), "ValueError"),
        (WrongKey(tries=3), "wrong-key(tries=3)"),
        (WrongKey(tries=3, name=_PLANTED), "wrong-key(tries=3)"),
        (_PLANTED, "…"),
        (_PLANTED.encode(), "…"),
        ([_PLANTED], "…"),
        ({"name": _PLANTED}, "…"),
        (Path("/home/hoa"), "…"),
        (frozenset(), "…"),
    ],
    ids=str,
)
def test_a_value_is_shown_by_its_type(value: object, said: object) -> None:
    assert shown(value) == said


def test_a_subclass_of_a_number_or_a_code_cannot_smuggle_a_text() -> None:
    class Sly(int):
        def __str__(self) -> str:
            return _PLANTED

    class SlyCode(Code):
        __slots__ = ()

    assert shown(Sly(1)) == "…"
    assert shown(SlyCode(_PLANTED)) == "…"


def test_no_road_into_a_line_leads_past_the_types(lines: list[str]) -> None:
    ours, theirs = logging.getLogger("bnhelper.somewhere"), logging.getLogger("urllib3.connectionpool")
    ours.warning("a name: %s, a count: %d, both: %s", _PLANTED, 7, {"name": _PLANTED})
    ours.warning("by name %(name)s", {"name": _PLANTED})
    ours.warning(Exception(_PLANTED))
    theirs.warning(f"GET /hoso?ten={_PLANTED}")
    theirs.warning("%s", _PLANTED, stack_info=True)
    try:
        try:
            int(_PLANTED)
        except ValueError as wrong:
            raise RuntimeError(_PLANTED) from wrong
    except RuntimeError:
        ours.exception("it broke on %s", _PLANTED)
        theirs.exception(_PLANTED)
    assert len(lines) == 7
    said = "\n".join(lines)
    for part in ("NGUYỄN", "HOÀ", "0271", "ten="):
        assert part not in said
    assert "a name: …, a count: 7, both: …" in said
    assert "ValueError" in said
    assert "test_logs.py" in said


def test_a_line_whose_form_does_not_fit_its_values_is_its_words_alone() -> None:
    record = logging.LogRecord("bnhelper.x", logging.INFO, "x.py", 3, "a wrong form %d", (_PLANTED,), None)
    assert message_of(record) == "a wrong form %d"


def test_a_traceback_names_lines_and_no_home() -> None:
    try:
        dict[str, int]()[_PLANTED]
    except KeyError as wrong:
        said = traceback_of(wrong)
    assert "KeyError" in said
    assert "test_a_traceback_names_lines_and_no_home" in said
    assert str(_ROOT.parent) not in said
    assert "HOÀ" not in said


def test_a_program_that_dies_leaves_its_lines_and_no_value(tmp_path: Path) -> None:
    act = (
        "import sys, threading\nfrom pathlib import Path\nfrom bnhelper.logs import hold_crashes, set_up_logs\n"
        "set_up_logs(Path(sys.argv[1])); hold_crashes(Path(sys.argv[1]))\n"
        f"def fall():\n    name = {_PLANTED!r}\n    raise ValueError(name)\n"
        "one = threading.Thread(target=fall); one.start(); one.join()\n"
        "class Late:\n    def __del__(self): fall()\n"
        "late = Late(); del late\n"
        "import resource; assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)\n"
        "fall()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", act, str(tmp_path / "logs")], capture_output=True, text=True, check=False, cwd=_ROOT,
        timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    kept = "\n".join(path.read_text(encoding="utf-8") for path in (tmp_path / "logs").iterdir())
    assert kept.count("nobody caught: ValueError") == 3
    for part in ("NGUYỄN", "HOÀ", "0271"):
        assert part not in kept + done.stderr + done.stdout
    assert "fall" in done.stderr


def test_logs_of_before_are_not_kept(tmp_path: Path) -> None:
    (tmp_path / "bnhelper.log").write_text(_PLANTED, encoding="utf-8")
    (tmp_path / "bnhelper.log.1").write_text(_PLANTED, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-c", "import sys; from pathlib import Path; from bnhelper.logs import set_up_logs; set_up_logs(Path(sys.argv[1]))", str(tmp_path)],
        check=True, cwd=_ROOT, timeout=60,
    )  # fmt: skip
    assert not list(tmp_path.iterdir())
