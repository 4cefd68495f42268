"""For how much of the time the demand is how high."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.charts.axes import FigureAxis
from desktop.charts.line import Line
from desktop.charts.plot import Numbers, Texts, faint
from desktop.charts.zoom_plot import ZoomPlot


class LoadDurationChart(ZoomPlot):
    """A line that falls from the peak demand to the baseload.

    `draw` takes ``share`` of the time (0..1, ascending), the ``demand`` (kW) that is reached or exceeded for
    it, and a text for each.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        bottom = FigureAxis("bottom", "%")
        super().__init__(FigureAxis(), bottom, parent)
        bottom.setScale(100)
        self._line = Line(fill=True)
        self.addItem(self._line)
        self.getViewBox().setLimits(xMin=0, xMax=1, minXRange=0.01)
        self.setAccessibleName(self.tr("Load duration curve"))
        self.recolour()

    def draw(self, share: Numbers, demand: Numbers, texts: Texts) -> None:
        kw = np.asarray(demand, dtype=float)
        self._line.set_points(np.asarray(share, dtype=float), kw)
        self.getViewBox().setLimits(yMin=min(0.0, float(np.nanmin(kw, initial=0.0))))
        self.name_points(share, texts)
        self.reset()

    @property
    def drawn(self) -> list[float]:
        """kW, from the peak down."""
        return [float(demand) for demand in self._line.points[1]]

    def recolour(self) -> None:
        super().recolour()
        line = theme.tokens().series[0]
        self._line.look(pg.mkPen(line, width=2), faint(line))
