"""Words as search compares them. FTS5 does not fold đ (measured: "dang" never finds "Đăng"), so we do."""

import functools
import re
import unicodedata
from collections import Counter
from typing import Final

from bnhelper.domain.folding import fold

__all__ = [
    "accent_key",
    "accented_words_of",
    "fold",
    "forget_typed",
    "is_sloppy",
    "one_typing_error_away",
    "sounds_like",
    "without_exceptions",
    "without_telex",
    "words_of",
]

_ACCENTED: Final = re.compile(r"\d+(?:\.\d+)+|[^\W_]+")
_WORD: Final = re.compile(r"[0-9a-z]+(?:\.[0-9]+)*")

#: Telex leaves these behind when the input method is off: tone letters, doubled vowels and d.
_TELEX_TONE: Final = re.compile(r"[fsrxj]")  #: behind the first vowel no Vietnamese syllable has these
_EXCEPTED: Final = re.compile(r"\((?:trừ|ngoại trừ|không phải là|không bao gồm)\s[^)]*\)?", re.IGNORECASE)
_VOWEL: Final = re.compile(r"[aeiouyw]")
_TELEX_PAIRS: Final = (("dd", "d"), ("aa", "a"), ("ee", "e"), ("oo", "o"), ("aw", "a"), ("ow", "o"), ("uw", "u"))


def without_exceptions(name: str) -> tuple[str, str]:
    """Return a procedure's name without what it says it is not for ("(trừ tàu bay)"), and that."""
    return " ".join(_EXCEPTED.sub(" ", name).split()), " ".join(_EXCEPTED.findall(name))


def words_of(text: str) -> list[str]:
    """Return the folded words of `text`; a code such as 1.001193 stays one word."""
    return [word for said in text.split() for word in _words_of_one(said)]


@functools.lru_cache(maxsize=20_000)
def _words_of_one(said: str) -> tuple[str, ...]:
    """Return the folded words between two spaces; a language has few of them, so most are known already."""
    return tuple(_WORD.findall(fold(said)))


def accented_words_of(text: str) -> list[str]:
    """Return the words of `text` as `accent_key` writes them, in the order of `words_of`."""
    return [accent_key(word) for word in _ACCENTED.findall(unicodedata.normalize("NFC", text).lower())]


@functools.lru_cache(maxsize=20_000)
def accent_key(word: str) -> str:
    """Return one form for the ways in which a word may carry its marks: "hoà" and "hòa" are the same word."""
    parts = unicodedata.normalize("NFD", word.lower())
    letters = "".join(one for one in parts if not unicodedata.combining(one))
    return letters + "".join(sorted(one for one in parts if unicodedata.combining(one)))


#: Beginnings that sound alike in the north, and are confused in writing.
_SOUNDS: Final = (("tr", "ch"), ("s", "x"), ("r", "d"), ("r", "gi"), ("d", "gi"))
_HOOK_OR_TILDE: Final = str.maketrans({"\N{COMBINING TILDE}": "\N{COMBINING HOOK ABOVE}"})


def sounds_like(word: str) -> list[str]:
    """Return the folded words that sound like this one in the north: "tam chu" is "tạm trú"."""
    pairs = [pair for first, second in _SOUNDS for pair in ((first, second), (second, first))]
    return [other + word.removeprefix(one) for one, other in pairs if word.startswith(one) and len(word) > len(one)]


@functools.lru_cache(maxsize=20_000)
def is_sloppy(typed: str, right: str) -> bool:
    """Tell whether `typed` is `right` with marks forgotten, or hỏi and ngã confused; both as `accent_key` writes them.

    Marks that are there and wrong make another word: "giá" is not "gia" misspelt.
    """
    letters = len(fold(right))
    if typed[:letters].replace("đ", "d") != right[:letters].replace("đ", "d"):
        return False
    if typed[0] == "đ" != right[0]:
        return False
    marks, of_right = (one[letters:].translate(_HOOK_OR_TILDE) for one in (typed, right))
    return not Counter(marks) - Counter(of_right)


def forget_typed() -> None:
    """Let go of every word that was folded or compared, what people typed among them; the next search folds anew."""
    _words_of_one.cache_clear()
    accent_key.cache_clear()
    is_sloppy.cache_clear()


def without_telex(word: str) -> str:
    """Return a word as it would read had Telex been on: "tamj" -> "tam", "chwngs" -> "chung"."""
    for typed, meant in _TELEX_PAIRS:
        word = word.replace(typed, meant)
    vowel = _VOWEL.search(word)
    if vowel is not None:
        word = word[: vowel.end()] + _TELEX_TONE.sub("", word[vowel.end() :])
    return word.replace("w", "u")


def one_typing_error_away(word: str) -> set[str]:
    """Return every word one letter added, lost, changed or swapped away, and with l and n confused at the start.

    l for n is how many people in the province speak and so write.
    """
    letters = "abcdefghijklmnopqrstuvwxyz"
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {head + tail[1:] for head, tail in cuts if tail}
    found |= {head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1}
    found |= {head + one + tail[1:] for head, tail in cuts if tail for one in letters}
    found |= {head + one + tail for head, tail in cuts for one in letters}
    found.discard(word)
    return found
