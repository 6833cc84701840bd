"""Official words behind everyday ones: who types "máy bay" also looks for "tàu bay"."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bnhelper.catalogue.search_key import accented_words_of, is_sloppy, words_of

LONGEST: Final = 5  #: syllables of a way of saying something
_ONE: Final = 0.7  #: how surely one everyday syllable means the official words
_MORE: Final = 0.9  #: the same for a phrase


@dataclass(frozen=True, slots=True)
class _Way:
    marked: tuple[str, ...]
    official: tuple[str, ...]


class Thesaurus:
    """The vocabulary of one pack: official words -> ways of saying them."""

    def __init__(self, said: Mapping[str, Iterable[str]]) -> None:
        self._ways: dict[tuple[str, ...], list[_Way]] = {}
        for official, ways in said.items():
            words = tuple(words_of(official))
            for way in ways:
                self._ways.setdefault(tuple(words_of(way)), []).append(_Way(tuple(accented_words_of(way)), words))

    def official(self, typed: Sequence[str], marked: Sequence[str]) -> list[tuple[tuple[str, ...], float]]:
        """Return what these words, all of them, may officially be, each with its likelihood.

        A word that was typed with marks must carry the right ones: "mỏ" is dug, "mở" is done. Without `marked`, one for
        each word, nothing is.
        """
        ways = self._ways.get(tuple(typed))
        if not ways or len(marked) != len(typed):
            return []
        sure = _ONE if len(typed) == 1 else _MORE
        return [(one.official, sure) for one in ways if _is_so_marked(typed, marked, one.marked)]


def _is_so_marked(typed: Sequence[str], marked: Sequence[str], right: Sequence[str]) -> bool:
    return all(
        here in {"", plain, there} or is_sloppy(here, there)
        for plain, here, there in zip(typed, marked, right, strict=True)
    )
