"""Shows what the courier is doing now: the step, how much of how much, and a bar."""

from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from sync.engine.carried import CourierState, Step
from ui.widgets.parts import label
from ui.words import formats


class CourierProgress(QWidget):
    """Sealing, copying, handing over, reading back; `to_ward` says to whom it is handed."""

    def __init__(self, language: str, *, to_ward: bool = False) -> None:
        super().__init__()
        self._language = language
        self._to_ward = to_ward
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(12)
        self._step = label("", "strong")
        inside.addWidget(self._step)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress"))
        inside.addWidget(self._bar)

    def show_state(self, state: CourierState) -> None:
        """Draw a state that was told a moment ago."""
        handing = (
            self.tr("Handing part %1 of %2 to the ward's machine")
            if self._to_ward
            else self.tr("Handing part %1 of %2 to the province")
        )
        steps = {
            Step.SEALING: self.tr("Sealing part %1 of %2"),
            Step.COPYING: self.tr("Writing part %1 of %2, then reading it back"),
            Step.HANDING: handing,
            Step.READING: self.tr("Reading what came back"),
        }
        words = steps.get(state.step, "").replace("%1", str(state.part)).replace("%2", str(state.parts))
        done, total = (formats.megabytes(one, self._language) for one in (state.done, state.total))
        self._step.setText(f"{words} · {done} / {total}" if state.total else words)
        self._bar.setRange(0, max(1, state.total // 1000) if state.total else 0)
        self._bar.setValue(state.done // 1000)
