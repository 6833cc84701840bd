"""What the device builds is what the wire reads, to the byte."""

import datetime as dt

from bnhelper.domain.envelope import Envelope, EnvelopeConsent, EnvelopeFile, EnvelopePaper
from bnhelper.ids import DeviceId, DossierId, PaperId, ProcedureCode, Sha256
from bnhelper.vault.canonical import canonical_bytes
from sync.wire.dossiers import Envelope as WireEnvelope

_DOSSIER = DossierId("0199a3f0-6a00-7abc-8def-0123456789ab")
_DEVICE = DeviceId("0199a3f0-0000-7abc-8def-0123456789ab")


def _envelope(**changes: object) -> Envelope:
    said: dict[str, object] = {
        "dossier": _DOSSIER,
        "revision": 1,
        "procedure": ProcedureCode("1.001193"),
        "pack_version": "2026.11.23",
        "pack_sha256": Sha256("a" * 64),
        "readable_code": "BN-7K4-M2P",
        "look_up_token": "abcdefghijklmnopqrstuv",
        "sealed_at": "2026-11-23T03:05:00.000Z",
        "receiving_unit": "09190",
        "author": "Vũ Đức Đạt",
        "device": _DEVICE,
        "instance": '<data id="1.001193"><x>Nguyễn Thị Hoà</x></data>',
        "papers": (
            EnvelopePaper(
                PaperId("birth_evidence"),
                shown=False,
                files=(EnvelopeFile(Sha256("b" * 64), 1234, "image/jpeg"),),
            ),
            EnvelopePaper(PaperId("id_paper"), shown=True, files=()),
        ),
        "consents": (
            EnvelopeConsent("file_dossier", "1", Sha256("c" * 64), "2026-11-23T03:00:00.000Z", "self", None, "tapped"),
        ),
    }
    said.update(changes)
    return Envelope(**said)  # type: ignore[arg-type]


def test_the_wire_reads_what_the_device_wrote() -> None:
    read = WireEnvelope.read(canonical_bytes(_envelope().to_json()))
    assert read.dossier == _DOSSIER
    assert read.instance == '<data id="1.001193"><x>Nguyễn Thị Hoà</x></data>'
    assert read.blobs() == {"b" * 64: 1234}
    assert read.papers[1].shown
    assert read.sealed_at == dt.datetime(2026, 11, 23, 3, 5, tzinfo=dt.UTC)
    assert read.consents[0].purpose == "file_dossier"
    assert read.answers_request is None


def test_the_same_envelope_has_the_same_bytes() -> None:
    assert canonical_bytes(_envelope().to_json()) == canonical_bytes(_envelope().to_json())


def test_a_supplement_names_the_request_it_answers() -> None:
    request = "0199a3f0-1111-7abc-8def-0123456789ab"
    read = WireEnvelope.read(canonical_bytes(_envelope(revision=2, answers_request=request).to_json()))
    assert read.answers_request == request


def test_absent_members_are_left_out_of_the_bytes() -> None:
    body = canonical_bytes(_envelope(receiving_unit=None).to_json())
    assert b"receiving_unit" not in body
    assert b"answers_request" not in body
    assert b"null" not in body
