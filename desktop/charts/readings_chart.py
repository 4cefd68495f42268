"""The readings of a few meters, to see at a glance whether they were understood."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.charts.axes import DAY
from desktop.charts.line import Line
from desktop.charts.time_plot import TimePlot

SIZE = QSize(300, 130)


class ReadingsChart(TimePlot):
    """One line a meter, in the theme's series of colours; its owner names them.

    `show_meters` takes times in seconds since 1970 of their wall-clock time as if it were UTC, ascending,
    and for each meter its name and one energy (kWh) a time, NaN where it has none; ``texts`` say each time.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[Line] = []
        self.drawn: list[str] = []
        # All of them from the start: what was shown before must not decide how high they may be.
        self.getViewBox().setAutoVisible(y=False)
        self.setAccessibleName(self.tr("Chart of the readings"))
        self.setMinimumHeight(90)
        self.recolour()

    def show_meters(
        self, x: Sequence[float], meters: Sequence[tuple[str, Sequence[float]]], texts: Sequence[str]
    ) -> None:
        for line in self._lines:
            self.removeItem(line)
        self._lines = [Line() for _ in meters]
        for line, (_name, kwh) in zip(self._lines, meters, strict=True):
            self.addItem(line)
            line.set_points(np.array(x), np.array(kwh))
        self.drawn = [name for name, _kwh in meters]
        self.stand_on_zero([energy for _name, kwh in meters for energy in kwh])
        self.name_points(x, texts, closest=DAY)
        self.recolour()

    def sizeHint(self) -> QSize:
        return SIZE

    def recolour(self) -> None:
        super().recolour()
        colours = theme.tokens()
        for line, colour in zip(self._lines, colours.series, strict=False):
            line.look(pg.mkPen(colour, width=1.5))
