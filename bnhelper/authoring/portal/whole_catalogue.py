"""The province's whole catalogue: what authors wrote, and every other record of the portal as it was read."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from bnhelper.authoring.portal.importer import imported_from, read_records
from bnhelper.authoring.portal.record import NoSuchRecord
from bnhelper.authoring.sources import Sources

#: The portal's records as they were crawled in July 2026, 2,642 of them: official texts, kept in one file of 1 MB
#: because an importer that learns more can then read them anew.
RECORDS: Final = "portal/records-2026-07.jsonl.xz"


def with_portal(sources: Sources, folder: Path) -> Sources:
    """Return the sources with the portal's records of `folder` added; unchanged when there are none.

    What an author has written goes before a record, a record before a procedure known by name only. A code that was
    replaced is left to its successor, which takes the old record over when it is known by name only. A law that an
    author gives by its number alone is called what the records call it.

    Raises PortalFileRefused.
    """
    path = folder.joinpath(*RECORDS.split("/"))
    if not path.exists():
        return sources
    retired = sources.words["retired"]
    known = {one["code"] for one in sources.procedures}
    stubs = {one["code"]: one for one in sources.stubs}
    added: dict[str, Mapping[str, Any]] = {}
    laws: list[Mapping[str, str]] = []
    for record in read_records(path):
        try:
            made = imported_from(record)
        except NoSuchRecord:
            continue
        laws += made.source.get("legal_basis") or ()
        successor = retired.get(made.code)
        if successor is not None and successor in stubs:
            added.setdefault(successor, _in_place_of(made.source, stubs[successor]))
        elif successor is None and made.code not in known:
            added.setdefault(made.code, made.source)
    titles = law_titles(laws)
    return replace(
        sources,
        procedures=(*(_with_titles(one, titles) for one in sources.procedures), *added.values()),
        stubs=tuple(one for one in sources.stubs if one["code"] not in added),
    )


_NO_TITLE: Final = re.compile(r"(?:Bộ luật|Luật|Nghị định|Thông tư|Nghị quyết|Quyết định|Pháp lệnh)?(?: số)?\W*")


def law_titles(laws: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return number -> title as most records have it; one record alone may have run two rows of its table together."""
    said: dict[str, Counter[str]] = {}
    for law in laws:
        number, title = law["name"], law.get("title_vi", "")
        if not _NO_TITLE.fullmatch(title.replace(number, "")):
            said.setdefault(number, Counter())[title] += 1
    commonest = {number: titles.most_common(1)[0] for number, titles in said.items()}
    return {number: title for number, (title, count) in commonest.items() if count > 1}


def _with_titles(procedure: Mapping[str, Any], titles: Mapping[str, str]) -> Mapping[str, Any]:
    laws = [one if isinstance(one, Mapping) else {"name": one} for one in procedure.get("legal_basis") or ()]
    named = [{"title_vi": titles[one["name"]], **one} if one.get("name") in titles else one for one in laws]
    return {**procedure, "legal_basis": named} if named else procedure


def _in_place_of(record: Mapping[str, Any], successor: Mapping[str, Any]) -> dict[str, Any]:
    """Return a successor of which no more than the name is known, with what held under its old code, and said so."""
    doubt = f"Giấy tờ, thời hạn, phí là của mã cũ {record['code']}; mã mới {successor['code']} chưa có bản ghi"
    return {
        **record,
        "code": successor["code"],
        "name_vi": successor["name_vi"],
        "unverified": [doubt, *record["unverified"]],
    }
