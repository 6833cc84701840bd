"""How many bytes of each file the other side has confirmed, and where its upload lives."""

from sqlalchemy import Connection, delete, insert, select

from bnhelper.clock import to_text
from bnhelper.domain.dossier import instant
from bnhelper.domain.sealed import Upload
from bnhelper.ids import Sha256
from bnhelper.store import tables as t


def find(db: Connection, server: str, sha256: Sha256) -> Upload | None:
    row = db.execute(select(t.uploads).where(t.uploads.c.server == server, t.uploads.c.sha256 == sha256)).first()
    return None if row is None else Upload(row.url, row.offset, instant(row.expires_at))


def keep(db: Connection, server: str, sha256: Sha256, upload: Upload) -> None:
    forget(db, server, sha256)
    db.execute(
        insert(t.uploads).values(
            server=server,
            sha256=sha256,
            url=upload.url,
            offset=upload.offset,
            expires_at=to_text(upload.expires_at) if upload.expires_at else None,
        )
    )


def forget(db: Connection, server: str, sha256: Sha256) -> None:
    db.execute(delete(t.uploads).where(t.uploads.c.server == server, t.uploads.c.sha256 == sha256))
