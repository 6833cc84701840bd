"""XLSForms as people write them, played; the state is what the author meant, and what is printed keeps its schema."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import resources
from bnhelper.authoring.xlsform import to_xform
from bnhelper.command_line.form import check, main, media_in, play, read_steps
from bnhelper.forms.definition import parse_form

_FOLDER = Path(__file__).parent / "xlsforms"
_NAMES = sorted(path.stem for path in _FOLDER.glob("*.md"))
_SCHEMA = json.loads(resources.read_text("wire/form-play.schema.json"))
_VALIDATOR = Draft202012Validator(_SCHEMA)


def _fits(said: object) -> None:
    """Hold what was printed to its schema."""
    wrong = [f"{'/'.join(map(str, one.absolute_path))}: {one.message[:200]}" for one in _VALIDATOR.iter_errors(said)]
    assert not wrong, wrong[:5]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(_SCHEMA)


def _seen(node: dict[str, Any] | None, what: str) -> object:
    if what == "absent":
        return node is None
    assert node is not None
    if what == "problem":
        return node["problem"] and node["problem"]["kind"]
    if what == "message":
        return node["problem"]["message"]
    if what == "labels":
        return [choice["label"] for choice in node["choices"]]
    if what in {"choices", "sorted_choices"}:
        found = [choice["value"] for choice in node["choices"]]
        return sorted(found) if what == "sorted_choices" else found
    return node[what]


@pytest.mark.parametrize("name", _NAMES)
def test_a_form_plays_as_its_author_meant(name: str) -> None:
    wanted = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    xml, _ = to_xform(_FOLDER / f"{name}.md")
    steps = read_steps(wanted["steps"])
    form = parse_form(xml, media_in(_FOLDER))
    shown = play(form, steps, wanted.get("language", ""), wanted.get("last_saved"))
    _fits(shown)
    assert shown == play(form, steps, wanted.get("language", ""), wanted.get("last_saved")), "the same every time"
    wrong = []
    for number, nodes in wanted["expect"].items():
        step = shown["steps"][int(number)]
        by_path = {node["path"]: node for node in step["nodes"]}
        assert (step["error"] and step["error"]["code"]) == nodes.pop("error", None), step
        for path, facts in nodes.items():
            for what, value in facts.items():
                assert path in by_path or what == "absent", path
                seen = _seen(by_path.get(path), what)
                if seen != value:
                    wrong.append((number, path, what, seen, value))
    assert not wrong
    assert wanted.get("submission", "") in shown["submission"]


@pytest.mark.parametrize("name", _NAMES)
def test_a_form_holds(name: str) -> None:
    assert [fault for fault in check(_FOLDER / f"{name}.md", _FOLDER) if not fault.is_warning] == []


_HEAD = "| survey |\n| | type | name | label | relevant | calculation | constraint | choice_filter |\n| | text | a | A | | | | |\n"


@pytest.mark.parametrize(
    ("row", "place", "code"),
    [
        ("| | txt | b | B | | | | |", ("survey", 3, "type"), "xlsform"),
        ("| | text | b | B | ${zz} = 1 | | | |", ("survey", 3, "relevant"), "xlsform"),
        ("| | text | b | B | ${a} = = 1 | | | |", ("survey", 3, "relevant"), "expression-not-understood"),
        ("| | calculate | b | | | nonsense(${a}) | | |", ("survey", 3, "calculation"), "unknown-function"),
        ("| | text | b | B | | | regex(., 'x' | |", ("survey", 3, "constraint"), "expression-not-understood"),
        ("| | calculate | b | | | if(${a} = yes, 1, 2) | | |", ("survey", 3, "calculation"), "no-such-node"),
        ("| | calculate | b | | | pow(${a}) | | |", ("survey", 3, "calculation"), "wrong-number-of-arguments"),
        ("| | calculate | b | | | ${c} + 1 | | |\n| | calculate | c | | | ${b} + 1 | | |", None, "cycle"),
    ],
)  # fmt: skip
def test_a_fault_is_told_in_the_authors_terms(
    tmp_path: Path, row: str, place: tuple[str, int, str] | None, code: str
) -> None:
    path = tmp_path / "form.md"
    path.write_text(_HEAD + row + "\n", encoding="utf-8")
    fault = check(path, tmp_path)[0]
    assert fault.code == code
    if place is not None:
        assert (fault.sheet, fault.row, fault.column) == place, fault


def test_the_commands_say_what_they_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "script.json"
    script.write_text('{"/data/code": "AB1"}', encoding="utf-8")
    assert main(["play", str(_FOLDER / "pulled.md"), "--answers", str(script), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    _fits(shown)
    assert next(node for node in shown["steps"][1]["nodes"] if node["path"] == "/data/price")["value"] == "120"
    assert main(["play", str(_FOLDER / "pulled.md"), "--answers", str(script)]) == 0
    assert "/data/price = '120'" in capsys.readouterr().out
    script.write_text('[{"nonsense": 1}]', encoding="utf-8")
    assert main(["play", str(_FOLDER / "pulled.md"), "--answers", str(script)]) == 2
    assert main(["check", str(_FOLDER / "pulled.md")]) == 0
    assert main(["check", str(_FOLDER / "pulled.md"), "--media", str(tmp_path), "--json"]) == 0
    assert "no-such-file" in capsys.readouterr().out
    broken = tmp_path / "broken.xml"
    broken.write_text("<a>\n <b></a>", encoding="utf-8")
    assert main(["check", str(broken)]) == 1
    assert "line 2" in capsys.readouterr().out
    assert main(["play", str(tmp_path / "none.xml")]) == 2


def test_every_wrong_expression_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "form.md"
    rows = "| | text | b | B | ${a} = = 1 | | | |\n| | text | c | C | | | nonsense(.) | |\n"
    path.write_text(_HEAD + rows, encoding="utf-8")
    assert sorted((fault.row, fault.code) for fault in check(path, tmp_path)) == [
        (3, "expression-not-understood"),
        (4, "unknown-function"),
    ]
