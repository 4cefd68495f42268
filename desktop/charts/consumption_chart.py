"""Consumption by hour, day, week or month, and the forecast that continues it."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.charts.axes import DAY, MONTH, Legend
from desktop.charts.line import Floats, Line
from desktop.charts.plot import PALE, Numbers, Texts, faint, interval_shade
from desktop.charts.time_plot import TimePlot, edges

MOST_BARS = 62
"""More intervals are a line."""
BAR = 0.8
CLOSEST = 6
"""The closest zoom shows so many intervals."""


class ConsumptionChart(TimePlot):
    """Few intervals are bars, paler where they are not whole; many are a line.

    `draw` takes one value per interval: ``x`` in seconds since 1970 of its local start as if it were UTC,
    ascending; ``kwh``, NaN without readings; ``forecast`` as (x, kwh, lower, upper) after the last ``x``;
    ``budget`` and ``mean`` in kWh per interval; ``whole`` tells intervals without gaps;
    ``alone`` is the length of an interval that is the only one, in seconds. ``texts`` say each
    interval in words, those of the forecast last.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        plot = self.getPlotItem()
        self._kwh = np.empty(0)
        self._whole = np.empty(0, dtype=bool)
        self._bars = pg.BarGraphItem(x=[], height=[], width=1)
        self._expected_bars = pg.BarGraphItem(x=[], height=[], width=1)
        self._whiskers = pg.ErrorBarItem()
        self._lower, self._upper = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._band = pg.FillBetweenItem(self._lower, self._upper)
        self._line, self._expected_line = Line(fill=True), Line()
        self._mean, self._budget = pg.PlotCurveItem(), pg.PlotCurveItem()
        for item in (self._bars, self._expected_bars, self._band, self._line, self._expected_line):
            plot.addItem(item)
        for item in (self._whiskers, self._lower, self._upper, self._mean, self._budget):
            plot.addItem(item)
        self._legend = Legend(plot)
        self.setAccessibleName(self.tr("Consumption over time"))
        self.recolour()

    def draw(
        self,
        x: Numbers,
        kwh: Numbers,
        texts: Texts,
        forecast: tuple[Numbers, Numbers, Numbers, Numbers] | None = None,
        budget: float | None = None,
        whole: Sequence[bool] | None = None,
        mean: float | None = None,
        alone: float = DAY,
    ) -> None:
        past, self._kwh = np.asarray(x, dtype=float), np.asarray(kwh, dtype=float)
        to_come, *expected = (np.asarray(part, dtype=float) for part in forecast or ((), (), (), ()))
        self._whole = np.ones(len(past), dtype=bool) if whole is None else np.asarray(whole, dtype=bool)
        starts = np.concatenate((past, to_come))
        borders = edges(starts, alone)
        as_bars = len(starts) <= MOST_BARS
        length = float(np.diff(borders).min()) if len(starts) else DAY
        widths = np.minimum(np.diff(borders), 1.2 * length)
        middles = starts + widths / 2 if as_bars else starts
        self._draw_bars(middles, widths * BAR, expected, as_bars)
        self._draw_lines(middles, expected, as_bars)
        self._draw_levels(borders, budget, mean)
        self._name_what_is_drawn(as_bars)
        self.days.finest = min(length, MONTH)
        # A bar is a day or a month as a whole; a week's has no label of its own.
        self.days.shift = length / 2 if as_bars and not DAY < length < MONTH else 0
        self.limit_to_zero(np.concatenate((self._kwh, *expected)))
        self.name_points(middles, texts, closest=CLOSEST * length, starts=starts, alone=alone)
        self.recolour()

    @property
    def drawn(self) -> list[float]:
        """kWh of the intervals that are past."""
        return [float(energy) for energy in self._kwh]

    def _draw_bars(self, middles: Floats, widths: Floats, expected: Sequence[Floats], shown: bool) -> None:
        n = len(self._kwh)
        for item in (self._bars, self._expected_bars, self._whiskers):
            item.setVisible(shown)
        if not shown:
            # Told a pen, they show themselves again.
            self._whiskers.setData(**dict.fromkeys(("x", "y", "top", "bottom"), np.empty(0)))
        else:
            kwh, lower, upper = expected
            self._expected_bars.setVisible(len(kwh) > 0)
            self._bars.setOpts(x=middles[:n], height=np.nan_to_num(self._kwh), width=widths[:n])
            self._expected_bars.setOpts(x=middles[n:], height=kwh, width=widths[n:])
            self._whiskers.setData(
                x=middles[n:], y=kwh, top=upper - kwh, bottom=kwh - lower, beam=widths[n:].min(initial=0) / 3
            )

    def _draw_lines(self, x: Floats, expected: Sequence[Floats], as_bars: bool) -> None:
        n, (kwh, lower, upper) = len(self._kwh), expected
        for item in (self._line, self._expected_line, self._band, self._lower, self._upper):
            item.setVisible(not as_bars)
        if not as_bars:
            self._line.set_points(x[:n], self._kwh)
            # What is to come starts where the past ends.
            joint, end = x[max(n - 1, 0) :], self._kwh[-1:]
            self._expected_line.set_points(joint, np.concatenate((end, kwh)))
            self._lower.setData(joint, np.concatenate((end, lower)))
            self._upper.setData(joint, np.concatenate((end, upper)))
            for item in (self._expected_line, self._band):
                item.setVisible(len(kwh) > 0)

    def _draw_levels(self, borders: Floats, budget: float | None, mean: float | None) -> None:
        for line, level in ((self._budget, budget), (self._mean, mean)):
            line.setVisible(level is not None and len(borders) > 0)
            if line.isVisible():
                line.setData(borders[[0, -1]], np.full(2, level))

    def _name_what_is_drawn(self, as_bars: bool) -> None:
        measured, expected = (
            (self._bars, self._expected_bars) if as_bars else (self._line, self._expected_line)
        )
        names = (
            (measured, self.tr("Measured")),
            (expected, self.tr("Forecast")),
            (self._mean, self.tr("Average")),
            (self._budget, self.tr("Budget")),
        )
        self._legend.show_entries([(item, name) for item, name in names if item.isVisible()])

    def recolour(self) -> None:
        super().recolour()
        colours = theme.tokens()
        measured, expected = colours.measured, colours.forecast
        self._bars.setOpts(
            brushes=[pg.mkBrush(measured if whole else faint(measured, PALE)) for whole in self._whole],
            brush=measured,
            pen=pg.mkPen(None),
        )
        self._expected_bars.setOpts(brush=faint(expected, 90), pen=pg.mkPen(expected))
        self._whiskers.setData(pen=pg.mkPen(expected, width=1.5))
        self._line.set_style(pg.mkPen(measured, width=1.5), faint(measured))
        self._expected_line.set_style(pg.mkPen(expected, width=1.5, style=Qt.PenStyle.DashLine))
        self._band.setBrush(interval_shade())
        for edge in (self._lower, self._upper):
            edge.setPen(None)
        self._budget.setPen(pg.mkPen(colours.danger, width=1.5, style=Qt.PenStyle.DashLine))
        self._mean.setPen(pg.mkPen(colours.muted, width=1, style=Qt.PenStyle.DashLine))
