"""The words of the pages in Vietnamese and English: `resources/intake/words.toml`."""

import tomllib
from functools import cache
from typing import Final

import resources

LANGUAGES: Final = ("vi", "en")


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(resources.read_text("intake/words.toml"))


@cache
def words(language: str, table: str = "words") -> dict[str, str]:
    """Return the words of one table in one language; Vietnamese for a language there is not."""
    place = LANGUAGES.index(language) if language in LANGUAGES else 0
    return {key: said[place] for key, said in _tables()[table].items()}


def word(table: str, key: str, language: str) -> str:
    """Return a word of a table, or the key where the table has none."""
    return words(language, table).get(key, key)


def resident_state(state: str, language: str) -> str:
    """Return a state as the look-up page says it."""
    return words(language, "resident_states").get(state) or word("states", state, language)
