"""What authors' fingers do to a file is answered with the file, the key and a sentence; never with a traceback."""

import shutil
from pathlib import Path

import pytest

import resources
from bnhelper.authoring.procedure_schema import faults_of
from bnhelper.authoring.sources import read_sources
from bnhelper.command_line import form as form_command
from bnhelper.command_line import pack as pack_command

_ROOT = resources.resource("procedures").parent
_EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "authoring" / "example" / "9.000001"
_PLACE = "9.000001/procedure.yaml: "


@pytest.mark.parametrize(
    ("was", "now", "fault"),
    [
        ("steps:\n", "steps: [\n", "row 1"),
        ("name_vi: Xác nhận chỗ ở (ví dụ cho người soạn)\n", "", "name_vi is missing"),
        ("name_vi: Xác nhận chỗ ở (ví dụ cho người soạn)\n", "name_vi: ''\n", "name_vi is blank"),
        ("documents:\n", "papers:\n", "documents is missing"),
        ("fees:\n- amount_vnd: null\n", "", "fees is missing"),
        ("code: '9.000001'", "code: 9.000001", "code must be a text: write '9.000001' in quotes"),
        ("code: '9.000001'", "code: '9.1'", "code is no code of a procedure, such as 1.004194"),
        ("amount_vnd: null", "amount_vnd: 7.000 đồng", "fees 1: amount_vnd must be a whole number"),
        ("amount_vnd: null", "amount_vnd: -1", "fees 1: amount_vnd must not be below 0"),
        ("  copies: 1\n", "  copies: một\n", "documents 2: copies must be a whole number"),
        ("  copies: 1\n", "  copies: 1.5\n", "documents 2: copies must be a whole number"),
        ("conditions_reviewed: false", "conditions_reviewed: no one", "conditions_reviewed must be true or false"),
        ("legal_basis: []", "legal_basis: 60/2014/QH13", "legal_basis must be a list"),
        ("decision: {number: ''}", "decision: 12", "decision must hold keys of its own"),
    ],
)
def test_a_slip_is_told_with_its_file_and_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], was: str, now: str, fault: str
) -> None:
    shutil.copytree(_EXAMPLE, tmp_path / "9.000001")
    path = tmp_path / "9.000001" / "procedure.yaml"
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, now, 1), encoding="utf-8")
    with pytest.raises(ValueError, match="procedure") as told:
        read_sources(_ROOT, tmp_path)
    assert str(told.value).startswith(_PLACE + fault)


def test_every_slip_of_every_file_is_told_at_once_by_check_and_by_build(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "one.yaml").write_text("chỉ là chữ", encoding="utf-8")
    (tmp_path / "in" / "two.yaml").write_text("code: '9.000002'\nname_vi: x\n", encoding="utf-8")
    (tmp_path / "in" / "three.yaml").write_bytes("name_vi: chữ".encode("utf-16"))
    for verb in (["check"], ["build", "--target", str(tmp_path / "pack")]):
        assert pack_command.main([*verb, "--imported", str(tmp_path / "in")]) == 1
        assert capsys.readouterr().err.splitlines() == [
            "in/one.yaml: there are no keys (code:, name_vi:, documents: ...)",
            "in/three.yaml: the file is not saved as UTF-8",
            "in/two.yaml: documents is missing",
            "in/two.yaml: fees is missing",
        ]
    assert not (tmp_path / "pack").exists()


def test_a_key_is_counted_as_authors_count() -> None:
    said = {"code": "9.000001", "name_vi": "x", "fees": [], "documents": [{"id": "a"}, {"id": "b", "when": 5}, "c"]}
    assert faults_of(said, "p") == [
        "p: documents 2: when must be a text: write '5' in quotes",
        "p: documents 2: when must hold keys of its own",
        "p: documents 3 must hold keys of its own",
    ]


def test_a_code_that_was_replaced_or_is_written_already_is_not_begun(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for code, said in (
        ("2.000986", "2.000986 was replaced by 3.000722: begin with that"),
        ("1.001193", "1.001193: an author has written it already: 1.001193.yaml"),
    ):
        assert pack_command.main(["new", code, "--out", str(tmp_path)]) == 1
        assert capsys.readouterr().err == f"{said}\n"
    assert not list(tmp_path.iterdir())


def test_a_file_that_holds_no_questions_is_told_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "form.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert form_command.main(["check", str(tmp_path / "form.csv")]) == 1
    assert "form.csv: there is no sheet 'survey' with questions in it" in capsys.readouterr().out
