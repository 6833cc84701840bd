"""The way from one version of a pack to another: the rows that changed, packed against what they were."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import zstandard

from bnhelper.catalogue.pack_content import PackContent, Row, row_from_json
from bnhelper.errors import KnownTrouble

_MAGIC: Final = b"BNDELTA1"
_LEVEL: Final = 19
_WINDOW_LOG: Final = 27  #: what a row was may lie this far back: 128 MiB
_MOST_BYTES: Final = 400_000_000


class DeltaDoesNotFit(KnownTrouble):
    """A difference that is damaged, or made for another version than the one that is here."""

    code = "delta-does-not-fit"


def make_delta(old: PackContent, new: PackContent) -> bytes:
    """Return what turns `old` into `new`, the same bytes for the same two."""
    changed = [row for code, row in sorted(new.rows.items()) if old.rows.get(code) != row]
    removed = sorted(set(old.rows) - set(new.rows))
    meta = {key: value for key, value in sorted(new.meta.items()) if old.meta.get(key) != value}
    head = {
        "from": old.sha256(),
        "to": new.sha256(),
        "removed": removed,
        "changed": [row.code for row in changed],
        "meta": sorted(meta),
    }
    body = "\n".join([*meta.values(), *(row.as_json() for row in changed)])
    far = zstandard.ZstdCompressionParameters.from_level(_LEVEL, window_log=_WINDOW_LOG)
    base = _base(_Whole(old), [row.code for row in changed], sorted(meta))
    packer = zstandard.ZstdCompressor(compression_params=far, dict_data=base)
    said = zstandard.ZstdCompressor(level=_LEVEL).compress(json.dumps(head).encode("utf-8"))
    return _MAGIC + len(said).to_bytes(4, "big") + said + packer.compress(body.encode("utf-8"))


@dataclass(frozen=True, slots=True)
class Changes:
    """What a delta says: the rows that are new or changed, those that are gone, and the new meta, by their names."""

    to: str  #: SHA-256 of the content that comes out
    meta: Mapping[str, str]
    rows: Mapping[str, Row]
    removed: tuple[str, ...]

    def applied_to(self, old: PackContent) -> PackContent:
        """Return the newer content. Raises DeltaDoesNotFit when another comes out than was meant."""
        rows = {code: row for code, row in old.rows.items() if code not in self.removed}
        new = PackContent({**old.meta, **self.meta}, {**rows, **self.rows})
        if new.sha256() != self.to:
            raise DeltaDoesNotFit
        return new


class Before(Protocol):
    """What must be known of the version that is here."""

    @property
    def content_sha256(self) -> str: ...
    @property
    def meta(self) -> Mapping[str, str]: ...
    def row(self, code: str) -> Row | None: ...
    def model(self) -> Row | None:
        """Return the first row that has a form: new ones resemble it."""
        ...


@dataclass(frozen=True, slots=True)
class _Whole:
    """A whole content as what was before."""

    content: PackContent

    @property
    def content_sha256(self) -> str:
        return self.content.sha256()

    @property
    def meta(self) -> Mapping[str, str]:
        return self.content.meta

    def row(self, code: str) -> Row | None:
        return self.content.rows.get(code)

    def model(self) -> Row | None:
        return next((row for _, row in sorted(self.content.rows.items()) if row.form), None)


def apply_delta(old: PackContent, delta: bytes) -> PackContent:
    """Return the newer content. Raises DeltaDoesNotFit; what comes out was checked against the delta's own hash."""
    return read_delta(_Whole(old), delta).applied_to(old)


def read_delta(old: Before, delta: bytes) -> Changes:
    """Return what a delta changes in the version that is here. Raises DeltaDoesNotFit.

    What comes of it is judged by `Changes.to` once it is made.
    """
    try:
        if not delta.startswith(_MAGIC):
            raise DeltaDoesNotFit
        length = int.from_bytes(delta[8:12], "big")
        head = json.loads(_unpacked(delta[12 : 12 + length], None))
        if head["from"] != old.content_sha256:
            raise DeltaDoesNotFit
        names, codes = [str(one) for one in head["meta"]], [str(one) for one in head["changed"]]
        body = _unpacked(delta[12 + length :], _base(old, codes, names)).decode("utf-8")
        lines = body.split("\n") if body else []
        if len(lines) != len(names) + len(codes) or not set(names) <= set(old.meta):
            raise DeltaDoesNotFit
        removed = tuple(str(code) for code in head["removed"])
        if any(old.row(code) is None for code in removed):
            raise DeltaDoesNotFit
        rows = {}
        for code, line in zip(codes, lines[len(names) :], strict=True):
            row = row_from_json(line)
            if row.code != code:
                raise DeltaDoesNotFit
            rows[code] = row
        changes = Changes(str(head["to"]), dict(zip(names, lines, strict=False)), rows, removed)
    except (zstandard.ZstdError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as wrong:
        raise DeltaDoesNotFit from wrong
    return changes


def _base(old: Before, codes: list[str], names: list[str]) -> zstandard.ZstdCompressionDict:
    """Return what the new rows resemble: the same ones as they were, and one that has a form for those that are new."""
    model = old.model()
    known = [row.as_json() for row in map(old.row, codes) if row is not None]
    said = [*(old.meta.get(name, "") for name in names), *([model.as_json()] if model is not None else []), *known]
    return zstandard.ZstdCompressionDict(
        "\n".join(said).encode("utf-8") or b"\n" * 8, dict_type=zstandard.DICT_TYPE_RAWCONTENT
    )


def _unpacked(packed: bytes, base: zstandard.ZstdCompressionDict | None) -> bytes:
    if not 0 <= zstandard.frame_content_size(packed) <= _MOST_BYTES:
        raise DeltaDoesNotFit
    window = 2**_WINDOW_LOG
    if base is not None:
        content: bytes = zstandard.ZstdDecompressor(dict_data=base, max_window_size=window).decompress(packed)
    else:
        content = zstandard.ZstdDecompressor(max_window_size=window).decompress(packed)
    return content
