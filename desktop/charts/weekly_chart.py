"""Consumption week by week."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.charts.axes import DAY
from desktop.charts.plot import faint
from desktop.charts.time_plot import TimePlot

WEEK = 7 * DAY
BAR = 0.78 * WEEK


class WeeklyChart(TimePlot):
    """A bar for each week, paler where the week has days without readings.

    `show_weeks` takes one value per week, ascending: ``x`` in seconds since 1970 of its Monday's midnight
    UTC, ``energy`` in kWh, whether the week is ``whole``; ``texts`` say each week in words.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars = pg.BarGraphItem(x=[], height=[], width=BAR)
        self._whole = np.empty(0, dtype=bool)
        self.addItem(self._bars)
        self.setAccessibleName(self.tr("Weekly consumption"))
        self.recolour()

    def show_weeks(
        self, x: Sequence[float], energy: Sequence[float], whole: Sequence[bool], texts: Sequence[str]
    ) -> None:
        middles = np.array(x) + WEEK / 2
        self._whole = np.array(whole, dtype=bool)
        self._bars.setOpts(x=middles, height=np.array(energy))
        self.recolour()
        self.stand_on_zero(energy)
        self.name_points(middles.tolist(), texts, closest=4 * WEEK)

    @property
    def drawn(self) -> list[float]:
        """kWh of the bars."""
        return [float(energy) for energy in self._bars.opts["height"]]

    def recolour(self) -> None:
        super().recolour()
        bar = theme.tokens().series[0]
        brushes = [pg.mkBrush(bar if whole else faint(bar, 110)) for whole in self._whole]
        self._bars.setOpts(brushes=brushes, pen=pg.mkPen(None))
