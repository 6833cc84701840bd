"""Fills a machine with any number of dossiers in a second or two: rows as the actions leave them, names that differ."""

import datetime as dt
import random
from typing import Any, Final

from sqlalchemy import insert

from bnhelper.actions.unlock_machine import OpenMachine
from bnhelper.catalogue.search_key import fold
from bnhelper.clock import to_text
from bnhelper.ids import READABLE, look_up_token, uuid7
from bnhelper.store import tables as t

_FAMILY: Final = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương", "Lý")
_MIDDLE: Final = ("Văn", "Thị", "Đức", "Minh", "Ngọc", "Hữu", "Thanh", "Quốc")
_GIVEN: Final = (
    "Hoà",
    "Đạt",
    "Ánh",
    "Bình",
    "Cường",
    "Dũng",
    "Hạnh",
    "Khánh",
    "Lan",
    "Mai",
    "Nga",
    "Phúc",
    "Tư",
    "Yến",
)
#: outbox state, wire state: how often among a hundred, as in a ward's year
_STATES: Final = (
    (None, None, 6), ("queued", None, 3), ("held", None, 1), ("proved", None, 10), ("proved", "accepted", 10),
    ("proved", "in_review", 15), ("proved", "needs_info", 5), ("proved", "approved", 40), ("proved", "returned", 10),
)  # fmt: skip
_ENVELOPE: Final = 2_600  #: bytes of a birth registration's envelope


def _code(number: int) -> str:
    letters = "".join(READABLE[number >> 5 * place & 31] for place in range(6))
    return f"BN-{letters[:3]}-{letters[3:]}"


def fill(machine: OpenMachine, count: int, *, days: int = 300) -> None:
    """Add that many dossiers of the last `days`, always the same ones but for their ids.

    Of more than 30 days those that have ended are out of sight when a person unlocks, and erased from then on.
    """
    die = random.Random(20261125)
    pack = machine.library.newest
    procedures = [one for one in pack.procedures() if not one.is_stub]
    states = [(out, wire) for out, wire, often in _STATES for _ in range(often)]
    begin = machine.clock.now() - dt.timedelta(days=days)
    heads: list[dict[str, Any]] = []
    sealed: list[dict[str, Any]] = []
    words: list[dict[str, Any]] = []
    answers: list[dict[str, Any]] = []
    codes = die.sample(range(32**6), count)
    for number in range(count):
        at = begin + dt.timedelta(minutes=43 * number % (days * 1_433))
        name = f"{die.choice(_FAMILY)} {die.choice(_MIDDLE)} {die.choice(_GIVEN)}".upper()
        facts, code, mine = die.choice(procedures), _code(codes[number]), uuid7(at)
        out, wire = die.choice(states)
        heads.append(
            {
                "id": mine, "readable_code": code, "look_up_token": look_up_token(), "procedure": facts.code,
                "title_vi": facts.name_vi, "title_en": facts.name_en, "pack_version": pack.version,
                "pack_sha256": pack.sha256, "revision": 1, "applicant": name, "id_number": f"0270{number:08}",
                "search_key": fold(f"{name} {facts.name_vi} {code}"), "begun_at": to_text(at),
                "changed_at": to_text(at), "holder": machine.person.id,
            }
        )  # fmt: skip
        answers.extend(
            {"dossier": mine, "path": f"/data/applicant/{path}", "value": name, "origin": "typed", "at": to_text(at)}
            for path in ("full_name", "phone", "address_detail")
        )
        if out is not None:
            sealed.append(
                {
                    "dossier": mine, "revision": 1, "state": out, "envelope": die.randbytes(_ENVELOPE),
                    "signature": "s", "envelope_sha256": f"{number:064x}", "bytes_total": _ENVELOPE,
                    "sealed_at": to_text(at), "has_left": out != "queued",
                    "proved_at": to_text(at) if out == "proved" else None,
                }
            )  # fmt: skip
        if wire is not None:
            words.append({"dossier": mine, "seq": number, "revision": 1, "state": wire, "at": to_text(at)})
    with machine.store.write() as db:
        for table, rows in ((t.dossiers, heads), (t.answers, answers), (t.outbox, sealed), (t.server_truth, words)):
            if rows:
                db.execute(insert(table), rows)
