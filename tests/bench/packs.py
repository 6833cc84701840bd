"""`bn.py bench packs`: building, installing and updating the province's own catalogue."""

import datetime as dt
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import zstandard

import resources
from bnhelper.authoring.build_pack import content_from
from bnhelper.authoring.portal.whole_catalogue import with_portal
from bnhelper.authoring.publish import Publisher, make_keys, trusted_root
from bnhelper.authoring.sources import Sources, read_sources
from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.pack_content import PackContent, write_pack_file
from bnhelper.catalogue.pack_delta import make_delta
from bnhelper.catalogue.pack_update import FolderSource, update
from tests.bench.bench_run import Row, show

_RUNS = 5
_VERSIONS = 11  #: the newest and the ten before it
_NOW = dt.datetime(2026, 11, 25, 8, 0, tzinfo=dt.UTC)
_PASSPHRASE = b"bench"
#: what compiling adds to a record
_MADE: Final = ("is_stub", "has_declaration", "source_list")

Kind = TypeVar("Kind")


def main() -> int:
    folder = resources.resource("procedures").parent
    read_ms, sources = _timed(lambda: with_portal(read_sources(folder), folder))
    rows = []
    with tempfile.TemporaryDirectory() as place:
        here = Path(place)
        compiled, written = [], []
        for _ in range(_RUNS):
            compile_ms, content = _timed(lambda: content_from(sources))
            write_ms, _ = _timed(partial(write_pack_file, content, here / "a.bnpack"))
            compiled.append(compile_ms)
            written.append(write_ms)
        build, write = (
            statistics.median(a + b for a, b in zip(compiled, written, strict=True)),
            statistics.median(written),
        )
        rows.append(Row("build", read_ms + build, "ms", "write the file alone", write, (read_ms + build) / write, None))
        rows.extend(_of_one_file(here / "a.bnpack"))
        rows.extend(_of_versions(sources, content, here, write))
    return show("packs", rows)


def _of_one_file(path: Path) -> Iterator[Row]:
    whole = path.read_bytes()
    packed = len(zstandard.ZstdCompressor(level=19).compress(whole))
    yield Row("procedures", float(Pack(path).count()), "", "", 0.0, 0.0, None)
    yield Row("size", len(whole) / 1e6, "MB", "fetched: zstd 19 of it", packed / 1e6, len(whole) / packed, None)
    opened = [_timed(lambda: Pack(path))[0] for _ in range(_RUNS)]
    copied = [_timed(lambda: path.with_name("copy").write_bytes(path.read_bytes()))[0] for _ in range(_RUNS)]
    yield _against("open", opened, "read and write the file", copied)


def _of_versions(sources: Sources, first: PackContent, here: Path, write_ms: float) -> Iterator[Row]:
    """Publish eleven versions as a province would, and measure every way from the ten before to the newest."""
    versions: list[PackContent] = [first]
    for number in range(1, _VERSIONS):
        versions.append(_next(sources, versions[-1], number))
    newest = versions[-1]
    ratios: dict[str, list[float]] = {"records": [], "fields": []}
    for back in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10):
        old = versions[-1 - back]
        delta = len(make_delta(old, newest))
        rows = [row for code, row in newest.rows.items() if old.rows[code] != row]
        records = _packed("\n".join(row.record for row in rows))
        fields = _packed(
            "\n".join(
                _new_fields(json.loads(old.rows[row.code].record), row.code, json.loads(row.record)) for row in rows
            )
        )
        ratios["records"].append(delta / records)
        ratios["fields"].append(delta / fields)
        if back in {1, 10}:
            yield Row(
                f"delta_from_{back}_before",
                delta / 1000,
                "kB",
                f"{len(rows)} changed records, zstd 19",
                records / 1000,
                delta / records,
                1.2,
            )
    yield Row(
        "delta_worst_of_ten", max(ratios["records"]), "x", "changed records, zstd 19", 1.0, max(ratios["records"]), 1.2
    )
    yield Row(
        "delta_worst_to_fields",
        max(ratios["fields"]),
        "x",
        "changed fields alone, zstd 19",
        1.0,
        max(ratios["fields"]),
        None,
    )
    yield from _installs(versions[-2], newest, here, write_ms)


def _installs(old: PackContent, new: PackContent, here: Path, write_ms: float) -> Iterator[Row]:
    make_keys(here / "keys", _PASSPHRASE)
    publisher = Publisher.open(here / "published", here / "keys", _PASSPHRASE, _NOW)
    for number, content in enumerate((old, new)):
        write_pack_file(content, here / f"{number}.bnpack")
        publisher.publish(here / f"{number}.bnpack")
    root, source, before = trusted_root(here / "published"), FolderSource(here / "published"), Pack(here / "0.bnpack")
    for name, known in (("install_whole", None), ("install_delta", before)):
        spent = []
        for run in range(_RUNS):
            target = here / f"{name}-{run}"
            target.mkdir()
            ms, done = _timed(lambda target=target, known=known: update(source, target, root, _NOW, known))  # type: ignore[misc]
            assert done.is_new
            spent.append(ms)
        yield Row(
            name,
            statistics.median(spent),
            "ms",
            "write the file alone",
            write_ms,
            statistics.median(spent) / write_ms,
            None,
        )


def _next(sources: Sources, before: PackContent, number: int) -> PackContent:
    """Return the next version: what a week changes in a province's catalogue, in real records."""
    die = random.Random(20261125 + number)
    known = {code: json.loads(row.record) for code, row in before.rows.items()}
    written = [code for code, one in known.items() if not one["is_stub"]]
    changed = {code: _amended(known[code], die) for code in sorted(die.sample(written, 5 + 5 * (number % 4)))}
    plain = [{key: value for key, value in one.items() if key not in _MADE} for one in changed.values()]
    made = content_from(replace(sources, procedures=tuple(plain), stubs=()))
    version = f"2026.12.{number:02}-{number:08x}"
    return PackContent({**before.meta, "version": version}, {**before.rows, **made.rows})


def _amended(record: Mapping[str, Any], die: random.Random) -> dict[str, Any]:
    """Return a record as a decision of the province amends it: a fee, a time limit, a paper, a step or the decision."""
    new = json.loads(json.dumps(record))
    new["decision"] = f"Quyết định {die.randrange(100, 4000)}/QĐ-UBND ngày {die.randrange(1, 29)}/12/2026"
    what = die.randrange(4)
    if what == 0:
        new["deadline_vi"] = f"Trong thời hạn {die.randrange(1, 30)} ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ"
    elif what == 1 and new.get("fees"):
        new["fees"][0]["amount_vnd"] = die.randrange(1, 400) * 500
    elif what == 2 and new.get("documents"):
        new["documents"][-1]["name_vi"] += f" (bản sao có chứng thực không quá {die.randrange(3, 12)} tháng)"
    else:
        new["steps"] = [
            *new.get("steps", ()),
            f"Kết quả được trả qua bưu chính sau {die.randrange(1, 9)} ngày làm việc",
        ]
    return dict(new)


def _new_fields(old: Mapping[str, Any], code: str, new: Mapping[str, Any]) -> str:
    return json.dumps(
        {"code": code, **{key: value for key, value in new.items() if old.get(key) != value}}, ensure_ascii=False
    )


def _against(what: str, ours: list[float], reference: str, theirs: list[float]) -> Row:
    one, other = statistics.median(ours), statistics.median(theirs)
    return Row(what, one, "ms", reference, other, one / other, None)


def _timed(do: Callable[[], Kind]) -> tuple[float, Kind]:
    began = time.perf_counter()
    result = do()
    return (time.perf_counter() - began) * 1000, result


def _packed(said: str) -> int:
    return len(zstandard.ZstdCompressor(level=19).compress(said.encode("utf-8")))


if __name__ == "__main__":
    raise SystemExit(main())
