"""How far a long task is, how long it will take, and a way to stop it."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop.widgets.plain_label import PlainLabel

SECONDS_SHOWN_SINGLY = 90


class ProgressPanel(QWidget):
    """Stage, bar, time left and a Cancel button; ``cancelled`` when that is pressed."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage = PlainLabel(parent=self)
        self._left = QLabel(self)
        self._left.setProperty("role", "muted")
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._bar.setRange(0, 0)
        self.cancel = QPushButton(self.tr("Cancel"), self)
        self.cancel.clicked.connect(self._cancel)
        words = QHBoxLayout()
        words.addWidget(self._stage, 1)
        words.addWidget(self._left)
        told = QVBoxLayout()
        told.setSpacing(4)
        told.addLayout(words)
        told.addWidget(self._bar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        layout.addLayout(told, 1)
        layout.addWidget(self.cancel)

    def show_progress(self, stage: str, done: int, total: int, seconds_left: float) -> None:
        """``stage`` in the user's words; a stage of one unit shows that it is busy, not how far it is."""
        if not self.cancel.isEnabled():
            return  # a report that was under way when the user cancelled
        self._stage.setText(stage)
        self._bar.setRange(0, total if total > 1 else 0)
        self._bar.setValue(done)
        self._left.setText(self._in_words(seconds_left) if total > 1 else "")
        self._bar.setAccessibleDescription(f"{stage} {self._left.text()}")

    def showEvent(self, event: QShowEvent) -> None:
        self.cancel.setEnabled(True)
        super().showEvent(event)

    def _cancel(self) -> None:
        self.cancel.setEnabled(False)
        self._stage.setText(self.tr("Cancelling…"))
        self._left.clear()
        self.cancelled.emit()

    def _in_words(self, seconds: float) -> str:
        if seconds < 0:
            return ""
        if seconds < SECONDS_SHOWN_SINGLY:
            return self.tr("about {count} s left").format(count=self.locale().toString(round(seconds)))
        return self.tr("about {count} min left").format(count=self.locale().toString(round(seconds / 60)))
