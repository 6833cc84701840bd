"""Vietnamese without its marks: the form in which typed words are compared."""

import unicodedata
from typing import Final

#: Unicode does not decompose đ; the Icelandic eth is a common stand-in for Đ.
_STROKED: Final = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d"})


def fold(text: str) -> str:
    """Return `text` in lower case without any mark, white space squeezed; order and digits stay."""
    if text.isascii():  # codes and numbers, and half the words of a search: there is nothing to take off
        return " ".join(text.lower().split())
    stripped = unicodedata.normalize("NFD", text.translate(_STROKED))
    letters = "".join(one for one in stripped if not unicodedata.combining(one) and unicodedata.category(one) != "Cf")
    return " ".join(letters.lower().translate(_STROKED).split())
