"""What all charts share: axes in the theme's colours, words for the point under the mouse, and zoom."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QElapsedTimer, QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.charts.axes import reserve_width

Numbers = Sequence[float] | NDArray[np.floating] | NDArray[np.integer]
SIZE = QSize(360, 200)
OVERHANG = 24
"""Pixels that a label may reach beyond the end of its axis."""
MARGINS = (4, 8, 20, 2)
STEPS: Mapping[int, int] = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
}
ZOOM_STEP = 0.8
PAN_STEP = 0.25
"""Of what is shown."""
NOTCH = 120
"""What the wheel reports for one click of it."""
PAUSE = 400
"""Milliseconds; a wheel that turns again after them begins anew."""


class Texts(Protocol):
    """The text of each point; a list, or what makes them when they are asked for."""

    def __getitem__(self, at: int, /) -> str: ...


class Plot(pg.PlotWidget):
    """A chart of named points; the mouse, or the arrow keys while it has the focus, point one out.

    Subclasses draw in `recolour` with the theme's colours, and tell with `name_points` what there is.
    """

    steps: Mapping[int, int] = STEPS
    """How many points on a key leads."""

    def __init__(
        self,
        left: pg.AxisItem,
        bottom: pg.AxisItem,
        parent: QWidget | None = None,
        box: pg.ViewBox | None = None,
    ) -> None:
        super().__init__(parent, axisItems={"left": left, "bottom": bottom}, viewBox=box)
        self.positions = np.empty(0)
        self.pointed: int | None = None
        self._texts: Texts = ()
        plot = self.getPlotItem()
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(x=False, y=False)
        plot.layout.setContentsMargins(*MARGINS)
        self.hover = pg.TextItem()
        self.hover.setZValue(10)
        self.hover.hide()
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.hide()
        plot.addItem(self.hover, ignoreBounds=True)
        plot.addItem(self._cursor, ignoreBounds=True)
        for name in ("left", "bottom"):
            plot.getAxis(name).setZValue(-1)  # its grid lies behind what is drawn
            plot.getAxis(name).setStyle(hideOverlappingLabels=OVERHANG)
        self.scene().sigMouseMoved.connect(self._follow)
        self.sigRangeChanged.connect(lambda: self.point_out(self.pointed))
        theme.changed.connect(self.recolour)

    def name_points(self, positions: Numbers, texts: Texts) -> None:
        """Set where along the chart the points are, ascending, and the text of each."""
        self.positions, self._texts = np.asarray(positions, dtype=float), texts
        self.point_out(None)

    def point_out(self, at: int | None) -> None:
        """Show the text of the point number ``at``; None shows none."""
        self.pointed = at
        self.hover.setVisible(at is not None)
        self._cursor.hide()
        if at is not None:
            self.hover.setText(self._texts[at])
            self.place_hover(at)

    def place_hover(self, at: int) -> None:
        """Put the words beside the point: at the top of a line through it, where there is room for them."""
        (left, right), (_, top) = self.getViewBox().viewRange()
        x = float(self.positions[at])
        self.hover.setAnchor((1, 0) if x > (left + right) / 2 else (0, 0))
        self.hover.setPos(x, top)
        self.show_cursor(x)

    def show_cursor(self, x: float | None) -> None:
        """Show an upright line there, or none."""
        self._cursor.setVisible(x is not None)
        if x is not None:
            self._cursor.setPos(x)

    def along(self, point: QPointF) -> float:
        """Return where on the axis of the points a place in the chart's own coordinates is."""
        return point.x()

    def under(self, scene_position: QPointF) -> int | None:
        """Return the number of the point nearest to the mouse."""
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
        self._cursor.setPen(colours.muted)
        self.hover.setColor(colours.text)
        self.hover.fill = pg.mkBrush(colours.raised)
        self.hover.border = pg.mkPen(colours.border)

    def close(self) -> bool:
        """Close as any other widget: pyqtgraph would dismantle it, and the next change of theme fail."""
        return QWidget.close(self)

    def sizeHint(self) -> QSize:
        return SIZE

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = self.steps.get(event.key())
        if step is None or not len(self.positions):
            event.ignore()
        else:
            self.point_out(self.beside(step))

    def beside(self, step: int) -> int:
        """Return the number of the point ``step`` from the one pointed out; the first or last if none is."""
        last = len(self.positions) - 1
        if self.pointed is None:
            return 0 if step > 0 else last
        target = self.pointed + step
        return target if 0 <= target <= last else self.pointed

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the page scrolls

    def leaveEvent(self, event: QEvent) -> None:
        self.point_out(None)
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.getViewBox().setBorder(theme.tokens().accent)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.point_out(None)
        self.getViewBox().setBorder(None)
        super().focusOutEvent(event)

    def _follow(self, position: QPointF) -> None:
        self.point_out(self.under(position))


PALE = 110
"""Alpha of bars that hold less, or other, than was measured in their interval."""


def faint(colour: str, alpha: int = 50) -> QColor:
    """Return the colour with an ``alpha`` from 0 (invisible) to 255."""
    shade = QColor(colour)
    shade.setAlpha(alpha)
    return shade


LIKELY, NEARLY_SURE = 60, 30
"""How strong the colour of a forecast is in its interval of 80 %, and in that of 95 %."""


def interval_shade(share: int = LIKELY) -> QColor:
    """Return the one colour in which an interval of a forecast is filled, on every chart."""
    return faint(theme.tokens().forecast, share)


class ZoomPlot(Plot):
    """Wheel, + and - zoom; dragging or Ctrl and an arrow moves; a double click or 0 shows everything again.

    A page that is scrolled is not caught by the chart that comes under the mouse: the wheel zooms only once
    the mouse has been on the chart for a moment, or the chart has the focus, or with Ctrl; and it goes on to
    scroll the page where the whole chart is shown already.
    """

    def __init__(
        self,
        left: pg.AxisItem,
        bottom: pg.AxisItem,
        parent: QWidget | None = None,
        box: pg.ViewBox | None = None,
    ) -> None:
        super().__init__(left, bottom, parent, box)
        self._since = QElapsedTimer()
        self._since.start()
        self._wheel_zooms = False
        self.showGrid(y=True, alpha=0.6)
        reserve_width(left)
        left.setStyle(maxTickLevel=0)  # its grid is drawn at every frame: no finer lines than have a figure
        self.getPlotItem().setMouseEnabled(x=True, y=False)
        self.getViewBox().setAutoVisible(y=True)
        # Before anything is painted, not while it is: a frame would be painted twice.
        self.getViewBox().sigXRangeChanged.connect(lambda: self.getViewBox().updateAutoRange())

    @property
    def whole(self) -> bool:
        """Whether everything is shown."""
        return self.getViewBox().autoRangeEnabled()[0] is not False

    def reset(self) -> None:
        """Show everything."""
        self.enableAutoRange()

    def zoom(self, factor: float, centre: float | None = None) -> None:
        """Show ``factor`` of what is shown, around ``centre``, or the point pointed out, or the middle."""
        box = self.getViewBox()
        (first, last), limits = box.viewRange()[0], box.state["limits"]["xLimits"]
        if factor > 1 and (last - first) * factor >= limits[1] - limits[0]:
            self.enableAutoRange()
            return
        if centre is None and self.pointed is not None:
            centre = float(self.positions[self.pointed])
        box.scaleBy(x=factor, center=None if centre is None else QPointF(centre, 0))

    def pan(self, share: float) -> None:
        """Move by this share of what is shown."""
        if not self.whole:
            first, last = self.getViewBox().viewRange()[0]
            self.getViewBox().translateBy(x=share * (last - first))

    def stride(self) -> int:
        """Return how many points an arrow key moves on: more than one where that is less than a pixel."""
        first, last = self.getViewBox().viewRange()[0]
        seen = self.positions.searchsorted([first, last])
        return max(1, int((seen[1] - seen[0]) / max(self.getViewBox().width(), 1)))

    def beside(self, step: int) -> int:
        return super().beside(step * self.stride())

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        if not self.hasFocus():
            self._since.restart()
            self._wheel_zooms = False

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        with_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if self._since.hasExpired(PAUSE):
            # While the page moves and the mouse does not, it is not known to be here.
            self._wheel_zooms = self.underMouse() and (turned > 0 or not self.whole)
        self._since.restart()
        if not turned or not (self._wheel_zooms or with_control):
            event.ignore()  # the page scrolls
            return
        event.accept()
        here = self.getViewBox().mapSceneToView(self.mapToScene(event.position().toPoint()))
        self.zoom(ZOOM_STEP ** (turned / NOTCH), here.x())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, control = event.key(), event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(ZOOM_STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom(1 / ZOOM_STEP)
        elif key == Qt.Key.Key_0:
            self.reset()
        elif control and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.pan(-PAN_STEP if key == Qt.Key.Key_Left else PAN_STEP)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and len(self.positions):
            self._go_to(0 if key == Qt.Key.Key_Home else len(self.positions) - 1)
        else:
            super().keyPressEvent(event)
            if event.isAccepted() and self.pointed is not None:
                self._go_to(self.pointed)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset()

    def _go_to(self, at: int) -> None:
        """Point it out, and move there if it is not to be seen."""
        (first, last), x = self.getViewBox().viewRange()[0], float(self.positions[at])
        if not first <= x <= last:
            self.getViewBox().translateBy(x=x - (first if x < first else last))
        self.point_out(at)
