"""The readings of a few meters, to see at a glance whether they were understood."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop import theme
from desktop.charts.axes import DAY
from desktop.charts.time_plot import TimePlot

SIZE = QSize(300, 150)
LEGEND_COLUMNS = 4
LONGEST_NAME = 14
"""Letters; a longer name is cut short, and whole under the mouse."""


class ReadingsChart(TimePlot):
    """One line a meter.

    `show_meters` takes times in seconds since 1970 of their wall-clock time as if it were UTC, ascending,
    and for each meter its name and one energy (kWh) a time, NaN where it has none; ``texts`` say each time.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[pg.PlotDataItem] = []
        self._legend = pg.LegendItem(colCount=LEGEND_COLUMNS, frame=False)
        self._legend.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.getPlotItem().layout.addItem(self._legend, 4, 1)
        self.setAccessibleName(self.tr("Chart of the readings"))
        self.setMinimumHeight(SIZE.height())
        self.recolour()

    def show_meters(
        self, x: Sequence[float], meters: Sequence[tuple[str, Sequence[float]]], texts: Sequence[str]
    ) -> None:
        for line in self._lines:
            self.removeItem(line)
        self._legend.clear()
        self._lines = [
            self.getPlotItem().plot(np.array(x), np.array(kwh), connect="finite") for _, kwh in meters
        ]
        for line, (name, _kwh) in zip(self._lines, meters, strict=True):
            self._legend.addItem(line, _short(name))
        everything = np.concatenate([kwh for _name, kwh in meters]) if meters else np.empty(0)
        self.stand_on_zero(everything)
        self.name_points(x, texts, closest=DAY)
        self.recolour()

    @property
    def drawn(self) -> list[str]:
        """The names of the meters that are shown."""
        return [label.text for _sample, label in self._legend.items]

    def sizeHint(self) -> QSize:
        return SIZE

    def recolour(self) -> None:
        super().recolour()
        colours = theme.tokens()
        for line, colour in zip(self._lines, colours.series, strict=False):
            line.setPen(pg.mkPen(colour, width=1.5))
        for _sample, label in self._legend.items:
            label.setText(label.text, color=colours.text)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
