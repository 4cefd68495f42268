"""What the charts share that can be zoomed along: wheel, drag and keys."""

import pyqtgraph as pg
from PySide6.QtCore import QElapsedTimer, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from desktop.charts.axes import keep_room
from desktop.charts.plot import Plot

ZOOM_STEP = 0.8
PAN_STEP = 0.25
"""Of what is shown."""
NOTCH = 120
"""What the wheel reports for one click of it."""
PAUSE = 400
"""Milliseconds; a wheel that turns again after them begins anew."""


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
        keep_room(left)
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
        """How many points an arrow key moves on: one, or more where that would be less than a pixel."""
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
