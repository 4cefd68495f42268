"""What the colours of a map stand for."""

import numpy as np
import pyqtgraph as pg

from desktop import theme
from desktop.charts.axes import FigureAxis

WIDTH = 12


class ColourBar(pg.PlotItem):
    """A strip of colours beside a chart, with figures: ``colours`` (uint8[n, 4]) from the least upwards."""

    def __init__(self, plot: pg.PlotItem, colours: np.ndarray) -> None:
        super().__init__(enableMenu=False, axisItems={"right": FigureAxis("right")})
        self.hideButtons()
        self.setMouseEnabled(x=False, y=False)
        for name in ("left", "bottom"):
            self.hideAxis(name)
        self.showAxis("right")
        self.getAxis("right").setTickDensity(0.6)
        self._strip = pg.ImageItem(colours[:, np.newaxis], axisOrder="row-major")
        self.addItem(self._strip)
        self.layout.setColumnFixedWidth(1, WIDTH)
        plot.layout.addItem(self, 2, 3)

    def show_levels(self, low: float, high: float) -> None:
        self._strip.setRect(0, low, 1, high - low)
        self.setRange(xRange=(0, 1), yRange=(low, high), padding=0)

    def recolour(self) -> None:
        self.getAxis("right").setPen(theme.tokens().border)
        self.getAxis("right").setTextPen(theme.tokens().muted)
