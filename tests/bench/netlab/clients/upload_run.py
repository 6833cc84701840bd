"""What every compared client does around its sending: files in, beliefs out."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


def dossiers(folder: str) -> Iterator[tuple[Path, list[Path]]]:
    """Yield each dossier's text with its photos."""
    for text in sorted(Path(folder).glob("d*.json")):
        yield text, sorted(Path(folder).glob(f"{text.stem}-*.png"))


@dataclass(slots=True)
class UploadRun:
    """Counts what the client believes, and for how long it may go on."""

    limit_s: float
    began: float = field(default_factory=time.monotonic)
    believed: int = 0
    errors: dict[str, int] = field(default_factory=dict)

    @property
    def has_time(self) -> bool:
        return self.left_s > 0

    @property
    def left_s(self) -> float:
        return self.limit_s - (time.monotonic() - self.began)

    def failed(self, wrong: object) -> None:
        name = type(wrong).__name__ if isinstance(wrong, BaseException) else str(wrong)
        self.errors[name] = self.errors.get(name, 0) + 1

    def tell(self) -> None:
        said = {"believed": self.believed, "seconds": time.monotonic() - self.began, "errors": self.errors}
        print(json.dumps(said), flush=True)
