"""One field per kind of answer; values go in and out as a form's texts."""

import unicodedata
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QPixmap, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QCompleter,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bnhelper.catalogue.search_key import fold
from bnhelper.forms.questions import Question
from bnhelper.forms.rich_text import plain_text, rich_text
from ui.widgets.choice_pictures import SIZE, ChoicePictures
from ui.widgets.parts import button, label, styled_label, wrapped
from ui.widgets.single_press import repeated
from ui.widgets.typed_fields import (
    DateField,
    DateTimeField,
    PlaceField,
    PointsField,
    RangeField,
    TimeField,
    TypedField,
)

_PAUSE_MS = 800
_FEW = 7  #: up to this many choices stand as rows, more are searched
_FEW_TO_SEE = 24  #: the same where choices have pictures, which a search shows only of what it found
_MOST_FOUND = 40  #: that a search offers at once

_NOTHING_KEPT = "\0"  #: equal to no answer


class QuestionField(QFrame):
    """A question with its label above, its hint, its field, and its trouble beside it.

    `committed` carries the value when it was finished: the field left, a choice made, or a pause in typing.
    """

    committed = Signal(str, str)

    def __init__(self, question: Question, *, is_editable: bool, note: str = "", media: QWidget | None = None) -> None:
        super().__init__()
        self.question = question
        self.path = question.path
        self._last = question.value
        self._inside = QVBoxLayout(self)
        self._inside.setContentsMargins(0, 4, 0, 8)
        self._inside.setSpacing(4)
        self._value: QLabel | None = None
        #: the places beside the choices, to be filled from the pack; says below them what is not there
        self.pictures = ChoicePictures(question.choices)
        self._label = styled_label(self._label_of(question), "" if question.kind == "note" else "strong")
        self._inside.addWidget(self._label)
        if media is not None:
            self._inside.addWidget(media)
        self._hint = styled_label(question.hint, "small")
        self._hint.setVisible(bool(question.hint))
        self._inside.addWidget(self._hint)
        if question.guidance:
            self._add_guidance(question.guidance)
        self._error = label("", "error")
        self._error.hide()
        self._inside.addWidget(self._error)
        self._field: QWidget = QWidget()
        self._read: Callable[[], str] = lambda: question.value
        self._write: Callable[[str], None] = lambda _value: None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self.commit)
        self._make()
        self._field.setObjectName(f"field_{question.path.rpartition('/')[2]}")
        self._inside.addWidget(self._field)
        self._inside.addWidget(self.pictures)
        self._note = label(note, "small")
        self._note.setVisible(bool(note))
        self._inside.addWidget(self._note)
        self._field.setEnabled(is_editable)
        if not is_editable:
            self._note.setText(self.tr("Not asked for, so it stays as it was sent."))
            self._note.show()

    # --- reading and writing -------------------------------------------------------------------------------

    def value(self) -> str:
        """Return the value now, NFC."""
        return unicodedata.normalize("NFC", self._read().strip())

    def set_words(self, question: Question) -> None:
        """Show the words that an answer may have changed: labels can quote other answers."""
        if question.label != self.question.label:
            self._label.setText(rich_text(self._label_of(question)))
        if question.hint != self.question.hint:
            self._hint.setText(rich_text(question.hint))
            self._hint.setVisible(bool(question.hint))
        if self._value is not None:
            self._value.setText(question.value)
        self.question = question

    def _add_guidance(self, said: str) -> None:
        """Add further guidance behind a button: for who needs it, out of the way of who does not."""
        words = styled_label(said, "small")
        words.hide()

        def toggle() -> None:
            words.setVisible(words.isHidden())

        self._inside.addWidget(button(self.tr("More about this"), toggle, kind="link"), 0, Qt.AlignmentFlag.AlignLeft)
        self._inside.addWidget(words)

    def _label_of(self, question: Question) -> str:
        if question.is_required or question.kind == "note":
            return question.label
        return f"{question.label} " + self.tr("(optional)")

    def set_value(self, value: str) -> None:
        """Show another value without committing it."""
        self._last = value
        self._write(value)

    def commit(self) -> None:
        """Hand the value out, if it changed."""
        self._timer.stop()
        value = self.value()
        if value != self._last:
            self._last = value
            self.committed.emit(self.path, value)

    def not_kept(self) -> None:
        """What was handed out was not kept: the same value is handed out again."""
        self._last = _NOTHING_KEPT

    def set_error(self, text: str) -> None:
        """Show what is wrong, with a bar at the left; an empty text takes it away."""
        self._error.setText(text)
        self._error.setVisible(bool(text))
        self.setProperty("part", "wrongField" if text else "")
        self._inside.setContentsMargins(12 if text else 0, 4, 0, 8)
        self.style().unpolish(self)
        self.style().polish(self)
        self._field.setAccessibleDescription(text)

    def focus_field(self) -> None:
        """Put the focus where typing begins."""
        target = self._field.focusProxy() or self._field
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- kinds ---------------------------------------------------------------------------------------------

    def _make(self) -> None:
        question = self.question
        if question.kind == "note":
            if question.value:  # worked out from other answers, to be read
                self._value = label(question.value, "strong", is_selectable=True)
                self._inside.addWidget(self._value)
            return  # there is nothing to fill in
        if question.kind == "upload":
            self._inside.addWidget(label(self.tr("Files are added under “Photos and papers”."), "muted"))
        elif question.kind == "acknowledge":
            self._make_acknowledge()
        elif question.kind == "rank":
            self._make_rank()
        elif question.kind == "select_multiple":
            self._make_boxes()
        elif question.choices and len(question.choices) <= (_FEW_TO_SEE if self.pictures.are_seen else _FEW):
            self._make_rows()
        elif question.choices:
            self._make_search()
        elif (typed := self._typed_field()) is not None:
            self._make_typed(typed)
        elif question.appearance == "multiline":
            self._make_long_text()
        else:
            self._make_text()
        self._write(question.value)

    def _make_text(self) -> None:
        field = QLineEdit()
        field.setMaximumWidth(560)
        field.setAccessibleName(plain_text(self.question.label))
        if self.question.appearance in {"bn-id-number", "bn-phone"} or self.question.kind in {"integer", "decimal"}:
            field.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers | Qt.InputMethodHint.ImhNoPredictiveText)
            field.setMaximumWidth(280)
        field.textEdited.connect(lambda _text: self._timer.start())
        field.editingFinished.connect(self.commit)
        self._field, self._read, self._write = field, field.text, field.setText

    def _make_long_text(self) -> None:
        field = QPlainTextEdit()
        field.setMaximumWidth(720)
        field.setFixedHeight(110)
        field.setTabChangesFocus(True)
        field.setAccessibleName(plain_text(self.question.label))
        field.textChanged.connect(self._timer.start)
        field.installEventFilter(self)
        self._field, self._read, self._write = field, field.toPlainText, field.setPlainText

    def _make_acknowledge(self) -> None:
        box = QCheckBox(self.tr("Yes, done"))
        box.setAccessibleName(plain_text(self.question.label))
        box.clicked.connect(lambda _is_on: self.commit())
        self._field = box
        self._read = lambda: "OK" if box.isChecked() else ""
        self._write = lambda value: box.setChecked(bool(value))

    def _make_boxes(self) -> None:
        """Several may be chosen; the value holds them in the order of the list, as XForms writes it."""
        holder = QWidget()
        holder.setMaximumWidth(560 + (SIZE.width() + 8 if self.pictures.are_seen else 0))
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(4)
        boxes: dict[str, QCheckBox] = {}
        for choice in self.question.choices:
            box = QCheckBox()
            box.setText(wrapped(choice.label, box))
            box.setObjectName(f"choice_{choice.value}")
            box.setAccessibleName(f"{plain_text(self.question.label)}: {choice.label}")
            box.clicked.connect(lambda _is_on: self.commit())
            boxes[choice.value] = box
            self.pictures.place(inside, box, choice, is_wide=False)
        if boxes:
            holder.setFocusProxy(next(iter(boxes.values())))

        def write(value: str) -> None:
            chosen = set(value.split())
            for name, box in boxes.items():
                box.setChecked(name in chosen)

        self._field, self._write = holder, write
        self._read = lambda: " ".join(name for name, box in boxes.items() if box.isChecked())

    def _make_rank(self) -> None:
        """A list to be put in order with the arrow buttons or Alt+Up and Alt+Down; untouched it has no answer."""
        holder = QWidget()
        holder.setMaximumWidth(560)
        inside = QHBoxLayout(holder)
        inside.setContentsMargins(0, 0, 0, 0)
        items = QListWidget()
        items.setAccessibleName(plain_text(self.question.label))
        items.setWordWrap(True)
        items.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        labels = {choice.value: choice.label for choice in self.question.choices}
        names = {choice.value: self.pictures.add(choice) for choice in self.question.choices}
        items.setMinimumHeight(48 * min(7, max(3, len(names))) + 8)
        if any(names.values()):
            items.setIconSize(SIZE)
            items.setMinimumHeight((SIZE.height() + 8) * min(5, len(names)) + 8)
        order: list[str] = []
        is_touched = [False]

        def show(values: list[str], row: int = 0) -> None:
            order[:] = values
            items.clear()
            items.addItems([f"{number}. {labels[value]}" for number, value in enumerate(order, start=1)])
            for number, value in enumerate(order):
                items.item(number).setIcon(self._icon(names[value]))
            items.setCurrentRow(row)

        def move(step: int) -> None:
            row = items.currentRow()
            if 0 <= row < len(order) and 0 <= row + step < len(order):
                order.insert(row + step, order.pop(row))
                is_touched[0] = True
                show(list(order), row + step)
                self.commit()

        def write(value: str) -> None:
            said = [one for one in value.split() if one in labels]
            is_touched[0] = bool(said)
            show([*said, *(one for one in labels if one not in said)])

        buttons = QVBoxLayout()
        for words, keys, step in ((self.tr("Up"), "Alt+Up", -1), (self.tr("Down"), "Alt+Down", 1)):
            one = repeated(button(words, partial(move, step), tip=keys))
            one.setShortcut(keys)
            buttons.addWidget(one)
        buttons.addStretch(1)
        inside.addWidget(items, 1)
        inside.addLayout(buttons)
        holder.setFocusProxy(items)
        self.pictures.shown.connect(lambda: show(list(order), max(0, items.currentRow())))
        self._field, self._write = holder, write
        self._read = lambda: " ".join(order) if is_touched[0] else ""

    def _make_rows(self) -> None:
        holder = QWidget()
        holder.setMaximumWidth(560 + (SIZE.width() + 8 if self.pictures.are_seen else 0))
        inside = QVBoxLayout(holder)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        group = QButtonGroup(holder)
        buttons: dict[str, QPushButton] = {}
        for choice in self.question.choices:
            one = button(choice.label, self.commit, kind="choice", name=f"choice_{choice.value}")
            one.setText(" " + wrapped(choice.label, one).replace("\n", "\n "))
            one.setCheckable(True)
            one.setAccessibleName(f"{plain_text(self.question.label)}: {choice.label}")
            group.addButton(one)
            buttons[choice.value] = one
            self.pictures.place(inside, one, choice)
        first = next(iter(buttons.values()))
        holder.setFocusProxy(first)

        def read() -> str:
            return next((value for value, one in buttons.items() if one.isChecked()), "")

        def write(value: str) -> None:
            group.setExclusive(False)
            for name, one in buttons.items():
                one.setChecked(name == value)
            group.setExclusive(True)

        self._field, self._read, self._write = holder, read, write

    def _make_search(self) -> None:
        field = QLineEdit()
        field.setMaximumWidth(560)
        field.setAccessibleName(plain_text(self.question.label))
        labels = {choice.label: choice.value for choice in self.question.choices}
        values = {choice.value: choice.label for choice in self.question.choices}
        folded = [(fold(one), one) for one in labels]  # two names may differ by their accents alone
        pictures = {choice.label: self.pictures.add(choice) for choice in self.question.choices}
        completer = QCompleter(field)
        model = QStandardItemModel(completer)
        completer.setModel(model)
        popup = completer.popup()
        if popup is not None and self.pictures.are_seen:
            popup.setIconSize(SIZE)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        field.setCompleter(completer)

        asked = [""]

        def offer(text: str) -> None:
            asked[0], wanted = text, fold(text)
            model.clear()
            for said in [one for key, one in folded if wanted in key][:_MOST_FOUND]:
                item = QStandardItem(said)
                if self.pictures.are_seen:  # the room is there before the picture is
                    item.setSizeHint(QSize(0, SIZE.height() + 8))
                    item.setIcon(self._icon(pictures[said]))
                model.appendRow(item)

        def narrow(text: str) -> None:
            offer(text)
            self._timer.start()

        def read() -> str:
            typed = field.text().strip()
            if typed in labels:
                return labels[typed]
            key = fold(typed)
            whole = [one for name, one in folded if key and name == key]
            near = whole or [one for name, one in folded if key and name.split(" ", 1)[-1] == key]
            return labels[near[0]] if len(near) == 1 else ("" if not typed else f"?{typed}")

        def leave() -> None:
            found = read()
            if found in values:
                field.setText(values[found])
            self.commit()

        offer("")
        self.pictures.shown.connect(lambda: offer(asked[0]))
        field.textEdited.connect(narrow)
        field.editingFinished.connect(leave)
        completer.activated.connect(lambda _text: self.commit())
        self._field, self._read = field, read
        self._write = lambda value: field.setText(values.get(value, value.removeprefix("?")))

    def _icon(self, name: str) -> QIcon:
        """Return a choice's picture for a list, empty until it has come."""
        picture = self.pictures.pictures.get(name)
        return QIcon() if picture is None else QIcon(QPixmap.fromImage(picture))

    def _make_typed(self, field: TypedField) -> None:
        field.typed.connect(self._timer.start)
        field.left.connect(lambda: self._timer.start(0))
        self._field, self._read, self._write = field, field.value, field.set_value

    def _typed_field(self) -> TypedField | None:
        """Return the field of a kind whose answer has parts of its own."""
        question, name = self.question, plain_text(self.question.label)
        if question.appearance in {"bn-date", "bn-date-full"} or question.kind == "date":
            return DateField(name, may_be_year=question.appearance == "bn-date")
        if question.kind == "range" and question.range is not None and RangeField.suits(question.range):
            return RangeField(name, question.range)
        made = {
            "time": TimeField,
            "datetime": DateTimeField,
            "geopoint": PlaceField,
            "geotrace": PointsField,
            "geoshape": PointsField,
        }.get(question.kind)
        return None if made is None else made(name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self._timer.start(0)
        return super().eventFilter(watched, event)


def two_columns(pairs: list[tuple[str, QWidget]]) -> QWidget:
    """Return labels and values in two columns, labels on the left."""
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(6)
    for number, (name, widget) in enumerate(pairs):
        grid.addWidget(label(name, "muted"), number, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(widget, number, 1)
    grid.setColumnStretch(1, 1)
    grid.setColumnMinimumWidth(0, 200)
    return holder
