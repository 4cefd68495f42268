"""The few devices that make up most of the consumption."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.charts.axes import FigureAxis, keep_room
from desktop.charts.choice_plot import ChoicePlot
from desktop.charts.plot import Numbers, Texts

MOST = 0.8
"""Pareto's share, to which the vital few add up."""
BAR = 0.8
NARROWEST_NAME = 64
"""Pixels; in less room a bar has its rank for a name."""
HOVER = 0.65
"""How high the words stand, where few bars and little of the line are."""
ROOM_OF_RANK = 24
EVERY = (1, 2, 5, 10, 20, 50)
FEW = 40
"""Up to so many bars each has a dot on the line."""


class ParetoChart(ChoicePlot):
    """Bars from the greatest down, and what they add up to as a line; the vital few stand out.

    Both have the same scale, in kWh on the left and in percent of the total on the right. `draw` takes one
    value per bar, descending: ``keys`` are what a click or Enter sends as `chosen` (None: nothing),
    ``names``, ``energy`` in kWh, and ``texts``.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        self._names: Sequence[str] = ()
        super().__init__(FigureAxis(), pg.AxisItem("bottom"), parent)
        self._vital = 0
        self._percent = FigureAxis("right", "%")
        self.getPlotItem().setAxisItems({"right": self._percent})
        self.getPlotItem().showAxis("right")
        self.showGrid(y=True, alpha=0.6)
        self.getAxis("left").setStyle(maxTickLevel=0)
        self._percent.setStyle(maxTickLevel=0)
        self._percent.setGrid(False)
        for axis in (self.getAxis("left"), self._percent):
            keep_room(axis)
        self.getAxis("bottom").setStyle(tickLength=0)
        self._bars = pg.BarGraphItem(x=[], height=[], width=BAR)
        self._sum = pg.PlotDataItem(symbolSize=5, antialias=True)
        self._most = pg.InfiniteLine(angle=0, movable=False)
        for item in (self._bars, self._sum):
            self.addItem(item)
        self.addItem(self._most, ignoreBounds=True)
        self.getViewBox().sigResized.connect(self._name_bars)
        self.setAccessibleName(self.tr("Pareto chart of the consumption"))
        self.recolour()

    def draw(self, keys: Sequence[str | None], names: Sequence[str], energy: Numbers, texts: Texts) -> None:
        kwh = np.asarray(energy, dtype=float)
        sums, ranks = kwh.cumsum(), np.arange(len(kwh))
        total = float(sums[-1]) if len(kwh) and sums[-1] > 0 else 1.0
        self.keys, self._names = keys, names
        self._vital = int(np.searchsorted(sums, MOST * total)) + 1
        self._bars.setOpts(x=ranks, height=kwh)
        self._sum.setData(ranks, sums)
        self._sum.setSymbol("o" if len(kwh) <= FEW else None)
        self._most.setPos(MOST * total)
        self._percent.setScale(100 / total)
        self.setYRange(min(0.0, float(kwh.min(initial=0))), total * 1.03, padding=0)
        self.setXRange(-0.6, max(len(kwh), 1) - 0.4, padding=0)
        self.name_points(ranks, texts)
        self._name_bars()
        self.recolour()

    @property
    def drawn(self) -> list[float]:
        """kWh of the bars, the greatest first."""
        return [float(energy) for energy in self._bars.opts["height"]]

    def recolour(self) -> None:
        super().recolour()
        colours = theme.tokens()
        shades = [
            colours.series[0] if rank < self._vital else colours.muted for rank, _ in enumerate(self.keys)
        ]
        self._bars.setOpts(brushes=self.shaded(shades), pen=pg.mkPen(None))
        self._sum.setPen(pg.mkPen(colours.series[1], width=2))
        self._sum.setSymbolBrush(colours.series[1])
        self._sum.setSymbolPen(None)
        self._most.setPen(pg.mkPen(colours.muted, style=Qt.PenStyle.DashLine))
        self._percent.setPen(colours.border)
        self._percent.setTextPen(colours.muted)

    def place_hover(self, at: int) -> None:
        super().place_hover(at)
        low, high = self.getViewBox().viewRange()[1]
        self.hover.setPos(at, low + HOVER * (high - low))

    def _name_bars(self) -> None:
        room = int(self.getViewBox().width() / max(len(self._names), 1))
        every = next(ranks for ranks in EVERY if ranks * max(room, 1) >= ROOM_OF_RANK)
        names = ["" if rank % every else str(rank) for rank in range(1, len(self._names) + 1)]
        if room >= NARROWEST_NAME:
            # Names that differ in their last word only would look alike if that were cut off.
            elide, middle = self.fontMetrics().elidedText, Qt.TextElideMode.ElideMiddle
            names = [elide(name, middle, room - 8) for name in self._names]
        self.getAxis("bottom").setTicks([list(enumerate(names))])
