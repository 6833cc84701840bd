"""`bnhelper-pack`: build the shipped pack from its sources, or check one."""

import argparse
import getpass
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import resources
from bnhelper.authoring.build_pack import build_pack
from bnhelper.authoring.lint import lint, warnings
from bnhelper.authoring.portal.importer import Report, import_portal, new_source
from bnhelper.authoring.portal.whole_catalogue import RECORDS
from bnhelper.authoring.publish import Publisher, make_keys
from bnhelper.authoring.sources import read_sources
from bnhelper.catalogue.library import SHIPPED, Library
from bnhelper.catalogue.pack import Pack
from bnhelper.catalogue.pack_update import FolderSource, update
from bnhelper.clock import SystemClock
from bnhelper.errors import KnownTrouble

_SENTENCES: Final = {
    "update-refused": "refused: what is offered is not signed by whom this folder trusts, is older than what it has,"
    " or was changed on the way. Nothing was installed.",
    "update-not-there": "nothing could be fetched: no repository there, or it cannot be read. Nothing was installed.",
    "update-too-old": "refused: this is past its date; its publisher must refresh it. Nothing was installed.",
    "clock-absurd": "the clock of this machine is wrong, so nothing can be judged fresh. Set it, then try again.",
    "pack-damaged": "the file is no pack, or it is damaged.",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0 when it did what it was asked."""
    folder = resources.resource("procedures").parent
    parser = argparse.ArgumentParser(prog="bnhelper-pack", description="Build or check a procedure pack.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    build = verbs.add_parser("build", help="build the pack that the program ships")
    build.add_argument("--sources", type=Path, default=folder)
    build.add_argument("--target", type=Path, default=folder / SHIPPED)
    build.add_argument("--imported", type=Path, help="a folder of sources read from the portal, to go along")
    build.add_argument(
        "--only-authored", action="store_true", help="leave the portal's records out: quick, to try what was written"
    )
    portal = verbs.add_parser("import-portal", help="read the National Portal's records into sources")
    portal.add_argument("file", type=Path, help=".jsonl, .jsonl.xz or .json; flat export or the portal's own API")
    portal.add_argument("--out", type=Path, required=True, help="the folder for one source per procedure")
    portal.add_argument("--json", action="store_true", help="print the whole report as one JSON object")
    new = verbs.add_parser("new", help="start one procedure from a portal record")
    new.add_argument("code")
    new.add_argument("--from", dest="file", type=Path, default=resources.resource(RECORDS), help="another export")
    new.add_argument("--out", type=Path, default=Path(), help="where its folder is to lie; here when left out")
    check = verbs.add_parser("check", help="check the sources, or a pack file")
    check.add_argument("file", type=Path, nargs="?")
    check.add_argument("--sources", type=Path, default=folder)
    check.add_argument("--imported", type=Path, help="a folder of further sources, to be checked along")
    keys = verbs.add_parser("keys", help="make a publisher's keys: three for the root, one for each further role")
    keys.add_argument("folder", type=Path)
    for name, words in (
        ("publish", "make a pack the newest of a repository folder"),
        ("refresh", "say anew what is newest; at least once a week"),
        ("rotate", "give a role a new key"),
    ):
        verb = verbs.add_parser(name, help=words)
        verb.add_argument("--repository", type=Path, required=True)
        verb.add_argument("--keys", type=Path, required=True)
        if name == "publish":
            verb.add_argument("--pack", type=Path, required=True)
        if name == "rotate":
            verb.add_argument("role", choices=["targets", "snapshot", "timestamp"])
    for verb in (keys, *(verbs.choices[name] for name in ("publish", "refresh", "rotate"))):
        verb.add_argument("--passphrase-file", type=Path, help="a file with the passphrase; asked for when left out")
    fetch = verbs.add_parser("update", help="bring the newest pack of a repository folder into a folder of packs")
    fetch.add_argument("--from", dest="source", type=Path, required=True)
    fetch.add_argument("--into", type=Path, required=True)
    fetch.add_argument("--root", type=Path, help="what is trusted first; left out where the folder has one already")
    said = parser.parse_args(argv)
    try:
        if said.verb == "build":
            started = time.perf_counter()
            version = build_pack(said.sources, said.target, said.imported, is_whole=not said.only_authored)
            print(f"{said.target.name} {version} in {time.perf_counter() - started:.1f} s", file=sys.stderr)
        elif said.verb == "import-portal":
            ours = frozenset(one["code"] for one in read_sources(folder).procedures)
            return _told(import_portal(said.file, said.out, ours), is_json=said.json)
        elif said.verb == "keys":
            make_keys(said.folder, _passphrase(said.passphrase_file))
        elif said.verb in {"publish", "refresh", "rotate"}:
            publisher = Publisher.open(
                said.repository, said.keys, _passphrase(said.passphrase_file), SystemClock().now()
            )
            if said.verb == "publish":
                print(publisher.publish(said.pack))
            elif said.verb == "refresh":
                publisher.refresh()
            else:
                publisher.rotate(said.role, said.keys, _passphrase(said.passphrase_file))
        elif said.verb == "update":
            root = _root(said.root, said.into)
            here = Library.of_machine(said.into).newest
            done = update(FolderSource(said.source), said.into, root, SystemClock().now(), here)
            print(f"{done.version} {'installed' if done.is_new else 'is here'}, {done.bytes_fetched} bytes fetched")
        elif said.verb == "new":
            _refuse_taken(said.code, folder)
            print(new_source(said.code, said.file, said.out))
        elif said.file is not None:
            pack = Pack(said.file)
            print(f"{said.file}: whole, version {pack.version}, {len(pack.procedures())} procedures")
        else:
            sources = read_sources(said.sources, said.imported)
            faults = lint(sources)
            said_of = warnings(sources)
            told = [one for one in said_of if not said.imported or one.startswith(tuple(sources.brought))]
            print("\n".join([*faults, *(f"warning: {one}" for one in told)]))
            if len(told) < len(said_of):
                rest = len(said_of) - len(told)
                print(f"{rest} warnings of procedures that came with the program: see them without --imported")
            print("the sources hold" if not faults else f"{len(faults)} faults")
            return 1 if faults else 0
    except (KnownTrouble, ValueError, OSError) as trouble:
        print(_SENTENCES.get(getattr(trouble, "code", ""), str(trouble)), file=sys.stderr)
        return 1
    return 0


def _root(named: Path | None, folder: Path) -> bytes:
    """Return whom a folder of packs trusts: the root that is named, or that it was given, or that it began with.

    Raises ValueError where there is none, OSError.
    """
    ways = (
        (named,) if named is not None else (folder / "root.json", folder / "metadata" / "root_history" / "1.root.json")
    )
    for way in ways:
        if way.exists():
            return way.read_bytes()
    raise ValueError(
        f"{named or folder}: no root.json; name the publisher's with --root, as it was handed over in person"
    )


def _refuse_taken(code: str, folder: Path) -> None:
    """Raise ValueError for a code that was replaced, or that an author has written: nothing is to be begun anew."""
    sources = read_sources(folder)
    successor = sources.words["retired"].get(code)
    if successor is not None:
        raise ValueError(f"{code} was replaced by {successor}: begin with that")
    if code in {one["code"] for one in sources.procedures}:
        own = folder / "procedures" / code
        raise ValueError(f"{code}: an author has written it already: {own if own.is_dir() else own.name + '.yaml'}")


def _passphrase(file: Path | None) -> bytes:
    """Return the publisher's passphrase; typed when no file is named, so that it stands in no shell history."""
    said = file.read_text(encoding="utf-8").strip() if file is not None else getpass.getpass("Passphrase: ")
    if len(said) < 12:
        raise ValueError("a passphrase of at least 12 letters")
    return said.encode("utf-8")


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
