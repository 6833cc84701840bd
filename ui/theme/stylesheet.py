"""QSS files and a theme -> one style sheet; unknown names are refused."""

import re
from functools import cache

import resources
from ui.theme.fonts import sizes
from ui.theme.palette import Theme

_TOKEN = re.compile(r"@([A-Za-z0-9]+)")
#: a shipped picture; `@tone` in its name is light or dark, as the theme is, since Qt colours no picture of a sheet
_FILE = re.compile(r"@file\(([a-z_/@]+\.svg)\)")


class UnknownToken(ValueError):
    """A style sheet names a role or size that no theme has."""


@cache
def _source() -> str:
    return "\n".join(resources.read_text(f"qss/{name}") for name in resources.names_under("qss", ".qss"))


def style_sheet(theme: Theme, text_percent: int = 100, scale: str = "desk") -> str:
    """Return the whole style sheet of the program, or of its kiosk by its scale. Raises UnknownToken."""
    known = {**theme.colours, **{name: f"{pixels}px" for name, pixels in sizes(text_percent, scale).items()}}

    def value(found: re.Match[str]) -> str:
        try:
            return known[found.group(1)]
        except KeyError:
            raise UnknownToken(found.group(1)) from None

    def picture(found: re.Match[str]) -> str:
        name = found.group(1).replace("@tone", "dark" if theme.is_dark else "light")
        return f'url("{resources.resource(name).as_posix()}")'

    return _TOKEN.sub(value, _FILE.sub(picture, _source()))
