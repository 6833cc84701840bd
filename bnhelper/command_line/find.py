"""`bn.py find`: search procedures from a terminal, one query or a file of them."""

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path

from bnhelper.catalogue.library import Library
from bnhelper.catalogue.search_index import search


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0 also when nothing was found, which is an answer."""
    parser = argparse.ArgumentParser(prog="find", description="Find procedures by everyday words.")
    parser.add_argument("text", nargs="*", help="what a resident would say")
    parser.add_argument("--batch", type=Path, help="a file with one query a line, or a table with a column named query")
    parser.add_argument("--json", action="store_true", help="print one JSON object per query")
    parser.add_argument("--limit", type=int, default=10)
    said = parser.parse_args(argv)
    pack = Library.shipped().newest
    queries = _queries(said.batch) if said.batch else [" ".join(said.text)]
    search(pack, "khai sinh")  # the index is read once, before any query is timed
    for query in queries:
        started = time.perf_counter()
        hits = search(pack, query, said.limit)
        spent_ms = (time.perf_counter() - started) * 1000
        if said.json:
            answer = {"query": query, "codes": [hit.code for hit in hits], "ms": round(spent_ms, 3)}
            print(json.dumps(answer, ensure_ascii=False))
        else:
            print(f"{query}  ({spent_ms:.1f} ms)" if said.batch else "", end="\n" if said.batch else "")
            for hit in hits:
                print(f"  {hit.code}  {hit.name_vi}")
            if not hits:
                print("  không thấy thủ tục nào")
    return 0


def _queries(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    columns = lines[0].split("\t") if lines else []
    if "query" in columns:
        place = columns.index("query")
        return [line.split("\t")[place] for line in lines[1:] if line.strip()]
    return [line for line in lines if line.strip()]


if __name__ == "__main__":
    raise SystemExit(main())
