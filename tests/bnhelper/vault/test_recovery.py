"""Two officers together get a store key back; one alone, the wrong one, or one given twice gets nothing."""

import copy
import json
from pathlib import Path

import pytest

from bnhelper.vault.keys import KeyCost, Passphrase, SecretTooWeak
from bnhelper.vault.recovery import (
    NoRecoveryKey,
    OfficerKey,
    OfficerPassphraseWrong,
    OfficersDoNotFit,
    RecoveryFileDamaged,
    WardKey,
    join,
    make_officer,
    make_ward,
    open_officer,
    read_ward,
    split,
)

_CHEAP = KeyCost(memory_kib=64, passes=1)
_WORDS = (Passphrase("sông cầu nước chảy"), Passphrase("đồi thông gió reo"), Passphrase("hội lim tháng giêng"))
_KEY = bytes(range(32))


def _officers(folder: Path) -> tuple[WardKey, list[OfficerKey]]:
    public = [
        make_officer(folder / f"{number}.officer.json", f"Cán bộ {number}", words, _CHEAP)
        for number, words in enumerate(_WORDS)
    ]
    ward = make_ward(folder / "ward.json", "Phường Kinh Bắc", public[0], public[1])
    return ward, [open_officer(folder / f"{number}.officer.json", words) for number, words in enumerate(_WORDS)]


def test_both_officers_in_either_order_give_the_key_back(tmp_path: Path) -> None:
    ward, (first, second, _other) = _officers(tmp_path)
    assert read_ward(tmp_path / "ward.json") == ward
    entry = json.loads(json.dumps(split(_KEY, ward)))
    assert join(entry, (first, second)) == _KEY
    assert join(entry, (second, first)) == _KEY


def test_one_officer_alone_a_stranger_or_one_given_twice_gives_nothing(tmp_path: Path) -> None:
    ward, (first, second, other) = _officers(tmp_path)
    entry = split(_KEY, ward)
    for pair in ((first, first), (first, other), (other, second)):
        with pytest.raises(OfficersDoNotFit):
            join(entry, pair)
    with pytest.raises(NoRecoveryKey):
        join(None, (first, second))


def test_one_opened_half_says_nothing_of_the_key(tmp_path: Path) -> None:
    """The half is a one-time pad or the key under it: either alone is random, and differs each time."""
    ward, (first, _second, _other) = _officers(tmp_path)
    from bnhelper.vault import recovery

    halves = set()
    for _ in range(8):
        entry = split(_KEY, ward)
        sealed = recovery._bytes(entry["shares"][0]["sealed"])
        halves.add(recovery._suite().decrypt(sealed, first.private, info=recovery._info(entry["label"])))
    assert len(halves) == 8
    assert _KEY not in halves


def test_an_entry_that_was_changed_gives_no_key(tmp_path: Path) -> None:
    ward, (first, second, _other) = _officers(tmp_path)
    entry, another = split(_KEY, ward), split(bytes(32), ward)
    mixed = copy.deepcopy(entry)
    mixed["shares"][1] = another["shares"][1]
    with pytest.raises(OfficersDoNotFit):
        join(mixed, (first, second))
    mixed = entry | {"check": another["check"]}
    with pytest.raises(RecoveryFileDamaged):
        join(mixed, (first, second))
    damage: tuple[dict[str, object], ...] = ({"shares": []}, {"shares": [{"officer": first.kid}]}, {"shares": 3})
    for broken in damage:
        with pytest.raises((RecoveryFileDamaged, OfficersDoNotFit)):
            join(entry | broken, (first, second))


def test_a_wrong_passphrase_and_a_weak_one_are_told_apart(tmp_path: Path) -> None:
    make_officer(tmp_path / "a.json", "A", _WORDS[0], _CHEAP)
    with pytest.raises(OfficerPassphraseWrong):
        open_officer(tmp_path / "a.json", _WORDS[1])
    with pytest.raises(SecretTooWeak):
        make_officer(tmp_path / "b.json", "B", Passphrase("ngắn quá"), _CHEAP)
    assert not (tmp_path / "b.json").exists()
    with pytest.raises(FileExistsError):
        make_officer(tmp_path / "a.json", "A", _WORDS[0], _CHEAP)


def test_a_ward_needs_two_different_officers(tmp_path: Path) -> None:
    public = make_officer(tmp_path / "a.json", "A", _WORDS[0], _CHEAP)
    with pytest.raises(OfficersDoNotFit):
        make_ward(tmp_path / "ward.json", "Phường", public, public)
    with pytest.raises(RecoveryFileDamaged):
        make_ward(tmp_path / "ward.json", "Phường", public, tmp_path / "a.json")
    assert not (tmp_path / "ward.json").exists()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"kind": "bnhelper-ward-recovery", "format": 2}', "x" * 70_000])
def test_a_broken_file_is_said_to_be_one(tmp_path: Path, content: str) -> None:
    (tmp_path / "one.json").write_text(content, encoding="utf-8")
    with pytest.raises(RecoveryFileDamaged):
        read_ward(tmp_path / "one.json")
    with pytest.raises(RecoveryFileDamaged):
        open_officer(tmp_path / "one.json", _WORDS[0])


def test_the_private_half_is_in_no_file_and_no_repr(tmp_path: Path) -> None:
    _ward, (first, _second, _other) = _officers(tmp_path)
    raw = first.private.private_bytes_raw()
    for path in tmp_path.iterdir():
        said = path.read_bytes()
        assert raw not in said
        assert raw.hex().encode() not in said
    assert "private" not in repr(first)
