"""What an exchange asks the world to do: send a request, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FileSlice:
    """A part of one file, to be read only while it is sent."""

    sha256: str
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Send:
    """One request to the province. `path` begins with / or is the whole address of an upload.

    `about` names the file whose body bytes are counted, if any. `wait_s` is how long the answer may be held back on
    purpose (a long poll).
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | FileSlice | None = None
    about: str = ""
    wait_s: float = 0.0
