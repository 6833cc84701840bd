"""The bytes on the wire are exactly those that devices in the field and the province already know.

A difference here is a change of the contract. If it is meant, raise the schema or show that both ends of today read
it, then write the golden files anew with `python -m tests.wire.samples`.
"""

import json

import pytest

from bnhelper.forms.submission import read_xml
from bnhelper.vault.canonical import canonical_bytes, sha256_of
from bnhelper.vault.signatures import verified_payload, verify_detached
from sync.wire.blobs import UploadMetadata
from sync.wire.dossiers import Envelope, digest_matches
from sync.wire.enrolment import Invitation
from sync.wire.model import Message
from sync.wire.receipts import Receipt, proved
from tests.wire.samples import DOSSIER, GOLDEN, INVITATION, KEY, MESSAGES, golden

_MADE = golden()


def _kept(name: str) -> bytes:
    return (GOLDEN / name).read_bytes()


@pytest.mark.parametrize("name", sorted(_MADE))
def test_what_is_written_is_the_golden_bytes(name: str) -> None:
    assert _MADE[name] == _kept(name)


def test_every_golden_file_has_its_sample() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(_MADE)


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_the_golden_bytes_are_read_as_what_was_said(name: str) -> None:
    kind = type(MESSAGES[name])
    assert kind.read(_kept(f"{name}.json")) == MESSAGES[name]


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_reading_passes_over_unknown_members_and_writing_never_emits_them(name: str) -> None:
    said = json.loads(_kept(f"{name}.json"))
    strange = json.dumps({**said, "of_tomorrow": {"x": [1]}}).encode()
    read: Message = type(MESSAGES[name]).read(strange)
    assert read == MESSAGES[name]
    assert read.write() == _kept(f"{name}.json")


@pytest.mark.parametrize("revision", [1, 2])
def test_the_province_reads_the_golden_dossier(revision: int) -> None:
    body = _kept(f"dossier-{revision}.json")
    read = Envelope.read(body)
    assert (read.dossier, read.revision, read.schema_version) == (DOSSIER, revision, 1)
    assert read.blobs() == {"b" * 64: 345_678, "a" * 64: 1}
    assert read.instance == _kept("submission.xml").decode()
    assert [one.representative for one in read.consents] == [None, "Bà Tư"]
    assert read.receiving_unit == ("09208" if revision == 1 else None)
    assert (read.answers_request is not None) == (revision == 2)
    assert canonical_bytes(json.loads(body)) == body, "the bytes are canonical (RFC 8785)"


def test_the_golden_signature_and_digest_hold_for_the_golden_dossier_alone() -> None:
    keys = [KEY.public()]
    assert KEY.kid == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"  # RFC 8037, appendix A.3
    verify_detached(_kept("dossier-1.signature.txt").decode(), _kept("dossier-1.json"), keys)
    assert digest_matches(_kept("dossier-1.digest.txt").decode(), _kept("dossier-1.json"))
    assert not digest_matches(_kept("dossier-1.digest.txt").decode(), _kept("dossier-2.json"))


def test_the_golden_receipt_proves_the_golden_dossier() -> None:
    receipt = proved(
        _kept("receipt.jws.txt").decode(),
        lambda token: verified_payload(token, [KEY.public()]),
        issuer="bn-intake-09208",
        dossier=DOSSIER,
        revision=1,
        envelope=sha256_of(_kept("dossier-1.json")),
        blobs={"a" * 64: 1, "b" * 64: 345_678},
    )
    assert receipt == Receipt.read(_kept("receipt.json"))


def test_the_golden_submission_holds_what_was_answered_and_nothing_that_is_not_relevant() -> None:
    form, version, answers = read_xml(_kept("submission.xml").decode())
    assert (form, version) == ("1.001193", "2026.11.23")
    assert answers["/data/applicant/note"] == 'a < b & "c"'  # type: ignore[index]
    assert answers["/data/greeting"] == "Chào NGUYỄN THỊ HOÀ"  # type: ignore[index]
    assert "/data/proxy/name" not in answers


def test_the_golden_invitation_and_upload_header_are_read() -> None:
    assert Invitation.from_text(_kept("invitation.txt").decode()) == INVITATION
    assert UploadMetadata.from_header(_kept("upload-metadata.txt").decode()) == UploadMetadata(
        "b" * 64, "image/jpeg", DOSSIER
    )
