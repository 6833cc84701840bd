"""Siblings are told apart by what is to be done and by the office, in words of names and of people."""

import pytest

from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.search_index import search
from bnhelper.catalogue.search_key import accented_words_of, words_of
from bnhelper.catalogue.search_siblings import deeds_of_name, deeds_said, family_of, offices_said
from tests.factories import SHIPPED


@pytest.fixture(scope="module")
def pack() -> Pack:
    return SHIPPED.newest


@pytest.mark.parametrize(
    ("name", "deeds", "is_first"),
    [
        ("Cấp lại thẻ căn cước", {"replace"}, False),
        ("Cấp, cấp lại thẻ kiểm tra tàu", {"replace"}, True),
        ("Thủ tục đề nghị gia hạn giấy phép", {"renew"}, False),
        ("Phê duyệt điều chỉnh quy hoạch", {"change"}, False),
        ("Đăng ký khai sinh", set(), True),
        ("Cấp giấy chứng nhận cơ sở đóng mới tàu cá", set(), True),
        ("Huỷ đăng ký dự án", {"end"}, False),
    ],
)
def test_a_name_says_what_it_does_to_something_that_is_there(name: str, deeds: frozenset[str], is_first: bool) -> None:
    assert deeds_of_name(name) == (frozenset(deeds), is_first)


@pytest.mark.parametrize(
    ("said", "deeds"),
    [
        ("mất giấy phép", {"replace"}),
        ("mat giay phep", set()),  # "mat" may be "mật" or "mặt" as well
        ("giay phep het han", {"renew"}),
        ("cửa hàng bán lẻ xăng", set()),
        ("đóng thuế", set()),
        ("quán đóng cửa trả giấy phép", {"end"}),
        ("đổi chủ giấy phép", {"transfer"}),
    ],
)
def test_people_say_it_in_their_words(said: str, deeds: set[str]) -> None:
    assert deeds_said(words_of(said), accented_words_of(said)) == deeds


def test_an_office_is_named_only_with_its_marks() -> None:
    assert offices_said(accented_words_of("nộp ở xã hay lên sở")) == {"xa", "tinh"}
    assert offices_said(accented_words_of("bộ đội xuất ngũ")) == set()
    assert offices_said(["xa"]) == set()


def test_the_deed_and_the_office_bring_a_sibling_first(pack: Pack) -> None:
    """The words are the same for each family; only what is to be done, or where, differs."""
    for said, code in (
        ("gia hạn giấy phép khai thác khoáng sản lên bộ", "1.014240"),
        ("gia hạn giấy phép khai thác khoáng sản ở sở", "1.014266"),
        ("thẻ căn cước hết hạn", "1.014063"),
        ("giấy phép lái xe bị mất", "3.000348"),
    ):
        assert search(pack, said)[0].code == code, said


def test_one_procedure_at_several_offices_comes_with_the_nearest_first(pack: Pack) -> None:
    province, ministry = "2.001410", "1.003173"
    assert len({family_of(pack.procedure(code).name_vi) for code in (province, ministry)}) == 1
    found = [str(hit.code) for hit in search(pack, "đăng ký lại mẫu con dấu")]
    assert found.index(province) < found.index(ministry)
    asked = [str(hit.code) for hit in search(pack, "đăng ký lại mẫu con dấu cấp trung ương")]
    assert asked.index(ministry) < asked.index(province)


def test_the_office_that_was_named_leads_where_one_procedure_is_done_at_several(pack: Pack) -> None:
    assert search(pack, "mất căn cước làm lại")[0].code == "1.014064"
    assert search(pack, "mất căn cước làm lại ở trung ương")[0].code == "1.000757"
