"""What is known about the model whose predictions are shown."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QFrame, QLabel, QVBoxLayout, QWidget

from desktop.widgets.plain_label import PlainLabel


class ModelCard(QFrame):
    """A verdict in words, and below it the particulars."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        heading = QLabel(self.tr("How good is it?"), self)
        heading.setProperty("role", "heading")
        self._verdict = PlainLabel(parent=self)
        self._verdict.setWordWrap(True)
        self._particulars = QFormLayout()
        self._particulars.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._particulars.setFormAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(10)
        layout.addWidget(heading)
        layout.addWidget(self._verdict)
        layout.addLayout(self._particulars)
        layout.addStretch()

    def show_model(self, verdict: str, particulars: Sequence[tuple[str, str]]) -> None:
        self._verdict.setText(verdict)
        while self._particulars.rowCount():
            self._particulars.removeRow(0)
        for label, value in particulars:
            name, figure = QLabel(label, self), PlainLabel(value, self)
            name.setProperty("role", "muted")
            figure.setWordWrap(True)
            figure.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._particulars.addRow(name, figure)
        self.setAccessibleName(verdict)
        self.setAccessibleDescription("; ".join(f"{label}: {value}" for label, value in particulars))
