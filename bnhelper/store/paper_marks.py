"""What a person ticked about a paper: the original was shown, the family has it."""

from sqlalchemy import Connection, delete, insert, select

from bnhelper.ids import DossierId, PaperId
from bnhelper.store import tables as t


def put(
    db: Connection, dossier: DossierId, paper: PaperId, *, is_shown: bool | None = None, is_at_hand: bool | None = None
) -> None:
    """Change one or both marks of a paper."""
    where = (t.paper_marks.c.dossier == dossier, t.paper_marks.c.paper == paper)
    known = db.execute(select(t.paper_marks).where(*where)).first()
    shown = is_shown if is_shown is not None else bool(known and known.is_shown)
    at_hand = is_at_hand if is_at_hand is not None else bool(known and known.is_at_hand)
    db.execute(delete(t.paper_marks).where(*where))
    db.execute(insert(t.paper_marks).values(dossier=dossier, paper=paper, is_shown=shown, is_at_hand=at_hand))


def shown(db: Connection, dossier: DossierId) -> frozenset[PaperId]:
    """Return the papers whose original was shown."""
    rows = db.execute(select(t.paper_marks.c.paper).where(t.paper_marks.c.dossier == dossier, t.paper_marks.c.is_shown))
    return frozenset(PaperId(row.paper) for row in rows)


def at_hand(db: Connection, dossier: DossierId) -> frozenset[PaperId]:
    """Return the papers the family said it has."""
    rows = db.execute(
        select(t.paper_marks.c.paper).where(t.paper_marks.c.dossier == dossier, t.paper_marks.c.is_at_hand)
    )
    return frozenset(PaperId(row.paper) for row in rows)
