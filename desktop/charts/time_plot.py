"""What the charts over time share: an axis of days, zoom, and a cursor."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.charts.axes import DayAxis, FigureAxis
from desktop.charts.plot import Plot

ZOOM_STEP = 0.8


class TimePlot(Plot):
    """Ctrl with the wheel, or + and -, zooms; dragging moves; a double click or 0 shows everything again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.days = DayAxis()
        super().__init__(FigureAxis(), self.days, parent)
        plot = self.getPlotItem()
        plot.setMouseEnabled(x=True, y=False)
        plot.setDownsampling(auto=True, mode="peak")
        plot.setClipToView(True)
        plot.getViewBox().setAutoVisible(y=True)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.hide()
        plot.addItem(self._cursor, ignoreBounds=True)

    def name_points(self, positions: Sequence[float], texts: Sequence[str], closest: float = 0) -> None:
        """``closest``: the narrowest range, in seconds, that can be zoomed into."""
        super().name_points(positions, texts)
        if len(positions):
            extent = positions[-1] - positions[0]
            first, last = positions[0] - closest / 2, positions[-1] + closest / 2
            self.getViewBox().setLimits(xMin=first, xMax=last, minXRange=min(closest, extent) or closest)
        self.enableAutoRange()

    def stand_on_zero(self, energy: Sequence[float]) -> None:
        """No room below 0, unless some values lie there."""
        self.getViewBox().setLimits(yMin=min(0.0, float(np.nanmin(energy, initial=0.0))))

    def point_out(self, at: int | None) -> None:
        self._cursor.setVisible(at is not None)
        super().point_out(at)

    def place_hover(self, at: int) -> None:
        (left, right), (_, top) = self.getViewBox().viewRange()
        x = self.positions[at]
        self.hover.setAnchor((1, 0) if x > (left + right) / 2 else (0, 0))
        self.hover.setPos(x, top)
        self._cursor.setPos(x)

    def zoom(self, factor: float) -> None:
        """Show ``factor`` of what is shown, around the point that is pointed out, or the middle."""
        centre = None if self.pointed is None else QPointF(self.positions[self.pointed], 0)
        self.getViewBox().scaleBy(x=factor, center=centre)

    def recolour(self) -> None:
        super().recolour()
        self.showGrid(x=False, y=True, alpha=0.6)
        self._cursor.setPen(theme.tokens().muted)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(ZOOM_STEP if event.angleDelta().y() > 0 else 1 / ZOOM_STEP)
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
            self.zoom(ZOOM_STEP if event.key() == Qt.Key.Key_Plus else 1 / ZOOM_STEP)
        elif event.key() == Qt.Key.Key_0:
            self.enableAutoRange()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.enableAutoRange()
