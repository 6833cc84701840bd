"""Keys open what they made and nothing else."""

import errno
import json
import os
import unicodedata
from pathlib import Path

import pytest

from bnhelper.vault import key_copies, keys
from bnhelper.vault.disk import DiskFailed
from bnhelper.vault.key_copies import KeysDamaged
from bnhelper.vault.keys import KeyFile, Passphrase, Pin, SecretTooWeak, WrongKey, make_key_file, new_keys, unwrap
from tests.factories import CHEAP


def test_a_passphrase_opens_and_another_does_not(tmp_path: Path) -> None:
    key = new_keys(tmp_path / "keys.json", Passphrase("tre xanh lúa chín"), CHEAP)
    assert unwrap(tmp_path / "keys.json", Passphrase("tre  xanh lúa chín ")) == key
    for wrong in (Passphrase("tre xanh lúa non"), Passphrase("tre")):
        with pytest.raises(WrongKey):
            unwrap(tmp_path / "keys.json", wrong)


def test_a_pin_needs_this_machines_other_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "keyring_secret", lambda: b"a" * 32)
    key = new_keys(tmp_path / "keys.json", Pin("123456"), CHEAP)
    assert unwrap(tmp_path / "keys.json", Pin("123456")) == key
    monkeypatch.setattr(keys, "keyring_secret", lambda: b"b" * 32)
    with pytest.raises(WrongKey):
        unwrap(tmp_path / "keys.json", Pin("123456"))
    with pytest.raises(SecretTooWeak):
        new_keys(tmp_path / "weak.json", Pin("1234"), CHEAP)


def test_a_key_file_opens_and_its_loss_is_a_wrong_key(tmp_path: Path) -> None:
    secret = make_key_file(tmp_path / "key")
    key = new_keys(tmp_path / "keys.json", secret, CHEAP)
    assert unwrap(tmp_path / "keys.json", KeyFile(tmp_path / "key")) == key
    (tmp_path / "key").unlink()
    with pytest.raises(WrongKey):
        unwrap(tmp_path / "keys.json", secret)


def test_a_passphrase_is_the_same_however_a_keyboard_composes_its_accents(tmp_path: Path) -> None:
    words = "hoa gạo tháng ba"
    key = new_keys(tmp_path / "keys.json", Passphrase(unicodedata.normalize("NFD", words)), CHEAP)
    assert unwrap(tmp_path / "keys.json", Passphrase(words)) == key


def test_a_key_file_counts_only_once_the_disk_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pulled_out(_file: int) -> None:
        raise OSError(errno.EIO, "pulled out")

    with monkeypatch.context() as until:
        until.setattr(os, "fsync", pulled_out)
        with pytest.raises(DiskFailed):
            make_key_file(tmp_path / "key")
    assert not (tmp_path / "key").exists()
    monkeypatch.setattr(Path, "read_bytes", lambda _path: b"")  # what is left on a stick that lost it
    with pytest.raises(DiskFailed):
        make_key_file(tmp_path / "key")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": 2, "ways": []}', '{"format": 1, "ways": [{"kind": "key_file"}]}']
)
def test_a_broken_key_store_is_told_apart_from_a_wrong_key(tmp_path: Path, text: str) -> None:
    (tmp_path / "keys.json").write_text(text, encoding="utf-8")
    with pytest.raises(KeysDamaged):
        unwrap(tmp_path / "keys.json", make_key_file(tmp_path / "key"))


def test_the_key_itself_is_not_in_the_file_and_not_in_a_repr(tmp_path: Path) -> None:
    key = new_keys(tmp_path / "keys.json", Passphrase("tre xanh lúa chín"), CHEAP)
    text = (tmp_path / "keys.json").read_text(encoding="utf-8")
    assert key.hex() not in text
    assert json.loads(text)["ways"][0]["kind"] == "passphrase"
    assert "xanh" not in repr(Passphrase("tre xanh lúa chín"))
    assert "123456" not in repr(Pin("123456"))


def test_keys_that_cannot_be_read_are_read_from_their_copy_and_mended(tmp_path: Path) -> None:
    path, secret = tmp_path / "keys.json", make_key_file(tmp_path / "key")
    key = new_keys(tmp_path / "keys.making", secret, CHEAP)
    key_copies.put_in_place(tmp_path / "keys.making", path)
    good = path.read_bytes()
    for broken in (b"", b"\0" * len(good), good[: len(good) // 2]):
        path.write_bytes(broken)
        assert unwrap(path, secret) == key
        key_copies.keep_copy(path)
        assert path.read_bytes() == key_copies.copy_beside(path).read_bytes() == good
    path.unlink()
    assert keys.kinds(path) == ["key_file"]
    key_copies.copy_beside(path).write_bytes(b"")
    with pytest.raises(KeysDamaged):
        key_copies.keep_copy(path)


def test_a_way_that_was_taken_away_is_gone_from_the_copy_too(tmp_path: Path) -> None:
    path, first, second = tmp_path / "keys.json", make_key_file(tmp_path / "a"), make_key_file(tmp_path / "b")
    key = new_keys(path, first, CHEAP, "first")
    key_copies.put_in_place(key_copies.make_ready(path, keys.with_new_secret(path, key, second, "first", CHEAP)), path)
    for one in (path, key_copies.copy_beside(path)):
        assert unwrap(one, second) == key
        with pytest.raises(WrongKey):
            unwrap(one, first)
