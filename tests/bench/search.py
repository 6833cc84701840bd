"""`bn.py bench search`: a keystroke in the search field, on a province's catalogue and on one of 100,000 procedures."""

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import resources
from bnhelper.authoring.build_pack import write_pack
from bnhelper.authoring.sources import read_sources
from bnhelper.catalogue.library import SHIPPED
from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.search_index import search
from bnhelper.catalogue.search_key import words_of
from tests.bench.bench_run import Row, show

_RUNS = 5
_DEEDS = [
    "cấp",
    "cấp lại",
    "cấp đổi",
    "gia hạn",
    "sửa đổi, bổ sung",
    "thu hồi",
    "thẩm định",
    "phê duyệt",
    "công nhận",
    "đăng ký",
    "xác nhận",
    "thông báo",
    "chấm dứt",
    "tạm ngừng",
    "chuyển nhượng",
    "kiểm tra",
    "hỗ trợ",
    "bồi thường",
    "xét tặng",
    "tiếp nhận",
]
_THINGS = [
    "giấy phép",
    "giấy chứng nhận",
    "chứng chỉ hành nghề",
    "quyết định",
    "phương án",
    "hồ sơ",
    "kế hoạch",
    "dự án",
    "đề án",
    "hợp đồng",
    "chế độ",
    "trợ cấp",
    "danh hiệu",
    "thẻ",
    "bằng",
    "phiếu",
    "văn bản",
    "tài khoản",
    "mã số",
    "quy hoạch",
]
_FIELDS = [
    "khai thác khoáng sản",
    "nuôi trồng thủy sản",
    "kinh doanh vận tải",
    "an toàn thực phẩm",
    "xây dựng nhà ở",
    "bảo vệ môi trường",
    "người lao động nước ngoài",
    "cơ sở giáo dục mầm non",
    "phòng khám đa khoa",
    "quảng cáo ngoài trời",
    "sử dụng đất",
    "hộ kinh doanh",
    "người có công với cách mạng",
    "hành nghề luật sư",
    "chứng khoán phái sinh",
    "giống cây trồng",
    "cảng biển",
    "thuốc thú y",
    "vũ khí thể thao",
    "thông tin vô tuyến điện",
    "di sản văn hóa",
    "bảo hiểm xã hội",
    "hợp tác xã",
    "doanh nghiệp nhỏ và vừa",
    "rừng phòng hộ",
    "tài nguyên nước",
    "hóa chất nguy hiểm",
    "thiết bị y tế",
    "phương tiện thủy nội địa",
    "công trình thủy lợi",
]
_QUERIES = ("đăng ký khai sinh", "giay phep kinh doanh", "trợ cấp người già", "cap lai the can cuoc", "khai thac khoang san", "mở quán phở")  # fmt: skip


def _synthetic(count: int) -> list[dict[str, str]]:
    """Return that many distinct procedures known by name, always the same ones."""
    die = random.Random(20261124)
    found: dict[str, dict[str, str]] = {}
    while len(found) < count:
        number = len(found)
        name = f"{die.choice(_DEEDS)} {die.choice(_THINGS)} {die.choice(_FIELDS)} trong lĩnh vực {die.choice(_FIELDS)}"
        code = f"9.{number:06}"
        found[code] = {
            "code": code,
            "name_vi": f"{name} (trường hợp {number % 97})".capitalize(),
            "sector_vi": die.choice(_FIELDS).capitalize(),
        }
    return list(found.values())


def _keystrokes() -> list[str]:
    return [query[:length] for query in _QUERIES for length in range(2, len(query) + 1)]


def _p95(do: Callable[[str], object], typed: list[str]) -> float:
    spent = []
    for text in typed:
        began = time.perf_counter()
        do(text)
        spent.append((time.perf_counter() - began) * 1000)
    return sorted(spent)[int(len(spent) * 0.95)]


def _bare(pack: Pack, text: str) -> None:
    words = words_of(text)
    if words:
        query = " OR ".join(f'"{word}"' for word in words[:-1]) + (" OR " if words[1:] else "") + f'"{words[-1]}"*'
        with pack.connection() as db:
            db.execute("SELECT rowid FROM search WHERE search MATCH ? ORDER BY rank LIMIT 20", (query,)).fetchall()


def main() -> int:
    folder = resources.resource("procedures").parent
    sources = read_sources(folder)
    typed = _keystrokes()
    rows = []
    ours: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as place:
        for count in (2_642, 100_000):
            path = resources.resource(SHIPPED)  # the province's own catalogue
            if count > 2_642:
                path = Path(place) / f"{count}.bnpack"
                more = _synthetic(count - len(sources.procedures) - len(sources.stubs))
                write_pack(replace(sources, stubs=(*sources.stubs, *more)), path)
            pack = Pack(path)
            search(pack, "khai sinh")
            runs = [(_p95(partial(search, pack), typed), _p95(partial(_bare, pack), typed)) for _ in range(_RUNS)]
            ours[count] = statistics.median(one for one, _ in runs)
            bare = statistics.median(other for _, other in runs)
            if count == 2_642:
                rows.append(
                    Row("keystroke_p95_2642", ours[count], "ms", "bare FTS5, same table", bare, ours[count] / bare, 1.5)
                )
            else:
                base = ours[2_642]
                rows.append(
                    Row("keystroke_p95_100000", ours[count], "ms", "keystroke_p95_2642", base, ours[count] / base, 10.0)
                )
    return show("search", rows)


if __name__ == "__main__":
    raise SystemExit(main())
