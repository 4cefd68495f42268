"""What all charts share: calm axes in the theme's colours, and words for the point under the mouse."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from desktop import theme

SIZE = QSize(360, 200)
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class Plot(pg.PlotWidget):
    """A chart of named points; the mouse, or the arrow keys while it has the focus, point one out.

    Subclasses draw in `recolour` with the theme's colours, and tell with `name_points` what there is.
    """

    def __init__(self, left: pg.AxisItem, bottom: pg.AxisItem, parent: QWidget | None = None) -> None:
        super().__init__(parent, axisItems={"left": left, "bottom": bottom})
        self.positions = np.empty(0)
        self.pointed: int | None = None
        self._texts: Sequence[str] = ()
        plot = self.getPlotItem()
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(x=False, y=False)
        self.hover = pg.TextItem()
        self.hover.setZValue(10)
        self.hover.hide()
        plot.addItem(self.hover, ignoreBounds=True)
        for name in ("left", "bottom"):
            plot.getAxis(name).setZValue(-1)  # its grid lies behind what is drawn
        self.scene().sigMouseMoved.connect(self._follow)
        self.sigRangeChanged.connect(lambda: self.point_out(self.pointed))
        theme.changed.connect(self.recolour)

    def name_points(self, positions: Sequence[float], texts: Sequence[str]) -> None:
        """Where along the chart the points are, ascending, and what each is in words."""
        self.positions, self._texts = np.asarray(positions, dtype=float), texts
        self.point_out(None)

    def point_out(self, at: int | None) -> None:
        """Say what the point number ``at`` is; None says nothing."""
        self.pointed = at
        self.hover.setVisible(at is not None)
        if at is not None:
            self.hover.setText(self._texts[at])
            self.place_hover(at)

    def place_hover(self, at: int) -> None:
        """Put the words beside the point."""
        raise NotImplementedError

    def along(self, point: QPointF) -> float:
        """Where on the axis of the points a place in the chart's own coordinates is."""
        return point.x()

    def under(self, scene_position: QPointF) -> int | None:
        """The number of the point nearest to the mouse."""
        box = self.getViewBox()
        if not len(self.positions) or not box.sceneBoundingRect().contains(scene_position):
            return None
        return int(np.abs(self.positions - self.along(box.mapSceneToView(scene_position))).argmin())

    def recolour(self) -> None:
        """Take the colours of the current theme."""
        colours = theme.tokens()
        self.setBackground(colours.surface)
        for name in ("left", "bottom"):
            self.getAxis(name).setPen(colours.border)
            self.getAxis(name).setTextPen(colours.muted)
        self.hover.setColor(colours.text)
        self.hover.fill = pg.mkBrush(colours.raised)
        self.hover.border = pg.mkPen(colours.border)

    def sizeHint(self) -> QSize:
        return SIZE

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = STEPS.get(Qt.Key(event.key()))
        if step is None or not len(self.positions):
            event.ignore()
            return
        last = len(self.positions) - 1
        outside = -1 if step > 0 else last + 1
        start = outside if self.pointed is None else self.pointed
        self.point_out(min(max(start + step, 0), last))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the page scrolls

    def leaveEvent(self, event: QEvent) -> None:
        self.point_out(None)
        super().leaveEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.point_out(None)
        super().focusOutEvent(event)

    def _follow(self, position: QPointF) -> None:
        self.point_out(self.under(position))


def faint(colour: str, alpha: int = 50) -> QColor:
    """The same colour, see-through: ``alpha`` from 0 to 255."""
    shade = QColor(colour)
    shade.setAlpha(alpha)
    return shade
