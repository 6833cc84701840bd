"""Who receives and who decides, for communes of today and for addresses in old units."""

import pytest

from bnhelper.catalogue import competence as offices
from bnhelper.catalogue.competence import competence
from bnhelper.catalogue.units import places
from tests.factories import SHIPPED


def _of(code: str, address: str) -> offices.Competence:
    return competence(SHIPPED.newest.procedure(code), address, places())


@pytest.mark.parametrize(
    ("address", "unit"),
    [
        ("Phường Kinh Bắc", "Phường Kinh Bắc"),
        ("xã Đông Thọ, huyện Yên Phong, tỉnh Bắc Ninh", "Xã Văn Môn"),
        ("Khu 3, Phố Mới, Bắc Ninh", "Phường Quế Võ"),
        ("P. Dĩnh Kế, TP Bắc Giang", "Phường Bắc Giang"),
    ],
)
def test_birth_is_registered_where_the_address_lies_today(address: str, unit: str) -> None:
    found = _of("1.001193", address)
    assert found.unit is not None
    assert found.unit.name == unit
    assert found.receives == (offices.COMMUNE_CENTRE, offices.ANY_CENTRE)
    assert found.decides == offices.COMMUNE_COMMITTEE


def test_a_name_that_stood_twice_is_asked() -> None:
    found = _of("1.001193", "xã Đồng Tiến, Bắc Giang")
    assert {one.name for one in found.ask} == {"Xã Xuân Lương", "Xã Hoàng Vân"}
    assert (found.unit, found.receives, found.decides) == (None, (), "")


@pytest.mark.parametrize(
    ("code", "receives", "decides"),
    [
        ("1.001193", (offices.THERE_COMMUNE, offices.HELPS_ONLINE), offices.THERE_COMMUNE),  # civil status
        ("1.001612", (offices.THERE_COMMUNE,), offices.THERE_COMMUNE),  # a household business: any office of a province
        ("1.004222", (offices.THERE_COMMUNE,), offices.THERE_COMMUNE),  # residence
        ("1.014061", (offices.ANY_POLICE,), offices.AGENCY),  # an identity card: anywhere in the country
        ("1.001456", (offices.THERE_PROVINCE,), offices.THERE_PROVINCE),  # a passport, by the province's police
        ("1.001613", (offices.THERE_PROVINCE,), offices.THERE_PROVINCE),  # social insurance has offices of its own
        ("1.000771", (offices.AGENCY,), offices.AGENCY),  # a ministry's matter is the same everywhere
    ],
)
def test_an_address_of_another_province_leads_to_no_office_of_ours(
    code: str, receives: tuple[str, ...], decides: str
) -> None:
    found = _of(code, "xã Hoàng Hoa Thám, Chí Linh, Hải Dương")
    assert found.is_elsewhere
    assert (found.receives, found.decides) == (receives, decides)


@pytest.mark.parametrize(
    ("code", "receives", "decides"),
    [
        ("1.014061", (offices.COMMUNE_POLICE, offices.ANY_POLICE), offices.COMMUNE_POLICE),
        ("1.004194", (offices.COMMUNE_POLICE,), offices.COMMUNE_POLICE),
        ("3.000333", (offices.PROVINCE_POLICE,), offices.PROVINCE_POLICE),
        ("1.001613", (offices.AGENCY,), offices.AGENCY),
        ("1.012786", (offices.PROVINCE_CENTRE, offices.ANY_CENTRE), offices.AGENCY),
    ],
)
def test_police_insurance_and_the_province_have_offices_of_their_own(
    code: str, receives: tuple[str, ...], decides: str
) -> None:
    found = _of(code, "Phường Võ Cường")
    assert (found.receives, found.decides) == (receives, decides)


@pytest.mark.slow
def test_every_procedure_of_the_province_says_who_receives_it() -> None:
    pack = SHIPPED.newest
    for one in pack.procedures()[::29]:
        if not one.is_stub:
            assert _of(one.code, "").receives, one.code


@pytest.mark.parametrize(
    ("code", "receives"),
    [
        ("1.007843", (offices.AGENCY,)),  # customs: "Cấp xã" on the portal, and no commune clears goods
        ("3.000123", (offices.AGENCY,)),  # the state treasury
        ("1.000420", (offices.AGENCY,)),  # the State Bank's regional office
        ("1.010384", (offices.PROVINCE_POLICE,)),  # "Phòng quản lý xuất nhập cảnh" is the police
        ("3.000276", (offices.PROVINCE_POLICE,)),
        ("1.014267", (offices.PROVINCE_CENTRE, offices.ANY_CENTRE)),
    ],
)
def test_nobody_is_sent_to_a_centre_for_what_an_office_of_the_state_receives_itself(
    code: str, receives: tuple[str, ...]
) -> None:
    assert _of(code, "").receives == receives
