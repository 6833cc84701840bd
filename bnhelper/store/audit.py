"""Keeps the audit chain: one more link in the transaction of the deed it tells of."""

import json
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, func, insert, select

from bnhelper.ids import Sha256
from bnhelper.store import tables as t
from bnhelper.vault.audit_chain import FIRST, Deed, Link, next_link
from bnhelper.vault.signatures import SigningKey

#: made once: every deed adds a link, and building the two statements costs more than carrying them out
_LAST: Final = select(t.audit.c.seq, t.audit.c.sha256).order_by(t.audit.c.seq.desc()).limit(1)
_ADD: Final = insert(t.audit)


def append(
    db: Connection,
    signing: SigningKey,
    *,
    at: str,
    device: str,
    by: str,
    deed: Deed,
    about: str = "",
    facts: dict[str, str | int] | None = None,
) -> Link:
    """Add a link; it stands or falls with the transaction of `db`, which holds the write lock."""
    last = db.execute(_LAST).first()
    seq, before = (last.seq + 1, Sha256(last.sha256)) if last is not None else (1, FIRST)
    link = next_link(signing, seq=seq, before=before, at=at, device=device, by=by, deed=deed, about=about, facts=facts)
    db.execute(_ADD, {"seq": seq, "body": json.dumps(link.body), "sha256": link.sha256, "jws": link.jws})
    return link


def links(db: Connection) -> Iterator[Link]:
    """Give every link from the first."""
    for row in db.execute(select(t.audit).order_by(t.audit.c.seq)):
        yield Link(row.seq, json.loads(row.body), Sha256(row.sha256), row.jws)


def newest(db: Connection, count: int) -> list[Link]:
    """Return the last links, the newest first."""
    rows = db.execute(select(t.audit).order_by(t.audit.c.seq.desc()).limit(count))
    return [Link(row.seq, json.loads(row.body), Sha256(row.sha256), row.jws) for row in rows]


def length(db: Connection) -> int:
    """Return how many links there are."""
    return int(db.execute(select(func.count()).select_from(t.audit)).scalar_one())
