"""Which device consumes how much."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.charts.axes import FigureAxis, NameAxis
from desktop.charts.choice_plot import ChoicePlot
from desktop.charts.plot import Texts

ROW_HEIGHT = 24
TALLEST_ROW = 44
BAR = 0.66
FIGURES = 64
"""Pixels that the words at the end of the longest bar may take."""


class BreakdownChart(ChoicePlot):
    """A bar for each device or category, the greatest on top.

    `draw` takes one value per bar, descending: ``keys`` are what `chosen` sends, None where a bar stands for
    several devices; ``energy`` in kWh; ``figures`` stand at the bar's end; ``texts`` say it all.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        self._names = NameAxis()
        super().__init__(self._names, FigureAxis("bottom"), parent)
        self._longest = 1.0
        self._bars = pg.BarGraphItem(x0=[], y=[], width=[], height=BAR)
        self._figures: list[pg.TextItem] = []
        self.addItem(self._bars)
        self.getPlotItem().hideAxis("bottom")
        self.invertY(True)
        self.disableAutoRange()
        self.getViewBox().sigResized.connect(self._fit)
        self.setAccessibleName(self.tr("Consumption by device"))
        self.recolour()

    def draw(
        self,
        keys: Sequence[str | None],
        names: Sequence[str],
        energy: Sequence[float],
        figures: Sequence[str],
        texts: Texts,
    ) -> None:
        rows = np.arange(len(keys))
        self.keys, self._longest = keys, max(energy, default=1.0) or 1.0
        self._names.show_names(list(names), self.fontMetrics())
        self._bars.setOpts(x0=np.zeros(len(keys)), y=rows, width=np.array(energy))
        self._keep_items(len(figures))
        for item, text, row, length in zip(self._figures, figures, rows, energy, strict=True):
            item.setText(text)
            item.setPos(length, row)
        self.setMinimumHeight(ROW_HEIGHT * (len(keys) + 1))
        self.name_points(rows.tolist(), texts)
        self._fit()

    @property
    def drawn(self) -> list[float]:
        """kWh of the bars, the greatest first."""
        return [float(energy) for energy in self._bars.opts["width"]]

    def _keep_items(self, count: int) -> None:
        """As many words as bars; making them takes longer than all the rest."""
        for item in self._figures[count:]:
            self.removeItem(item)
        made = [pg.TextItem(anchor=(0, 0.5)) for _ in range(count - len(self._figures))]
        for item in made:
            self.addItem(item, ignoreBounds=True)
        self._figures = [*self._figures[:count], *made]

    def place_hover(self, at: int) -> None:
        self.hover.setTextWidth(-1)
        if self.hover.boundingRect().width() > (room := self.getViewBox().width()):
            self.hover.setTextWidth(room)  # a long name goes on in the next line
        lower_half = at > len(self.positions) / 2
        self.hover.setAnchor((0, 1) if lower_half else (0, 0))
        self.hover.setPos(0, at - 0.5 if lower_half else at + 0.5)

    def along(self, point: QPointF) -> float:
        return point.y()

    def recolour(self) -> None:
        super().recolour()
        colours = theme.tokens()
        shades = [colours.muted if key is None else colours.series[0] for key in self.keys]
        self._bars.setOpts(brushes=self.shaded(shades), pen=pg.mkPen(None))
        for item in self._figures:
            item.setColor(colours.text)
        self._names.setTextPen(colours.text)

    def _fit(self) -> None:
        """Leave room for the figures behind the longest bar, and below a few bars."""
        width = max(self.getViewBox().width(), FIGURES + 1)
        self.setXRange(0, self._longest * width / (width - FIGURES), padding=0)
        rows = max(len(self.keys), 1, self.getViewBox().height() / TALLEST_ROW)
        self.setYRange(-0.5, rows - 0.5, padding=0)
