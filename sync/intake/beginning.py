"""What keeps a program of the server from beginning, in a sentence for whoever typed its command."""

import contextlib
import sys
from collections.abc import Iterator
from typing import Final

from sqlalchemy.exc import ArgumentError, InterfaceError, OperationalError

_NO_ADDRESS: Final = "BN_INTAKE_POSTGRES is no address: write postgresql://user:password@host/database"


class CannotBegin(Exception):
    """Something is not as the command needs it; its text says what, and what to do."""


@contextlib.contextmanager
def or_say_why() -> Iterator[None]:
    """End the program with 1 and a sentence on stderr where the world is in the way; what is ours stays a traceback.

    Raises SystemExit.
    """
    try:
        yield
    except CannotBegin as wrong:
        why = str(wrong)
    except ArgumentError:
        why = _NO_ADDRESS  # and not what SQLAlchemy says, which may hold the password
    except (OperationalError, InterfaceError) as wrong:
        why = f"the ledger cannot be used: {str(wrong.orig).strip().partition(chr(10))[0]}"
    except OSError as wrong:
        why = f"{wrong.filename}: {wrong.strerror}" if wrong.filename else str(wrong.strerror or wrong)
    else:
        return
    print(why, file=sys.stderr)
    raise SystemExit(1)
