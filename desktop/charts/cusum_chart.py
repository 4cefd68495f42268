"""What was saved or wasted against the baseline, added up."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.charts.axes import DAY, MONTH
from desktop.charts.line import Line
from desktop.charts.plot import Numbers, Texts, faint
from desktop.charts.time_plot import TimePlot

CLOSEST = 6
"""The closest zoom shows so many values."""


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
            area.look(pg.mkPen(None), faint(colour, 80))
        self._line.look(pg.mkPen(colours.text, width=1.5))
        self._zero.setPen(colours.muted)
