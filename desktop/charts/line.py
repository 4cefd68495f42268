"""A line of as many points as there are, drawn from a min-max pyramid of them."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QPen

Floats = NDArray[np.float64]
FEWEST_RUNS = 1000
"""Less is never drawn, so that a chart that is made wider needs no new line at once."""


class MinMaxPyramid:
    """Least and greatest value of runs of 2, 4, 8… points; a stretch of any length is then a short slice.

    ``x`` (float64[n]) ascends without NaN; ``y`` (float64[n]) may hold NaN, which a run shows only if it
    holds nothing else. Built in one pass over the points, in about twice their memory.
    """

    def __init__(self, x: Floats, y: Floats) -> None:
        self.x, self.y = x, y
        self._levels: list[tuple[Floats, Floats]] = [(y, y)]
        while len(self._levels[-1][0]) > 1:
            low, high = self._levels[-1]
            self._levels.append((_halved(low, np.fmin), _halved(high, np.fmax)))

    def visible(self, left: float, right: float, most: int) -> tuple[Floats, Floats]:
        """Return x and y to draw from ``left`` to ``right`` and one point beyond each.

        The points themselves, or the two extremes of each of at most ``most`` + 2 runs.
        """
        first = max(int(np.searchsorted(self.x, left)) - 1, 0)
        last = min(int(np.searchsorted(self.x, right, side="right")) + 1, len(self.x))
        if last - first <= 2 * most:
            return self.x[first:last], self.y[first:last]
        level = int(np.ceil(np.log2((last - first) / most)))
        low, high = (values[first >> level : (last - 1 >> level) + 1] for values in self._levels[level])
        starts = self.x[first >> level << level : last : 1 << level]
        return np.repeat(starts, 2), np.column_stack((low, high)).ravel()


def _halved(values: Floats, extreme: np.ufunc) -> Floats:
    even = values if len(values) % 2 == 0 else np.append(values, np.nan)
    halved: Floats = extreme(even[::2], even[1::2])
    return halved


class Line(pg.PlotCurveItem):
    """Draws only what can be seen, gaps at NaN; smooth, and filled down to zero if so wished, while its
    points are apart.

    pyqtgraph's own downsampling looks at each point anew for every frame.
    """

    def __init__(self, fill: bool = False) -> None:
        self._pyramid = MinMaxPyramid(np.empty(0), np.empty(0))
        self._pen = pg.mkPen(None)
        self._filling: QColor | None = None
        self._renewed = True
        super().__init__(connect="finite", fillLevel=0.0 if fill else None)

    @property
    def points(self) -> tuple[Floats, Floats]:
        """All points, x and y."""
        return self._pyramid.x, self._pyramid.y

    def set_points(self, x: Floats, y: Floats) -> None:
        """Set the points: ``x`` float64[n] ascending, ``y`` float64[n] with NaN for gaps."""
        self._pyramid = MinMaxPyramid(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
        self._renewed = True
        self.viewRangeChanged()
        self._renewed = False

    def set_style(self, pen: QPen, filling: QColor | None = None) -> None:
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
        """Announce new points only: when other points come into view, the chart would be drawn twice."""
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
