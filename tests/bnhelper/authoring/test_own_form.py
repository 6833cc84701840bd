"""An author's own form is checked before a pack is built: no dossier begins with a form that cannot work."""

import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

import resources
from bnhelper.authoring import own_form
from bnhelper.authoring.build_pack import build_pack
from bnhelper.authoring.cases import never_needed
from bnhelper.authoring.form_check import check_form
from bnhelper.authoring.lint import lint, warnings
from bnhelper.authoring.sources import read_sources
from bnhelper.command_line import form as form_command
from bnhelper.command_line import pack as pack_command

_ROOT = resources.resource("procedures").parent
_EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "authoring" / "example" / "9.000001"
_PLACE = "9.000001/form.xlsx: "


def _changed(folder: Path, **cells: tuple[str, str | None]) -> Path:
    """A copy of the worked example in which a question's (column, value) is another; its workbook."""
    shutil.copytree(_EXAMPLE, folder / "9.000001")
    path = folder / "9.000001" / "form.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["survey"]
    headings = [cell.value for cell in sheet[1]]
    for question, (column, value) in cells.items():
        row = next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 2).value == question)
        sheet.cell(row, headings.index(column) + 1).value = value
    book.save(path)
    return path


def _procedure(path: Path) -> dict[str, Any]:
    said: dict[str, Any] = yaml.safe_load((path.parent / "procedure.yaml").read_text(encoding="utf-8"))
    return said


@pytest.mark.parametrize(
    ("question", "column", "value", "fault"),
    [
        ("per_person", "calculation", "${per_person} + ${area}", "survey, row 19, column calculation: "),
        ("contract", "relevant", "false()", "paper contract is needed in no case at all"),
        (
            "contract",
            "relevant",
            "${rents} = 'no' and ${rents} = 'yes'",
            "paper contract is needed in no case at all",
        ),
        (
            "contract",
            "relevant",
            "${rents} = yes",
            "survey, row 8, column relevant: ${contract}: the word yes stands without quotes; write 'yes'",
        ),
        (
            "contract",
            "relevant",
            "${rents} = 'yess'",
            "survey, row 8, column relevant: 'rents' is compared with 'yess', which none of its choices is",
        ),
        ("id_number", "constraint", "regex(., '[a-')", "survey, row 13, column constraint: "),
        ("people", "label::vi", None, "survey, row 17, column label::vi: 'people' has no words here"),
        (
            "area",
            "type",
            "select_one_from_file gone.csv",
            "survey, row 18, column type: the file is not beside the form",
        ),
        ("contract", "bind::bn:certain", "${rents} = = 'yes'", "survey, row 8, column bind::bn:certain: "),
        ("contract", "bind::bn:copies", "one", "paper contract: bind::bn:copies is no number: one"),
        ("contract", "bind::bn:kind", "form", "paper contract: bind::bn:kind is form, but submit in procedure.yaml"),
        ("contract", "bind::bn:kind", None, "paper contract lacks bind::bn:kind"),
        ("contract", "type", "hidden", "paper contract is no question; its type is to be acknowledge"),
    ],
)
def test_a_form_that_cannot_work_is_told_with_its_cell(
    tmp_path: Path, question: str, column: str, value: str | None, fault: str
) -> None:
    path = _changed(tmp_path, **{question: (column, value)})
    found = own_form.faults(_procedure(path), path)
    assert any(one.startswith(_PLACE + fault) for one in found), found


@pytest.mark.slow
def test_nothing_is_built_from_a_form_that_cannot_work(tmp_path: Path) -> None:
    _changed(tmp_path, per_person=("calculation", "${per_person} + ${area}"), people=("label::en", None))
    sources = read_sources(_ROOT, tmp_path)
    (fault,) = lint(sources)
    assert fault.startswith(f"{_PLACE}survey, row 19, column calculation: these are worked out from each other")
    assert f"{_PLACE}survey, row 17, column label::en: 'people' has no words here" in "\n".join(warnings(sources))
    with pytest.raises(ValueError, match=r"9\.000001/form\.xlsx"):
        build_pack(_ROOT, tmp_path / "pack", tmp_path, is_whole=False)
    assert not (tmp_path / "pack").exists()


def test_words_missing_in_english_are_a_warning(tmp_path: Path) -> None:
    path = _changed(tmp_path, people=("label::en", None))
    assert own_form.faults(_procedure(path), path) == []
    (said,) = own_form.warnings(_procedure(path), path)
    assert said == f"{_PLACE}survey, row 17, column label::en: 'people' has no words here, but has in another language"


def test_the_worked_example_says_nothing_and_a_form_alone_is_told_of_a_word_that_is_no_choice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert form_command.main(["check", str(_EXAMPLE / "form.xlsx")]) == 0
    assert capsys.readouterr().out == "the form holds\n"
    path = _changed(tmp_path, contract=("relevant", "selected(${rents}, 'maybe') or 'non' != ${rents}"))
    assert form_command.main(["check", str(path)]) == 0
    said = capsys.readouterr().out
    assert "'rents' is compared with 'maybe'" in said
    assert "'rents' is compared with 'non'" in said


@pytest.mark.parametrize(
    ("question", "column", "value", "doubt"),
    [
        (
            "contract",
            "label::vi",
            "Hợp đồng mua",
            "paper contract: label::vi is “Hợp đồng mua”, but “Hợp đồng thuê nhà” in",
        ),
        (
            "contract",
            "bind::bn:when_vi",
            "khi mua",
            "paper contract: bind::bn:when_vi is “khi mua”, but “khi thuê nhà và",
        ),
        ("contract", "bind::bn:certain", None, "paper contract is surely needed before anything is answered"),
        ("contract", "bind::bn:certain", "${rents} = 'no'", "paper contract is surely needed in no case"),
        ("contract", "relevant", "${rents} = 'yes'", "paper contract is left out while nothing is answered"),
        ("has_contract", "type", "select_one two", "question has_contract has no choice unknown"),
    ],
)
def test_what_makes_a_checklist_wrong_for_who_does_not_know_yet_is_doubted(
    tmp_path: Path, question: str, column: str, value: str | None, doubt: str
) -> None:
    path = _changed(tmp_path, **{question: (column, value)})
    book = openpyxl.load_workbook(path)
    for choice in ("yes", "no"):
        book["choices"].append(["two", choice, choice, choice])
    book.save(path)
    assert own_form.faults(_procedure(path), path) == []
    assert any(one.startswith(_PLACE + doubt) for one in own_form.warnings(_procedure(path), path))
    assert own_form.warnings(_procedure(_EXAMPLE / "form.xlsx"), _EXAMPLE / "form.xlsx") == []


def test_a_paper_of_some_cases_is_not_called_always_needed() -> None:
    said = _procedure(_EXAMPLE / "form.xlsx")
    said["documents"][1]["when"] = "always"
    (fault,) = own_form.faults(said, _EXAMPLE / "form.xlsx")
    assert fault == f"{_PLACE}paper contract is needed in some cases only, but always in procedure.yaml"


def test_a_copied_folder_that_keeps_the_old_code_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(_EXAMPLE, tmp_path / "9.000002")
    assert pack_command.main(["check", "--imported", str(tmp_path)]) == 1
    assert "9.000002/procedure.yaml: code is 9.000001, but the folder is 9.000002" in capsys.readouterr().err
    (tmp_path / "9.000002").rename(tmp_path / "mine")
    shutil.copytree(_EXAMPLE, tmp_path / "9.000001")
    assert pack_command.main(["check", "--imported", str(tmp_path)]) == 1
    assert "mine/procedure.yaml: 9.000001 stands in another folder as well" in capsys.readouterr().err


def test_an_author_sees_the_warnings_of_what_is_new_and_the_others_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(_EXAMPLE, tmp_path / "9.000001")
    assert pack_command.main(["check", "--imported", str(tmp_path)]) == 0
    first, counted, last = capsys.readouterr().out.splitlines()
    assert first == "warning: 9.000001: no officer has reviewed the conditions"
    assert counted.endswith("warnings of procedures that came with the program: see them without --imported")
    assert last == "the sources hold"


# --- every case --------------------------------------------------------------------------------------------------

_HEAD = """| survey | | | | | |
| | type | name | label | relevant | calculation |
"""
_CHOICES = """| choices | | | |
| | list_name | name | label |
| | yn | yes | Yes |
| | yn | no | No |
| | many | a | A |
| | many | b | B |
"""


def _form(folder: Path, case: str, relevant: str) -> Any:
    path = folder / "form.md"
    paper = (
        f"| | begin_group | documents | D | | |\n| | acknowledge | p | P | {relevant} | |\n| | end_group | | | | |\n"
    )
    text = f"{_HEAD}| | begin_group | case | C | | |\n{case}| | end_group | | | | |\n{paper}{_CHOICES}"
    path.write_text(text, encoding="utf-8")
    form, found = check_form(path, lambda name: None)
    assert form is not None, found
    return form


def _asked(count: int) -> str:
    return "".join(f"| | select_one yn | q{number} | Q | | |\n" for number in range(count))


@pytest.mark.parametrize(
    ("case", "relevant", "never", "untried"),
    [
        (_asked(2), "${q0} = 'yes' and ${q1} = 'no'", [], []),
        (_asked(2), "${q0} = 'yes' and ${q0} = 'no' and ${q1} = ''", ["p"], []),
        (_asked(1) + "| | calculate | k | | | if(${q0} = 'yes', 1, 2) |\n", "${k} = 3", ["p"], []),
        (_asked(1) + "| | calculate | k | | | if(${q0} = 'yes', 1, 2) |\n", "${k} = 1", [], []),
        (_asked(1) + "| | select_one yn | r | R | ${q0} = 'yes' | |\n", "${q0} = 'no' and ${r} = 'yes'", ["p"], []),
        (_asked(1) + "| | select_multiple many | m | M | | |\n", "count-selected(${m}) = 2", [], []),
        (_asked(1) + "| | select_multiple many | m | M | | |\n", "count-selected(${m}) = 3", ["p"], []),
        (_asked(1) + "| | integer | n | N | | |\n", "${n} > 5", [], ["p"]),
        (_asked(1), "today() > '2030-01-01'", [], ["p"]),
        (_asked(8), " and ".join(f"${{q{number}}} = 'no'" for number in range(8)), [], []),
        (_asked(12), " and ".join(f"${{q{number}}} = ''" for number in range(12)) + " and ${q0} = 'no'", [], ["p"]),
    ],
)
def test_every_case_is_tried_and_what_cannot_be_tried_is_said(
    tmp_path: Path, case: str, relevant: str, never: list[str], untried: list[str]
) -> None:
    found = never_needed(_form(tmp_path, case, relevant))
    assert [[path.rpartition("/")[2] for path in part] for part in found] == [never, untried]
