"""Guides answer where no procedure does."""

import pytest

from bnhelper.catalogue.guides import UnknownGuide, find_guides, guide, guides
from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.search_index import search
from tests.factories import SHIPPED


@pytest.fixture(scope="module")
def pack() -> Pack:
    return SHIPPED.newest


def test_the_eight_guides_speak_both_languages_and_name_their_sources(pack: Pack) -> None:
    found = guides(pack)
    assert len(found) == 8
    for one in found:
        assert one.sources, one.id
        for said in (one.name, one.summary, *one.before, *one.steps, *one.warnings):
            assert said.vi, one.id
            assert said.en, one.id
            assert said.vi != said.en, one.id


def test_a_guide_leads_only_to_procedures_of_the_pack(pack: Pack) -> None:
    assert all(pack.has(code) for one in guides(pack) for code in one.related)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bị lừa đảo", "scams"),
        ("gia cong an", "scams"),
        ("mở ví điện tử", "e-wallet"),
        ("quên mật khẩu vneid", "vneid"),
        ("ban hang tren postmart", "ocop-postmart"),
        ("dan de ma qr", "qr-check"),
        ("so suc khoe", "health-record"),
        ("xóa thông tin của tôi", "data-rights"),
        ("thanh toán trực tuyến", "cashless"),
    ],
)
def test_everyday_words_find_the_guide(pack: Pack, text: str, expected: str) -> None:
    assert find_guides(pack, text)[0].id == expected


@pytest.mark.parametrize("text", ["", "   ", "khai sinh", "bóng đá", "làm giấy khai sinh cho con"])
def test_a_matter_of_no_guide_finds_none(pack: Pack, text: str) -> None:
    assert find_guides(pack, text) == []


def test_a_scam_is_answered_by_a_guide_and_by_no_procedure(pack: Pack) -> None:
    assert search(pack, "bị lừa đảo qua mạng") == []
    assert find_guides(pack, "bị lừa đảo qua mạng")[0].id == "scams"


def test_an_unknown_guide_is_told(pack: Pack) -> None:
    with pytest.raises(UnknownGuide):
        guide(pack, "no-such-guide")
