"""Reads a pack: one plain SQLite file with procedures, forms and the search index; refuses what is no whole pack."""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlcipher3 import dbapi2 as sqlite

from bnhelper.catalogue.pack_stamp import stamped_hash
from bnhelper.catalogue.packed_text import PackedTextDamaged, PackedTexts
from bnhelper.catalogue.procedure import Procedure, procedure_from
from bnhelper.errors import KnownTrouble
from bnhelper.forms.definition import FormDefinition
from bnhelper.forms.judging import Judge
from bnhelper.forms.reader import parse_form
from bnhelper.ids import ProcedureCode, Sha256

APPLICATION_ID: Final = 0x424E504B  #: "BNPK" in the SQLite header
#: 2: records and forms packed against a shared text; 3: files beside forms, marks of words; 4: every byte is hashed
FORMAT: Final = 4
_OLDEST: Final = 2  #: packs of format 1 were never outside the program
MOST_BESIDE: Final = 2_000_000  #: bytes of one file beside a form
_HEADER: Final = b"SQLite format 3\x00"
_MOST_FORMS: Final = 300  #: kept parsed; a server that meets every procedure would hold 2,600 of them
_FILES: Final = (
    "SELECT code, name, content FROM beside ORDER BY code, name",
    "SELECT code, name, content FROM beside WHERE code = ? ORDER BY name",
)
_ROWS: Final = (
    "SELECT code, record, form, search FROM procedure ORDER BY code",
    "SELECT code, record, form, search FROM procedure WHERE code = ?",
)
_SUMMARY: Final = "SELECT code, name_vi, name_en, sector_vi, sector_en, agency_vi, is_stub FROM procedure"


class PackDamaged(KnownTrouble):
    """A pack that is cut off, changed, or no pack at all."""

    code = "pack-damaged"


class PackFromTheFuture(KnownTrouble):
    """A pack of a format that this program does not know yet."""

    code = "pack-from-the-future"


class UnknownProcedure(KnownTrouble):
    """A code the pack does not have."""

    code = "unknown-procedure"


@dataclass(frozen=True, slots=True)
class Summary:
    """One procedure in a list."""

    code: ProcedureCode
    name_vi: str
    name_en: str
    sector_vi: str
    sector_en: str
    agency_vi: str
    is_stub: bool

    def name(self, language: str) -> str:
        return (self.name_en or self.name_vi) if language == "en" else self.name_vi


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """Something that happens in a family, in both languages, and the procedures it leads to."""

    name_vi: str
    name_en: str
    codes: tuple[ProcedureCode, ...]

    def name(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_vi


class Pack:
    """One opened pack. Safe to use from any thread: each thread has its own read-only connection."""

    def __init__(self, path: Path) -> None:
        """Open and check a pack file: whole, ours, of a known format, and its content as its hash says.

        Raises PackDamaged or PackFromTheFuture.
        """
        self.path = path
        self._local = threading.local()
        self._forms: OrderedDict[ProcedureCode, tuple[FormDefinition, Judge]] = OrderedDict()
        self._lock = threading.Lock()
        _check_whole(path)
        try:
            with self.connection() as db:
                if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                    raise PackDamaged
                meta = dict(db.execute("SELECT key, value FROM meta"))
                if int(meta["format"]) > FORMAT:
                    raise PackFromTheFuture
                if int(meta["format"]) < _OLDEST:
                    raise PackDamaged
                self.format = int(meta["format"])
                self.index = int(meta.get("index", "0"))  #: how its search tables were made, see `pack_content`
                if _hash(path, db, self.format, meta["file_sha256"]) != meta["file_sha256"]:
                    raise PackDamaged
        except (sqlite.Error, KeyError, ValueError, TypeError) as wrong:  # a column may hold anything in a spoilt file
            raise PackDamaged from wrong
        self.version: str = meta["version"]
        self.built_on: str = meta["built_on"]  #: date of the sources, ISO
        self.sha256 = Sha256(meta["content_sha256"])
        self._words = json.loads(meta["words"])
        with self.connection() as db:
            self._texts = PackedTexts(db.execute("SELECT content FROM shared_text").fetchone()[0])
        self._guides = json.loads(meta.get("guides", "[]"))

    @contextmanager
    def connection(self) -> Iterator[Any]:
        """Give this thread's read-only connection. Raises PackDamaged when the disk spoilt what is read through it."""
        db = getattr(self._local, "db", None)
        try:
            if db is None:
                db = sqlite.connect(f"{self.path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
                self._local.db = db
            yield db
        except sqlite.DatabaseError as wrong:
            raise PackDamaged from wrong

    def close(self) -> None:
        """Close this thread's connection, so that the file may be moved."""
        db = getattr(self._local, "db", None)
        if db is not None:
            db.close()
            self._local.db = None

    @property
    def words(self) -> dict[str, Any]:
        """Return the search words of this pack: same, light, intentions, retired."""
        return dict(self._words)

    @property
    def guide_records(self) -> tuple[dict[str, Any], ...]:
        """Return the guides as they were written, in their order; see catalogue/guides.py."""
        return tuple(self._guides)

    def procedures(self, limit: int = -1) -> list[Summary]:
        """Return the procedures, all of them or so many: what an author wrote first, by sector and name."""
        with self.connection() as db:
            rows = db.execute(f"{_SUMMARY} ORDER BY name_en = '', is_stub, sector_vi, name_vi LIMIT ?", (limit,))
            return [_summary(row) for row in rows]

    def summaries(self, codes: Iterable[str]) -> list[Summary]:
        """Return the procedures of these codes in their order, without those the pack does not have."""
        with self.connection() as db:
            found = [db.execute(f"{_SUMMARY} WHERE code = ?", (self.resolve(code),)).fetchone() for code in codes]
        return [_summary(row) for row in found if row is not None]

    def count(self) -> int:
        """Return how many procedures there are."""
        with self.connection() as db:
            return int(db.execute("SELECT count(*) FROM procedure").fetchone()[0])

    def life_events(self) -> list[LifeEvent]:
        """Return what happens in families and the procedures it leads to, in the author's order."""
        return [
            LifeEvent(one["vi"], one["en"], tuple(ProcedureCode(code) for code in one["codes"]))
            for one in self._words.get("life_events", ())
        ]

    def resolve(self, code: str) -> ProcedureCode:
        """Return the code in force for one that may be retired or carry a province suffix (2.000986, 2.000815.H05)."""
        plain = ".".join(code.strip().split(".")[:2])
        return ProcedureCode(self._words["retired"].get(plain, plain))

    def has(self, code: str) -> bool:
        with self.connection() as db:
            return db.execute("SELECT 1 FROM procedure WHERE code = ?", (self.resolve(code),)).fetchone() is not None

    def procedure(self, code: str) -> Procedure:
        """Return one procedure. Raises UnknownProcedure."""
        return procedure_from(self._row(code)[0])

    def form(self, code: str) -> FormDefinition:
        """Return the form of one procedure, parsed once. Raises UnknownProcedure (stubs have no form)."""
        return self._read_form(code)[0]

    def judge(self, code: str) -> Judge:
        """Return what judges submissions of one procedure's form. Raises UnknownProcedure."""
        return self._read_form(code)[1]

    def has_read(self, code: str) -> bool:
        """Tell whether a procedure's form is parsed already."""
        return code in self._forms

    def _read_form(self, code: str) -> tuple[FormDefinition, Judge]:
        known = self.resolve(code)
        with self._lock:
            read = self._forms.get(known)
            if read is None:
                xml = self._row(known)[1]
                if not xml:
                    raise UnknownProcedure(code=known)
                form = parse_form(xml, lambda name: self.beside(known, name))
                read = self._forms[known] = (form, Judge(form))
                if len(self._forms) > _MOST_FORMS:
                    self._forms.popitem(last=False)
            self._forms.move_to_end(known)
            return read

    def form_xml(self, code: str) -> str:
        """Return the XForm document itself."""
        return self._row(code)[1]

    def beside(self, code: str, name: str) -> bytes | None:
        """Return a file that lies beside a form (a list as CSV or GeoJSON, a picture), None when there is none."""
        if self.format < 3:
            return None
        with self.connection() as db:
            asked = (self.resolve(code), name, MOST_BESIDE)
            row = db.execute(
                "SELECT content FROM beside WHERE code = ? AND name = ? AND length(content) <= ?", asked
            ).fetchone()
        return None if row is None else bytes(row[0])

    def files_beside(self, only: str | None = None) -> dict[str, dict[str, bytes]]:
        """Return every file beside a form, or those of one procedure: code -> name -> content."""
        found: dict[str, dict[str, bytes]] = {}
        if self.format >= 3:
            with self.connection() as db:
                for code, name, content in db.execute(*_asked(_FILES, only)):
                    found.setdefault(code, {})[name] = bytes(content)
        return found

    def packed_rows(self, only: str | None = None) -> Iterator[tuple[str, str, str, str]]:
        """Yield every procedure's code, record, form and search words, or those of one. Raises PackDamaged."""
        with self.connection() as db:
            for code, record, form, search in db.execute(*_asked(_ROWS, only)):
                try:
                    yield code, self._texts.unpack(record), self._texts.unpack(form) if form else "", search
                except PackedTextDamaged as wrong:
                    raise PackDamaged from wrong

    def _row(self, code: str) -> tuple[dict[str, Any], str]:
        with self.connection() as db:
            row = db.execute("SELECT record, form FROM procedure WHERE code = ?", (self.resolve(code),)).fetchone()
        if row is None:
            raise UnknownProcedure(code=self.resolve(code)[:40])
        try:
            record: dict[str, Any] = json.loads(self._texts.unpack(row[0]))
            return record, self._texts.unpack(row[1]) if row[1] else ""
        except (PackedTextDamaged, ValueError) as wrong:
            raise PackDamaged from wrong


def _asked(of_all_and_of_one: tuple[str, str], only: str | None) -> tuple[str, tuple[str, ...]]:
    every, one = of_all_and_of_one
    return (every, ()) if only is None else (one, (only,))


def _summary(row: tuple[Any, ...]) -> Summary:
    code, name_vi, name_en, sector_vi, sector_en, agency_vi, is_stub = row
    return Summary(ProcedureCode(code), name_vi, name_en, sector_vi, sector_en, agency_vi, bool(is_stub))


def _hash(path: Path, db: Any, pack_format: int, stamp: str) -> str:
    return stamped_hash(path, stamp) if pack_format >= 4 else rows_hash(db, pack_format)


def rows_hash(db: Any, pack_format: int) -> str:
    """Return the hash of formats 2 and 3: over procedure rows, files and meta rows, but not over what finds them."""
    digest = hashlib.sha256()
    for row in db.execute(_ROWS[0]):
        for cell in row:
            _add(digest, cell)
    if pack_format >= 3:
        for row in db.execute(_FILES[0]):
            for cell in row:
                _add(digest, cell)
    digest.update(db.execute("SELECT content FROM shared_text").fetchone()[0])
    for key, value in db.execute("SELECT key, value FROM meta WHERE key <> 'file_sha256' ORDER BY key"):
        digest.update(f"{key}={value}\n".encode())
    return digest.hexdigest()


def _add(digest: "hashlib._Hash", cell: Any) -> None:
    encoded = cell if isinstance(cell, bytes) else str(cell).encode("utf-8")
    digest.update(len(encoded).to_bytes(8, "big") + encoded)


def _check_whole(path: Path) -> None:
    """Refuse a file whose length is not what its own SQLite header says: a cut-off copy opens without complaint."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as wrong:
        raise PackDamaged from wrong
    if len(head) < 100 or not head.startswith(_HEADER):
        raise PackDamaged
    page = int.from_bytes(head[16:18], "big")
    page = 65536 if page == 1 else page
    if page * int.from_bytes(head[28:32], "big") != size:
        raise PackDamaged
