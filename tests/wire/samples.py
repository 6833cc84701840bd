"""One of everything that goes over the wire, always the same: what the golden bytes are made from.

`python -m tests.wire.samples` writes tests/wire/golden anew. That is a change of the contract: devices in the field
and the province read these bytes, so it belongs in a commit of its own that says why. Tests never write.
"""

import datetime as dt
from pathlib import Path
from typing import Final

from bnhelper.domain.envelope import Envelope, EnvelopeConsent, EnvelopeFile, EnvelopePaper
from bnhelper.forms.instance import FormInstance
from bnhelper.forms.reader import parse_form
from bnhelper.forms.submission import to_xml
from bnhelper.ids import DeviceId, DossierId, FieldPath, PaperId, ProcedureCode, Sha256
from bnhelper.vault.canonical import canonical_bytes, sha256_of
from bnhelper.vault.signatures import SigningKey
from sync.wire.blobs import UploadMetadata
from sync.wire.changes import Change, ChangesPage, HeldByDevice, Reconcile, ReconcileAnswer, Result, SupplementRequest
from sync.wire.dossiers import DossierNow, RevisionVerdict, WireState, content_digest
from sync.wire.enrolment import EnrolmentAnswer, EnrolmentRequest, Invitation, Me, ServerCard
from sync.wire.model import Message
from sync.wire.problems import FieldProblem, Problem, ProblemCode, Retry
from sync.wire.receipts import Receipt

GOLDEN: Final = Path(__file__).parent / "golden"

#: The published test key of RFC 8037, appendix A.1: nobody's secret.
KEY: Final = SigningKey.from_secret(
    {
        "kty": "OKP",
        "crv": "Ed25519",
        "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    }
)
DOSSIER: Final = DossierId("0199a3f0-6a00-7abc-8def-0123456789ab")
_DEVICE = DeviceId("0199a3f0-0000-7abc-8def-0123456789ab")
_REQUEST = "0199a3f0-1111-7abc-8def-0123456789ab"
_AT = dt.datetime(2026, 11, 23, 3, 5, tzinfo=dt.UTC)
_PHOTO, _SECOND, _RESULT = Sha256("b" * 64), Sha256("a" * 64), Sha256("f" * 64)

#: Every kind of node a submission has: groups, a calculation, one that is not relevant, letters beyond ASCII.
_FORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>t</h:title><model><instance>
 <data xmlns="" id="1.001193" version="2026.11.23"><applicant><full_name/><note/></applicant>
 <case><by_proxy/></case><proxy><name/></proxy><greeting/><meta><instanceID/></meta></data></instance>
 <bind nodeset="/data/proxy" relevant="/data/case/by_proxy = 'yes'"/>
 <bind nodeset="/data/greeting" calculate="concat('Chào ', /data/applicant/full_name)"/>
 </model></h:head><h:body/></h:html>"""


def submission() -> str:
    """Return the ODK submission XML of a small form."""
    filled = FormInstance(parse_form(_FORM), today=_AT.date)
    filled.answer(FieldPath("/data/applicant/full_name"), "NGUYỄN THỊ HOÀ")
    filled.answer(FieldPath("/data/applicant/note"), 'a < b & "c"')
    filled.answer(FieldPath("/data/case/by_proxy"), "no")
    filled.answer(FieldPath("/data/proxy/name"), "not to be sent")
    return to_xml(filled, instance_id=DOSSIER)


def envelope(revision: int = 1) -> bytes:
    """Return the canonical bytes of a first revision, or of a second one that answers an officer."""
    first, second = EnvelopeFile(_PHOTO, 345_678, "image/jpeg"), EnvelopeFile(_SECOND, 1, "application/pdf")
    said = Envelope(
        dossier=DOSSIER,
        revision=revision,
        procedure=ProcedureCode("1.001193"),
        pack_version="2026.11.23",
        pack_sha256=Sha256("c" * 64),
        readable_code="BN-7K4-M2P",
        look_up_token="abcdefghijklmnopqrstuv",
        sealed_at="2026-11-23T03:05:00.000Z",
        receiving_unit="09208" if revision == 1 else None,
        author="Vũ Đức Đạt",
        device=_DEVICE,
        instance=submission(),
        papers=(
            EnvelopePaper(PaperId("birth_evidence"), shown=False, files=(first, second)),
            EnvelopePaper(PaperId("id_paper"), shown=True, files=()),
        ),
        consents=(
            EnvelopeConsent("file_dossier", "1", Sha256("d" * 64), "2026-11-23T03:00:00.000Z", "self", None, "tapped"),
            EnvelopeConsent(
                "keep_copy", "1", Sha256("e" * 64), "2026-11-23T03:01:00.000Z", "representative", "Bà Tư", "read_aloud"
            ),
        ),
        answers_request=_REQUEST if revision > 1 else None,
    )
    return canonical_bytes(said.to_json())


RECEIPT: Final = Receipt(
    iss="bn-intake-09208",
    dossier=DOSSIER,
    revision=1,
    envelope=sha256_of(envelope()),
    blobs=(_SECOND, _PHOTO),
    received_at=_AT,
    office_number="H05.27-261123-0001",
)
_HELD = HeldByDevice(dossier=DOSSIER, rev=1, envelope=sha256_of(envelope()))

#: Messages that are JSON objects of the contract, by the name of their golden file.
MESSAGES: Final[dict[str, Message]] = {
    "receipt": RECEIPT,
    "verdict-lacking": RevisionVerdict(id=DOSSIER, rev=1, state=WireState.RECEIVING, missing=(_SECOND, _PHOTO)),
    "verdict-whole": RevisionVerdict(id=DOSSIER, rev=1, state=WireState.DELIVERED, receipt=KEY.sign(RECEIPT.write())),
    "dossier-now": DossierNow(id=DOSSIER, rev=2, state=WireState.IN_REVIEW, at=_AT, office_number="H05.27-261123-0001"),
    "changes": ChangesPage(
        items=(
            Change(seq=1, dossier=DOSSIER, rev=1, state=WireState.ACCEPTED, at=_AT, officer="Bà Hạnh"),
            Change(
                seq=2,
                dossier=DOSSIER,
                rev=1,
                state=WireState.NEEDS_INFO,
                at=_AT + dt.timedelta(minutes=1, milliseconds=250),
                note="Đề nghị ghi rõ thôn.",
                office_number="H05.27-261123-0001",
                officer="Bà Hạnh",
                request=SupplementRequest(
                    id=_REQUEST,
                    deadline=_AT + dt.timedelta(days=5),
                    fields=("/data/declaration/mother/residence",),
                    papers=("birth_evidence",),
                    note="Đề nghị ghi rõ thôn.",
                ),
            ),
            Change(
                seq=3,
                dossier=DOSSIER,
                rev=2,
                state=WireState.APPROVED,
                at=_AT + dt.timedelta(days=1),
                result=Result(sha256=_RESULT, size=4321, name="giấy-khai-sinh.pdf"),
            ),
        ),
        cursor="3",
        more=True,
    ),
    "reconcile": Reconcile(items=(_HELD,)),
    "reconcile-answer": ReconcileAnswer(lacking=(_HELD,)),
    "enrolment": EnrolmentRequest(
        code="AbCdEfGhIjKlMnOpQrStUv", device=_DEVICE, public_key=KEY.public(), name="Vũ Đức Đạt"
    ),
    "enrolment-answer": EnrolmentAnswer(
        token="device.token",
        server_id="bn-intake-09208",
        receipt_keys=(KEY.public(),),
        unit="09208",
        office="Xã Tam Đa",
    ),
    "me": Me(device=_DEVICE, name="Vũ Đức Đạt", unit="09208", office="Xã Tam Đa"),
    "server-card": ServerCard(
        server_id="bn-intake-09208",
        contract="intake/1",
        schemas=(1,),
        max_envelope=262_144,
        max_blob=16_777_216,
        max_blobs=40,
        time="2026-11-23T03:05:00.000Z",
        office="Xã Tam Đa",
    ),
    "problem": Problem(
        title="invalid",
        status=422,
        code=ProblemCode.INVALID.value,
        retry=Retry.AFTER_EDIT.value,
        errors=(FieldProblem(pointer="/papers/0/paper", code="unknown-paper"),),
        request_id="r-1",
    ),
    "problem-busy": Problem(title="busy", status=503, code=ProblemCode.BUSY.value, retry_after=30),
    "problem-gap": Problem(
        title="revision-gap", status=409, code=ProblemCode.REVISION_GAP.value, retry=Retry.NEVER.value, current=1
    ),
}
INVITATION: Final = Invitation(
    url="https://intake.example/",
    code="AbCdEfGhIjKlMnOpQrStUv",
    certificate_sha256="9" * 64,
    receipt_key=KEY.public(),
    office="Xã Tam Đa",
)


def golden() -> dict[str, bytes]:
    """Return every golden file's name and bytes."""
    return {
        "dossier-1.json": envelope(1),
        "dossier-2.json": envelope(2),
        "dossier-1.digest.txt": content_digest(envelope(1)).encode(),
        "dossier-1.signature.txt": KEY.sign_detached(envelope(1)).encode(),
        "submission.xml": submission().encode(),
        "receipt.jws.txt": KEY.sign(RECEIPT.write()).encode(),
        "invitation.txt": INVITATION.to_text().encode(),
        "upload-metadata.txt": UploadMetadata(_PHOTO, "image/jpeg", DOSSIER).to_header().encode(),
        **{f"{name}.json": message.write() for name, message in MESSAGES.items()},
    }


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, content in golden().items():
        (GOLDEN / name).write_bytes(content)
