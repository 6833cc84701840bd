"""What tells procedures of one family apart: what is to be done with the thing, and which office does it.

"Mất giấy phép lái xe" has the words of ten names; what was lost is issued anew, so those that issue anew come first.
"""

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bnhelper.catalogue.search_key import accented_words_of, fold, words_of

#: Words of names, and what people say, for what is done to something that is there already. Longer words hold shorter
#: ones that mean something else: those are under "".
_OFFICIAL: Final = {
    "replace": "cấp lại, cấp đổi, đổi lại, cấp thay thế, cấp bản sao",
    "renew": "gia hạn, kéo dài, duy trì",
    "change": "sửa đổi, điều chỉnh, thay đổi, bổ sung, cập nhật, đính chính, hiệu đính, cải chính, chuyển đổi, mở rộng,"
    " thu hẹp, tăng, giảm, chuyển",
    "end": "thu hồi, chấm dứt, giải thể, trả lại, hủy, xóa, rút, đóng, kết thúc, bãi bỏ, thôi, hủy bỏ, loại bỏ",
    "pause": "tạm ngừng, tạm dừng, đình chỉ, tạm đình chỉ, khóa, dừng",
    "resume": "khôi phục, hoạt động trở lại, tiếp tục, trở lại",
    "transfer": "chuyển nhượng, chuyển quyền, chuyển giao, chuyển quyền sở hữu",
    "merge": "sáp nhập, hợp nhất, chia, tách, chuyển đổi hình thức",
    "": "đóng mới, đóng tàu, đóng thuế, đóng phí, đóng góp, đóng tiền, đóng bảo hiểm, rút gọn, giảm nghèo, giảm thuế,"
    " miễn giảm, tăng trưởng, chuyển tiền",
}
_EVERYDAY: Final = {
    "replace": "làm lại, xin lại, mất, hỏng, hư hỏng, rách, nát, thất lạc, rơi, đánh rơi, cháy, mờ, lấy lại, đổi",
    "renew": "hết hạn, quá hạn, sắp hết, hết hiệu lực, thêm hạn, thêm thời gian, đến hạn, thêm năm",
    "change": "sửa, đổi, chỉnh, sai, ghi sai, thêm, bớt, thay, dời, dọn, nhầm",
    "end": "trả, đóng cửa, bỏ, nghỉ, không làm nữa, giải tán, gỡ, không nữa, nghỉ hẳn, ngừng, ngưng, dừng",
    "pause": "tạm nghỉ, tạm đóng, tạm khóa, nghỉ mấy tháng, tạm ngưng",
    "resume": "mở lại, hoạt động lại, làm lại, phục hồi, mở khóa",
    "transfer": "sang tên, nhượng, bán lại, đổi chủ, bán, sang nhượng",
    "merge": "nhập vào, gộp, nhập",
    "": "thay mặt, bán lẻ, bán hàng, bán buôn, bán đấu giá, bán điện, chào bán, mua bán, kinh doanh bán, trả tiền,"
    " chi trả, trả lương, nghỉ hưu, nghỉ việc, nghỉ lễ, nghỉ thai sản",
}
#: Of one syllable, those that are still themselves without their marks; "mat" and "doi" are too many words.
_WITHOUT_MARKS: Final = frozenset({"sua", "hong", "rach", "huy", "xoa", "rut"})
_BEFORE: Final = frozenset({"thu", "tuc", "de", "nghi", "viec"})
#: What grants a thing the first time, and whether more follows in a list: "cấp, cấp lại", not "phê duyệt điều chỉnh".
_FIRST: Final = re.compile(
    r"(?:thu tuc |de nghi |viec )*((?:cap|dang ky|cong nhan|thanh lap|phe duyet|chap thuan)\b)(\s*[,/])?"
)
_HEAD: Final = 9  #: words of a name in which it says what it does
_OFFICES: Final = {
    "xa": "xã, phường, thị trấn, thôn",
    "tinh": "tỉnh, sở, chi cục, thành phố",
    "bo": "bộ, trung ương, cục, thủ tướng",
    "": "bộ đội, bộ phận, bộ luật, bộ hồ sơ, bộ môn",
}

_LEVEL: Final = re.compile(
    r"\s*\((?:[^()]*\b)?cấp (?:bộ|tỉnh|huyện|xã|trung ương|quốc gia)\b[^()]*\)|[\s.]+$", re.IGNORECASE
)

Ways = Mapping[tuple[str, ...], frozenset[str]]


def _ways(*tables: Mapping[str, str], is_marked: bool = True) -> Ways:
    """Return each phrase, as words, with what it says."""
    found: dict[tuple[str, ...], set[str]] = {}
    for kind, said in itertools.chain.from_iterable(table.items() for table in tables):
        for phrase in said.split(", "):
            words = tuple(accented_words_of(phrase) if is_marked else words_of(phrase))
            if is_marked or len(words) > 1 or words[0] in _WITHOUT_MARKS:
                found.setdefault(words, set()).update({kind} - {""})
    return {words: frozenset(kinds) for words, kinds in found.items()}


_OF_NAMES: Final = _ways(_OFFICIAL)
_SAID: Final = _ways(_OFFICIAL, _EVERYDAY)
_SAID_PLAINLY: Final = _ways(_OFFICIAL, _EVERYDAY, is_marked=False)
_OF_OFFICES: Final = _ways(_OFFICES)
_LONGEST: Final = max(map(len, _SAID))


def deeds_of_name(name: str) -> tuple[frozenset[str], bool]:
    """Return what a procedure does to something that is there already, and whether it grants it the first time too."""
    marked = accented_words_of(name)[: _HEAD + len(_BEFORE)]
    plain = words_of(name)[: len(marked)]
    begin = next((place for place, word in enumerate(plain) if word not in _BEFORE), 0)
    found = list(_found(marked[begin : begin + _HEAD], _OF_NAMES))
    deeds = frozenset(deed for _, deeds in found for deed in deeds)
    first = _FIRST.match(fold(name))
    length = len(first[1].split()) if first is not None else 0
    is_first = first is not None and all(place != 0 and (place != length or first[2]) for place, _ in found)
    return deeds, is_first


def family_of(name: str) -> str:
    """Return a name without the level that does it: those that share it are one procedure at several offices."""
    return _LEVEL.sub("", name).lower()


def deeds_said(typed: Sequence[str], marked: Sequence[str]) -> frozenset[str]:
    """Return what somebody wants done with a thing: `typed` are the folded words, `marked` those with their marks."""
    ways = _SAID_PLAINLY if list(typed) == list(marked) else _SAID
    return frozenset(deed for _, deeds in _found(marked, ways) for deed in deeds)


def offices_said(marked: Sequence[str]) -> frozenset[str]:
    """Return the levels ("xa", "tinh", "bo") somebody named; only words with their marks tell."""
    return frozenset(office for _, offices in _found(marked, _OF_OFFICES) for office in offices)


def _found(words: Sequence[str], ways: Ways) -> Iterable[tuple[int, frozenset[str]]]:
    """Yield what is said at each place, the longest phrase first."""
    place = 0
    while place < len(words):
        for length in range(min(_LONGEST, len(words) - place), 0, -1):
            kinds = ways.get(tuple(words[place : place + length]))
            if kinds is not None:
                yield place, kinds
                place += length
                break
        else:
            place += 1
