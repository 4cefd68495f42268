"""Widgets in rows, as many in each as there is room for."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget


class FlowRows(QVBoxLayout):
    """The rows hold as equally many as can be, and are all as wide as the layout."""

    def __init__(self, gap: int) -> None:
        super().__init__()
        self.setSpacing(gap)
        self._arranged: tuple[list[QWidget], int] = [], 0
        self._rows: list[QHBoxLayout] = []

    def arrange(self, widgets: Sequence[QWidget], most: int) -> None:
        """Put at most so many in a row; the order stays."""
        if (list(widgets), most) == self._arranged:
            return
        self._arranged = list(widgets), most
        for row in self._rows:
            while row.count():
                row.takeAt(0)
            self.removeItem(row)
            row.deleteLater()
        count = -(-len(widgets) // most)
        self._rows = [QHBoxLayout() for _ in range(count)]
        place = 0
        for number, row in enumerate(self._rows):
            row.setSpacing(self.spacing())
            length = -(-(len(widgets) - place) // (count - number))
            for widget in widgets[place : place + length]:
                row.addWidget(widget, 1)
            place += length
            self.addLayout(row)
