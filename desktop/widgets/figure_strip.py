"""Figures with their names, on one surface."""

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.widgets.flow_rows import FlowRows
from desktop.widgets.plain_label import PlainLabel

GAP = 12
WIDEST = 140
"""Pixels that a figure takes with its name."""


class FigureStrip(QFrame):
    """`show_figures` takes (name, figure as the locale writes it, what it means); in rows where it is narrow,
    and hidden without any."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._figures: list[QWidget] = []
        self._rows = FlowRows(GAP)
        self._rows.setContentsMargins(16, 10, 16, 10)
        self.setLayout(self._rows)

    def show_figures(self, figures: Sequence[tuple[str, str, str]]) -> None:
        for figure in self._figures:
            figure.hide()
            figure.deleteLater()
        self._figures = [self._make(*figure) for figure in figures]
        self.setVisible(bool(figures))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        self._rows.arrange(self._figures, max(1, self.width() // WIDEST))

    def _make(self, name: str, value: str, meaning: str) -> QWidget:
        figure = QWidget(self)
        figure.setAccessibleName(f"{name}: {value}")
        figure.setAccessibleDescription(meaning)
        figure.setToolTip(meaning)
        layout = QVBoxLayout(figure)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for text, role in ((value, "figure"), (name, "muted")):
            label = PlainLabel(text, figure)
            label.setProperty("role", role)
            layout.addWidget(label)
        return figure
