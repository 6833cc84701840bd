"""Makes the next version's file from the file that is here; what did not change is not unpacked or indexed again."""

import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlite

from bnhelper.catalogue.pack import FORMAT, Pack
from bnhelper.catalogue.pack_content import INDEX, Row, indexed, meta_of, put_meta, put_row, row_of
from bnhelper.catalogue.pack_delta import Changes, read_delta
from bnhelper.catalogue.pack_stamp import stamp
from bnhelper.catalogue.packed_text import PackedTexts


@dataclass(frozen=True, slots=True)
class _Here:
    """The pack that is here as what was before, read as far as it is asked for."""

    pack: Pack
    meta: dict[str, str]

    @property
    def content_sha256(self) -> str:
        return self.pack.sha256

    def row(self, code: str) -> Row | None:
        return row_of(self.pack, code)

    def model(self) -> Row | None:
        with self.pack.connection() as db:
            first = db.execute("SELECT code FROM procedure WHERE length(form) > 0 ORDER BY code LIMIT 1").fetchone()
        return None if first is None else self.row(first[0])


def changes_to(pack: Pack, delta: bytes) -> Changes:
    """Return what a delta changes in a pack. Raises DeltaDoesNotFit, PackDamaged."""
    return read_delta(_Here(pack, meta_of(pack)), delta)


def can_be_amended(pack: Pack) -> bool:
    """Tell whether this program would have made the pack's file as it is; an older one may have made it otherwise."""
    return pack.format == FORMAT and pack.index == INDEX


def amend_pack_file(pack: Pack, changes: Changes, target: Path) -> None:
    """Write the file of the version that `changes` lead to; it appears whole or not at all.

    It says the same as one that was made from the content alone, and may lie otherwise on the disk. Whether it says
    what was meant (`changes.to`) is for the caller to check. Raises sqlite3.Error, OSError, PackDamaged.
    """
    part = target.with_suffix(".part")
    shutil.copyfile(pack.path, part)
    db = sqlite.connect(part)
    try:
        db.execute("PRAGMA journal_mode = MEMORY")  # a part that was not finished is thrown away
        texts = PackedTexts(db.execute("SELECT content FROM shared_text").fetchone()[0])
        words: Counter[str] = Counter()
        written: Counter[tuple[str, str]] = Counter()
        numbers = {}
        for code in (*changes.removed, *changes.rows):
            before = row_of(pack, code)
            if before is not None:
                gone = indexed(before)
                words.subtract(gone.words)
                written.subtract(gone.written)
                numbers[code] = _taken_out(db, code)
        free = db.execute("SELECT coalesce(max(id), 0) FROM search_row").fetchone()[0]
        for code, row in changes.rows.items():
            if code not in numbers:
                free += 1
            added = put_row(db, numbers.get(code, free), row, texts)
            words.update(added.words)
            written.update(added.written)
        _count_words(db, words)
        _count_written(db, written)
        put_meta(db, {**meta_of(pack), **changes.meta}, changes.to)
        db.commit()
        db.execute("VACUUM")
    finally:
        db.close()
    stamp(part)
    part.replace(target)


def _taken_out(db: Any, code: str) -> int:
    """Remove a procedure; return the number of its row."""
    number: int = db.execute("SELECT id FROM search_row WHERE code = ?", (code,)).fetchone()[0]
    db.execute("DELETE FROM search WHERE rowid = ?", (number,))
    db.execute("DELETE FROM search_row WHERE code = ?", (code,))
    db.execute("DELETE FROM procedure WHERE code = ?", (code,))
    db.execute("DELETE FROM beside WHERE code = ?", (code,))
    return number


def _count_words(db: Any, more: Counter[str]) -> None:
    changed = [(int("_" in word), word, docs) for word, docs in sorted(more.items()) if docs]
    db.executemany(
        "INSERT INTO vocabulary (is_pair, word, docs) VALUES (?, ?, ?)"
        " ON CONFLICT (is_pair, word) DO UPDATE SET docs = docs + excluded.docs",
        changed,
    )
    db.executemany("DELETE FROM vocabulary WHERE is_pair = ? AND word = ? AND docs < 1", [one[:2] for one in changed])


def _count_written(db: Any, more: Counter[tuple[str, str]]) -> None:
    changed = [(*one, docs) for one, docs in sorted(more.items()) if docs]
    db.executemany(
        "INSERT INTO written (word, marked, docs) VALUES (?, ?, ?)"
        " ON CONFLICT (word, marked) DO UPDATE SET docs = docs + excluded.docs",
        changed,
    )
    db.executemany("DELETE FROM written WHERE word = ? AND marked = ? AND docs < 1", [one[:2] for one in changed])
