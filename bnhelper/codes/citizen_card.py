"""Reads the citizen-card code; keeps parsed fields, never the raw string.

The code has seven fields joined by `|`: number, old number, name, birth date, sex, address, issue date; no
header, no signature, so it proves nothing. Newer cards carry more fields, which are left aside.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from bnhelper.errors import KnownTrouble

_MOST: Final = 2_000


class NotACitizenCard(KnownTrouble):
    """A code, but not a citizen card's; `looks_like` is web, payment, wifi, cut_off or other."""

    code = "not-a-citizen-card"


class CardGarbled(KnownTrouble):
    """A scanner typed a card through a Vietnamese input method, which changed the letters."""

    code = "card-garbled"


class NoCodeInPicture(KnownTrouble):
    """A picture in which no code can be found."""

    code = "no-code-in-picture"


@dataclass(frozen=True, slots=True)
class CitizenCard:
    """What the card says. `birth_date` is YYYY-MM-DD or empty when the card's date is impossible.

    `warnings` are codes: birth-date-impossible, birth-year-differs, sex-differs, century-ahead.
    """

    id_number: str
    old_number: str
    full_name: str
    birth_date: str
    sex: str  #: nam | nu | empty
    address: str
    issued_on: str
    warnings: tuple[str, ...]

    def as_answers(self) -> dict[str, str]:
        """Return the applicant's fields of the form that the card fills."""
        said = {
            "full_name": self.full_name,
            "id_number": self.id_number,
            "birth_date": self.birth_date,
            "sex": self.sex,
            "address_old": self.address,
        }
        return {f"/data/applicant/{name}": value for name, value in said.items() if value}


def read_card(text: str) -> CitizenCard:
    """Return the card in a scanned text. Raises NotACitizenCard or CardGarbled, without repeating the text."""
    cleaned = unicodedata.normalize("NFC", text[:_MOST]).strip("\ufeff \r\n\t\u200b").removeprefix("CCCD:")
    parts = [" ".join(part.split()) for part in cleaned.split("|")]
    if len(parts) < 7 or not re.fullmatch(r"[0-9]{12}", parts[0]):
        raise _refusal(cleaned, parts)
    number, old, name, born, sex, address, issued = parts[:7]
    if not name or any(letter.isdigit() for letter in name):
        raise NotACitizenCard(looks_like="other")
    warnings: list[str] = []
    birth_date = _date(born)
    if not birth_date:
        warnings.append("birth-date-impossible")
    code = {"nam": "nam", "nữ": "nu", "nu": "nu"}.get(sex.lower(), "")
    warnings.extend(_cross_checks(number, birth_date, code))
    kept_old = old if re.fullmatch(r"[0-9]{9}", old) else ""
    return CitizenCard(number, kept_old, name, birth_date, code, address, _date(issued), tuple(warnings))


def _refusal(text: str, parts: list[str]) -> KnownTrouble:
    if text.lower().startswith(("http://", "https://")):
        return NotACitizenCard(looks_like="web")
    if text.startswith("000201"):
        return NotACitizenCard(looks_like="payment")
    if text.upper().startswith("WIFI:"):
        return NotACitizenCard(looks_like="wifi")
    if re.match(r"[0-9]{12}\b", text):
        return NotACitizenCard(looks_like="cut_off") if "|" in text else CardGarbled()
    return NotACitizenCard(looks_like="cut_off" if len(parts) > 3 else "other")


def _date(text: str) -> str:
    """Return ddmmyyyy as an ISO date, or nothing for a date that does not exist."""
    if not re.fullmatch(r"[0-9]{8}", text):
        return ""
    try:
        return dt.date(int(text[4:]), int(text[2:4]), int(text[:2])).isoformat()
    except ValueError:
        return ""


def _cross_checks(number: str, birth_date: str, sex: str) -> list[str]:
    """Compare the number's own year and sex with the fields: worth a look, never a reason to refuse."""
    century, year = int(number[3]), int(number[4:6])
    warnings: list[str] = []
    born = 1900 + 100 * (century // 2) + year
    if century >= 4:
        warnings.append("century-ahead")
    elif birth_date and int(birth_date[:4]) != born:
        warnings.append("birth-year-differs")
    if sex and ("nam", "nu")[century % 2] != sex:
        warnings.append("sex-differs")
    return warnings
