"""Dossiers that a volunteer's machine really sealed and sent, for the pages to show."""

import base64
import hashlib
import json
from pathlib import Path
from urllib.parse import urljoin

import requests
from PySide6.QtCore import QBuffer, QIODevice, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from sqlalchemy import select

from bnhelper.actions.answer_question import answer_questions
from bnhelper.actions.attach_photo import attach_photo
from bnhelper.actions.lock_dossier import lock_dossier
from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.ids import DossierId, FieldPath, PaperId
from bnhelper.store import outbox
from sync.intake import desk, ledger
from sync.transport.enrolment import enrol
from sync.wire.dossiers import content_digest
from tests import factories
from tests.sync.conftest import RunningIntake

NAMES = (
    "NGUYỄN THỊ HOÀ",
    "TRẦN VĂN ĐỨC",
    "LÊ THỊ NGỌC ÁNH DƯƠNG CÔNG TẰNG TÔN NỮ HUYỀN TRANG",
    "PHẠM QUANG MINH",
    "VŨ ĐÌNH QUÝ",
    "HOÀNG THỊ LỆ",
)


class Seeds:
    """One enrolled machine that sends dossiers at once, without the runner."""

    def __init__(self, folder: Path, intake: RunningIntake) -> None:
        self._intake = intake
        self.machine: OpenMachine = factories.machine(folder / "device", intake.clock)
        _, answer = enrol(
            intake.invitation(),
            device=self.machine.profile.device,
            public_key=self.machine.signing.public(),
            name="Vũ Đức Đạt",
        )
        self._headers = {"Authorization": f"Bearer {answer.token}"}

    def send(self, number: int = 0, *, photos: int = 2) -> DossierId:
        """Seal and send a birth registration; return its id once the server has all of it."""
        self._intake.clock.move(seconds=1)  # ids are ordered by time
        dossier = factories.birth_dossier(self.machine)
        answer_questions(
            self.machine,
            dossier,
            {
                FieldPath("/data/applicant/full_name"): NAMES[number % len(NAMES)],
                FieldPath("/data/applicant/id_number"): f"0271900{number:05}",
            },
        )
        contents = [paper(f"GIẤY CHỨNG SINH {number}", place) for place in range(photos)]
        for content in contents:
            attach_photo(self.machine, dossier, PaperId("birth_evidence"), content)
        lock_dossier(self.machine, dossier)
        with self.machine.store.read() as db:
            item = next(one for one in outbox.waiting(db, self._intake.clock.now()) if one.dossier == dossier)
        said = {
            **self._headers,
            "Content-Digest": content_digest(item.envelope),
            "BN-Signature": item.signature,
            "BN-Schema": "1",
        }
        url = f"{self._intake.url}/v1/dossiers/{dossier}/revisions/1"
        assert requests.put(url, item.envelope, headers=said, timeout=20).status_code == 201
        for content in contents:
            self._upload(content)
        assert requests.put(url, item.envelope, headers=said, timeout=20).json()["state"] == "delivered"
        return dossier

    def answer(self, dossier: DossierId, *, photos: int, come: int) -> None:
        """Send the supplement that an officer asked for, with so many new photos, of which so many come."""
        self._intake.clock.move(minutes=1)
        one = ledger.dossiers.c
        with self._intake.site.engine.connect() as db:
            request = json.loads(db.execute(select(one.request).where(one.id == dossier)).scalar_one())
        said = json.loads(desk.envelope_bytes(self._intake.site, dossier) or b"{}")
        contents = [paper(f"CHỤP LẠI {dossier[-4:]}", place) for place in range(photos)]
        for one_paper in said["papers"]:
            if one_paper["paper"] == "birth_evidence":
                one_paper["files"] += [
                    {"sha256": hashlib.sha256(one).hexdigest(), "size": len(one), "media_type": "image/jpeg"}
                    for one in contents
                ]
        body = json.dumps(said | {"revision": 2, "answers_request": request["id"]}).encode()
        signed = {"Content-Digest": content_digest(body), "BN-Signature": self.machine.signing.sign_detached(body)}
        url = f"{self._intake.url}/v1/dossiers/{dossier}/revisions/2"
        sent = requests.put(url, body, headers={**self._headers, **signed, "BN-Schema": "1"}, timeout=20)
        assert sent.status_code == 201, sent.text
        for content in contents[:come]:
            self._upload(content)

    def _upload(self, content: bytes) -> None:
        name = base64.b64encode(hashlib.sha256(content).hexdigest().encode()).decode()
        tus = {**self._headers, "Tus-Resumable": "1.0.0"}
        said = {**tus, "Upload-Length": str(len(content)), "Upload-Metadata": f"sha256 {name}"}
        made = requests.post(f"{self._intake.url}/v1/blobs", headers=said, timeout=20)
        patch = {**tus, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
        assert (
            requests.patch(
                urljoin(self._intake.url, made.headers["Location"]), content, headers=patch, timeout=20
            ).status_code
            == 204
        )

    def look_up_token(self, dossier: DossierId) -> str:
        """Return the secret in the slip's QR code."""
        with self.machine.store.read() as db:
            item = next(one for one in outbox.waiting(db, self._intake.clock.now()) if one.dossier == dossier)
        return item.envelope.partition(b'"look_up_token":"')[2][:22].decode()

    def close(self) -> None:
        self.machine.close()


def paper(title: str, page: int) -> bytes:
    """Draw a photo of a paper, taller than wide, with words to tell it by."""
    image = QImage(600, 800, QImage.Format.Format_RGB888)
    image.fill(QColor("#d8d2c4"))
    painter = QPainter(image)
    painter.fillRect(QRect(40, 40, 520, 720), QColor("#fdfcf8"))
    painter.setPen(QColor("#15202b"))
    font = painter.font()
    font.setPixelSize(34)
    painter.setFont(font)
    painter.drawText(QRect(60, 80, 480, 120), Qt.AlignmentFlag.AlignCenter, f"{title}\ntrang {page + 1}")
    for line in range(14):
        painter.drawLine(80, 240 + line * 34, 520 - (line * 37) % 160, 240 + line * 34)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG", 80)  # type: ignore[call-overload]  # Qt's stub wants bytes, Qt itself takes str
    return bytes(buffer.data().data())
