"""What the server's commands say when the world is in the way, and that none of them makes a site by mistake."""

import json
import socket
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from bnhelper.clock import SystemClock
from sync.intake import __main__ as server
from sync.intake import admin, deliver, ledger, officers_accounts, receipts
from sync.intake.station import LEDGER, invite, open_site

_DAMAGED = b"no pack at all"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which there is no site yet."""
    monkeypatch.setenv("BN_INTAKE_FOLDER", str(tmp_path / "site"))
    monkeypatch.delenv("BN_INTAKE_POSTGRES", raising=False)
    return tmp_path / "site"


def _does(capsys: pytest.CaptureFixture[str], *said: str) -> dict[str, object]:
    code = admin.main(list(said))
    done: dict[str, object] = json.loads(capsys.readouterr().out)
    assert (code != 0) == bool(done.get("failed"))
    return done


def _serves(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *said: str) -> str:
    """Start a server that cannot begin; return the sentence it says."""
    monkeypatch.setattr(sys, "argv", ["intake", *said])
    with pytest.raises(SystemExit) as ended:
        server.main()
    assert ended.value.code == 1
    why = capsys.readouterr()
    assert why.out == ""
    assert why.err.count("\n") == 1, why.err
    return why.err


@pytest.mark.parametrize(
    "said",
    [
        ["check"],
        ["retention"],
        ["rotate-key"],
        ["token", "x", "system"],
        ["revoke-token", "x"],
        ["hold", "x", "y", "--by", "z"],
        ["name", "x"],
        ["invite-officer", "canbo", "x"],
    ],
    ids=lambda said: said[0],
)
def test_a_chore_that_finds_no_site_makes_none(
    place: Path, capsys: pytest.CaptureFixture[str], said: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        admin.main(said)
    assert ended.value.code == 1
    why = capsys.readouterr()
    assert "there is no site" in why.err
    assert "migrate" in why.err
    assert why.out == ""
    assert not place.exists()


@pytest.mark.slow
def test_an_empty_database_is_left_empty_too(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("BN_INTAKE_POSTGRES", request.getfixturevalue("postgres").fresh_database())
    with pytest.raises(SystemExit):
        admin.main(["check"])
    assert "there is no site in that database" in capsys.readouterr().err
    assert admin.main(["migrate"]) == 0
    assert "first_officer" in json.loads(capsys.readouterr().out)
    assert _does(capsys, "check")["files"] == 0
    assert place.exists()


def test_the_deliverer_takes_no_first_password_for_itself(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["deliver", "https://province.example.vn/hook"])
    with pytest.raises(SystemExit) as ended:
        deliver.main()
    assert ended.value.code == 1
    assert "there is no site" in capsys.readouterr().err
    assert not place.exists()


def test_a_server_that_cannot_begin_says_why_and_made_no_site(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first password is told once: a server that stopped after it had made one would take it along."""
    rubbish = tmp_path / "rubbish.pem"
    rubbish.write_text("no certificate", encoding="ascii")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"port {port}" in _serves(monkeypatch, capsys, "--port", port)
    assert "no certificate in PEM" in _serves(monkeypatch, capsys, "--port", "0", "--certificate", str(rubbish))
    assert "nowhere.pem" in _serves(monkeypatch, capsys, "--port", "0", "--pin", str(tmp_path / "nowhere.pem"))
    assert not place.exists()


def test_a_database_that_is_no_or_away_is_told_without_its_password(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del place
    no_address = _serves(monkeypatch, capsys, "--port", "0", "--postgres", "nobody:geheim@nowhere")
    assert "postgresql://user:password@host/database" in no_address
    away = _serves(monkeypatch, capsys, "--port", "0", "--postgres", "postgresql://nobody:geheim@127.0.0.1:1/none")
    assert "the ledger cannot be used" in away
    assert "geheim" not in no_address + away


def test_a_store_of_bytes_that_is_no_address_is_told(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "s3://bucket/prefix" in _serves(monkeypatch, capsys, "--port", "0", "--s3", "https://bucket")
    assert not (place / LEDGER).exists()


@pytest.mark.slow
def test_a_bucket_that_is_not_there_is_told(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """It reads like one that is empty: only who puts something there hears that it is none."""
    del place
    there = request.getfixturevalue("object_store").fresh_bucket()
    monkeypatch.setenv("BN_INTAKE_S3", there)
    assert admin.main(["migrate"]) == 0
    capsys.readouterr()
    assert _does(capsys, "check")["blobs"] == "ok"
    monkeypatch.setenv("BN_INTAKE_S3", there.replace("s3://", "s3://no-"))
    assert "404" in str(_does(capsys, "check")["blobs"])


def test_a_store_that_lacks_every_file_is_not_mended_by_forgetting_them(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong folder or bucket looks just like it, and the ledger would swear to nothing any more."""
    assert admin.main(["migrate"]) == 0
    capsys.readouterr()
    site, _ = open_site(place, SystemClock())
    row = {"owner": "x", "sha256": "0" * 64, "size": 1, "media_type": "image/png", "stored_at": site.now()}
    try:
        with site.engine.begin() as db:
            db.execute(insert(ledger.blobs).values(**row))
        assert _does(capsys, "check")["lost"] == ["0" * 64]
        assert "--even-all" in str(_does(capsys, "check", "--mend")["why"])
        with site.engine.connect() as db:
            assert db.execute(select(func.count()).select_from(ledger.blobs)).scalar() == 1
        _does(capsys, "check", "--mend", "--even-all")
        assert _does(capsys, "check")["lost"] == []
    finally:
        site.close()


def test_who_lost_the_last_password_is_let_in_again(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert admin.main(["migrate"]) == 0
    capsys.readouterr()
    link = str(_does(capsys, "invite-officer", "canbo", "Bà Hạnh")["join"])
    site, first = open_site(place, SystemClock())
    try:
        assert first is None
        assert officers_accounts.join(site, link.rpartition("/")[2], "đồng lúa chín vàng") == "canbo"
        (account,) = officers_accounts.accounts(site)
        assert (account.name, account.role) == ("Bà Hạnh", "provincial_officer")
    finally:
        site.close()
    assert _does(capsys, "invite-officer", "X", "Bà Hạnh")["failed"]


def test_a_site_is_called_what_its_province_calls_it(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert admin.main(["migrate"]) == 0
    capsys.readouterr()
    done = _does(capsys, "name", "Trung tâm Phục vụ hành chính công", "--numbers", "H01.5")
    assert done == {"office": "Trung tâm Phục vụ hành chính công", "numbers": "H01.5"}
    site, _ = open_site(place, SystemClock())
    try:
        assert invite(site, "http://127.0.0.1").office == "Trung tâm Phục vụ hành chính công"
        with site.engine.begin() as db:
            (number,) = receipts.draw_numbers(site, db, 1)
        assert number.startswith("H01.5-")
    finally:
        site.close()
    with pytest.raises(SystemExit):
        admin.main(["name", "x", "--numbers", "h01 5"])


def test_what_was_not_done_is_not_told_as_done(place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del place
    assert admin.main(["migrate"]) == 0
    capsys.readouterr()
    assert _does(capsys, "revoke-token", "nobody")["failed"]
    _does(capsys, "token", "province", "system")
    assert _does(capsys, "revoke-token", "province") == {"revoked": 1}
    assert _does(capsys, "revoke-token", "province")["failed"]
    (tmp_path / "x.bnpack").write_bytes(_DAMAGED)
    assert "damaged" in str(_does(capsys, "pack", str(tmp_path / "x.bnpack"))["why"])
    assert _does(capsys, "pack", str(tmp_path / "nowhere.bnpack"))["failed"]
