"""Dossiers as a Qt model that asks for the next page when a view comes to its end."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from bnhelper.domain.custody import StatusKey
from bnhelper.domain.dossier import DossierRow
from bnhelper.queries.dossier_list import DossierPage, ListPlace
from ui.widgets.two_line_list import DETAIL

STATUS: Final = DETAIL + 1
ROW: Final = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class RowWords:
    """One row in words: the person, what and when, and the status as a word."""

    name: str
    detail: str
    status: StatusKey
    status_word: str


class DossierRows(QAbstractListModel):
    """Rows in pages. `words` puts a row into words, `ask` asks for the page that begins at a place.

    Only what a person scrolled to is ever read; the answer comes back through `show_first` or `show_more`.
    """

    def __init__(self, words: Callable[[DossierRow], RowWords], ask: Callable[[ListPlace], object]) -> None:
        super().__init__()
        self._words = words
        self._ask = ask
        self._rows: list[DossierRow] = []
        self._next: ListPlace | None = None
        self._is_asking = False

    def show_first(self, page: DossierPage) -> None:
        """Begin anew with this page."""
        self.beginResetModel()
        self._rows, self._next, self._is_asking = list(page.rows), page.next, False
        self.endResetModel()

    def show_more(self, page: DossierPage) -> None:
        """Add the page that was asked for; what came or went meanwhile neither repeats nor skips a row."""
        self._is_asking, self._next = False, page.next
        if page.rows:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(page.rows) - 1)
            self._rows.extend(page.rows)
            self.endInsertRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._next is not None and not self._is_asking

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent) and self._next is not None:
            self._is_asking = True
            self._ask(self._next)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        one = self._rows[index.row()]
        if role == ROW:
            return one
        words = self._words(one)
        if role == Qt.ItemDataRole.DisplayRole:
            return words.name
        if role == DETAIL:
            return words.detail
        if role == STATUS:
            return words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{words.name} · {words.detail} · {words.status_word}"
        return None

    def place_of(self, dossier: str) -> int:
        """Return the row of a dossier, or -1."""
        return next((place for place, one in enumerate(self._rows) if one.id == dossier), -1)
