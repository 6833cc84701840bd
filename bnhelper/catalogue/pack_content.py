"""What a pack says, apart from how its file is laid out: rows that can be compared, carried over, and written again.

The file is made from the content alone, so a machine that has the content of a version can make that version's
file itself. `content_sha256` names the content: it is the same on every machine, whatever compressed the file.
"""

import base64
import hashlib
import itertools
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlcipher3 import dbapi2 as sqlite

from bnhelper.catalogue.pack import APPLICATION_ID, FORMAT, MOST_BESIDE, Pack
from bnhelper.catalogue.pack_stamp import BLANK, stamp
from bnhelper.catalogue.packed_text import PackedTexts
from bnhelper.catalogue.search_key import accented_words_of, without_exceptions, words_of

_TABLES: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE procedure (
    code TEXT PRIMARY KEY, name_vi TEXT NOT NULL, name_en TEXT NOT NULL, sector_vi TEXT NOT NULL,
    sector_en TEXT NOT NULL, agency_vi TEXT NOT NULL, is_stub INTEGER NOT NULL,
    record BLOB NOT NULL, form BLOB NOT NULL, search TEXT NOT NULL
);
CREATE TABLE shared_text (content BLOB NOT NULL);
CREATE VIRTUAL TABLE search USING fts5(title, everyday, papers, pairs, tokenize = "unicode61 tokenchars '._'");
CREATE TABLE search_row (
    id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, marked TEXT NOT NULL, ours INTEGER NOT NULL
);
CREATE TABLE beside (code TEXT NOT NULL, name TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (code, name));
CREATE TABLE written (
    word TEXT NOT NULL, marked TEXT NOT NULL, docs INTEGER NOT NULL, PRIMARY KEY (word, marked)
) WITHOUT ROWID;
CREATE TABLE vocabulary (
    word TEXT NOT NULL, is_pair INTEGER NOT NULL, docs INTEGER NOT NULL, PRIMARY KEY (is_pair, word)
) WITHOUT ROWID;
"""
NAME_BESIDE: Final = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_.-]{0,80}\.(csv|xml|geojson|png|jpe?g|webp|mp3|m4a|ogg|mp4)")
MOST_OF_ONE_FORM: Final = 8_000_000
#: How the search tables follow from the content; a file that was made otherwise is no base for the next version's.
INDEX: Final = 4
META: Final = ("version", "built_on", "words", "guides")


@dataclass(frozen=True, slots=True)
class Row:
    """One procedure: its record as JSON, its form (empty for a stub), what people say for it, the files of its form."""

    code: str
    record: str
    form: str
    everyday: tuple[str, ...]
    beside: tuple[tuple[str, bytes], ...] = ()  #: name, content; by name

    def as_json(self) -> str:
        """Return the row as one line, the same for the same row. Texts stay texts, so that they pack well."""
        said: list[Any] = [self.code, self.record, self.form, list(self.everyday)]
        if self.beside:
            said.append([[name, *_as_text(content)] for name, content in self.beside])
        return json.dumps(said, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class PackContent:
    """Everything a pack says. `meta` has version, built_on, words and guides; rows are by code."""

    meta: Mapping[str, str]
    rows: Mapping[str, Row]

    @property
    def version(self) -> str:
        return self.meta["version"]

    def sha256(self) -> str:
        """Return the name of this content."""
        digest = hashlib.sha256()
        for line in (
            *(f"{key}={self.meta[key]}" for key in META),
            *(self.rows[code].as_json() for code in sorted(self.rows)),
        ):
            encoded = line.encode("utf-8")
            digest.update(len(encoded).to_bytes(8, "big") + encoded)
        return digest.hexdigest()


def row_from_json(line: str) -> Row:
    """Return the row in a line of `Row.as_json`. Raises ValueError."""
    said = json.loads(line)
    if not isinstance(said, list) or len(said) not in {4, 5} or not isinstance(said[3], list):
        raise ValueError("no row of a pack")
    if not all(isinstance(one, str) for one in (*said[:3], *said[3])):
        raise ValueError("no row of a pack")
    if not isinstance(json.loads(said[1]), dict):
        raise ValueError("no record of a procedure")  # noqa: TRY004 - what is wrong is the text
    return Row(said[0], said[1], said[2], tuple(said[3]), _files(said[4]) if len(said) > 4 else ())


def faults_of_files(files: Mapping[str, int]) -> list[str]:
    """Return what is wrong with the files beside a form, given as name -> bytes."""
    faults = [f"{name}: no plain name of a file a form may use" for name in files if not NAME_BESIDE.fullmatch(name)]
    faults += [f"{name}: {size} bytes, at most {MOST_BESIDE}" for name, size in files.items() if size > MOST_BESIDE]
    if sum(files.values()) > MOST_OF_ONE_FORM:
        faults.append(f"the files together have {sum(files.values())} bytes, at most {MOST_OF_ONE_FORM}")
    return faults


def _as_text(content: bytes) -> tuple[str, str]:
    try:
        return "text", content.decode("utf-8")
    except UnicodeDecodeError:
        return "base64", base64.b64encode(content).decode("ascii")


def _files(said: object) -> tuple[tuple[str, bytes], ...]:
    """Return the files of a row. Raises ValueError."""
    found: dict[str, bytes] = {}
    for one in said if isinstance(said, list) else [None]:
        if not isinstance(one, list) or len(one) != 3 or not all(isinstance(part, str) for part in one):
            raise ValueError("no file of a form")
        name, how, content = one
        found[name] = content.encode("utf-8") if how == "text" else base64.b64decode(content, validate=True)
    if not found or faults_of_files({name: len(content) for name, content in found.items()}):
        raise ValueError("no files of a form")
    return tuple(sorted(found.items()))


def content_of(pack: Pack) -> PackContent:
    """Return what a pack says. Raises PackDamaged."""
    files = pack.files_beside()
    rows = {one[0]: _row_of(*one, files.get(one[0], {})) for one in pack.packed_rows()}
    return PackContent(meta_of(pack), rows)


def meta_of(pack: Pack) -> dict[str, str]:
    """Return what a pack says of itself."""
    with pack.connection() as db:
        meta = dict(db.execute("SELECT key, value FROM meta"))
    return {key: meta[key] for key in META}


def row_of(pack: Pack, code: str) -> Row | None:
    """Return one procedure of a pack, None when it has none of that code. Raises PackDamaged."""
    row = next(pack.packed_rows(code), None)
    return None if row is None else _row_of(*row, pack.files_beside(code).get(code, {}))


def _row_of(code: str, record: str, form: str, search: str, files: Mapping[str, bytes]) -> Row:
    return Row(code, record, form, tuple(json.loads(search)["everyday"]), tuple(sorted(files.items())))


def write_pack_file(content: PackContent, target: Path) -> None:
    """Write the pack's file; it appears whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.unlink(missing_ok=True)
    db = sqlite.connect(part)
    try:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("PRAGMA page_size = 16384")
        db.executescript(_TABLES)
        rows = [content.rows[code] for code in sorted(content.rows)]
        # The first whole procedure resembles the others: they are packed against it.
        shared = next(((row.record + row.form) for row in rows if row.form), "").encode("utf-8")
        db.execute("INSERT INTO shared_text VALUES (?)", (shared,))
        texts = PackedTexts(shared)
        written: Counter[tuple[str, str]] = Counter()
        for number, row in enumerate(rows, start=1):
            written.update(put_row(db, number, row, texts).written)
        db.executemany("INSERT INTO written VALUES (?, ?, ?)", [(*one, docs) for one, docs in sorted(written.items())])
        _put_vocabulary(db)
        put_meta(db, content.meta, content.sha256())
        db.execute("INSERT INTO search(search) VALUES ('optimize')")
        db.commit()
        db.execute("VACUUM")
    finally:
        db.close()
    stamp(part)
    os.replace(part, target)  # noqa: PTH105 - replace() of Path is the same call, said as in the store


@dataclass(frozen=True, slots=True)
class Indexed:
    """What one procedure adds to the search tables."""

    columns: tuple[str, str, str, str]  #: title, everyday, papers, pairs
    marked: str  #: the words of its name and of what people say, with their marks
    is_ours: bool  #: an author has looked at it and given it everyday words
    search: str
    written: frozenset[tuple[str, str]]  #: its words with the ways they carry their marks

    @property
    def words(self) -> set[str]:
        return {word for column in self.columns for word in column.split()}


def indexed(row: Row) -> Indexed:
    """Return what a procedure adds to the search tables."""
    record = json.loads(row.record)
    everyday = list(row.everyday)
    papers = [paper["name_vi"] for paper in record.get("documents", ())]
    papers += [result["name_vi"] for result in record.get("results", ())]
    names = [record["name_vi"], record.get("name_en", "")]
    own = int(record.get("own_phrases", 0))
    ways = marks_of([*names, *everyday])
    marks = {"everyday": everyday, "marks": ways, "level": record.get("level") or "", "own": own}
    meant, excepted = without_exceptions(names[0])
    said = marks_of([*names, *everyday, *papers, record.get("sector_vi", "")])
    elsewhere = [*papers, excepted, record.get("sector_vi", ""), record.get("agency_vi", ""), row.code]
    columns = (
        _joined([meant, names[1]]),
        _joined(everyday),
        " ".join(sorted({word for one in elsewhere for word in words_of(one)})),  # how often says nothing
        " ".join(pair for one in [meant, *everyday] for pair in pairs_of(words_of(one))),
    )
    search = json.dumps(marks, ensure_ascii=False, sort_keys=True)
    marked = " ".join(sorted({one for some in ways.values() for one in some}))
    return Indexed(
        columns, marked, bool(own), search, frozenset((word, one) for word, some in said.items() for one in some)
    )


def put_meta(db: Any, meta: Mapping[str, str], content_sha256: str) -> None:
    """Write what the pack says of itself; the hash over the file is stamped in when the file is whole."""
    db.execute("DELETE FROM meta")
    said = {**meta, "format": str(FORMAT), "index": str(INDEX), "content_sha256": content_sha256}
    db.executemany("INSERT INTO meta VALUES (?, ?)", sorted(said.items()))
    db.execute("INSERT INTO meta VALUES ('file_sha256', ?)", (BLANK,))


def put_row(db: Any, number: int, row: Row, texts: PackedTexts) -> Indexed:
    """Write one procedure as the row of that number; return what it adds to the words that are counted."""
    record = json.loads(row.record)
    made = indexed(row)
    db.execute(
        "INSERT INTO procedure VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            row.code,
            record["name_vi"],
            record.get("name_en", ""),
            record.get("sector_vi", ""),
            record.get("sector_en", ""),
            record.get("agency_vi", ""),
            int(record["is_stub"]),
            texts.pack(row.record),
            texts.pack(row.form) if row.form else b"",
            made.search,
        ),
    )
    db.execute(
        "INSERT INTO search(rowid, title, everyday, papers, pairs) VALUES (?, ?, ?, ?, ?)", (number, *made.columns)
    )
    db.execute("INSERT INTO search_row VALUES (?, ?, ?, ?)", (number, row.code, made.marked, int(made.is_ours)))
    db.executemany("INSERT INTO beside VALUES (?, ?, ?)", [(row.code, name, content) for name, content in row.beside])
    return made


def _put_vocabulary(db: Any) -> None:
    """Count in how many procedures each word and pair stands: what is rare weighs more in a search."""
    counts: Counter[str] = Counter()
    for columns in db.execute("SELECT title, everyday, papers, pairs FROM search"):
        counts.update({word for column in columns for word in column.split()})
    rows = sorted((word, int("_" in word), docs) for word, docs in counts.items())
    db.executemany("INSERT INTO vocabulary VALUES (?, ?, ?)", rows)


def marks_of(said: Iterable[str]) -> dict[str, list[str]]:
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
