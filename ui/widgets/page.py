"""Title, body and pinned action bar that every screen is built on."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QIcon, QKeySequence, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ui.widgets.parts import button, clear, label, row


class Page(QWidget):
    """One screen. `body` scrolls; the action bar never does, so the next step is always in sight.

    The object's name is its class name; `primary` is the one thing Ctrl+Enter does.
    """

    #: widest a column of text and forms gets, in logical pixels
    MOST_WIDTH = 1120
    #: pixels left and right of the column
    EDGE = 24
    #: a screen without the frame stands in the middle of the window
    IS_CENTRED = False

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName(type(self).__name__)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self.scroller = QScrollArea()
        self.scroller.setWidgetResizable(True)
        self.scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        frame = QWidget()
        frame.setObjectName("pageFrame")
        outer = QHBoxLayout(frame)
        outer.setContentsMargins(self.EDGE, 16, self.EDGE, 16)
        column = QWidget()
        column.setObjectName("pageBody")
        column.setMaximumWidth(self.MOST_WIDTH)
        self.body = QVBoxLayout(column)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(12)
        if self.IS_CENTRED:
            outer.addStretch(1)
        outer.addWidget(column, 100)
        outer.addStretch(1)
        self.crumb = label("", "small")
        self.crumb.hide()
        self.title = label("", "h1", name="pageTitle")
        self.title.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.addWidget(self.crumb)
        self.body.addWidget(self.title)
        self.content = QVBoxLayout()
        self.content.setSpacing(12)
        self.body.addLayout(self.content)
        self.body.addStretch(1)
        self.scroller.setWidget(frame)
        whole.addWidget(self.scroller, 1)
        self._bar = QFrame()
        self._bar.setObjectName("actionBar")
        self._actions = QHBoxLayout(self._bar)
        self._actions.setContentsMargins(24, 8, 24, 8)
        self._actions.setSpacing(8)
        self._bar.hide()
        whole.addWidget(self._bar)
        self._primary: QPushButton | None = None
        self._after_paint: list[Callable[[], object]] = []
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setAutoRepeat(False)  # held down, it would run through pages that nobody has read
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.do_primary)

    def set_title(self, title: str, crumb: str = "") -> None:
        """Say where one is."""
        self.title.setText(title)
        self.crumb.setText(crumb)
        self.crumb.setVisible(bool(crumb))
        self.setWindowTitle(title)

    def set_actions(
        self,
        *,
        back: tuple[str, Callable[[], object]] | None = None,
        note: str = "",
        others: tuple[QPushButton, ...] = (),
        primary: tuple[str, Callable[[], object]] | None = None,
    ) -> None:
        """Fill the action bar: back on the left, what was saved, further actions, the one primary on the right."""
        clear(self._actions)
        self._primary = None
        if back is not None:
            self._actions.addWidget(button(back[0], back[1], name="backAction", icon="arrow_back"))
        self.note = label(note, "small", name="savedAt")
        self._actions.addWidget(self.note, 1)
        for other in others:
            self._actions.addWidget(other)
        if primary is not None:
            self._primary = button(primary[0], primary[1], kind="primary", name="primaryAction", tip="Ctrl+Enter")
            self._actions.addWidget(self._primary)
        self._bar.show()
        self._fit_bar()

    def _fit_bar(self) -> None:
        """Let the icons go where the bar has no room for both: words before icons."""
        deeds = self._bar.findChildren(QPushButton, options=Qt.FindChildOption.FindDirectChildrenOnly)
        deeds = [one for one in deeds if not one.isHidden()]
        for one in deeds:
            one.ensurePolished()  # a button that was never shown knows nothing of the style sheet
        edges = self._actions.contentsMargins()
        wanted = sum(one.sizeHint().width() + self._actions.spacing() for one in deeds)
        wanted += self.note.minimumSizeHint().width()
        if wanted > self.width() - edges.left() - edges.right():
            for one in deeds:
                one.setIcon(QIcon())
                one.setText(one.text().strip())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._bar.isHidden():
            self._fit_bar()

    def do_primary(self) -> None:
        """Do what the primary button does."""
        if self._primary is not None and self._primary.isEnabled():
            self._primary.click()

    def clear_content(self) -> None:
        """Take the content away, to be drawn anew."""
        clear(self.content)

    def fill_with(self, widget: QWidget) -> None:
        """Add a widget that takes all the height there is: a list that scrolls by itself."""
        self.content.addWidget(widget, 1)
        self.body.setStretchFactor(self.content, 1)
        self.body.setStretch(self.body.count() - 1, 0)

    def add_row(self, *widgets: QWidget | None) -> None:
        self.content.addLayout(row(*widgets))

    def first_focus(self) -> QWidget | None:
        """Return what gets the focus when the screen comes up; None leaves it to the window."""
        return None

    def after_first_paint(self, work: Callable[[], object]) -> None:
        """Do what the first picture does not show in the turn after it, so that it never waits for it."""
        self._after_paint.append(work)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        while self._after_paint:
            QTimer.singleShot(0, self, self._after_paint.pop(0))

    def may_leave(self) -> None:
        """Keep what is being typed; called before the screen goes."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self.scroller.ensureWidgetVisible(watched, 0, 48)
        return super().eventFilter(watched, event)
