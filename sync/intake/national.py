"""A dossier in the national vocabulary (LGSP, DongBoHoSoMC), as JSON and XML, checked against the kept schemas."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

import defusedxml.ElementTree as SafeTree
import jsonschema
import xmlschema
from defusedxml import DefusedXmlException

import resources
from bnhelper.clock import PROVINCE_TIME, from_text
from sync.wire.dossiers import Envelope, WireState

DOSSIER: Final = "HoSo"
STATUS: Final = "TienDoHoSo"
#: root element -> (JSON Schema, XML Schema) in resources
SCHEMAS: Final[Mapping[str, tuple[str, str]]] = {
    DOSSIER: ("wire/national-dossier.schema.json", "wire/national-dossier.xsd"),
    STATUS: ("wire/national-status.schema.json", "wire/national-status.xsd"),
}
NAMESPACE: Final = "urn:vn:bacninh:hoso:1"

#: The ten national codes (QCVN 120 and LGSP).
NATIONAL_WORDS: Final[Mapping[int, str]] = {
    1: "Mới đăng ký",
    2: "Được tiếp nhận",
    3: "Không được tiếp nhận",
    4: "Đang xử lý",
    5: "Yêu cầu bổ sung giấy tờ",
    6: "Yêu cầu thực hiện nghĩa vụ tài chính",
    7: "Công dân yêu cầu rút hồ sơ",
    8: "Dừng xử lý",
    9: "Đã xử lý xong",
    10: "Đã trả kết quả",
}
STATE_OF: Final[Mapping[int, WireState]] = {
    1: WireState.DELIVERED,
    2: WireState.ACCEPTED,
    3: WireState.REJECTED,
    4: WireState.IN_REVIEW,
    5: WireState.NEEDS_INFO,
    6: WireState.IN_REVIEW,  # nothing is to be mended, so nothing may be asked for; the note says that it is to be paid
    7: WireState.WITHDRAWN,
    8: WireState.REJECTED,
    9: WireState.APPROVED,
    10: WireState.RETURNED,
}
_CODE_OF: Final[Mapping[WireState, int]] = {
    WireState.DELIVERED: 1,
    WireState.ACCEPTED: 2,
    WireState.IN_REVIEW: 4,
    WireState.NEEDS_INFO: 5,
    WireState.WITHDRAWN: 7,
    WireState.APPROVED: 9,
    WireState.RETURNED: 10,
}


def code_of(state: WireState, *, was_accepted: bool) -> int:
    """Return the national code of a state; a refusal is 3 before the reception and 8 (stopped) after it."""
    if state is WireState.REJECTED:
        return 8 if was_accepted else 3
    return _CODE_OF[state]


class NotNational(Exception):
    """An export that its own schema refuses: our fault, and nothing of it leaves the house."""


def local(at: str) -> str:
    """Return an instant of the ledger as the province writes it, with its +07:00."""
    return from_text(at).astimezone(PROVINCE_TIME).isoformat(timespec="seconds")


def dossier(
    envelope: Envelope,
    answers: Mapping[str, str],
    *,
    number: str,
    deciding: str,
    received_at: str,
    accepted_at: str,
    due_at: str | None,
    state: int,
    names: Mapping[str, str],
    components: Mapping[str, str],
    title: str,
    field: str,
    remark: str = "",
) -> dict[str, Any]:
    """Return one dossier in the national names.

    `answers` are the submission's by path, `names` and `components` the papers' names and national codes by id,
    `deciding` the office that decides, which need not be the one that received it.
    """

    def said(name: str) -> str:
        return answers.get(f"/data/applicant/{name}", "")

    return {
        "MaHoSo": number,
        "MaTTHC": envelope.procedure,
        "TenTTHC": title,
        "TenLinhVuc": field,
        "MaDichVuCong": envelope.procedure,
        "ChuHoSo": said("full_name"),
        "LoaiDoiTuong": 0,
        "MaDonViTiepNhan": envelope.receiving_unit or "",
        "MaDonViGiaiQuyet": deciding,
        "KenhThucHien": 2,
        "NgayNop": envelope.sealed_at.astimezone(PROVINCE_TIME).isoformat(timespec="seconds"),
        "NgayTiepNhan": local(accepted_at or received_at),
        **({"NgayHenTra": local(due_at)} if due_at else {}),
        "TrangThaiHoSo": state,
        "ThanhPhanHoSo": [
            {
                "MaThanhPhanHoSo": components.get(paper.paper) or paper.paper,
                "TenThanhPhanHoSo": names.get(paper.paper, paper.paper),
                "SoLuong": max(1, len(paper.files)),
                "LoaiBan": 2 if paper.files else 0,
                "GiayToDinhKem": [
                    {
                        "IdGiayTo": file.sha256,
                        "TenGiayTo": f"{paper.paper}-{place}",
                        "HashTepTin": file.sha256,
                        "KichThuoc": file.size,
                        "DinhDang": file.media_type,
                    }
                    for place, file in enumerate(paper.files, 1)
                ],
            }
            for paper in envelope.papers
            if paper.files or paper.shown
        ],
        "ThongTinNguoiNop": {
            "TenNguoiNop": said("full_name"),
            "SoDinhDanh": said("id_number"),
            "NgaySinh": said("birth_date"),
            "SoDienThoai": said("phone"),
            "MaXa": said("address_unit"),
            "DiaChiChiTiet": said("address_detail"),
        },
        "DuLieuBieuMau": envelope.instance,
        **({"GhiChu": remark} if remark else {}),
    }


def status(
    *,
    number: str,
    state: int,
    at: str,
    officer: str,
    office: str,
    note: str = "",
    result: tuple[str, str] | None = None,
) -> dict[str, Any]:
    """Return one step of a dossier (CapNhatTienDoHoSoMC); `result` is the name and hash of what was decided."""
    return {
        "MaHoSo": number,
        "TrangThai": state,
        "NoiDungXuLy": NATIONAL_WORDS[state],
        "ThoiDiemXuLy": local(at),
        "NguoiXuLy": officer,
        "PhongBanXuLy": office,
        **({"GhiChu": note} if note else {}),
        **({"GiayToKetQua": {"TenGiayTo": result[0], "HashTepTin": result[1]}} if result is not None else {}),
    }


@cache
def _json_schema(root: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(resources.read_text(SCHEMAS[root][0])))


@cache
def _xml_schema(root: str) -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(resources.read_text(SCHEMAS[root][1]))


def check(said: Mapping[str, Any], root: str = DOSSIER) -> None:
    """Raise NotNational with places, never values, unless a dossier or a status is what both its schemas say."""
    wrong = [
        "/".join(str(step) for step in one.absolute_path) or one.validator
        for one in _json_schema(root).iter_errors(said)
    ]
    if not wrong:
        wrong = [str(one.path) for one in _xml_schema(root).iter_errors(to_xml(said, root))]
    if wrong:
        raise NotNational(", ".join(str(one) for one in wrong[:10]))


def to_xml(said: Mapping[str, Any], root: str = DOSSIER) -> str:
    """Return a dossier or a status as XML: members become elements of the same names, lists repeat them."""
    top = Element(root, {"xmlns": NAMESPACE})
    _fill(top, said)
    return tostring(top, encoding="unicode")


def status_from_xml(said: str) -> dict[str, Any]:
    """Return what a status in XML says, by the names of its elements. Raises NotNational, with places only."""
    try:
        top = SafeTree.fromstring(said.encode("utf-8"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as wrong:
        raise NotNational("xml") from wrong
    places = [str(one.path) for one in _xml_schema(STATUS).iter_errors(top)]
    if places:
        raise NotNational(", ".join(places[:10]))
    found: dict[str, Any] = {}
    for element in top:
        name = element.tag.rpartition("}")[2]
        if name == "ThanhPhanBoSung":
            found.setdefault(name, []).append(element.text or "")
        elif len(element):
            found[name] = {one.tag.rpartition("}")[2]: one.text or "" for one in element}
        else:
            found[name] = element.text or ""
    return found


def _fill(into: Element, said: Mapping[str, Any]) -> None:
    for name, value in said.items():
        many: Sequence[Any] = value if isinstance(value, list) else [value]
        for one in many:
            child = SubElement(into, name)
            if isinstance(one, Mapping):
                _fill(child, one)
            else:
                child.text = str(one)
