"""Mends the rows that were read from a damaged store: confirms, rebuilds, or lets go what contradicts itself.

Most things are kept twice. An answer is also the last step of the journal; a dossier's head is also in its sealed
envelope; an envelope has its hash, a photo its own seal. What only one doubtful place says is kept, and named.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from bnhelper.ids import look_up_token, readable_code
from bnhelper.store import tables as t
from bnhelper.store.salvage_rows import Row, Value

#: table -> name of its key -> row
Held = dict[str, dict[tuple[Any, ...], Row]]
#: given the answered paths of a dossier, and its procedure's code if that is known, returns the procedure as columns
#: of `dossiers` (procedure, title_vi, title_en, pack_version, pack_sha256), or None
ProcedureOf = Callable[[Iterable[str], str], dict[str, Any] | None]
_PROVED: Final = "proved"


@dataclass
class Mended:
    """What was made of the rows, in counts and readable codes (which name nobody)."""

    held: Held
    rebuilt: list[str] = field(default_factory=list)  #: dossiers whose head was made anew from what was left
    doubtful: list[str] = field(default_factory=list)  #: "code path": to be compared with the paper
    unsealed: list[str] = field(default_factory=list)  #: sealed revisions whose bytes do not hold: drafts again
    strangers: int = 0  #: rows that belong to nothing that is left
    is_new_device: bool = False  #: the device's own key is lost: it must be enrolled again


def gather(rows: Iterable[Row]) -> Held:
    """Keep one row for each key; one whose pages hold wins over one that is doubtful."""
    held: Held = {name: {} for name in t.metadata.tables}
    for row in rows:
        if row.table not in held:
            continue
        table = t.metadata.tables[row.table]
        key = tuple(row.values.get(column.name) for column in table.primary_key)
        known = held[row.table].get(key)
        if known is None or (row.is_sure and not known.is_sure):
            held[row.table][key] = row
    return held


def mend(held: Held, procedure_of: ProcedureOf, opens: Callable[[Row], bool]) -> Mended:
    """Return what can be kept; `opens` tells whether a photo's row opens its file."""
    mended = Mended(held)
    _confirm_envelopes(mended)
    _confirm_answers(mended)
    _rebuild_dossiers(mended, procedure_of)
    for row in [*held["photos"].values()]:
        if not row.is_sure and not opens(row):
            _drop(held, row)
    _drop_strangers(mended)
    _name_doubts(mended)
    return mended


def code_of(held: Held, dossier: Any) -> str:
    """Return a dossier's readable code, for lists that people read."""
    row = held["dossiers"].get((dossier,))
    return str(row.values["readable_code"]) if row is not None else "?"


def _confirm_envelopes(mended: Mended) -> None:
    held = mended.held
    for row in [*held["outbox"].values()]:
        envelope, digest = row.values["envelope"], row.values["envelope_sha256"]
        if isinstance(envelope, bytes) and hashlib.sha256(envelope).hexdigest() == digest:
            _put(held, row, is_sure=True)
        elif row.values["state"] != _PROVED:
            mended.unsealed.append(str(row.values["dossier"]))
            _drop(held, row)


def _confirm_answers(mended: Mended) -> None:
    """Compare the answers with what the journal says they are now, and take from it what is missing.

    Where both say the same, a doubtful answer is confirmed. What only the journal says stays doubtful: its own last
    step may be among what was lost.
    """
    held = mended.held
    told: dict[tuple[Any, Any], Row] = {}
    steps = sorted(held["answer_changes"].values(), key=lambda row: (row.values["step"] or 0, row.values["id"] or 0))
    for row in steps:
        told[row.values["dossier"], row.values["path"]] = row
    for key, step in told.items():
        value = step.values["before"] if step.values["is_undone"] else step.values["after"]
        answer = held["answers"].get(key)
        if answer is None:
            values: dict[str, Value] = {name: step.values[name] for name in ("dossier", "path", "origin", "at")}
            values["value"] = value
            held["answers"][key] = Row("answers", values, is_sure=False, is_reached=False)
        elif not answer.is_sure and answer.values["value"] == value:
            _put(held, answer, is_sure=True)
        elif not answer.is_sure and step.is_sure:
            held["answers"][key] = Row("answers", {**answer.values, "value": value}, is_sure=False, is_reached=False)


def _rebuild_dossiers(mended: Mended, procedure_of: ProcedureOf) -> None:
    held = mended.held
    orphans = {
        row.values["dossier"] for name in ("answers", "photos", "outbox", "consents") for row in held[name].values()
    } - {key[0] for key in held["dossiers"]}
    for dossier in sorted(str(one) for one in orphans):
        answers = {
            str(row.values["path"]): row.values for row in held["answers"].values() if row.values["dossier"] == dossier
        }
        head = _head_from_envelope(held, dossier, procedure_of) or procedure_of(answers, "")
        if head is None:
            continue
        times = sorted(str(row["at"]) for row in answers.values()) or ["2026-01-01T00:00:00.000Z"]
        usual: dict[str, Any] = {
            "id": dossier, "readable_code": readable_code(), "look_up_token": look_up_token(), "title_en": "",
            "revision": 1, "applicant": _value(answers, "/data/applicant/full_name"),
            "id_number": _value(answers, "/data/applicant/id_number"), "search_key": "", "begun_at": times[0],
            "changed_at": times[-1], "holder": None,
        }  # fmt: skip
        held["dossiers"][dossier,] = Row("dossiers", usual | head, is_sure=True, is_reached=True)
        mended.rebuilt.append(str((usual | head)["readable_code"]))


def _value(answers: dict[str, Any], path: str) -> str:
    return str(answers[path]["value"]) if path in answers else ""


def _head_from_envelope(held: Held, dossier: str, procedure_of: ProcedureOf) -> dict[str, Any] | None:
    sealed = [row for row in held["outbox"].values() if row.values["dossier"] == dossier]
    for row in sorted(sealed, key=lambda one: one.values["revision"] or 0, reverse=True):
        try:
            envelope = row.values["envelope"]
            said = json.loads(envelope if isinstance(envelope, bytes) else b"")
            titles = procedure_of((), said["procedure"]) or {"title_vi": said["procedure"], "title_en": ""}
            return titles | {
                "procedure": said["procedure"],
                "pack_version": said["pack"]["version"],
                "pack_sha256": said["pack"]["sha256"],
                "readable_code": said["readable_code"],
                "look_up_token": said["look_up_token"],
                "revision": said["revision"],
            }
        except (ValueError, KeyError, TypeError):
            continue
    return None


def _drop_strangers(mended: Mended) -> None:
    """Let go of rows that point at nothing; parents come before children."""
    held = mended.held
    for table in t.metadata.sorted_tables:
        for row in [*held[table.name].values()]:
            for key in table.foreign_keys:
                value = row.values.get(key.parent.name)
                if value is not None and (value,) not in held[key.column.table.name]:
                    _drop(held, row)
                    mended.strangers += 1
                    break


def _name_doubts(mended: Mended) -> None:
    held = mended.held
    for name in ("answers", "consents", "paper_marks"):
        for row in held[name].values():
            if not row.is_sure:
                about = row.values.get("path") or row.values.get("purpose") or row.values.get("paper")
                mended.doubtful.append(f"{code_of(held, row.values['dossier'])} {about!s}")
    for row in held["dossiers"].values():
        if not row.is_sure:
            mended.doubtful.append(str(row.values["readable_code"]))
    mended.unsealed = [code_of(held, dossier) for dossier in mended.unsealed]
    mended.doubtful.sort()


def _put(held: Held, row: Row, *, is_sure: bool) -> None:
    held[row.table][_key(row)] = Row(row.table, row.values, is_sure, row.is_reached)


def _drop(held: Held, row: Row) -> None:
    held[row.table].pop(_key(row), None)


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(row.values.get(column.name) for column in t.metadata.tables[row.table].primary_key)
