"""A row of figures with their names, on one surface."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.widgets.plain_label import PlainLabel


class FigureStrip(QFrame):
    """`show_figures` takes (name, figure as the locale writes it, what it means) from left to right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._figures: list[QWidget] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 10, 16, 10)
        self._row.setSpacing(12)

    def show_figures(self, figures: Sequence[tuple[str, str, str]]) -> None:
        for figure in self._figures:
            figure.hide()
            figure.deleteLater()
        self._figures = [self._make(*figure) for figure in figures]
        for figure in self._figures:
            self._row.addWidget(figure, 1)

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
