"""What people say for each procedure, as authors write it down: one line a procedure, by field of the law."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

_CODE: Final = re.compile(r"\d\.\d{6}")
_PHRASE: Final = re.compile(r"[^\W_]+(?:[ ./&-][^\W_]+)*")
_SYLLABLES: Final = range(1, 13)
_MOST_CODES: Final = 10  #: a phrase that fits more procedures says nothing; some stand ten times in the portal


def read_phrases(path: Path) -> dict[str, tuple[str, ...]]:
    """Return the phrases for each code; nothing when there is no such file. Lines that begin with # say the field.

    Raises ValueError when a code stands twice.
    """
    found: dict[str, tuple[str, ...]] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        if line and not line.startswith("#"):
            code, _, phrases = line.partition("\t")
            if code in found:
                raise ValueError(f"{path.name}: the code stands twice: {code[:20]}")
            found[code] = tuple(one.strip() for one in phrases.split("|"))
    return found


def phrases_in_force(said: Mapping[str, Iterable[str]], retired: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the phrases for each code of today: those of a code that was replaced go to its successor."""
    found: dict[str, tuple[str, ...]] = {}
    for code, phrases in said.items():
        current = retired.get(code, code)
        found[current] = (*found.get(current, ()), *phrases)
    return found


def faults_of_phrases(said: Mapping[str, Iterable[str]]) -> list[str]:
    """Return what is wrong with the phrases, one sentence each."""
    faults = [f"everyday.tsv: no code of a procedure: {code[:20]}" for code in said if not _CODE.fullmatch(code)]
    counts: Counter[str] = Counter()
    for code, phrases in said.items():
        for one in phrases:
            counts[one] += 1
            if one != unicodedata.normalize("NFC", one):
                faults.append(f"everyday.tsv: {code}: accents that are put together otherwise (not NFC): {one[:60]}")
            elif one != one.lower() or not _PHRASE.fullmatch(one):
                faults.append(f"everyday.tsv: {code}: only small letters, digits and single spaces: {one[:60]}")
            elif len(one.split()) not in _SYLLABLES:
                faults.append(f"everyday.tsv: {code}: more than {_SYLLABLES[-1]} syllables: {one[:60]}")
    faults.extend(
        f"everyday.tsv: given to {count} procedures, at most {_MOST_CODES}, so it tells none of them: {one[:60]}"
        for one, count in counts.items()
        if count > _MOST_CODES
    )
    return faults
