"""XLSForms as people write them, played; the state is what the author meant, and what is printed keeps its schema."""

import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from jsonschema import Draft202012Validator

import resources
from bnhelper.authoring.xlsform import to_xform
from bnhelper.command_line.form import check, main, media_in, play, read_steps
from bnhelper.forms.reader import parse_form
from tests.bnhelper.forms.xforms import xform

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
        ("| | calculate | b | | | if(${a} = yes, 1, 2) | | |", ("survey", 3, "calculation"), "word-without-quotes"),
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


_WIDE = (
    "| survey |\n| | type | name | label | repeat_count | default | choice_filter | constraint | trigger | calculation |\n"
    "| | text | a | A |\n"
)
_LIST = "| choices |\n| | list_name | name | label |\n| | yn | y | Yes |\n| | yn | n | No |\n"


@pytest.mark.parametrize(
    ("rows", "place", "code", "words"),
    [
        ("| | select_one none | b | B |\n" + _LIST, ("survey", 3, "type"), "xlsform", "none"),
        ("| | select_one yn | b | B |\n", ("survey", 3, "type"), "xlsform", "choices"),
        ("| | select_multiple yn | b | B |\n" + _LIST + "| | yn | a b | C |\n", ("choices", 4, "name"), "xlsform", "a b"),
        ("| | text | | B |\n", ("survey", 3, "name"), "xlsform", "no name"),
        ("| | begin group | g | G |\n| | text | b | B |\n", ("survey", 3, "type"), "xlsform", "'g'"),
        ("| | select_one yn | b | B | | | of = |\n" + _LIST, ("survey", 3, "choice_filter"), "expression-not-understood", "of ="),
        ("| | begin repeat | r | R | foo() |\n| | text | b | B |\n| | end repeat |\n", ("survey", 3, "repeat_count"), "unknown-function", "foo()"),
        ("| | date | b | B | | today( |\n", ("survey", 3, "default"), "expression-not-understood", "today("),
        ("| | text | b | B | | | | regex(., '[a-') |\n", ("survey", 3, "constraint"), "no-pattern", "[a-"),
        ("| | text | b | B | | | | ${a} == 1 |\n", ("survey", 3, "constraint"), "expression-not-understood", "${a} == 1"),
        ("| | text | b | B | | | | | ${a} | 1 + |\n", ("survey", 3, "calculation"), "expression-not-understood", "1 +"),
        ("| | calculate | b | | | | | | | ${c} |\n| | calculate | c | | | | | | | ${b} |\n", ("survey", 3, "calculation"), "cycle", "${b} → ${c}"),
        ("| | calculate | b | | | | | | | if(${a} = yes, 1, 2) |\n", ("survey", 3, "calculation"), "word-without-quotes", "'yes'"),
        ("| | text | b | B | | | | | |\n| settings |\n| | instance_name |\n| | ${zz} |\n", ("settings", 2, "instance_name"), "xlsform", "'zz'"),
    ],
)  # fmt: skip
def test_a_fault_has_its_cell_and_the_authors_own_words(
    tmp_path: Path, rows: str, place: tuple[str, int, str], code: str, words: str
) -> None:
    path = tmp_path / "form.md"
    path.write_text(_WIDE + rows, encoding="utf-8")
    fault = check(path, tmp_path)[0]
    assert (fault.sheet, fault.row, fault.column, fault.code) == (*place, code), fault
    assert words in fault.message, fault
    assert not fault.is_warning
    assert "/data/" not in fault.message


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        (_WIDE + "| | select_one yn | b | B | | | of = ${a} |\n" + _LIST, ("survey", 3, "choice_filter"), "no-such-column"),
        (_WIDE + "| | select_one_from_file gone.csv | b | B |\n", ("survey", 3, "type"), "no-such-file"),
        (_WIDE + "| | calculate | b | | | | | | | pulldata('gone', 'x', 'y', ${a}) |\n", ("survey", 3, "calculation"), "no-such-file"),
        ("| survey |\n| | type | name | label | hnit |\n| | text | a | A | |\n", ("survey", 1, "hnit"), "unknown-column"),
        ("| survey |\n| | type | name | label::en | label::vi |\n| | text | a | A | Á |\n| | text | b | B | |\n", ("survey", 3, "label::vi"), "no-translation"),
        ("| survey |\n| | type | name | label::en | label::vi |\n| | select_one l | a | A | Á |\n| choices |\n| | list_name | name | label::en | label::vi |\n| | l | x | X | |\n| | l | y | Y | Y |\n", ("choices", 2, "label::vi"), "no-translation"),
    ],
)  # fmt: skip
def test_what_pyxform_passes_over_is_told_as_a_warning(
    tmp_path: Path, text: str, place: tuple[str, int, str], code: str
) -> None:
    path = tmp_path / "form.md"
    path.write_text(text, encoding="utf-8")
    found = {fault.code: fault for fault in check(path, tmp_path)}
    assert code in found, found
    assert (found[code].sheet, found[code].row, found[code].column) == place
    assert found[code].is_warning


def test_a_good_form_is_not_warned_of(tmp_path: Path) -> None:
    rows = "| | select_one yn | b | B | | | name != ${a} and selected('x y', name) |\n"
    path = tmp_path / "form.md"
    path.write_text(_WIDE + rows + _LIST, encoding="utf-8")
    assert check(path, tmp_path) == []


def test_an_xform_is_told_the_line(tmp_path: Path) -> None:
    path = tmp_path / "form.xml"
    binds = (
        '<bind nodeset="/data/a" relevant="/data/b &lt; foo(1)"/>\n<bind nodeset="/data/b" calculate="/data/zz + 1"/>'
    )
    path.write_text(xform("\n<a/><b/>\n", binds), encoding="utf-8")
    assert [(fault.row, fault.code) for fault in check(path, tmp_path)] == [
        (3, "unknown-function"),
        (4, "no-such-node"),
    ]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04garbage", b"\x00" * 100, b"\xff\xfe"])
@pytest.mark.parametrize("ending", ["xlsx", "md", "csv", "xml"])
def test_a_damaged_file_is_a_sentence_and_no_crash(
    tmp_path: Path, content: bytes, ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"form.{ending}"
    path.write_bytes(content)
    assert main(["check", str(path)]) in {1, 2}
    assert main(["play", str(path)]) in {1, 2}
    said = capsys.readouterr()
    assert "form." in said.out + said.err


def test_a_workbook_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", bytes(301_000_000))
    assert [fault.code for fault in check(path, tmp_path)] == ["too-large"]


def test_rows_of_a_workbook_are_counted_as_its_author_sees_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "survey"
    for row in (["type", "name", "label", "calculation"], ["text", "a", "A"], [], ["calculate", "b", None, "${a} +"]):
        sheet.append(row)
    path = tmp_path / "form.xlsx"
    book.save(path)
    fault = check(path, tmp_path)[0]
    assert (fault.sheet, fault.row, fault.column) == ("survey", 4, "calculation")


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


def test_a_language_the_form_does_not_have_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "form.md"
    path.write_text(
        "| survey |\n| | type | name | label::Tiếng Việt (vi) | label::English (en) |\n| | text | a | Tên | Name |\n",
        encoding="utf-8",
    )
    assert main(["play", str(path), "--json", "--language", "xx"]) == 2
    assert "Tiếng Việt (vi), English (en)" in capsys.readouterr().err
    assert main(["play", str(path), "--json", "--language", "English (en)"]) == 0
    form = parse_form(to_xform(path)[0])
    shown = play(form, [{"language": "xx"}, {"language": "English (en)"}])
    _fits(shown)
    assert [step["error"] and step["error"]["code"] for step in shown["steps"]] == [None, "unknown-language", None]
    assert [step["language"] for step in shown["steps"]] == ["Tiếng Việt (vi)", "Tiếng Việt (vi)", "English (en)"]
