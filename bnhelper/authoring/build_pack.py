"""Procedures, forms and the search index -> one pack, the same bytes from the same sources."""

import hashlib
import itertools
import json
import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlite

from bnhelper.authoring.lint import lint
from bnhelper.authoring.sources import Sources, read_sources
from bnhelper.authoring.xform_writer import write_xform
from bnhelper.authoring.xlsform import to_xform
from bnhelper.catalogue.pack import APPLICATION_ID, FORMAT, content_hash
from bnhelper.catalogue.packed_text import PackedTexts
from bnhelper.catalogue.search_key import accented_words_of, words_of

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE procedure (
    code TEXT PRIMARY KEY, name_vi TEXT NOT NULL, name_en TEXT NOT NULL, sector_vi TEXT NOT NULL,
    sector_en TEXT NOT NULL, agency_vi TEXT NOT NULL, is_stub INTEGER NOT NULL,
    record BLOB NOT NULL, form BLOB NOT NULL, search TEXT NOT NULL
);
CREATE TABLE shared_text (content BLOB NOT NULL);
CREATE VIRTUAL TABLE search USING fts5(title, everyday, papers, pairs, tokenize = "unicode61 tokenchars '._'");
CREATE TABLE search_row (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE);
CREATE TABLE vocabulary (
    word TEXT NOT NULL, is_pair INTEGER NOT NULL, docs INTEGER NOT NULL, PRIMARY KEY (is_pair, word)
) WITHOUT ROWID;
"""


def build_pack(sources_folder: Path, target: Path, imported: Path | None = None) -> str:
    """Build the pack at `target` from the sources, and from imported ones if there are any; return its version.

    The file appears whole or not at all. Raises ValueError when the sources do not hold (see `lint`).
    """
    sources = read_sources(sources_folder, imported)
    faults = lint(sources)
    if faults:
        raise ValueError("\n".join(faults))
    return write_pack(sources, target)


def write_pack(sources: Sources, target: Path) -> str:
    """Write sources that hold as the pack at `target`; return its version."""
    version = f"{str(sources.meta['compiled']).replace('-', '.')}-{_fingerprint(sources)[:8]}"
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.unlink(missing_ok=True)
    db = sqlite.connect(part)
    try:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("PRAGMA page_size = 4096")
        db.executescript(_TABLES)
        records = _records(sources)
        whole = next(one for one in records if not one["is_stub"] and one["code"] not in sources.forms)
        shared = (_as_json(whole) + write_xform(whole, sources, version)).encode("utf-8")
        db.execute("INSERT INTO shared_text VALUES (?)", (shared,))
        texts = PackedTexts(shared)
        for row, record in enumerate(records, start=1):
            _add(db, row, record, sources, version, texts)
        _put_vocabulary(db)
        meta = {"format": str(FORMAT), "version": version, "built_on": str(sources.meta["compiled"])}
        meta["words"] = json.dumps(
            {key: sources.words[key] for key in ("same", "light", "elsewhere", "retired", "life_events")},
            sort_keys=True,
        )
        meta["guides"] = json.dumps(list(sources.guides), ensure_ascii=False, sort_keys=True)
        db.executemany("INSERT INTO meta VALUES (?, ?)", sorted(meta.items()))
        db.execute("INSERT INTO meta VALUES ('content_sha256', ?)", (content_hash(db),))
        db.execute("INSERT INTO search(search) VALUES ('optimize')")
        db.commit()
        db.execute("VACUUM")
    finally:
        db.close()
    os.replace(part, target)  # noqa: PTH105 - replace() of Path is the same call, said as in the store
    return version


def _records(sources: Sources) -> list[dict[str, Any]]:
    whole = [
        {
            **one,
            "is_stub": False,
            "has_declaration": one["code"] in sources.declarations,
            "source_list": [sources.meta["sources"].get(name, name) for name in one.get("sources", ())],
        }
        for one in sources.procedures
    ]
    return sorted([*whole, *({**one, "is_stub": True} for one in sources.stubs)], key=lambda one: one["code"])


def _add(db: Any, row: int, record: Mapping[str, Any], sources: Sources, version: str, texts: PackedTexts) -> None:
    code = record["code"]
    form = "" if record["is_stub"] else _form(record, sources, version)
    everyday = [*sources.words["everyday"].get(code, ()), *(record.get("aliases_vi") or ())]
    papers = [paper["name_vi"] for paper in record.get("documents", ())]
    cells = {
        "title": _joined([record["name_vi"], record.get("name_en", "")]),
        "everyday": _joined(everyday),
        "papers": _joined([*papers, record.get("sector_vi", ""), code]),
        "pairs": " ".join(pair for said in [record["name_vi"], *everyday] for pair in pairs_of(words_of(said))),
    }
    db.execute(
        "INSERT INTO procedure VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            code,
            record["name_vi"],
            record.get("name_en", ""),
            record.get("sector_vi", ""),
            record.get("sector_en", ""),
            record.get("agency_vi", ""),
            int(record["is_stub"]),
            texts.pack(_as_json(record)),
            texts.pack(form) if form else b"",
            json.dumps(
                {"everyday": everyday, "marks": marks_of([record["name_vi"], record.get("name_en", ""), *everyday])},
                ensure_ascii=False,
                sort_keys=True,
            ),
        ),
    )
    db.execute(
        "INSERT INTO search(rowid, title, everyday, papers, pairs) VALUES (?, ?, ?, ?, ?)",
        (row, cells["title"], cells["everyday"], cells["papers"], cells["pairs"]),
    )
    db.execute("INSERT INTO search_row VALUES (?, ?)", (row, code))


def _form(record: Mapping[str, Any], sources: Sources, version: str) -> str:
    """Return the form an author wrote, or the one that follows from the conditions."""
    written = sources.forms.get(record["code"])
    return write_xform(record, sources, version) if written is None else to_xform(written)[0]


def _put_vocabulary(db: Any) -> None:
    """Count in how many procedures each word and pair stands: what is rare weighs more in a search."""
    counts: Counter[str] = Counter()
    for columns in db.execute("SELECT title, everyday, papers, pairs FROM search"):
        counts.update({word for column in columns for word in column.split()})
    rows = sorted((word, int("_" in word), docs) for word, docs in counts.items())
    db.executemany("INSERT INTO vocabulary VALUES (?, ?, ?)", rows)


def _as_json(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, sort_keys=True, default=str)


def marks_of(said: list[str]) -> dict[str, list[str]]:
    """Return how each word stands in these texts: folded -> its ways of carrying marks."""
    found: dict[str, set[str]] = {}
    for text in said:
        for folded, written in zip(words_of(text), accented_words_of(text), strict=False):
            found.setdefault(folded, set()).add(written)
    return {word: sorted(ways) for word, ways in found.items()}


def pairs_of(words: list[str]) -> list[str]:
    """Return neighbouring words as one token each: most Vietnamese words are two syllables."""
    return [f"{first}_{second}" for first, second in itertools.pairwise(words)]


def _joined(said: list[str]) -> str:
    return " ".join(" ".join(words_of(one)) for one in said)


def _fingerprint(sources: Sources) -> str:
    said = json.dumps(
        [
            {name: vars_of(fact) for name, fact in sources.facts.items()},
            list(sources.procedures),
            list(sources.stubs),
            dict(sources.declarations),
            {code: hashlib.sha256(path.read_bytes()).hexdigest() for code, path in sorted(sources.forms.items())},
            dict(sources.lists),
            dict(sources.words),
            list(sources.guides),
            FORMAT,
        ],
        sort_keys=True,
        default=str,
        ensure_ascii=False,
    )
    return hashlib.sha256(said.encode("utf-8")).hexdigest()


def vars_of(fact: Any) -> dict[str, str]:
    """Return a slotted record's fields."""
    return {name: getattr(fact, name) for name in fact.__slots__}
