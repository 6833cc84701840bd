"""What is wrong with the sources is said in the author's terms; the worked example holds and works."""

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
    assert any(one.startswith("1.004194: fee 1 does not say until when") for one in said)


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
