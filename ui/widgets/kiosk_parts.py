"""Building blocks of a kiosk: tiles, pages instead of scrolling, a bar of buttons that wraps."""

from collections.abc import Callable, Sequence
from typing import Final, Protocol, runtime_checkable

from PySide6.QtCore import QCoreApplication, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.theme.look import look
from ui.widgets.parts import button, label
from ui.widgets.single_press import repeated

TARGET: Final = 80  #: pixels of the smallest target (ux.md 3.5)
GAP: Final = 24  #: between two targets
_TILE: Final = 96
_COLUMN: Final = 560  #: narrower than this a tile's words break into too many lines
_MOST_NUMBER: Final = 9
_ICON: Final = 36


def deed(
    text: str, do: Callable[[], object], *, kind: str = "", name: str = "", icon: str = "", short: str = ""
) -> QPushButton:
    """Return a button of a kiosk; its icon is as large as its words. `short`: what it says where a bar has no room."""
    made = button(text, do, kind=kind, name=name)
    if short:
        made.setProperty("long", text)
        made.setProperty("short", short)
    if icon:
        made.setText(f" {text}")
        made.setIcon(look.icon(icon, "onPrimary" if kind == "primary" else "text", _ICON))
        made.setIconSize(QSize(_ICON, _ICON))
    return made


class Tile(QPushButton):
    """A numbered tile: an icon, what it does, a word more. The number is the key that presses it."""

    def __init__(
        self,
        title: str,
        do: Callable[[], object],
        *,
        detail: str = "",
        icon: str = "",
        name: str = "",
        big: bool = False,
    ) -> None:
        super().__init__()
        self.setProperty("kind", "tile")
        self.setObjectName(name)
        self.setAutoDefault(False)
        self._said = " · ".join(part for part in (title, detail) if part)
        inside = QHBoxLayout(self)
        inside.setContentsMargins(20, 14, 20, 14)
        inside.setSpacing(20)
        self._number = label("1", "strong")
        self._number.setWordWrap(False)
        self._number.setMinimumWidth(24)
        inside.addWidget(self._number, 0, Qt.AlignmentFlag.AlignVCenter)
        if icon:
            drawn = QLabel()
            drawn.setPixmap(look.pixmap(icon, "primary", 64 if big else 40))
            inside.addWidget(drawn, 0, Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(label(title, "h2" if big else "strong"))
        if detail:
            words.addWidget(label(detail, "small"))
        words.addStretch(1)
        inside.addLayout(words, 1)
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.clicked.connect(lambda _checked=False: do())
        self.set_number(1)

    def set_number(self, number: int) -> None:
        """Give it its number on this page."""
        self._number.setText(str(number))
        self.setAccessibleName(f"{number}. {self._said}")

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        inside = self.layout()
        return max(_TILE, inside.totalHeightForWidth(width)) if inside is not None else _TILE

    def sizeHint(self) -> QSize:
        return QSize(_COLUMN, self.heightForWidth(max(self.width(), _COLUMN)))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, _TILE)


@runtime_checkable
class Fits(Protocol):
    """An item that can leave something out where a page is too low for all of it."""

    def show_all(self) -> None: ...
    def fit(self, width: int, room: int) -> None: ...


class Pages(QWidget):
    """Shows widgets page by page, as many as fit: nothing scrolls at a kiosk. Tiles are numbered anew on each page."""

    def __init__(self, *, columns: int = 1, tallest: int = 0) -> None:
        """`tallest`: few tiles share the height there is, up to so many pixels each."""
        super().__init__()
        self._tallest = tallest
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._most_columns = self._held_columns = columns
        self._items: list[QWidget] = []
        self._pages: list[list[QWidget]] = []
        self._at = 0
        self._bar = QWidget(self)
        inside = QHBoxLayout(self._bar)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(GAP)
        before = QCoreApplication.translate("Kiosk", "Page before")
        after = QCoreApplication.translate("Kiosk", "Next page")
        self._before = repeated(deed(before, lambda: self.turn(-1), name="pageBefore", icon="chevron_left"))
        self._after = repeated(deed(after, lambda: self.turn(1), name="pageAfter", icon="chevron_right"))
        self._said = label("", "strong", name="pageSaid")
        self._said.setWordWrap(False)
        inside.addStretch(1)
        inside.addWidget(self._before)
        inside.addWidget(self._said)
        inside.addWidget(self._after)
        inside.addStretch(1)

    def set_items(self, items: Sequence[QWidget]) -> None:
        """Show these from the first page; what was shown before goes."""
        for old in self._items:
            old.hide()
            old.deleteLater()
        self._items = list(items)
        for one in self._items:
            one.setParent(self)
        self._at = 0
        self._deal()

    @property
    def shown(self) -> list[QWidget]:
        """Return what is on this page, in order."""
        return self._pages[self._at] if self._pages else []

    @property
    def count(self) -> int:
        return len(self._pages)

    def turn(self, by: int) -> None:
        """Turn a page; before the first and behind the last there is nothing."""
        self._at = min(max(0, self._at + by), max(0, len(self._pages) - 1))
        self._place()

    def press_number(self, number: int) -> None:
        """Press the tile of that number, if there is one."""
        tiles = [one for one in self.shown if isinstance(one, QPushButton)]
        if 0 < number <= len(tiles):
            tiles[number - 1].click()

    def sizeHint(self) -> QSize:
        return QSize(_COLUMN, 2 * _TILE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._deal()

    def _columns(self) -> int:
        """Return how many stand side by side; one, where a column would be so narrow that an item is too tall."""
        most = max(1, min(self._most_columns, (self.width() + GAP) // (_COLUMN + GAP)))
        narrow = (self.width() - GAP * (most - 1)) // most
        room = self.height() - TARGET - GAP
        return most if all(_tall(one, narrow) <= room for one in self._items) else 1

    def _deal(self) -> None:
        """Deal the widgets on to pages as they fit now; who turns the screen stays near where they were."""
        first = self.shown[0] if self.shown else None
        for one in self._items:
            for part in (one, *one.findChildren(QWidget)):
                part.ensurePolished()  # what was never shown knows nothing of the style sheet's sizes
        for one in self._items:
            if isinstance(one, Fits):
                one.show_all()
        self._held_columns = self._columns()
        for one in self._items:
            if isinstance(one, Fits):
                one.fit(self._width(), self.height() - TARGET - GAP)
        whole = self._split(self.height())
        self._pages = whole if len(whole) <= 1 else self._split(self.height() - TARGET - GAP)
        self._at = next((at for at, page in enumerate(self._pages) if first in page), 0)
        self._place()

    def _split(self, room: int) -> list[list[QWidget]]:
        columns, width = self._held_columns, self._width()
        pages: list[list[QWidget]] = []
        taken = 0
        for at in range(0, len(self._items), columns):
            row = self._items[at : at + columns]
            tall = max(_tall(one, width) for one in row)
            is_full = bool(pages) and len(pages[-1]) + len(row) > _MOST_NUMBER
            if not pages or is_full or taken + GAP + tall > room:
                pages.append([])
                taken = -GAP
            pages[-1] += row
            taken += GAP + tall
        return pages

    def _width(self) -> int:
        columns = self._held_columns
        return (self.width() - GAP * (columns - 1)) // columns

    def _place(self) -> None:
        shown, columns, width = self.shown, self._held_columns, self._width()
        for one in self._items:
            one.setVisible(one in shown)
        top = 0
        rows = max(1, -(-len(shown) // columns))
        room = self.height() - (TARGET + GAP if len(self._pages) > 1 else 0)
        least = min(self._tallest, (room + GAP) // rows - GAP)
        for at in range(0, len(shown), columns):
            row = shown[at : at + columns]
            tall = max(least, *(_tall(one, width) for one in row))
            for column, one in enumerate(row):
                one.setGeometry(QRect(column * (width + GAP), top, width, tall))
            top += tall + GAP
        for number, one in enumerate(shown, start=1):
            if isinstance(one, Tile):
                one.set_number(number)
        self._bar.setVisible(len(self._pages) > 1)
        said = QCoreApplication.translate("Kiosk", "%1 of %2")
        self._said.setText(said.replace("%1", str(self._at + 1)).replace("%2", str(len(self._pages))))
        self._before.setEnabled(self._at > 0)
        self._after.setEnabled(self._at + 1 < len(self._pages))
        self._bar.setGeometry(QRect(0, self.height() - TARGET, self.width(), TARGET))


def _tall(widget: QWidget, width: int) -> int:
    return widget.heightForWidth(width) if widget.hasHeightForWidth() else widget.sizeHint().height()


class Bar(QWidget):
    """Buttons in one row, or in two where they do not fit: those of the middle above, the corners always below."""

    def __init__(self) -> None:
        super().__init__()
        self._left: list[QWidget] = []
        self._middle: list[QWidget] = []
        self._right: list[QWidget] = []
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(GAP)
        self._rows.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._count = 0

    def fill(self, left: Sequence[QWidget] = (), middle: Sequence[QWidget] = (), right: Sequence[QWidget] = ()) -> None:
        """Show these buttons; those that were shown before go, unless they are among them."""
        kept = {*left, *middle, *right}
        for old in (*self._left, *self._middle, *self._right):
            if old not in kept:
                old.hide()
                old.deleteLater()
        self._left, self._middle, self._right = list(left), list(middle), list(right)
        for one in kept:
            one.setParent(self)  # the style sheet of the kiosk is its window's: only below it a button has its size
        self._count = 0
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """A bar never makes the window wider than its screen: it wraps."""
        return QSize(TARGET, self.sizeHint().height())

    def sizeHint(self) -> QSize:
        rows = max(1, self._count)
        return QSize(_COLUMN, rows * TARGET + (rows - 1) * GAP)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        every = [*self._left, *self._middle, *self._right]
        count = 1 if self._wants(every, is_short=False) or self._wants(every, is_short=True) else 2
        if count == 2:
            self._wants(every, is_short=False)
        if count == self._count:
            return
        self._count = count
        self.updateGeometry()
        while (item := self._rows.takeAt(0)) is not None:
            inner = item.layout()
            while inner is not None and inner.takeAt(0) is not None:
                pass
        if count == 1:
            self._add(self._left, self._middle, self._right)
        elif self._middle:
            self._add([], self._middle, [])
            self._add(self._left, [], self._right)
        else:
            self._add(self._left, [], [])
            self._add([], [], self._right)

    def _wants(self, every: list[QWidget], *, is_short: bool) -> bool:
        """Say the long or the short words, and tell whether all of it fits into one row."""
        wanted = GAP * max(0, len(every) - 1)
        for one in every:
            words = one.property("short" if is_short else "long")
            if isinstance(one, QPushButton) and words:
                one.setText(words)
            one.ensurePolished()
            wanted += one.sizeHint().width()
        return wanted <= self.width()

    def _add(self, left: list[QWidget], middle: list[QWidget], right: list[QWidget]) -> None:
        row = QHBoxLayout()
        row.setSpacing(GAP)
        for one in left:
            row.addWidget(one)
        if not middle:
            row.addStretch(1)
        for one in middle:
            row.addWidget(one, 1)
        for one in right:
            row.addWidget(one)
        self._rows.addLayout(row)
        for one in (*left, *middle, *right):
            one.show()
