"""A theme file -> named colours by role; contrast is checked on load."""

import tomllib
from dataclasses import dataclass
from typing import Final

import resources

NAMES: Final = ("light", "dark", "outdoor")

#: (foreground, background, least ratio): text 4.5, main text 7, edges of controls and icons 3 (WCAG 2.2, 1.4.3, 1.4.11)
_FLOORS: Final = (
    ("text", "bg", 7.0),
    ("text", "surface", 7.0),
    ("text2", "surface", 4.5),
    ("text2", "sunken", 4.5),
    ("disabled", "surface", 4.5),
    ("control", "surface", 3.0),
    ("focusRing", "surface", 3.0),
    ("focusIn", "focusOut", 4.5),
    ("onPrimary", "primary", 4.5),
    ("onTint", "tint", 4.5),
    ("danger", "surface", 4.5),
    ("onDanger", "dangerTint", 4.5),
    ("onWarn", "warnTint", 4.5),
    ("onOk", "okTint", 4.5),
    ("offline", "offlineTint", 4.5),
    ("focusIn", "focusOut", 4.5),
)


class ThemeRefused(ValueError):
    """A theme file with a missing role or too little contrast."""


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one theme: role -> #rrggbb."""

    name: str
    is_dark: bool
    is_bold: bool
    colours: dict[str, str]

    def __getitem__(self, role: str) -> str:
        return self.colours[role]


def load_theme(name: str) -> Theme:
    """Return a theme by name. Raises ThemeRefused when a role is missing or too faint."""
    said = tomllib.loads(resources.read_text(f"themes/{name if name in NAMES else 'light'}.toml"))
    theme = Theme(said["name"], said["is_dark"], said["is_bold"], dict(said["colours"]))
    status = [(role, role.removesuffix("Fg") + "Bg", 4.5) for role in theme.colours if role.endswith("Fg")]
    for front, back, least in (*_FLOORS, *status):
        try:
            ratio = contrast(theme[front], theme[back])
        except KeyError as missing:
            raise ThemeRefused(f"{name}: no role {missing}") from None
        if ratio < least:
            raise ThemeRefused(f"{name}: {front} on {back} is {ratio:.2f}, at least {least}")
    return theme


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.x relative luminance)."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
