"""What officers find a dossier by: the applicant's name, and words of names, codes and ends of ID numbers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from bnhelper.catalogue.search_key import words_of
from bnhelper.domain.folding import fold
from sync.intake import ledger

READABLE: Final = re.compile(r"^BN-?[2-9A-Z]{3}-?[2-9A-Z]{3}$")
_TAIL: Final = 6
_LONGEST_WORD: Final = 80


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on the desk for one revision."""

    applicant: str
    words: frozenset[str]


def card_of(answers: Mapping[Any, str], readable_code: str) -> Card:
    """Return the card of a submission, from its answers by path; every person in it is found by name."""
    names: list[str] = []
    numbers: list[str] = []
    for path, value in answers.items():
        if value and path.endswith(("/full_name", "/id_number")):
            (names if path.endswith("e") else numbers).append(value)
    words = {word for name in names for word in words_of(name)}
    words |= {turned(number) for number in numbers if number.isdigit() and len(number) >= _TAIL}
    words.add(condensed(readable_code))
    return Card(answers.get("/data/applicant/full_name", "")[:200], frozenset(words))


def turned(digits: str) -> str:
    """Return the end of a number as a word that a few last digits are the beginning of; no more of it is kept."""
    return "~" + digits[-_TAIL:][::-1]


def condensed(readable_code: str) -> str:
    """Return a slip's code as it is searched: BN-7K4-M2P is bn7k4m2p."""
    return fold(readable_code).replace("-", "")


def number_word(number: str) -> str:
    """Return the word of an office number, or of its beginning: without its office, which all of a ledger share.

    H05.27-261124-0001 is 261124-0001, which is also what people read out.
    """
    office, _, rest = fold(number).partition("-")
    return rest if rest[:1].isdigit() and not office.isdigit() else fold(number)


def word_rows(dossier: str, words: frozenset[str], number: str | None = None) -> list[dict[str, str]]:
    """Return the rows of `dossier_words`."""
    found = {word[:_LONGEST_WORD] for word in words}
    if number:
        found.add(number_word(number))
    return [{"dossier": dossier, "word": word} for word in sorted(found - {""})]


def add_words(db: Connection, rows: Sequence[Mapping[str, str]]) -> None:
    """Add words; those that are there already stay."""
    if rows:
        make = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
        db.execute(make(ledger.dossier_words).on_conflict_do_nothing(), list(rows))
