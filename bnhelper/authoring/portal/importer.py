"""Reads a file of portal records, bounded, and writes one source per procedure with a report that hides nothing."""

import json
import lzma
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from bnhelper.authoring.portal.api_record import from_api
from bnhelper.authoring.portal.record import Imported, NoSuchRecord, from_flat
from bnhelper.authoring.portal.workbook import write_workbook

_MOST_BYTES: Final = 400_000_000
_MOST_LINE: Final = 8_000_000
_MOST_RECORDS: Final = 50_000
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # ten times as quick where libyaml is there


class PortalFileRefused(ValueError):
    """A file that is no export of the portal, or larger than one can be."""


@dataclass(slots=True)
class Report:
    """What became of every record."""

    imported: int = 0
    kept_ours: list[str] = field(default_factory=list)  #: reviewed by an author already: the record was not taken
    refused: list[str] = field(default_factory=list)  #: records that cannot become a procedure, with the reason
    twice: list[str] = field(default_factory=list)
    without_papers: list[str] = field(default_factory=list)
    guessed: Counter[str] = field(default_factory=Counter)
    kept_as_text: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        return {
            "imported": self.imported,
            "kept_ours": self.kept_ours,
            "refused": self.refused,
            "twice": self.twice,
            "without_papers": self.without_papers,
            "guessed": dict(self.guessed),
            "kept_as_text": dict(self.kept_as_text),
            "dropped": dict(self.dropped),
        }


def read_records(path: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the records of a .jsonl, .jsonl.xz or .json file (one record, a list, or {"data": [...]}).

    Raises PortalFileRefused: not such a file, over 400 MB unpacked, a line over 8 MB, over 50,000 records.
    """
    for count, record in enumerate(_json_file(path) if path.suffix == ".json" else _lines(path), start=1):
        if count > _MOST_RECORDS:
            raise PortalFileRefused(f"over {_MOST_RECORDS} records")
        if not isinstance(record, Mapping):
            raise PortalFileRefused(f"record {count} is no object")
        yield record


def _lines(path: Path) -> Iterator[Any]:
    total = 0
    try:
        with lzma.open(path) if path.suffix == ".xz" else path.open("rb") as file:
            while line := file.readline(_MOST_LINE + 1):
                total += len(line)
                if len(line) > _MOST_LINE or total > _MOST_BYTES:
                    raise PortalFileRefused("larger than an export can be")
                if line.strip():
                    yield _parsed(line)
    except (OSError, lzma.LZMAError, EOFError) as wrong:
        raise PortalFileRefused(f"cannot be read: {wrong}") from wrong


def _json_file(path: Path) -> Iterator[Any]:
    if path.stat().st_size > _MOST_BYTES:
        raise PortalFileRefused("larger than an export can be")
    said = _parsed(path.read_bytes())
    if isinstance(said, Mapping) and isinstance(said.get("data"), (list, Mapping)):
        said = said["data"]
    yield from said if isinstance(said, list) else [said]


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise PortalFileRefused(f"no JSON: {str(wrong)[:80]}") from wrong


def imported_from(record: Mapping[str, Any]) -> Imported:
    """Return the source of a record of either shape. Raises NoSuchRecord."""
    return from_flat(record) if "ma_thu_tuc" in record else from_api(record)


def import_portal(path: Path, folder: Path, ours: frozenset[str] = frozenset()) -> Report:
    """Write a source for every record of `path` below `folder`; `ours` are the codes an author has already.

    Raises PortalFileRefused.
    """
    folder.mkdir(parents=True, exist_ok=True)
    report = Report()
    seen: set[str] = set()
    for record in read_records(path):
        try:
            made = imported_from(record)
        except NoSuchRecord as wrong:
            report.refused.append(str(wrong))
            continue
        if made.code in ours:
            report.kept_ours.append(made.code)
            continue
        if made.code in seen:
            report.twice.append(made.code)
            continue
        seen.add(made.code)
        write_source(made.source, folder)
        report.imported += 1
        report.guessed.update(made.guessed)
        report.kept_as_text.update(made.kept_as_text)
        report.dropped.update(made.dropped)
        if all(paper["kind"] == "note" for paper in made.source["documents"]):
            report.without_papers.append(made.code)
    return report


def write_source(source: Mapping[str, Any], folder: Path, name: str = "") -> Path:
    """Write one source as YAML, named by its code unless a name is given; return the file."""
    path = folder / f"{name or source['code']}.yaml"
    text = yaml.dump(dict(source), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def new_source(code: str, path: Path, folder: Path) -> Path:
    """Start a procedure from its record in `path`: a folder with `procedure.yaml` and `form.xlsx`; return the folder.

    Raises PortalFileRefused (also when the folder is there already), NoSuchRecord (the code is not in the export).
    """
    target = folder / code
    if target.exists() or (folder / f"{code}.yaml").exists():
        raise PortalFileRefused(f"{code} is there already")
    for record in read_records(path):
        if code in {record.get("ma_thu_tuc"), record.get("code")}:
            made = imported_from(record)
            source = {**made.source, "documents": [{**paper, "when": "always"} for paper in made.source["documents"]]}
            target.mkdir(parents=True)
            write_source(source, target, "procedure")
            write_workbook(made.source, target / "form.xlsx")
            return target
    raise NoSuchRecord(f"{code} is not in {path.name}")
