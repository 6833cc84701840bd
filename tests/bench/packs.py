"""`bn.py bench packs`: building, opening and updating a pack the size of a province's catalogue."""

import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import zstandard

import resources
from bnhelper.authoring.build_pack import content_from
from bnhelper.authoring.sources import Sources, read_sources
from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.pack_content import PackContent, content_of, write_pack_file
from bnhelper.catalogue.pack_delta import apply_delta, make_delta
from tests.bench.bench_run import Row, show

_COUNT = 2_642
_RUNS = 5


def _province(sources: Sources) -> Sources:
    """As many procedures as a province has: the shipped ones, each many times over with its own name and code."""
    die = random.Random(20261124)
    said = [word for one in sources.procedures for step in one["steps"] for word in step.split()]
    made = [
        {
            **one,
            "code": f"9.{round_number:03}{place:03}",
            "name_vi": f"{one['name_vi']} (trường hợp {round_number})",
            "conditions_vi": [" ".join(die.choices(said, k=60))],  # records of a province differ from each other
        }
        for round_number in range(_COUNT // len(sources.procedures) + 1)
        for place, one in enumerate(sources.procedures)
    ]
    words = {**sources.words, "everyday": {}, "retired": {}, "life_events": []}
    return replace(sources, procedures=tuple(made[:_COUNT]), stubs=(), words=words, guides=(), declarations={})


def _changed(sources: Sources, count: int) -> tuple[Sources, bytes]:
    """Change every so many; return the sources and what changed, as whole records."""
    step = _COUNT // count
    changed = [
        {**one, "fees": [{"amount_vnd": 1_000 * (place + 1)}], "deadline_vi": f"Trong {place + 3} ngày"}
        if place % step == 0
        else one
        for place, one in enumerate(sources.procedures)
    ]
    said = [
        json.dumps(one, ensure_ascii=False, default=str)
        for one, old in zip(changed, sources.procedures, strict=True)
        if one is not old
    ]
    return replace(sources, procedures=tuple(changed), meta={**sources.meta, "compiled": "2027-01-01"}), "\n".join(
        said
    ).encode()


def _median(do: Callable[[], object], runs: int = _RUNS) -> float:
    spent = []
    for _ in range(runs):
        began = time.perf_counter()
        do()
        spent.append((time.perf_counter() - began) * 1000)
    return statistics.median(spent)


def main() -> int:
    sources = _province(read_sources(resources.resource("procedures").parent))
    began = time.perf_counter()
    content = content_from(sources)
    compile_ms = (time.perf_counter() - began) * 1000
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.bnpack"
        write_ms = _median(lambda: write_pack_file(content, path), 3)
        size = path.stat().st_size
        copy_ms = _median(lambda: (Path(folder) / "copy").write_bytes(path.read_bytes()))
        rows.append(
            Row(
                "build",
                compile_ms + write_ms,
                "ms",
                "write the file alone",
                write_ms,
                (compile_ms + write_ms) / write_ms,
                None,
            )
        )
        rows.append(
            Row(
                "open",
                _median(lambda: Pack(path)),
                "ms",
                "read and write the file",
                copy_ms,
                _median(lambda: Pack(path)) / copy_ms,
                None,
            )
        )
        rows.append(
            Row(
                "size",
                size / 1e6,
                "MB",
                "zstd 19 of it",
                _packed(path.read_bytes()) / 1e6,
                size / _packed(path.read_bytes()),
                None,
            )
        )
        old = content_of(Pack(path))
        for count in (5, 26, 132, 528):
            newer, whole = _changed(sources, count)
            new: PackContent = content_from(newer)
            delta = make_delta(old, new)
            reference = _packed(whole)
            rows.append(
                Row(
                    f"delta_{count}",
                    len(delta) / 1000,
                    "kB",
                    "changed records, zstd 19",
                    reference / 1000,
                    len(delta) / reference,
                    1.2,
                )
            )
            if count == 26:
                install = _median(lambda delta=delta: write_pack_file(apply_delta(old, delta), path), 3)  # type: ignore[misc]
                rows.append(
                    Row("install_delta", install, "ms", "write the file alone", write_ms, install / write_ms, None)
                )
    return show("packs", rows)


def _packed(content: bytes) -> int:
    return len(zstandard.ZstdCompressor(level=19).compress(content))


if __name__ == "__main__":
    raise SystemExit(main())
