"""The way from one version of a pack to another: the rows that changed, packed against what they were."""

import json
from typing import Final

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
    base = _base(old, [row.code for row in changed], sorted(meta))
    packer = zstandard.ZstdCompressor(compression_params=far, dict_data=base)
    said = zstandard.ZstdCompressor(level=_LEVEL).compress(json.dumps(head).encode("utf-8"))
    return _MAGIC + len(said).to_bytes(4, "big") + said + packer.compress(body.encode("utf-8"))


def apply_delta(old: PackContent, delta: bytes) -> PackContent:
    """Return the newer content. Raises DeltaDoesNotFit; what comes out was checked against the delta's own hash."""
    try:
        if not delta.startswith(_MAGIC):
            raise DeltaDoesNotFit
        length = int.from_bytes(delta[8:12], "big")
        head = json.loads(_unpacked(delta[12 : 12 + length], None))
        if head["from"] != old.sha256():
            raise DeltaDoesNotFit
        names, codes = [str(one) for one in head["meta"]], [str(one) for one in head["changed"]]
        body = _unpacked(delta[12 + length :], _base(old, codes, names)).decode("utf-8")
        lines = body.split("\n") if body else []
        if len(lines) != len(names) + len(codes) or not set(names) <= set(old.meta):
            raise DeltaDoesNotFit
        rows = dict(old.rows)
        for code in head["removed"]:
            del rows[code]
        for code, line in zip(codes, lines[len(names) :], strict=True):
            row = row_from_json(line)
            if row.code != code:
                raise DeltaDoesNotFit
            rows[code] = row
        new = PackContent({**old.meta, **dict(zip(names, lines, strict=False))}, rows)
        if new.sha256() != head["to"]:
            raise DeltaDoesNotFit
    except (zstandard.ZstdError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as wrong:
        raise DeltaDoesNotFit from wrong
    return new


def _base(old: PackContent, codes: list[str], names: list[str]) -> zstandard.ZstdCompressionDict:
    """Return what the new rows resemble: the same ones as they were, and one that has a form for those that are new."""
    model: Row | None = next((row for _, row in sorted(old.rows.items()) if row.form), None)
    known = [old.rows[code].as_json() for code in codes if code in old.rows]
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
