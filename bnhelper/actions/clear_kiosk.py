"""Destroys the key and pages of a resident session, and what search still knows of typed words."""

from bnhelper.catalogue.search_key import forget_typed
from bnhelper.catalogue.search_rank import forget_typed_pairs
from bnhelper.vault.session_pages import SessionPages


def begin_resident() -> SessionPages:
    """Return a session with a fresh random key, for the next person at the kiosk."""
    return SessionPages()


def clear_kiosk(session: SessionPages) -> None:
    """End a resident's session: the next person at the kiosk must meet nothing of it.

    The key is overwritten first. Search keeps the words it has folded, typed ones among them: they go as well, and
    the next search folds the catalogue's words anew (some milliseconds).
    """
    session.destroy()
    forget_typed()
    forget_typed_pairs()
