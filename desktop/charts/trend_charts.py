"""Charts over months and years: budget, baseload and CUSUM."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.charts.axes import DAY, MONTH, Legend
from desktop.charts.line import Floats, Line
from desktop.charts.plot import PALE, Numbers, Texts, faint
from desktop.charts.time_plot import TimePlot, edges

MONTH_BAR = 0.75
CLOSEST_MONTHS = 3 * MONTH
CLOSEST = 6
"""The closest zoom shows so many values."""
MOST_DOTS = 62
"""More values are a line only."""


class BudgetChart(TimePlot):
    """A bar for each month, in the colour of danger where it is over its budget, and a mark at the budget.

    `draw` takes ``x`` (starts of the months), ``kwh`` and ``texts``, one per month; ``budget`` in kWh, the
    same for all or one per month, NaN for none; ``whole`` tells months that have all their readings, the
    others are paler.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.days.finest, self.days.shift = MONTH, MONTH / 2
        self._kwh, self._over = np.empty(0), np.empty(0, dtype=bool)
        self._whole = np.empty(0, dtype=bool)
        self._bars = pg.BarGraphItem(x=[], height=[], width=1)
        self._excess = pg.BarGraphItem(x=[], height=[], width=1)
        self._marks = pg.PlotCurveItem(connect="pairs")
        for item in (self._bars, self._excess, self._marks):
            self.addItem(item)
        self._legend = Legend(self.getPlotItem())
        self.setAccessibleName(self.tr("Consumption and budget by month"))
        self.recolour()

    def draw(
        self,
        x: Numbers,
        kwh: Numbers,
        texts: Texts,
        budget: float | Sequence[float] | None = None,
        whole: Sequence[bool] | None = None,
    ) -> None:
        starts, self._kwh = np.asarray(x, dtype=float), np.asarray(kwh, dtype=float)
        planned = np.broadcast_to(np.nan if budget is None else np.asarray(budget, dtype=float), len(starts))
        self._over = self._kwh > planned
        self._whole = np.ones(len(starts), dtype=bool) if whole is None else np.asarray(whole, dtype=bool)
        widths = np.diff(edges(starts, alone=MONTH))
        middles = starts + widths / 2
        for bars, chosen in ((self._bars, ~self._over), (self._excess, self._over)):
            energy = np.nan_to_num(self._kwh[chosen])
            bars.setOpts(x=middles[chosen], height=energy, width=MONTH_BAR * widths[chosen])
        known = np.isfinite(planned)
        ends = np.column_stack((starts, starts + widths))[known]
        self._marks.setData(ends.ravel(), np.repeat(planned[known], 2))
        self._name_what_is_drawn(bool(known.any()))
        self.limit_to_zero(self._kwh)
        self.name_points(middles, texts, closest=CLOSEST_MONTHS, starts=starts, alone=MONTH)
        self.recolour()

    def _name_what_is_drawn(self, planned: bool) -> None:
        entries: list[tuple[pg.GraphicsObject, str]] = []
        if planned:
            entries += [(self._marks, self.tr("Budget"))]
            entries += [] if self._over.all() else [(self._bars, self.tr("Within budget"))]
            entries += [(self._excess, self.tr("Over budget"))] if self._over.any() else []
        self._legend.show_entries(entries)

    @property
    def drawn(self) -> list[float]:
        """kWh of the months."""
        return [float(energy) for energy in self._kwh]

    @property
    def over(self) -> list[bool]:
        """Which months are over their budget."""
        return [bool(month) for month in self._over]

    def recolour(self) -> None:
        super().recolour()
        colours = theme.tokens()
        drawn = ((self._bars, ~self._over, colours.series[0]), (self._excess, self._over, colours.danger))
        for bars, chosen, colour in drawn:
            brushes = [pg.mkBrush(colour if whole else faint(colour, PALE)) for whole in self._whole[chosen]]
            bars.setOpts(brushes=brushes, brush=colour, pen=pg.mkPen(None))
        self._marks.setPen(pg.mkPen(colours.text, width=2))


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
        self.limit_to_zero(demand)
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
        self._line.set_style(pg.mkPen(colours.series[0], width=1.5), faint(colours.series[0]))
        self._dots.setBrush(colours.series[0])
        self._dots.setPen(None)
        self._trend.setPen(pg.mkPen(colours.series[1], width=2, style=Qt.PenStyle.DashLine))


class CusumChart(TimePlot):
    """Cumulative difference from the baseline: a line that rises while more is consumed than before.

    `draw` takes ``x`` as the other charts over time, ``kwh`` (positive: more than the baseline), ``texts``.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wasted, self._saved, self._line = Line(fill=True), Line(fill=True), Line()
        self._zero = pg.InfiniteLine(pos=0, angle=0, movable=False)
        for item in (self._wasted, self._saved, self._line):
            self.addItem(item)
        self.addItem(self._zero, ignoreBounds=True)
        self.setAccessibleName(self.tr("Cumulative difference from the baseline"))
        self.recolour()

    def draw(self, x: Numbers, kwh: Numbers, texts: Texts) -> None:
        times, sums = np.asarray(x, dtype=float), np.asarray(kwh, dtype=float)
        self._wasted.set_points(times, np.maximum(sums, 0))
        self._saved.set_points(times, np.minimum(sums, 0))
        self._line.set_points(times, sums)
        length = float(np.diff(times).min()) if len(times) > 1 else DAY
        self.days.finest = min(length, MONTH)
        self.name_points(times, texts, closest=CLOSEST * length)

    @property
    def drawn(self) -> list[float]:
        """kWh, one per interval."""
        return [float(energy) for energy in self._line.points[1]]

    def recolour(self) -> None:
        super().recolour()
        colours = theme.tokens()
        for area, colour in ((self._wasted, colours.danger), (self._saved, colours.success)):
            area.set_style(pg.mkPen(None), faint(colour, 80))
        self._line.set_style(pg.mkPen(colours.text, width=1.5))
        self._zero.setPen(colours.muted)
