"""Procedures, forms and the search index -> one pack, the same bytes from the same sources."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bnhelper.authoring.lint import lint
from bnhelper.authoring.phrases import phrases_in_force
from bnhelper.authoring.portal.whole_catalogue import with_portal
from bnhelper.authoring.sources import Sources, files_beside, read_sources
from bnhelper.authoring.xform_writer import SharedFields, write_xform
from bnhelper.authoring.xlsform import to_xform
from bnhelper.catalogue.pack import FORMAT
from bnhelper.catalogue.pack_content import PackContent, Row, write_pack_file

_WORDS = ("same", "light", "shorthand", "intentions", "thesaurus", "retired", "life_events")


def build_pack(sources_folder: Path, target: Path, imported: Path | None = None, *, is_whole: bool = True) -> str:
    """Build the pack at `target` from the sources, from imported ones and the portal's records; return its version.

    Unless it is to be whole, the portal's records are left out: a pack of what authors wrote alone. The file appears
    complete or not at all. Raises ValueError when the sources do not hold (see `lint`).
    """
    sources = read_sources(sources_folder, imported)
    if is_whole:
        sources = with_portal(sources, sources_folder)
    faults = lint(sources)
    if faults:
        raise ValueError("\n".join(faults))
    return write_pack(sources, target)


def write_pack(sources: Sources, target: Path) -> str:
    """Write sources that hold as the pack at `target`; return its version."""
    content = content_from(sources)
    write_pack_file(content, target)
    return content.version


def content_from(sources: Sources) -> PackContent:
    """Return what a pack of these sources says."""
    version = f"{str(sources.meta['compiled']).replace('-', '.')}-{_fingerprint(sources)[:8]}"
    rows = {}
    shared = SharedFields(sources)
    phrases = phrases_in_force(sources.words["said"], sources.words["retired"])
    for record in _records(sources):
        code = record["code"]
        ours = (*sources.words["everyday"].get(code, ()), *(record.get("aliases_vi") or ()))
        said = json.dumps(record, ensure_ascii=False, sort_keys=True, default=str)
        form = "" if record["is_stub"] else _form(record, said, sources, shared)
        if ours:
            said = json.dumps({**record, "own_phrases": len(ours)}, ensure_ascii=False, sort_keys=True, default=str)
        files = files_beside(sources.forms[code]) if code in sources.forms else {}
        rows[code] = Row(
            code, said, form, tuple(dict.fromkeys((*ours, *phrases.get(code, ())))), tuple(sorted(files.items()))
        )
    meta = {
        "version": version,
        "built_on": str(sources.meta["compiled"]),
        "words": json.dumps({key: sources.words[key] for key in _WORDS}, ensure_ascii=False, sort_keys=True),
        "guides": json.dumps(list(sources.guides), ensure_ascii=False, sort_keys=True),
    }
    return PackContent(meta, rows)


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


def _form(record: Mapping[str, Any], said: str, sources: Sources, shared: SharedFields) -> str:
    """Return the form an author wrote, or the one that follows from the conditions.

    Its version follows from the record: a form that did not change is the same in the next pack.
    """
    written = sources.forms.get(record["code"])
    if written is not None:
        return to_xform(written)[0]
    return write_xform(record, sources, hashlib.sha256(said.encode("utf-8")).hexdigest()[:12], shared)


def _fingerprint(sources: Sources) -> str:
    said = json.dumps(
        [
            {name: vars_of(fact) for name, fact in sources.facts.items()},
            list(sources.procedures),
            list(sources.stubs),
            dict(sources.declarations),
            {
                code: [hashlib.sha256(one).hexdigest() for one in (path.read_bytes(), *files_beside(path).values())]
                for code, path in sorted(sources.forms.items())
            },
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
