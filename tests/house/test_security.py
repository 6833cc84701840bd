"""Every test that SECURITY.md names as a proof exists, and asserts something."""

import ast
import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_NAMED = sorted(
    set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", (_ROOT / "SECURITY.md").read_text(encoding="utf-8")))
)


def test_the_threat_model_names_its_proofs() -> None:
    assert len(_NAMED) >= 30
    for line in (_ROOT / "SECURITY.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| ") and not line.startswith(("| who", "| promise", "|---")):
            assert "`tests/" in line, f"no proof: {line[:60]}"


@pytest.mark.parametrize(("path", "name"), _NAMED, ids=[f"{path}-{name}" for path, name in _NAMED])
def test_a_named_proof_exists_and_can_fail(path: str, name: str) -> None:
    tree = ast.parse((_ROOT / path).read_text(encoding="utf-8"))
    found = {one.name: one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
    tests = [found[name]] if name else [one for key, one in found.items() if key.startswith("test_")]
    assert tests
    for test in tests[:1]:
        is_checked = any(
            isinstance(one, ast.Assert) or (isinstance(one, ast.Attribute) and one.attr == "raises")
            for one in ast.walk(test)
        )
        assert is_checked, f"{path}::{test.name} asserts nothing"
