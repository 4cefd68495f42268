"""A titled surface with a chart on it."""

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget


class ChartPanel(QFrame):
    """``title`` says what is drawn and its unit; ``note`` what can be done with it."""

    def __init__(self, title: str, note: str, chart: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        heading = QLabel(title, self)
        heading.setProperty("role", "heading")
        hint = QLabel(note, self)
        hint.setProperty("role", "muted")
        hint.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(4)
        layout.addWidget(heading)
        layout.addWidget(hint)
        layout.addWidget(chart, 1)
        chart.setToolTip(note)
