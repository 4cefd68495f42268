"""The average day: weekdays against weekends."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.charts.axes import FigureAxis, HourAxis, keep_room
from desktop.charts.legend import Legend
from desktop.charts.plot import Numbers, Plot, Texts, faint

Spread = tuple[Numbers, Numbers, Numbers]
"""Mean, low and high of each of 24 hours, kW; NaN where there are no readings."""

HEADROOM = 1.06


class ProfileChart(Plot):
    """Two lines over the 24 hours, each in the band between its low and high days.

    `draw` takes the demand of weekdays and of weekends as `Spread`, and 24 ``texts``.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(FigureAxis(), HourAxis("bottom"), parent)
        self._groups = [_Group(self.getPlotItem()), _Group(self.getPlotItem())]
        self._legend = Legend(self.getPlotItem())
        self.showGrid(y=True, alpha=0.6)
        self.getAxis("left").setStyle(maxTickLevel=0)
        keep_room(self.getAxis("left"))
        self.setXRange(0, 24, padding=0)
        self.setAccessibleName(self.tr("Load profile of weekdays and weekends"))
        self.recolour()

    def draw(self, weekday: Spread, weekend: Spread, texts: Texts) -> None:
        for group, spread in zip(self._groups, (weekday, weekend), strict=True):
            group.draw(spread)
        names = (self.tr("Weekdays"), self.tr("Weekends"))
        self._legend.show_entries(
            [(group.mean, name) for group, name in zip(self._groups, names, strict=True) if group.known]
        )
        demand = np.array([*weekday, *weekend])
        lowest, highest = np.nanmin(demand, initial=0.0), np.nanmax(demand, initial=0.1)
        self.setYRange(float(lowest), float(highest) * HEADROOM, padding=0)
        self.name_points(np.arange(24) + 0.5, texts)

    @property
    def drawn(self) -> list[float]:
        """kW of the weekdays' mean, hour by hour."""
        return [float(demand) for demand in self._groups[0].mean.yData]

    def recolour(self) -> None:
        super().recolour()
        for group, colour in zip(self._groups, theme.tokens().series, strict=False):
            group.recolour(colour)


class _Group:
    """One kind of days: a line and its band."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._low, self._high = pg.PlotCurveItem(connect="finite"), pg.PlotCurveItem(connect="finite")
        self._band = pg.FillBetweenItem(self._low, self._high)
        self.mean = pg.PlotCurveItem(connect="finite", antialias=True)
        self.known = False
        for item in (self._band, self._low, self._high, self.mean):
            plot.addItem(item)

    def draw(self, spread: Spread) -> None:
        hours = np.arange(24) + 0.5
        for curve, demand in zip((self.mean, self._low, self._high), spread, strict=True):
            curve.setData(hours, np.asarray(demand, dtype=float))
        self.known = bool(np.isfinite(spread[0]).any())

    def recolour(self, colour: str) -> None:
        self.mean.setPen(pg.mkPen(colour, width=2))
        self._low.setPen(None)
        self._high.setPen(None)
        self._band.setBrush(faint(colour, 45))
