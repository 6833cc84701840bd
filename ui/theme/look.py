"""The present look: theme and text size, applied to the whole program at once."""

from PySide6.QtGui import QColor, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from ui.theme.fonts import base_font
from ui.theme.icons import icon, pixmap
from ui.theme.palette import Theme, load_theme
from ui.theme.stylesheet import style_sheet


class Look:
    """What widgets ask for colours and icons. One is made by the app; `apply` changes it for everybody."""

    def __init__(self) -> None:
        self.theme: Theme = load_theme("light")
        self.text_percent = 100

    def apply(self, app: QApplication, theme: str, text_percent: int) -> None:
        """Load a theme and give it to Qt: palette for what style sheets do not reach, then the sheet."""
        self.theme = load_theme(theme)
        self.text_percent = text_percent
        palette = QPalette()
        for role, name in (
            (QPalette.ColorRole.Window, "bg"),
            (QPalette.ColorRole.Base, "surface"),
            (QPalette.ColorRole.AlternateBase, "sunken"),
            (QPalette.ColorRole.Button, "surface"),
            (QPalette.ColorRole.Text, "text"),
            (QPalette.ColorRole.WindowText, "text"),
            (QPalette.ColorRole.ButtonText, "text"),
            (QPalette.ColorRole.PlaceholderText, "text2"),
            (QPalette.ColorRole.Highlight, "primary"),
            (QPalette.ColorRole.HighlightedText, "onPrimary"),
            (QPalette.ColorRole.Link, "primary"),
        ):
            palette.setColor(role, QColor(self.theme[name]))
        app.setPalette(palette)
        app.setFont(base_font(text_percent))
        app.setStyleSheet(style_sheet(self.theme, text_percent))

    def icon(self, name: str, role: str = "text", size: int = 20) -> QIcon:
        # What is white on the primary colour would be white on white once it cannot be pressed.
        return icon(name, self.theme[role], size, self.theme["disabled"] if role == "onPrimary" else "")

    def two_state_icon(self, off: str, on: str) -> QIcon:
        """Return an icon that follows a checkable button, so that "chosen" is a shape and no mere colour."""
        made = QIcon(icon(off, self.theme["text"]).pixmap(40, 40))
        made.addPixmap(icon(on, self.theme["primary"]).pixmap(40, 40), QIcon.Mode.Normal, QIcon.State.On)
        return made

    def pixmap(self, name: str, role: str = "text", size: int = 20, ratio: float = 2.0) -> QPixmap:
        return pixmap(name, self.theme[role], size, ratio)


look = Look()
