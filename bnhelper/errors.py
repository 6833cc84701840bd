"""Two families of trouble: the world's, which a person can act on, and ours, which is a bug.

A trouble carries a stable code and plain values, never a sentence: the sentences live in
`ui/words/trouble_words.py` (screens) and in the command lines. The values must never hold a
resident's name, number or answer, because they may be logged.
"""

from typing import ClassVar


class KnownTrouble(Exception):
    """Something in the world went wrong: a full disk, a silent province, a wrong PIN, a bad file.

    Subclasses set `code`; `values` are what a sentence may mention (counts, sizes, seconds, field paths).
    """

    code: ClassVar[str] = "trouble"

    def __init__(self, **values: str | int) -> None:
        self.values = values
        super().__init__(self.code, values)

    def __str__(self) -> str:
        said = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        return f"{self.code}({said})"


class Bug(Exception):
    """We were wrong: an invariant of our own does not hold. Ends in a bug report, never in a guess."""
