"""How much one owner may have here that no dossier names: files announced, files brought, bundles on their way.

Whoever works with dossiers never meets it, since a text goes before its photos. An enrolled machine that turned hostile
would otherwise fill the disk up to its reserve, for everybody.
"""

from collections import OrderedDict
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from sync.intake import ledger
from sync.intake.refusals import Refused
from sync.intake.spool import SpoolFull
from sync.intake.station import Site
from sync.wire.problems import ProblemCode, Retry

MOST_BYTES: Final = 2 * 1024**3  #: of one owner, in files that no dossier of theirs names; and as much in bundles
_LOOK_EVERY: Final = 64 * 1024**2  #: bytes of one owner between two looks of a worker into the ledger
_MOST_OWNERS: Final = 5_000
_DISK_RETRY_S: Final = 300
_OWN_RETRY_S: Final = 3600  #: what is nobody's goes with the days, not with the minutes

_upload, _file, _dossier = ledger.uploads.c, ledger.files.c, ledger.dossiers.c
_IS_NAMED: Final = (
    select(_file.sha256)
    .join(ledger.dossiers, _dossier.id == _file.dossier)
    .where(_file.sha256 == _upload.sha256, _dossier.device == bindparam("owner"))
    .correlate(ledger.uploads)
    .exists()
)
_UNNAMED: Final = select(func.coalesce(func.sum(_upload.size), 0)).where(
    _upload.owner == bindparam("owner"), _upload.finished_at.is_not(None), ~_IS_NAMED
)


class Brought:
    """What each owner began to bring to this worker since the ledger was last asked, so that it seldom is."""

    def __init__(self) -> None:
        self._since: OrderedDict[str, int] = OrderedDict()

    def is_due(self, owner: str, size: int) -> bool:
        """Count a file that an owner brings; tell whether it is time to look what they have here."""
        self._since[owner] = since = self._since.pop(owner, 0) + size
        while len(self._since) > _MOST_OWNERS:
            self._since.popitem(last=False)
        return since > _LOOK_EVERY

    def passed(self, owner: str) -> None:
        """The look was taken, and there is room: nothing is counted so far."""
        self._since.pop(owner, None)


def unnamed(db: Connection, owner: str) -> int:
    """Return the bytes that an owner brought within the last week and that no dossier of theirs names."""
    return int(db.execute(_UNNAMED, {"owner": owner}).scalar_one())


def room(site: Site, size: int, headers: dict[str, str] | None = None) -> None:
    """Raise Refused (507) where the disk has no room for `size` more bytes and its reserve."""
    try:
        site.spool.make_room(size)
    except SpoolFull as wrong:
        raise _full(_DISK_RETRY_S, headers) from wrong


def share(size: int, has: int, headers: dict[str, str] | None = None) -> None:
    """Raise Refused (507) where somebody who `has` so much here would have too much with `size` more."""
    if has + size > MOST_BYTES:
        raise _full(_OWN_RETRY_S, headers)


def _full(retry_after: int, headers: dict[str, str] | None) -> Refused:
    return Refused(507, ProblemCode.STORAGE_FULL, Retry.LATER, retry_after=retry_after, headers=headers)
