"""Small pieces by role: labels, buttons, cards, banners; every screen is made of these."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.theme.look import look

CHOICE_ROOM = 470  #: pixels of a line of a choice, beside its mark


def label(text: str, role: str = "", *, name: str = "", is_selectable: bool = False) -> QLabel:
    """Return a label that wraps; `role` is one of the style sheet's (h1, h2, strong, small, muted, code, error)."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    if role:
        made.setProperty("role", role)
    if name:
        made.setObjectName(name)
    if is_selectable:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def label_for(field: QWidget, words: str) -> QLabel:
    """Return the label over a field; it names it to who listens, too. A placeholder is gone with the first letter."""
    made = label(words)
    made.setBuddy(field)
    field.setAccessibleName(words)
    return made


def styled_label(words: str, role: str) -> QLabel:
    """Return a label in the Markdown that forms are written in; it looks and does nothing else."""
    from bnhelper.forms.rich_text import rich_text  # no first screen has such words

    made = label("", role)
    made.setTextFormat(Qt.TextFormat.RichText)
    made.setText(rich_text(words))
    return made


def wrapped(words: str, on: QWidget) -> str:
    """Return words broken into lines that fit a choice; neither Qt's buttons nor its check boxes break any."""
    on.ensurePolished()
    measure, lines = on.fontMetrics(), [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and measure.horizontalAdvance(longer) > CHOICE_ROOM:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def button(
    text: str, do: Callable[[], object], *, kind: str = "", name: str = "", icon: str = "", tip: str = ""
) -> QPushButton:
    """Return a push button; `kind` is primary, danger, link, tab, choice or plain."""
    made = QPushButton(text)
    made.clicked.connect(lambda _checked=False: do())
    made.setAccessibleName(text)
    made.setAutoDefault(False)
    if kind:
        made.setProperty("kind", kind)
    if name:
        made.setObjectName(name)
    if icon:
        give_icon(made, icon)
    if kind == "choice":
        made.setIcon(look.two_state_icon("radio_button_unchecked", "radio_button_checked"))
        made.setIconSize(QSize(20, 20))
        made.setText(f" {text}")
    if tip:
        made.setToolTip(tip)
    return made


def give_icon(to: QPushButton, icon: str) -> None:
    """Put an icon on a button in the colour of its words.

    Qt sets the two 4 px apart, which reads as one blot; hence the space.
    """
    if to.text():
        to.setText(f" {to.text()}")
    role = {"primary": "onPrimary", "danger": "danger", "link": "primary"}.get(to.property("kind"), "text")
    to.setIcon(look.icon(icon, role))
    to.setIconSize(QSize(20, 20))


def card(part: str = "card", *, margin: int = 16, spacing: int = 8) -> tuple[QFrame, QVBoxLayout]:
    """Return a framed box and its layout; `part` is card, drop, note, warn, trouble or good."""
    frame = QFrame()
    frame.setProperty("part", part)
    inside = QVBoxLayout(frame)
    tall = margin if part in {"card", "drop"} else 10
    inside.setContentsMargins(margin, tall, margin, tall)
    inside.setSpacing(spacing)
    return frame, inside


def banner(part: str, text: str, more: str = "", *, name: str = "") -> QFrame:
    """Return a banner: a sentence, and what to do."""
    frame, inside = card(part, spacing=2)
    inside.addWidget(label(text, "strong"))
    if more:
        inside.addWidget(label(more))
    frame.setObjectName(name)
    frame.setAccessibleName(f"{text} {more}".strip())
    return frame


def row(*widgets: QWidget | None, spacing: int = 8) -> QHBoxLayout:
    """Return widgets side by side; None is the place that stretches."""
    made = QHBoxLayout()
    made.setSpacing(spacing)
    for widget in widgets:
        if widget is None:
            made.addStretch(1)
        else:
            made.addWidget(widget)
    return made


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        inner = item.layout()
        if widget is not None:
            # Not at once: the click that led here may still be inside one of them.
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)


def grow(widget: QWidget) -> QWidget:
    """Let a widget take the width there is."""
    widget.setSizePolicy(QSizePolicy.Policy.Expanding, widget.sizePolicy().verticalPolicy())
    return widget


def heading(layout: QBoxLayout, text: str) -> None:
    """Add a section's heading with its distance from what is above."""
    if layout.count():
        layout.addSpacing(8)
    layout.addWidget(label(text, "h2"))


class RowButton(QPushButton):
    """A whole row that is one target: words on the left, a word or chip on the right."""

    def __init__(
        self, title: str, detail: str, right: QWidget | None, do: Callable[[], object], *, name: str = ""
    ) -> None:
        super().__init__()
        self.setProperty("kind", "row")
        self.setObjectName(name)
        self.setAutoDefault(False)
        inside = QHBoxLayout(self)
        inside.setContentsMargins(12, 8, 12, 8)
        words = QVBoxLayout()
        words.setSpacing(0)
        self._title = label(title, "strong")
        words.addWidget(self._title)
        self._detail = label(detail, "small") if detail else None
        if self._detail is not None:
            words.addWidget(self._detail)
        inside.addLayout(words, 1)
        if right is not None:
            inside.addWidget(right, 0, Qt.AlignmentFlag.AlignVCenter)
        for part in self.findChildren(QWidget):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        said = (
            right.accessibleName() or (right.text() if isinstance(right, QLabel) else "") if right is not None else ""
        )
        self.setAccessibleName(" · ".join(part for part in (title, detail, said) if part))
        self.clicked.connect(lambda _checked=False: do())

        policy = self.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Expanding)
        policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_words(self, title: str, detail: str) -> None:
        """Say something else in the same row; only one that was made with a detail shows a detail."""
        self._title.setText(title)
        if self._detail is not None:
            self._detail.setText(detail)
        self.setAccessibleName(" · ".join(part for part in (title, detail) if part))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        inside = self.layout()
        return max(52, inside.totalHeightForWidth(width)) if inside is not None else 52

    def sizeHint(self) -> QSize:
        return QSize(300, self.heightForWidth(max(200, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(max(200, self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wanted = self.heightForWidth(self.width())
        if self.minimumHeight() != wanted:
            self.setMinimumHeight(wanted)
