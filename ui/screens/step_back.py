"""Takes the last step of a dossier back, or brings it back again, and says in words which one that was."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from bnhelper.actions.answer_question import redo_answer, undo_answer
from bnhelper.ids import DossierId
from bnhelper.queries.dossier_history import labels_of
from ui import shortcuts
from ui.presenters.desk import Desk
from ui.screens.trouble import tell
from ui.widgets.page import Page

_SHOWN = 3  #: labels of one step that are named; a card fills six fields at once


class StepBack(QObject):
    """Undo and redo for one screen. The journal is on the disk, so both go on across restarts."""

    def __init__(self, page: Page, desk: Desk, dossier: DossierId, then: Callable[[str], object]) -> None:
        super().__init__(page)
        self._page = page
        self._desk = desk
        self._dossier = dossier
        self._then = then
        for keys, do in ((shortcuts.UNDO, self.undo), (shortcuts.REDO, self.redo)):
            QShortcut(QKeySequence(keys), page).activated.connect(do)

    def watch(self) -> None:
        """Let the keys reach the journal from inside the page's fields, whose own undo forgets with the page."""
        for kind in (QLineEdit, QPlainTextEdit):
            for field in self._page.findChildren(kind):
                field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            pressed = QKeySequence(event.keyCombination())
            if pressed in {QKeySequence(shortcuts.UNDO), QKeySequence(shortcuts.REDO)}:
                event.ignore()  # the field does not get to claim them
                return True
        return super().eventFilter(watched, event)

    def undo(self) -> None:
        self._walk(is_undo=True)

    def redo(self) -> None:
        self._walk(is_undo=False)

    def _walk(self, *, is_undo: bool) -> None:
        """Keep what is being typed, walk, and hand on a sentence."""
        self._page.may_leave()
        desk, dossier = self._desk, self._dossier

        def walk() -> tuple[int, list[str]]:
            now = (undo_answer if is_undo else redo_answer)(desk.machine, dossier)
            return len(now), labels_of(desk.machine, dossier, list(now), desk.language)

        desk.work.run(walk, owner=self._page).then(lambda said: self._then(_words(*said, is_undo=is_undo))).on_trouble(
            lambda wrong: tell(self._page.content, wrong)
        )


def _words(count: int, labels: list[str], *, is_undo: bool) -> str:
    if not count:
        nothing = QCoreApplication.translate("StepBack", "Nothing to take back")
        return nothing if is_undo else QCoreApplication.translate("StepBack", "Nothing to bring back")
    said = QCoreApplication.translate("StepBack", "Taken back: %1")
    if not is_undo:
        said = QCoreApplication.translate("StepBack", "Brought back: %1")
    named = ", ".join(labels[:_SHOWN]) or QCoreApplication.translate("StepBack", "one step")
    return said.replace("%1", named + ("…" if len(labels) > _SHOWN else ""))
