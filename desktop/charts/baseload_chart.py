"""What never switches off, and whether it grows."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.charts.axes import DAY, MONTH
from desktop.charts.intervals import edges
from desktop.charts.legend import Legend
from desktop.charts.line import Line
from desktop.charts.plot import Numbers, Texts, faint
from desktop.charts.pyramid import Floats
from desktop.charts.time_plot import TimePlot

CLOSEST = 6
"""The closest zoom shows so many values."""
MOST_DOTS = 62
"""More values are a line only."""


class BaseloadChart(TimePlot):
    """The baseload over time and the straight line that fits it best (least squares).

    `draw` takes ``x`` as the other charts over time, ``kw`` (where there are no readings, NaN or no value at
    all), and ``texts``; ``alone`` is the length, in seconds, of an interval that is the only one.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kw = np.empty(0)
        self._line = Line(fill=True)
        self._dots = pg.ScatterPlotItem(size=5)
        self._trend = pg.PlotCurveItem(antialias=True)
        for item in (self._line, self._dots, self._trend):
            self.addItem(item)
        self._legend = Legend(self.getPlotItem())
        self.setAccessibleName(self.tr("Baseload over time"))
        self.recolour()

    def draw(self, x: Numbers, kw: Numbers, texts: Texts, alone: float = DAY) -> None:
        starts, demand = np.asarray(x, dtype=float), np.asarray(kw, dtype=float)
        lengths = np.diff(edges(starts, alone))
        length = float(lengths.min()) if len(lengths) else alone
        times = starts + length / 2
        self._kw = demand
        gaps = np.flatnonzero(np.diff(starts) > 1.5 * length) + 1
        self._line.set_points(np.insert(times, gaps, times[gaps]), np.insert(demand, gaps, np.nan))
        known = np.isfinite(demand)
        self._dots.setData(times[known], demand[known])
        self._dots.setVisible(len(times) <= MOST_DOTS)
        self._draw_trend(times[known], demand[known])
        self.days.finest = length
        self.days.shift = length / 2 if length >= MONTH else 0
        self.stand_on_zero(demand)
        self.name_points(times, texts, closest=CLOSEST * length, starts=starts, alone=alone)
        self.recolour()

    def _draw_trend(self, times: Floats, demand: Floats) -> None:
        entries = [(self._line, self.tr("Baseload"))]
        self._trend.setVisible(len(times) > 2)
        if len(times) > 2:
            ends = times[[0, -1]]
            line = np.polynomial.Polynomial.fit(times, demand, 1)
            self._trend.setData(ends, line(ends))
            entries.append((self._trend, self.tr("Trend")))
        self._legend.show_entries(entries)

    @property
    def drawn(self) -> list[float]:
        """kW, one per interval."""
        return [float(demand) for demand in self._kw]

    def recolour(self) -> None:
        super().recolour()
        colours = theme.tokens()
        self._line.look(pg.mkPen(colours.series[0], width=1.5), faint(colours.series[0]))
        self._dots.setBrush(colours.series[0])
        self._dots.setPen(None)
        self._trend.setPen(pg.mkPen(colours.series[1], width=2, style=Qt.PenStyle.DashLine))
