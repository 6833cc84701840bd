"""The program in front of its lock, and hands for it."""

from pathlib import Path

from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from bnhelper.clock import Clock
from bnhelper.paths import Places
from bnhelper.settings import Settings
from ui.app import App, make_qt
from ui.demo.hands import Hands


class At:
    """One program at the folder of a test's machine (`factories.machine`); `close` ends it as a person would."""

    def __init__(self, folder: Path, *, language: str = "en", clock: Clock | None = None) -> None:
        make_qt(["test"])
        self.folder = folder
        self.app = App(Places(folder / "data"), settings=Settings(language=language), cheap_keys=True, clock=clock)
        self.app.window.show()
        self.hands = Hands(self.app, None)

    def enter(self, *, passphrase: str = "", waits_for: str = "TodayScreen") -> None:
        """Unlock with the key file of the test's machine, or with a passphrase."""
        self.hands.screen("UnlockScreen")
        self.hands.find("primaryAction", QWidget)  # the kinds of keys are known
        self.hands.settle()  # and they are on the screen
        if self.hands.has("kind_key_file"):
            self.hands.click("kind_passphrase" if passphrase else "kind_key_file")
        self.hands.type(self.hands.find("secretField", QLineEdit), passphrase or str(self.folder / "key"))
        self.hands.click("primaryAction")
        if waits_for:
            self.hands.screen(waits_for)

    def trouble(self) -> str:
        """Return the sentence of the trouble on the screen, once there is one."""
        self.hands.wait(lambda: self.hands.has("trouble"), "a sentence about the trouble")
        return self.hands.find("trouble", QWidget).accessibleName()

    def texts(self) -> str:
        """Return every word in the window."""
        shown = [one.text() for one in self.app.window.findChildren(QLabel) if one.isVisible()]
        shown += [one.text() for one in self.app.window.findChildren(QLineEdit) if one.isVisible()]
        return "\n".join([*shown, self.app.window.windowTitle()])

    def close(self) -> None:
        self.app.close()
        self.app.window.close()
