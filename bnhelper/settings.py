"""What a person set: language, theme, text size; TOML, old keys carried forward, never anything personal."""

import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

_LANGUAGES: Final = ("vi", "en")
_MOST_NAME: Final = 120  #: letters of an office's name
_THEMES: Final = ("light", "dark", "outdoor")


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default. An unknown or impossible value in the file counts as the default."""

    language: str = "vi"
    theme: str = "light"
    text_percent: int = 100
    photos_over_metered: bool = False  #: photos too where the network is paid by the byte; texts always go
    kiosk: bool = False  #: the program opens as a kiosk for residents
    kiosk_name: str = ""  #: what stands on the kiosk's first screen: the office, nobody's name
    kiosk_look_up: str = ""  #: the province's address, so that the kiosk can ask it with the machine locked
    kiosk_certificate: str = ""  #: its certificate's fingerprint where the invitation named one

    def checked(self) -> "Settings":
        """Return the settings with impossible values replaced by the defaults."""
        return replace(
            self,
            language=self.language if self.language in _LANGUAGES else "vi",
            theme=self.theme if self.theme in _THEMES else "light",
            text_percent=min(200, max(100, self.text_percent)),
            kiosk_name=self.kiosk_name.strip()[:_MOST_NAME],
        )


def read_settings(path: Path) -> Settings:
    """Return the settings in a file; a missing or broken file gives the defaults, which is no loss."""
    if not path.exists():
        return Settings()
    import tomllib

    try:
        said: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Settings()
    known = {name: said[name] for name, default in asdict(Settings()).items() if type(said.get(name)) is type(default)}
    return Settings(**known).checked()


def write_settings(path: Path, settings: Settings) -> None:
    """Write the settings whole or not at all. Raises DiskFull, DiskReadOnly, DiskFailed."""
    import tomli_w

    from bnhelper.vault.disk import told_as_trouble

    part = path.with_suffix(".part")
    with told_as_trouble():
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(tomli_w.dumps(asdict(settings)), encoding="utf-8", newline="\n")
        os.replace(part, path)  # noqa: PTH105 - replace() is atomic on Windows too
