"""Consumption day by day."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.charts.axes import DAY
from desktop.charts.plot import faint
from desktop.charts.time_plot import TimePlot

FEW_DAYS = 62
"""Up to so many days each one gets a dot."""


class DailyChart(TimePlot):
    """A line over the days and, dashed, their mean.

    `show_days` takes one value per calendar day without gaps, ascending: ``x`` in seconds since 1970 of its
    midnight UTC, ``energy`` in kWh, NaN for a day without readings; ``texts`` say each day in words.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mean = pg.InfiniteLine(angle=0, movable=False)
        self.addItem(self._mean, ignoreBounds=True)
        self._line = self.getPlotItem().plot(connect="finite", fillLevel=0.0)
        self.setAccessibleName(self.tr("Daily consumption"))
        self.recolour()

    def show_days(
        self, x: Sequence[float], energy: Sequence[float], mean: float, texts: Sequence[str]
    ) -> None:
        self._line.setData(np.array(x), np.array(energy))
        self._line.setSymbol("o" if len(x) <= FEW_DAYS else None)
        self._mean.setPos(mean)
        self._mean.setVisible(len(x) > 1)
        self.stand_on_zero(energy)
        self.name_points(x, texts, closest=7 * DAY)

    @property
    def drawn(self) -> list[float]:
        """kWh of the days in the line."""
        return [float(energy) for energy in self._line.yData]

    def recolour(self) -> None:
        super().recolour()
        colours = theme.tokens()
        line = colours.series[0]
        self._line.setPen(pg.mkPen(line, width=2))
        self._line.setFillBrush(faint(line))
        self._line.setSymbolSize(5)
        self._line.setSymbolBrush(line)
        self._line.setSymbolPen(None)
        self._mean.setPen(pg.mkPen(colours.muted, width=1, style=Qt.PenStyle.DashLine))
