"""How a server is set up: from the command line or from `BN_INTAKE_...` variables; the workers read the latter."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from bnhelper.paths import Places

_PREFIX = "BN_INTAKE_"


@dataclass(frozen=True, slots=True)
class Settings:
    """One site. An empty `postgres` or `s3` means the folder: one setting each decides where rows and bytes live."""

    folder: str = ""
    postgres: str = ""  #: postgresql://user:password@host/database
    s3: str = ""  #: s3://bucket/prefix?endpoint=https://host&region=name; keys in AWS_ACCESS_KEY_ID, AWS_SECRET_...
    spool: str = ""  #: where bytes arrive; on one disk with the folder's blobs, so that a finished file is renamed
    oidc_issuer: str = ""  #: the address of an OIDC issuer whose people may sign in
    oidc_audience: str = "urn:bnhelper:intake"
    oidc_must_prove: str = "yes"  #: "no" takes tokens that are bound to no key
    oidc_client: str = "bnhelper"  #: the name under which the issuer knows the program on the devices
    url: str = ""  #: the address devices reach this site at; empty takes the one a page was asked at
    certificate_sha256: str = ""  #: of the certificate devices see, for their invitations to pin
    scanner: str = ""  #: a command that looks for viruses, the path is added: clamdscan --fdpass --no-summary
    log: str = "warning"  #: from `info` on there is a line for each request
    #: a folder in which the workers of this machine count their callers together; made by their parent
    counted: str = ""
    drain: str = "0"  #: seconds that a worker goes on after it was told to stop, its `ready` failing meanwhile
    faults: str = ""  #: for demonstrations: portal=2,busy=1 ...

    @classmethod
    def from_environment(cls, said: Mapping[str, str] = os.environ) -> "Settings":
        found = {one.name: said.get(_PREFIX + one.name.upper()) for one in fields(cls)}
        return cls(**{name: value for name, value in found.items() if value is not None})

    def to_environment(self) -> dict[str, str]:
        """Return the variables that `from_environment` reads."""
        return {_PREFIX + one.name.upper(): getattr(self, one.name) for one in fields(self)}

    @property
    def place(self) -> Path:
        return Path(self.folder) if self.folder else Places.of_this_user().root / "intake"
