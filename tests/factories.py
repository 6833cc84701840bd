"""Valid things with one call: a machine, a filled dossier, small photos."""

import struct
import zlib
from pathlib import Path
from typing import Final

from bnhelper.actions.answer_question import answer_questions
from bnhelper.actions.record_consent import record_consent
from bnhelper.actions.start_dossier import start_dossier
from bnhelper.actions.unlock_machine import OpenMachine, create_machine
from bnhelper.catalogue.library import Library
from bnhelper.clock import Clock
from bnhelper.ids import DossierId, FieldPath, ProcedureCode
from bnhelper.paths import Places
from bnhelper.vault.keys import KeyCost, KeyFile, make_key_file
from tests.fakes.clock import FixedClock

CHEAP = KeyCost(memory_kib=64, passes=1)
BIRTH = ProcedureCode("1.001193")

_PERSON = {
    "full_name": "NGUYỄN THỊ HOÀ",
    "id_number": "027190000002",
    "birth_date": "1990-09-05",
    "sex": "nu",
    "address_unit": "09208",
    "address_detail": "Thôn Phúc Long",
    "phone": "0912345678",
}
_DECLARATION = {
    "requester/relation": "mother",
    "child/full_name": "TRẦN MINH AN",
    "child/birth_date": "2026-11-08",
    "child/sex": "nam",
    "child/birth_place": "Bệnh viện Đa khoa tỉnh Bắc Ninh",
    "child/home_town": "Xã Tam Đa, tỉnh Bắc Ninh",
    "mother/full_name": "NGUYỄN THỊ HOÀ",
    "mother/birth_date": "1990",
    "mother/residence": "Xã Tam Đa, tỉnh Bắc Ninh",
    "father/is_known": "no",
    "copies/wants_copies": "no",
}
SHIPPED: Final = (
    Library.shipped()
)  # opened once a run: it is read only, and packs that come later have libraries of their own
CASE = {
    "channel": "online",
    "by_proxy": "no",
    "birth_edata_available": "no",
    "child_abandoned": "no",
    "born_by_surrogacy": "no",
    "has_medical_birth_cert": "yes",
}


def key_file(folder: Path) -> KeyFile:
    return make_key_file(folder / "key")


def machine(folder: Path, clock: Clock | None = None) -> OpenMachine:
    """A fresh machine below `folder`, opened by a key file beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    return create_machine(
        Places(folder / "data"),
        key_file(folder),
        person="Vũ Đức Đạt",
        unit="09208",
        library=SHIPPED,
        clock=clock or FixedClock(),
        cost=CHEAP,
    )


def birth_dossier(opened: OpenMachine, *, is_filled: bool = True, has_consent: bool = True) -> DossierId:
    """A birth registration, wholly filled unless said otherwise, not sealed."""
    dossier = start_dossier(opened, BIRTH, {FieldPath(f"/data/case/{name}"): value for name, value in CASE.items()})
    if is_filled:
        answer_questions(opened, dossier, {FieldPath(path): value for path, value in filled().items()})
    if has_consent:
        record_consent(opened, dossier, purpose="file_dossier", text_version="1", text="Đồng ý", given_by="self")
    return dossier


def filled() -> dict[str, str]:
    """Every answer of a whole birth registration beside its case: path -> value."""
    values = {f"/data/applicant/{name}": value for name, value in _PERSON.items()}
    return values | {f"/data/declaration/{name}": value for name, value in _DECLARATION.items()}


def png(shade: int = 128, side: int = 8, extra: bytes = b"") -> bytes:
    """A valid gray PNG; `extra` bytes make it heavier and different."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = b"".join(b"\x00" + bytes([shade]) * side for _ in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    text = chunk(b"tEXt", b"Comment\x00" + extra) if extra else b""
    parts = chunk(b"IHDR", header) + text + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts
