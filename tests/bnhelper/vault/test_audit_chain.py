"""An exported log holds as it was written, and any change to it names the first link that no longer does."""

import json
import random

import pytest

from bnhelper.errors import Bug
from bnhelper.ids import Sha256
from bnhelper.vault.audit_chain import FIRST, Deed, Link, export_lines, next_link, verify
from bnhelper.vault.canonical import canonical_bytes
from bnhelper.vault.signatures import SigningKey

_DEVICE = "0199a3f0-0000-7abc-8def-0123456789ab"
_WHO = "0199a3f0-bbbb-7abc-8def-0123456789ab"
_KEY = SigningKey.generate()


def _links(count: int, key: SigningKey = _KEY) -> list[Link]:
    made: list[Link] = []
    for seq in range(1, count + 1):
        before = made[-1].sha256 if made else FIRST
        at = f"2026-11-25T03:00:{seq:02}.000Z"
        made.append(
            next_link(
                key, seq=seq, before=before, at=at, device=_DEVICE, by=_WHO, deed=Deed.UNLOCKED, facts={"tries": seq}
            )
        )
    return made


def _export(count: int = 12) -> list[str]:
    return list(export_lines(_links(count), _KEY, device=_DEVICE, at="2026-11-25T04:00:00.000Z"))


def test_a_whole_log_holds_with_nothing_but_the_public_key() -> None:
    found = verify(_export(), _KEY.public())
    assert found.broken is None
    assert (found.links, found.device, found.first_at) == (12, _DEVICE, "2026-11-25T03:00:01.000Z")
    assert found.head == _links(12)[-1].sha256
    assert verify([f"{line}\r\n" for line in _export()], _KEY.public()).broken is None


def test_a_machine_without_a_deed_exports_a_log_that_holds() -> None:
    assert verify(_export(0), _KEY.public()).broken is None


@pytest.mark.parametrize("seed", range(40))
def test_any_changed_letter_breaks_at_its_own_link(seed: int) -> None:
    die = random.Random(seed)
    lines = _export()
    place = die.randrange(len(lines))
    line = lines[place]
    spot = die.randrange(len(line))
    other = die.choice([one for one in 'abcdefXYZ0123456789-_.{}":, é' if one != line[spot]])
    lines[place] = line[:spot] + other + line[spot + 1 :]
    found = verify(lines, _KEY.public())
    assert found.broken is not None
    assert found.broken.line == place + 1
    assert found.links == min(place, 12)


@pytest.mark.parametrize(
    ("change", "seq", "what"),
    [
        (lambda lines: lines.pop(4), 5, "order"),
        (lambda lines: lines.insert(4, lines[7]), 5, "order"),
        (lambda lines: lines.insert(4, lines[3]), 5, "order"),
        (lambda lines: lines.pop(0), 1, "order"),
        (lambda lines: lines.pop(11), 12, "cut"),
        (lambda lines: lines.pop(), 13, "no-end"),
        (lambda lines: lines.append(lines[3]), 13, "after-the-end"),
        (lambda lines: lines.insert(2, ""), 3, "unreadable"),
        (lambda lines: lines.clear(), 1, "no-end"),
    ],
    ids=["taken", "later one", "twice", "the first", "the last", "the end", "after the end", "blank", "everything"],
)
def test_what_is_taken_out_put_in_or_moved_is_named(change: object, seq: int, what: str) -> None:
    lines = _export()
    change(lines)  # type: ignore[operator]
    broken = verify(lines, _KEY.public()).broken
    assert broken is not None
    assert (broken.seq, broken.what) == (seq, what)


def test_a_link_rewritten_by_somebody_with_another_key_breaks_there() -> None:
    lines = _export()
    other = SigningKey.generate()
    forged = json.loads(lines[5])
    forged["link"]["facts"]["tries"] = 0
    forged["jws"] = other.sign_detached(canonical_bytes(forged["link"]))
    lines[5] = canonical_bytes(forged).decode()
    broken = verify(lines, _KEY.public()).broken
    assert broken is not None
    assert (broken.seq, broken.what) == (6, "signature")
    assert verify(_export(), other.public()).broken is not None


def test_a_link_the_device_signed_twice_breaks_at_the_next() -> None:
    """Whoever has the key can sign another link 6, but link 7 still names the first one."""
    links = _links(12)
    links[5] = next_link(
        _KEY, seq=6, before=links[4].sha256, at=links[5].body["at"], device=_DEVICE, by=_WHO, deed=Deed.UNLOCKED
    )
    broken = verify(export_lines(links, _KEY, device=_DEVICE, at="2026-11-25T04:00:00.000Z"), _KEY.public()).broken
    assert broken is not None
    assert (broken.seq, broken.what) == (7, "changed")


def test_a_wholly_rewritten_log_does_not_continue_an_earlier_export() -> None:
    """What the chain alone cannot show, an earlier export does: its links are the first of every later one."""
    earlier = verify(_export(5), _KEY.public())
    assert verify(_export(12), _KEY.public()).hashes[:5] == earlier.hashes
    rewritten = [
        next_link(_KEY, seq=1, before=FIRST, at="2026-11-25T03:00:01.000Z", device=_DEVICE, by=_WHO, deed=Deed.ENROLLED)
    ]
    again = verify(export_lines(rewritten, _KEY, device=_DEVICE, at="2026-11-25T04:00:00.000Z"), _KEY.public())
    assert again.broken is None
    assert again.hashes[:5] != earlier.hashes


@pytest.mark.parametrize(
    "facts",
    [
        {"name": "Nguyễn Thị Hoà"},
        {"reason": "Nguyễn Thị Hoà"},
        {"reason": "nguyen thi hoa"},
        {"revision": 912345678},
        {"photo": "027190000002"},
        {"until": "27190000002"},
        {"revision": "1"},
        {"sha256": Sha256("0" * 63)},
    ],
)
def test_nothing_personal_has_a_field_to_stand_in(facts: dict[str, str | int]) -> None:
    with pytest.raises(Bug):
        next_link(_KEY, seq=1, before=FIRST, at="", device=_DEVICE, by=_WHO, deed=Deed.UNLOCKED, facts=facts)


@pytest.mark.parametrize(
    "line", ["[]", "null", "1e999", '{"jws":1,"link":{}}', '{"link":{}}', "{" * 5000, "x" * 20_000]
)
def test_rubbish_is_a_broken_link_and_no_crash(line: str) -> None:
    broken = verify([line], _KEY.public()).broken
    assert broken is not None
    assert broken.what == "unreadable"
