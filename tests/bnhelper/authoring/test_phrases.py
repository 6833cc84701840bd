"""What authors write down of what people say: what is wrong with it is named, and a replaced code gives it on."""

from pathlib import Path

import pytest

import resources
from bnhelper.authoring.phrases import faults_of_phrases, phrases_in_force, read_phrases
from tests.factories import SHIPPED

_FILE = resources.resource("search/everyday.tsv")


def test_the_projects_own_phrases_have_no_fault_and_lead_to_procedures_of_the_catalogue() -> None:
    said = read_phrases(_FILE)
    assert len(said) > 2_600
    assert faults_of_phrases(said) == []
    assert [code for code in said if not SHIPPED.newest.has(code)] == []


@pytest.mark.parametrize(
    ("code", "phrase", "told"),
    [
        ("1.00", "mất sổ đỏ", "no code"),
        ("1.000001", "mất so\u0302\u0309 đỏ", "NFC"),
        ("1.000001", "Mất sổ đỏ", "small letters"),
        ("1.000001", "mất sổ đỏ?", "small letters"),
        ("1.000001", "mất  sổ đỏ", "small letters"),
        ("1.000001", "", "small letters"),
        ("1.000001", " ".join(["mất"] * 13), "more than 12"),
    ],
)
def test_a_phrase_that_is_written_wrong_is_named(code: str, phrase: str, told: str) -> None:
    (fault,) = faults_of_phrases({code: (phrase,)})
    assert told in fault


def test_a_phrase_that_fits_many_procedures_is_named() -> None:
    said = {f"1.{number:06}": ("xin giấy phép",) for number in range(11)}
    (fault,) = faults_of_phrases(said)
    assert "given to 11 procedures" in fault
    assert faults_of_phrases(dict(list(said.items())[:10])) == []


def test_a_code_that_stands_twice_is_refused_and_no_file_says_nothing(tmp_path: Path) -> None:
    file = tmp_path / "everyday.tsv"
    assert read_phrases(file) == {}
    file.write_text("## Đất đai\n1.000001\tmất sổ đỏ | cháy sổ đỏ\n\n", encoding="utf-8")
    assert read_phrases(file) == {"1.000001": ("mất sổ đỏ", "cháy sổ đỏ")}
    file.write_text("1.000001\tmất sổ đỏ\n1.000001\tcháy sổ đỏ\n", encoding="utf-8")
    with pytest.raises(ValueError, match="stands twice"):
        read_phrases(file)


def test_what_was_said_for_a_replaced_code_is_said_for_its_successor() -> None:
    assert phrases_in_force({"1.000001": ["a"], "1.000002": ["b"]}, {"1.000002": "1.000001"}) == {
        "1.000001": ("a", "b")
    }
