"""What is wrong with the sources is said in the author's terms; the worked example holds and works."""

import json
import shlex
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import resources
from bnhelper.authoring.build_pack import build_pack
from bnhelper.authoring.lint import lint, warnings
from bnhelper.authoring.sources import Sources, read_sources
from bnhelper.catalogue.checklist import MAYBE, NEEDED, checklist
from bnhelper.catalogue.pack import Pack
from bnhelper.clock import province_date
from bnhelper.command_line import form as form_command
from bnhelper.command_line import pack as pack_command
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.questions import sections
from bnhelper.ids import FieldPath
from tests.fakes.clock import FixedClock

_ROOT = resources.resource("procedures").parent
_EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "authoring" / "example"


@pytest.fixture(scope="module")
def sources() -> Sources:
    return read_sources(_ROOT)


def _with(sources: Sources, change: Callable[[dict[str, Any]], None]) -> Sources:
    """The sources with 1.004194 changed."""
    changed = []
    for one in sources.procedures:
        if one["code"] == "1.004194":
            copy = {
                **one,
                "documents": [dict(paper) for paper in one["documents"]],
                "fees": [dict(fee) for fee in one["fees"]],
            }
            change(copy)
            changed.append(copy)
        else:
            changed.append(dict(one))
    return replace(sources, procedures=tuple(changed))


def test_the_shipped_sources_hold(sources: Sources) -> None:
    assert lint(sources) == []


def _first_paper(**said: object) -> Callable[[dict[str, Any]], None]:
    return lambda procedure: procedure["documents"][0].update(said)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (_first_paper(when={"all": ["no_such_fact"]}), "1.004194: unknown fact no_such_fact"),
        (_first_paper(when={"sometimes": []}), "condition not understood: 1.004194 ct01"),
        (_first_paper(kind="thing"), "1.004194: paper ct01 has the unknown kind thing"),
        (_first_paper(id="housing"), "1.004194: paper housing stands twice"),
        (
            _first_paper(when={"all": ["by_proxy"], "none": ["by_proxy"]}),
            "1.004194: paper ct01 is needed in no case at all",
        ),
        (lambda one: one["documents"][0].pop("copies"), "1.004194: paper ct01 does not say copies"),
        (lambda one: one.pop("conditions_reviewed"), "1.004194: conditions_reviewed is not said"),
        (lambda one: one.pop("as_of"), "1.004194: fee 1 does not say when it holds"),
        (lambda one: one.update(as_of="July"), "1.004194: as_of is no day, month or year: July"),
        (
            lambda one: one["fees"][0].update(valid_to="2026-02-30"),
            "1.004194: fees 1: no day of the calendar: 2026-02-30",
        ),
        (
            lambda one: one["fees"][0].update(valid_from="2027-01-01", valid_to="2026-12-31"),
            "1.004194: fees 1: ends before it begins",
        ),
    ],
)
def test_a_fault_is_named_with_its_place(
    sources: Sources, change: Callable[[dict[str, Any]], None], fault: str
) -> None:
    assert any(said.startswith(fault) for said in lint(_with(sources, change)))


def test_warnings_stop_nothing_and_say_what_to_look_at(sources: Sources) -> None:
    said = warnings(_with(sources, lambda one: one.update(name_en="")))
    assert "1.004194: no officer has reviewed the conditions" in said
    assert "1.004194: name_en is missing" in said


def test_what_is_out_of_date_is_a_fault_of_an_author_and_only_a_warning_of_the_portals(sources: Sources) -> None:
    fault = "1.004194: the code is retired, see words.yaml"
    words = {**sources.words, "retired": {**sources.words["retired"], "1.004194": "1.004222"}}
    ours = replace(sources, words=words)
    assert fault in lint(ours)
    imported = replace(_with(ours, lambda one: one.update(sources=["portal"])), words=words)
    assert fault not in lint(imported)
    assert fault in warnings(imported)
    undated = _with(sources, lambda one: one.update(sources=["portal"], as_of=""))
    assert lint(undated) == []
    assert any(one.startswith("1.004194: fee 1 does not say when") for one in warnings(undated))


def test_the_worked_example_holds_and_works(tmp_path: Path) -> None:
    assert lint(read_sources(_ROOT, _EXAMPLE)) == []
    build_pack(_ROOT, tmp_path / "with.bnpack", _EXAMPLE, is_whole=False)
    pack = Pack(tmp_path / "with.bnpack")
    instance = FormInstance(pack.form("9.000001"), today=lambda: province_date(FixedClock().now()))
    procedure = pack.procedure("9.000001")

    def needs() -> dict[str, str]:
        return {item.paper: item.need for item in checklist(instance, procedure, "vi").items}

    assert needs() == {"request": NEEDED, "contract": MAYBE, "owner_note": MAYBE}
    instance.answer(FieldPath("/data/case/rents"), "yes")
    instance.answer(FieldPath("/data/case/has_contract"), "no")
    assert needs() == {"request": NEEDED, "owner_note": NEEDED}
    instance.answer(FieldPath("/data/case/rents"), "no")
    assert needs() == {"request": NEEDED}
    assert [part.title for part in sections(instance, "vi")] == ["Người nộp hồ sơ", "Chỗ ở"]
    assert checklist(instance, procedure, "vi").fees[0].fee.amount_vnd is None


def test_a_form_that_does_not_fit_its_procedure_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "in" / "9.000001"
    shutil.copytree(_EXAMPLE / "9.000001", folder)
    text = (folder / "procedure.yaml").read_text(encoding="utf-8")
    (folder / "procedure.yaml").write_text(text.replace("id: contract", "id: lease"), encoding="utf-8")
    assert pack_command.main(["check", "--imported", str(tmp_path / "in")]) == 1
    said = capsys.readouterr().out
    assert "9.000001/form.xlsx: paper lease is not in the group documents" in said
    assert "9.000001/form.xlsx: contract in the group documents is no paper of procedure.yaml" in said


def test_a_workbook_that_is_none_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "9.000001"
    shutil.copytree(_EXAMPLE / "9.000001", folder)
    (folder / "form.xlsx").write_bytes(b"PK\x03\x04 broken")
    (said,) = lint(read_sources(_ROOT, tmp_path))
    assert said.startswith("9.000001/form.xlsx: ")


_GUIDES = [_EXAMPLE.parent / name for name in ("guide-en.md", "guide-vi.md")]


def _commands(guide: Path) -> list[list[str]]:
    """Every command of a guide's shell blocks."""
    blocks = guide.read_text(encoding="utf-8").split("```sh\n")[1:]
    return [shlex.split(line) for block in blocks for line in block.split("```")[0].splitlines() if line.strip()]


@pytest.mark.journey
@pytest.mark.parametrize("guide", _GUIDES, ids=lambda guide: guide.stem)
def test_every_command_of_the_guide_works_in_a_copy_of_the_example(
    guide: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(_EXAMPLE, tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    programs = {"bnhelper-form": form_command.main, "bnhelper-pack": pack_command.main}
    said = {}
    for program, *arguments in _commands(guide):
        assert programs[program](arguments) == 0, arguments
        said[" ".join(arguments[:1])] = capsys.readouterr().out
    last = json.loads(said["play"])["steps"][-1]
    assert "/data/documents/owner_note" in json.dumps(last)
    assert len(_commands(guide)) == 6
    made = {path.name for path in Path().rglob("*") if path.is_file()}
    assert {"procedure.yaml", "form.xlsx"} <= made


def test_both_guides_show_the_same_commands() -> None:
    own = {"cua-toi", "mine", "cua-toi.bnpack", "my.bnpack"}
    first, second = ([[word for word in one if word not in own] for one in _commands(guide)] for guide in _GUIDES)
    assert first == second


def test_an_imported_procedure_that_an_author_has_written_is_told_and_counts_for_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "1.004194").mkdir()
    (tmp_path / "1.004194" / "procedure.yaml").write_text(
        "code: '1.004194'\nname_vi: Của người khác\ndocuments: []\nfees: []\nconditions_reviewed: false\n",
        encoding="utf-8",
    )
    shutil.copy(_EXAMPLE / "9.000001" / "form.xlsx", tmp_path / "1.004194")
    found = read_sources(_ROOT, tmp_path)
    assert found.left_out == ("1.004194",)
    assert "1.004194" not in found.forms, "nor is its form put on the author's procedure"
    assert [fault for fault in lint(found) if fault.startswith("1.004194: an author has written it already")]
    assert pack_command.main(["check", "--imported", str(tmp_path)]) == 1
    assert "take it out of the folder" in capsys.readouterr().out


def test_an_imported_folder_without_procedures_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pack_command.main(["check", "--imported", str(tmp_path / "nowhere")]) == 1
    assert "no procedure stands in this folder" in capsys.readouterr().err
