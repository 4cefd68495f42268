"""Predicted against actual consumption, period by period."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.charts.axes import DAY, MONTH, Legend
from desktop.charts.line import Floats
from desktop.charts.plot import LIKELY, NEARLY_SURE, interval_shade
from desktop.charts.time_plot import TimePlot

FEW_PERIODS = 80
"""Up to so many periods each one gets a dot."""
EACH = 12
"""Up to so many periods each one gets an interval of its own: a band needs a width."""
LEAST_PERIODS = 4
"""The closest zoom shows so many."""


class PredictionChart(TimePlot):
    """Three lines over time: what was measured, what was predicted for held-out days, what is to come.

    `show_series` takes one value per period, ascending: ``x`` in seconds since 1970 (UTC), energies in kWh,
    NaN where there is none; ``held_out`` tells the past, whose actual values the model had not seen, from the
    future; ``texts`` say each period in words; ``lower`` and ``upper`` bound an interval, if known, beyond
    which an actual value is marked; ``likely`` tells that of 80 % from that of 95 %. Of few periods the
    interval is drawn around each.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        plot = self.getPlotItem()
        self._is_likely = True
        self._lower, self._upper = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._interval = pg.FillBetweenItem(self._lower, self._upper)
        self._whiskers = pg.ErrorBarItem()
        for item in (self._interval, self._whiskers):
            plot.addItem(item)
        self._actual_line = plot.plot(connect="finite", antialias=True)
        self._past_line = plot.plot(connect="finite", antialias=True)
        self._future_line = plot.plot(connect="finite", antialias=True)
        self._missed = pg.ScatterPlotItem(size=6)
        plot.addItem(self._missed)
        self._legend = Legend(plot)
        self.setAccessibleName(self.tr("Predicted against actual consumption"))
        self.recolour()

    def show_series(
        self,
        x: Sequence[float],
        predicted: Sequence[float],
        actual: Sequence[float],
        held_out: Sequence[bool],
        texts: Sequence[str],
        lower: Sequence[float] | None = None,
        upper: Sequence[float] | None = None,
        likely: bool = True,
    ) -> None:
        self._is_likely = likely
        times, expected, metered = (np.array(part) for part in (x, predicted, actual))
        past = np.array(held_out, dtype=bool)
        future = ~past
        future[:-1] |= future[1:] & past[:-1]  # the line to come starts where the held-out one ends
        for line, energy in (
            (self._actual_line, metered),
            (self._past_line, np.where(past, expected, np.nan)),
            (self._future_line, np.where(future, expected, np.nan)),
        ):
            line.setSymbol("o" if len(x) <= FEW_PERIODS and np.isfinite(energy).any() else None)
            line.setData(times, energy)
        nothing = np.full(len(times), np.nan)
        self._show_interval(
            times,
            expected,
            nothing if lower is None else np.array(lower),
            nothing if upper is None else np.array(upper),
        )
        missed = (metered < self._lower.yData) | (metered > self._upper.yData)
        self._missed.setData(times[missed], metered[missed])
        self._name_what_is_drawn(bool(past.any()), bool(future.any()))
        length = x[1] - x[0] if len(x) > 1 else DAY
        self.days.finest = min(length, MONTH)
        self.name_points(x, texts, closest=LEAST_PERIODS * length)
        self.recolour()

    @property
    def missed(self) -> list[float]:
        """The actual values, kWh, that lie beyond their interval."""
        return [float(energy) for energy in self._missed.getData()[1]]

    def _show_interval(self, x: Floats, middle: Floats, lower: Floats, upper: Floats) -> None:
        self._lower.setData(x, lower)
        self._upper.setData(x, upper)
        known, each = np.isfinite(lower), len(x) <= EACH
        self._interval.setVisible(not each and bool(known.any()))
        shown = known & each
        beam = np.diff(x).min(initial=DAY) / 6
        self._whiskers.setData(
            x=x[shown],
            y=middle[shown],
            top=(upper - middle)[shown],
            bottom=(middle - lower)[shown],
            beam=beam,
        )

    def _name_what_is_drawn(self, past: bool, future: bool) -> None:
        entries = [
            (self._actual_line, self.tr("Actual"), past),
            (self._past_line, self.tr("Predicted, held-out days"), past),
            (self._future_line, self.tr("Predicted, to come"), future),
            (self._missed, self.tr("Outside the band"), bool(self.missed)),
        ]
        self._legend.show_entries([(item, name) for item, name, shown in entries if shown])

    def recolour(self) -> None:
        super().recolour()
        colours = theme.tokens()
        predicted = colours.forecast
        _paint(self._actual_line, colours.measured, Qt.PenStyle.SolidLine)
        _paint(self._past_line, predicted, Qt.PenStyle.SolidLine)
        _paint(self._future_line, predicted, Qt.PenStyle.DashLine)
        self._interval.setBrush(interval_shade(LIKELY if self._is_likely else NEARLY_SURE))
        self._whiskers.setData(pen=pg.mkPen(predicted, width=1.5))
        self._missed.setPen(pg.mkPen(colours.danger, width=2))
        self._missed.setBrush(colours.danger)


def _paint(line: pg.PlotDataItem, colour: str, style: Qt.PenStyle) -> None:
    line.setPen(pg.mkPen(colour, width=2, style=style))
    line.setSymbolSize(5)
    line.setSymbolBrush(colour)
    line.setSymbolPen(None)
