"""A line of as many points as there are."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor, QPen

from desktop.charts.pyramid import Floats, Pyramid

FEWEST_RUNS = 1000
"""Less is never drawn, so that a chart that is made wider needs no new line at once."""


class Line(pg.PlotCurveItem):
    """Draws only what can be seen, gaps at NaN; smooth, and filled down to zero if so wished, while its
    points are apart.

    pyqtgraph's own downsampling looks at each point anew for every frame.
    """

    def __init__(self, fill: bool = False) -> None:
        self._pyramid = Pyramid(np.empty(0), np.empty(0))
        self._pen = pg.mkPen(None)
        self._filling: QColor | None = None
        self._renewed = True
        super().__init__(connect="finite", fillLevel=0.0 if fill else None)

    @property
    def points(self) -> tuple[Floats, Floats]:
        """All points, x and y."""
        return self._pyramid.x, self._pyramid.y

    def set_points(self, x: Floats, y: Floats) -> None:
        """``x`` float64[n] ascending, ``y`` float64[n] with NaN for gaps."""
        self._pyramid = Pyramid(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
        self._renewed = True
        self.viewRangeChanged()
        self._renewed = False

    def look(self, pen: QPen, filling: QColor | None = None) -> None:
        self._pen, self._filling = pen, filling
        self.viewRangeChanged()

    def dataBounds(
        self,
        ax: int,
        frac: float = 1.0,
        orthoRange: tuple[float, float] | None = None,
    ) -> tuple[float | None, float | None]:
        x = self._pyramid.x
        if not len(x):
            return None, None
        if ax == 0:
            return float(x[0]), float(x[-1])
        left, right = orthoRange or (x[0], x[-1])
        shown = self._pyramid.visible(left, right, FEWEST_RUNS)[1]
        ground = np.nan if self.opts["fillLevel"] is None else self.opts["fillLevel"]
        low, high = np.fmin.reduce(shown, initial=ground), np.fmax.reduce(shown, initial=ground)
        return (float(low), float(high)) if np.isfinite(low) else (None, None)

    def informViewBoundsChanged(self) -> None:
        """Only new points change the bounds; that others of them are seen would have all drawn twice."""
        if self._renewed:
            super().informViewBoundsChanged()

    def viewRangeChanged(self) -> None:
        box = self.getViewBox()
        if box is None:
            return
        (left, right), _ = box.viewRange()
        runs = max(int(box.width()), FEWEST_RUNS)
        x, y = self._pyramid.visible(left, right, runs)
        apart = len(x) <= runs
        # Else smooth edges, thick lines and a fill would cost more than a frame has, and not be seen.
        pen = QPen(self._pen)
        pen.setWidthF(pen.widthF() if apart else 1)
        self.setData(x, y, antialias=apart, pen=pen, brush=self._filling if apart else None)
