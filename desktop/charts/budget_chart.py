"""Month by month against what was planned."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.charts.axes import MONTH
from desktop.charts.intervals import edges
from desktop.charts.legend import Legend
from desktop.charts.plot import Numbers, Texts
from desktop.charts.time_plot import TimePlot

BAR = 0.75
CLOSEST = 3 * MONTH


class BudgetChart(TimePlot):
    """A bar for each month, in the colour of danger where it is over its budget, and a mark at the budget.

    `draw` takes ``x`` (starts of the months), ``kwh`` and ``texts``, one per month; ``budget`` in kWh, the
    same for all or one per month, NaN for none.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.days.finest, self.days.shift = MONTH, MONTH / 2
        self._kwh, self._over = np.empty(0), np.empty(0, dtype=bool)
        self._bars = pg.BarGraphItem(x=[], height=[], width=1)
        self._excess = pg.BarGraphItem(x=[], height=[], width=1)
        self._marks = pg.PlotCurveItem(connect="pairs")
        for item in (self._bars, self._excess, self._marks):
            self.addItem(item)
        self._legend = Legend(self.getPlotItem())
        self.setAccessibleName(self.tr("Consumption and budget by month"))
        self.recolour()

    def draw(
        self, x: Numbers, kwh: Numbers, texts: Texts, budget: float | Sequence[float] | None = None
    ) -> None:
        starts, self._kwh = np.asarray(x, dtype=float), np.asarray(kwh, dtype=float)
        planned = np.broadcast_to(np.nan if budget is None else np.asarray(budget, dtype=float), len(starts))
        self._over = self._kwh > planned
        widths = np.diff(edges(starts, alone=MONTH))
        middles = starts + widths / 2
        for bars, chosen in ((self._bars, ~self._over), (self._excess, self._over)):
            energy = np.nan_to_num(self._kwh[chosen])
            bars.setOpts(x=middles[chosen], height=energy, width=BAR * widths[chosen])
        known = np.isfinite(planned)
        ends = np.column_stack((starts, starts + widths))[known]
        self._marks.setData(ends.ravel(), np.repeat(planned[known], 2))
        self._name_what_is_drawn(bool(known.any()))
        self.stand_on_zero(self._kwh)
        self.name_points(middles, texts, closest=CLOSEST, starts=starts, alone=MONTH)

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
        self._bars.setOpts(brush=colours.series[0], pen=pg.mkPen(None))
        self._excess.setOpts(brush=colours.danger, pen=pg.mkPen(None))
        self._marks.setPen(pg.mkPen(colours.text, width=2))
