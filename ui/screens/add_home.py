"""Three fields for a home that is on no list."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout

from bnhelper.actions.record_visit import add_home
from ui.presenters.desk import Desk
from ui.screens.trouble import tell
from ui.widgets.parts import label, label_for


class AddHome(QFrame):
    """Lane, house number, who: one of the last two is enough. `added` gets the list and the home."""

    def __init__(self, added: Callable[[str, str], object]) -> None:
        super().__init__()
        self.setObjectName("addHomeForm")
        self.setProperty("part", "card")
        self._added = added
        self._desk: Desk | None = None
        self._list_id: str | None = None
        inside = QVBoxLayout(self)
        inside.setContentsMargins(14, 10, 14, 10)
        inside.setSpacing(6)
        self._inside = inside
        inside.addWidget(label(self.tr("Add a home"), "h2"))
        inside.addWidget(label(self.tr("It is marked as new until the ward has compared it."), "small"))
        self._hamlet, self._lane, self._number, self._who = (QLineEdit() for _ in range(4))
        said = (
            (self._hamlet, self.tr("Hamlet"), "newHamlet", 120),
            (self._lane, self.tr("Lane"), "newLane", 80),
            (self._number, self.tr("House number"), "newNumber", 40),
            (self._who, self.tr("Who lives there"), "newWho", 120),
        )
        self._hamlet_words = label_for(self._hamlet, said[0][1])
        for field, words, name, most in said:
            field.setObjectName(name)
            field.setMaxLength(most)
            inside.addWidget(self._hamlet_words if field is self._hamlet else label_for(field, words))
            inside.addWidget(field)
            field.returnPressed.connect(self.add)
        self._wrong = label("", "error", name="addHomeWrong")
        self._wrong.hide()
        inside.addWidget(self._wrong)
        inside.addStretch(1)

    @property
    def first(self) -> QLineEdit:
        """Return the field that is typed into first."""
        return self._hamlet if self._list_id is None else self._lane if not self._lane.text() else self._number

    def begin(self, desk: Desk, list_id: str | None, *, lane: str) -> None:
        """Begin with empty fields, in the lane one stands in; without a list its hamlet is asked for too."""
        self._desk, self._list_id = desk, list_id
        for field in (self._hamlet, self._number, self._who):
            field.clear()
        self._lane.setText(lane)
        self._wrong.hide()
        self._hamlet.setVisible(list_id is None)
        self._hamlet_words.setVisible(list_id is None)

    def add(self) -> None:
        """Add what was typed, or say what is missing."""
        desk, list_id = self._desk, self._list_id
        assert desk is not None
        said = {"lane": self._lane.text(), "number": self._number.text(), "who": self._who.text()}
        hamlet = self._hamlet.text().strip()
        if not said["number"].strip() and not said["who"].strip():
            self._say(self.tr("Give the house number or who lives there."), self._number)
            return
        if list_id is None and not hamlet:
            self._say(self.tr("Give the hamlet's name."), self._hamlet)
            return
        desk.work.run(lambda: add_home(desk.machine, list_id, hamlet=hamlet, **said), owner=self).then(
            lambda found: self._added(*found)
        ).on_trouble(lambda wrong: tell(self._inside, wrong))

    def _say(self, words: str, at: QLineEdit) -> None:
        self._wrong.setText(words)
        self._wrong.show()
        at.setFocus()
