"""`bnhelper-pack`: build the shipped pack from its sources, or check one."""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import resources
from bnhelper.authoring.build_pack import build_pack
from bnhelper.authoring.lint import lint
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
    check = verbs.add_parser("check", help="check the sources, or a pack file")
    check.add_argument("file", type=Path, nargs="?")
    said = parser.parse_args(argv)
    try:
        if said.verb == "build":
            started = time.perf_counter()
            version = build_pack(said.sources, said.target)
            print(f"{said.target.name} {version} in {time.perf_counter() - started:.1f} s", file=sys.stderr)
        elif said.file is not None:
            pack = Pack(said.file)
            print(f"{said.file}: whole, version {pack.version}, {len(pack.procedures())} procedures")
        else:
            faults = lint(read_sources(folder))
            print("\n".join(faults) or "the sources hold")
            return 1 if faults else 0
    except (KnownTrouble, ValueError) as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
