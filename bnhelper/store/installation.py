"""What this installation is: device, person, keys, province."""

import json
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from bnhelper.store import tables as t


def get(db: Connection, key: str, default: Any = None) -> Any:
    """Return a value, or the default."""
    said = db.execute(select(t.profile.c.value).where(t.profile.c.key == key)).scalar()
    return default if said is None else json.loads(said)


def put(db: Connection, key: str, value: Any) -> None:
    """Keep a value (anything JSON can say); None forgets it."""
    db.execute(delete(t.profile).where(t.profile.c.key == key))
    if value is not None:
        db.execute(insert(t.profile).values(key=key, value=json.dumps(value)))
