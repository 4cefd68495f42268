"""Figures with their names, on one surface."""

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

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
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(16, 10, 16, 10)
        self._grid.setSpacing(GAP)

    def show_figures(self, figures: Sequence[tuple[str, str, str]]) -> None:
        for figure in self._figures:
            self._grid.removeWidget(figure)
            figure.hide()
            figure.deleteLater()
        self._figures = [self._make(*figure) for figure in figures]
        self.setVisible(bool(figures))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        columns = max(1, min(self.width() // WIDEST, len(self._figures)))
        for place, figure in enumerate(self._figures):
            self._grid.removeWidget(figure)
            self._grid.addWidget(figure, *divmod(place, columns))
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, int(column < columns))

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
