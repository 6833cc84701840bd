"""Reads rows straight from the pages of a store: through its trees where they hold, leaf by leaf where they do not.

The file format is SQLite's ("Database File Format", sqlite.org/fileformat2.html, sections 1.6 and 2.1). Nothing that
is read is trusted: every length and every page number is checked, and what does not parse is left out.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bnhelper.store.salvage_pages import USABLE, Page, SealedPages

Value = None | int | float | str | bytes
_LEAF, _INNER = 0x0D, 0x05
_MOST_LOCAL: Final = USABLE - 35
_LEAST_LOCAL: Final = (USABLE - 12) * 32 // 255 - 23
_MOST_PAYLOAD: Final = 64 * 1024 * 1024
_FIXED: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 7: 8}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, in the order in which records hold them."""

    name: str
    kind: str  #: TEXT, INTEGER, BLOB
    is_needed: bool
    is_rowid: bool  #: an INTEGER PRIMARY KEY: the record holds NULL and the row's number counts


Shape = Mapping[str, Sequence[Column]]


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `is_sure` when every page it came from holds, `is_reached` when a tree led to it."""

    table: str
    values: dict[str, Value]
    is_sure: bool
    is_reached: bool


class Unreadable(ValueError):
    """Bytes that are no page, cell or record."""


def rows(pages: SealedPages, shape: Shape) -> Iterator[Row]:
    """Give every row that can be read, those the trees lead to first."""
    seen: set[int] = set()
    later: list[tuple[str, int, Page]] = []
    for table, root in _roots(pages).items():
        if table in shape:
            for number, page in _leaves(pages, root, seen):
                if page.is_sure:
                    yield from _of_page(pages, number, page, table, shape[table], is_reached=True)
                else:
                    later.append((table, number, page))
    for table, number, page in later:
        yield from _of_page(pages, number, page, table, shape[table], is_reached=True)
    for number in range(1, pages.count + 1):
        page_or_none = pages.get(number) if number not in seen else None
        if page_or_none is None or _kind(number, page_or_none) != _LEAF:
            continue
        owner = _owner(pages, number, page_or_none, shape)
        if owner is not None:
            yield from _of_page(pages, number, page_or_none, owner, shape[owner], is_reached=False)


def broken(pages: SealedPages) -> int:
    """Count the pages that are gone or whose seal does not hold."""
    found = (pages.get(number) for number in range(1, pages.count + 1))
    return sum(page is None or not page.is_sure for page in found)


def _roots(pages: SealedPages) -> dict[str, int]:
    """Return table -> root page, as far as sqlite_master can be read."""
    found: dict[str, int] = {}
    for number, page in _leaves(pages, 1, set()):
        for _rowid, values, is_sure in _cells(pages, number, page):
            if is_sure and len(values) == 5 and values[0] == "table":
                name, root = values[1], values[3]
                if isinstance(name, str) and isinstance(root, int):
                    found[name] = root
    return found


def _leaves(pages: SealedPages, root: int, seen: set[int]) -> Iterator[tuple[int, Page]]:
    """Walk a table's tree, each page once; an inner page whose seal does not hold leads nowhere."""
    waiting = [root]
    while waiting:
        number = waiting.pop()
        if number in seen or not 1 <= number <= pages.count:
            continue
        page = pages.get(number)
        kind = _kind(number, page) if page is not None else 0
        if page is None or (kind == _INNER and not page.is_sure):
            continue
        seen.add(number)
        if kind == _LEAF:
            yield number, page
        elif kind == _INNER:
            waiting.extend(reversed(_children(number, page)))


def _children(number: int, page: Page) -> list[int]:
    start = 100 if number == 1 else 0
    count = struct.unpack_from(">H", page.content, start + 3)[0]
    found = []
    for place in range(min(count, USABLE // 6)):
        at = struct.unpack_from(">H", page.content, start + 12 + 2 * place)[0]
        if at + 4 <= USABLE:
            found.append(struct.unpack_from(">I", page.content, at)[0])
    return [*found, struct.unpack_from(">I", page.content, start + 8)[0]]


def _kind(number: int, page: Page) -> int:
    return page.content[100 if number == 1 else 0]


def _of_page(
    pages: SealedPages, number: int, page: Page, table: str, columns: Sequence[Column], *, is_reached: bool
) -> Iterator[Row]:
    for rowid, values, is_sure in _cells(pages, number, page):
        if _fits(values, columns):
            named = {
                column.name: rowid if column.is_rowid else value for column, value in zip(columns, values, strict=False)
            }
            yield Row(table, named, is_sure, is_reached)


def _owner(pages: SealedPages, number: int, page: Page, shape: Shape) -> str | None:
    """Tell whose leaf this is by what its rows look like; None unless exactly one table fits most of them."""
    cells = [values for _rowid, values, _is_sure in _cells(pages, number, page)]
    counts = {table: sum(_fits(values, columns) for values in cells) for table, columns in shape.items()}
    best = max(counts.values(), default=0)
    fitting = [table for table, count in counts.items() if count == best]
    return fitting[0] if best and 2 * best >= len(cells) and len(fitting) == 1 else None


def _fits(values: Sequence[Value], columns: Sequence[Column]) -> bool:
    if len(values) > len(columns) or any(column.is_needed for column in columns[len(values) :]):
        return False
    return all(_fits_one(value, column) for value, column in zip(values, columns, strict=False))


def _fits_one(value: Value, column: Column) -> bool:
    if value is None:
        return column.is_rowid or not column.is_needed
    wanted = {"TEXT": str, "INTEGER": int, "BLOB": bytes}[column.kind]
    return not column.is_rowid and isinstance(value, wanted)


def _cells(pages: SealedPages, number: int, page: Page) -> Iterator[tuple[int, list[Value], bool]]:
    """Give (row number, values, whether every byte is sure) of each cell that parses."""
    start = 100 if number == 1 else 0
    count = struct.unpack_from(">H", page.content, start + 3)[0]
    for place in range(min(count, USABLE // 4)):
        pointer = start + 8 + 2 * place
        if pointer + 2 > USABLE:
            return
        at = struct.unpack_from(">H", page.content, pointer)[0]
        try:
            size, at = _varint(page.content, at)
            rowid, at = _varint(page.content, at)
            payload, is_sure = _payload(pages, page, at, size)
            values = _record(payload)
        except (Unreadable, IndexError, struct.error, UnicodeDecodeError):
            continue
        yield rowid - (1 << 64) if rowid >> 63 else rowid, values, is_sure and page.is_sure


def _payload(pages: SealedPages, page: Page, at: int, size: int) -> tuple[bytes, bool]:
    """Return a cell's payload, gathered from its overflow pages."""
    if size > _MOST_PAYLOAD:
        raise Unreadable
    local = size
    if size > _MOST_LOCAL:
        local = _LEAST_LOCAL + (size - _LEAST_LOCAL) % (USABLE - 4)
        local = local if local <= _MOST_LOCAL else _LEAST_LOCAL
    if at + local > USABLE:
        raise Unreadable
    found = bytearray(page.content[at : at + local])
    is_sure, next_page = True, 0
    if local < size:
        next_page = struct.unpack_from(">I", page.content, at + local)[0]
    while len(found) < size:
        over = pages.get(next_page) if 1 <= next_page <= pages.count else None
        if over is None:
            raise Unreadable
        is_sure = is_sure and over.is_sure
        next_page = struct.unpack_from(">I", over.content, 0)[0]
        found += over.content[4 : 4 + min(size - len(found), USABLE - 4)]
    return bytes(found), is_sure


def _record(payload: bytes) -> list[Value]:
    length, at = _varint(payload, 0)
    if length > len(payload):
        raise Unreadable
    kinds, values = [], []
    while at < length:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    at = length
    for kind in kinds:
        size = _FIXED.get(kind, (kind - 12) // 2 if kind >= 12 else 0)
        part = payload[at : at + size]
        if len(part) < size or kind in {10, 11}:
            raise Unreadable
        values.append(_value(kind, part))
        at += size
    return values


def _value(kind: int, part: bytes) -> Value:
    if kind >= 12:
        return part if kind % 2 == 0 else part.decode("utf-8")
    if kind == 7:
        return float(struct.unpack(">d", part)[0])
    if kind in {8, 9}:
        return kind - 8
    return int.from_bytes(part, "big", signed=True) if kind else None


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(8):
        byte = content[at + place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + place + 1
    return value << 8 | content[at + 8], at + 9
