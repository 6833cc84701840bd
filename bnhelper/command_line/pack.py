"""`bnhelper-pack`: build the shipped pack from its sources, or check one."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import resources
from bnhelper.authoring.build_pack import build_pack
from bnhelper.authoring.lint import lint, warnings
from bnhelper.authoring.portal.importer import Report, import_portal, new_source
from bnhelper.authoring.sources import read_sources
from bnhelper.catalogue.library import SHIPPED
from bnhelper.catalogue.pack import Pack
from bnhelper.errors import KnownTrouble


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0 when it did what it was asked."""
    folder = resources.resource("procedures").parent
    parser = argparse.ArgumentParser(prog="bnhelper-pack", description="Build or check a procedure pack.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    build = verbs.add_parser("build", help="build the pack that the program ships")
    build.add_argument("--sources", type=Path, default=folder)
    build.add_argument("--target", type=Path, default=folder / SHIPPED)
    build.add_argument("--imported", type=Path, help="a folder of sources read from the portal, to go along")
    portal = verbs.add_parser("import-portal", help="read the National Portal's records into sources")
    portal.add_argument("file", type=Path, help=".jsonl, .jsonl.xz or .json; flat export or the portal's own API")
    portal.add_argument("--out", type=Path, required=True, help="the folder for one source per procedure")
    portal.add_argument("--json", action="store_true", help="print the whole report as one JSON object")
    new = verbs.add_parser("new", help="start one procedure from a portal record")
    new.add_argument("code")
    new.add_argument("--from", dest="file", type=Path, required=True)
    new.add_argument("--out", type=Path, default=folder / "procedures")
    check = verbs.add_parser("check", help="check the sources, or a pack file")
    check.add_argument("file", type=Path, nargs="?")
    check.add_argument("--sources", type=Path, default=folder)
    check.add_argument("--imported", type=Path, help="a folder of further sources, to be checked along")
    said = parser.parse_args(argv)
    try:
        if said.verb == "build":
            started = time.perf_counter()
            version = build_pack(said.sources, said.target, said.imported)
            print(f"{said.target.name} {version} in {time.perf_counter() - started:.1f} s", file=sys.stderr)
        elif said.verb == "import-portal":
            ours = frozenset(one["code"] for one in read_sources(folder).procedures)
            return _told(import_portal(said.file, said.out, ours), is_json=said.json)
        elif said.verb == "new":
            print(new_source(said.code, said.file, said.out))
        elif said.file is not None:
            pack = Pack(said.file)
            print(f"{said.file}: whole, version {pack.version}, {len(pack.procedures())} procedures")
        else:
            sources = read_sources(said.sources, said.imported)
            faults = lint(sources)
            print("\n".join([*faults, *(f"warning: {one}" for one in warnings(sources))]))
            print("the sources hold" if not faults else f"{len(faults)} faults")
            return 1 if faults else 0
    except (KnownTrouble, ValueError) as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


def _told(report: Report, *, is_json: bool) -> int:
    if is_json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
        return 0
    print(f"{report.imported} procedures imported; {len(report.kept_ours)} kept as an author wrote them")
    for title, found in (
        ("refused", report.refused),
        ("stood twice", report.twice),
        ("without papers", report.without_papers),
    ):
        if found:
            print(f"{len(found)} {title}: {', '.join(found[:10])}{' ...' if len(found) > 10 else ''}")
    for title, counts in (
        ("guessed", report.guessed),
        ("kept as text", report.kept_as_text),
        ("dropped", report.dropped),
    ):
        for what, count in counts.most_common():
            print(f"{title}: {what} in {count} records")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
