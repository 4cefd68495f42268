"""What the charts share whose bars can be chosen."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from desktop.charts.plot import Plot, faint

CHOOSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class ChoicePlot(Plot):
    """A bar that is clicked, or Enter on it, is `chosen`: its key. One whose key is None is not."""

    chosen = Signal(str)

    def __init__(self, left: pg.AxisItem, bottom: pg.AxisItem, parent: QWidget | None = None) -> None:
        self.keys: Sequence[str | None] = ()
        super().__init__(left, bottom, parent)

    def point_out(self, at: int | None) -> None:
        super().point_out(at)
        key = None if at is None else self.keys[at]
        self.viewport().setCursor(
            Qt.CursorShape.ArrowCursor if key is None else Qt.CursorShape.PointingHandCursor
        )
        self.recolour()

    def shaded(self, colours: Sequence[str]) -> list[QColor]:
        """A colour for each bar, the others pale beside the one that is pointed out."""
        return [
            faint(colour, 255 if self.pointed in (None, at) else 120) for at, colour in enumerate(colours)
        ]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in CHOOSING:
            self._choose(self.pointed)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() is Qt.MouseButton.LeftButton:
            self._choose(self.under(self.mapToScene(event.position().toPoint())))

    def _choose(self, at: int | None) -> None:
        key = None if at is None else self.keys[at]
        if key is not None:
            self.chosen.emit(key)
