"""Charts of devices and categories whose bars can be chosen: shares, and Pareto's vital few."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.charts.axes import FigureAxis, NameAxis, reserve_width
from desktop.charts.plot import Numbers, Plot, Texts, faint

CHOOSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
ROW_HEIGHT = 24
TALLEST_ROW = 44
ROW_BAR = 0.66
FIGURES = 64
"""Pixels that the words at the end of the longest bar may take."""
MOST = 0.8
"""Pareto's share, to which the vital few add up."""
COLUMN_BAR = 0.8
NARROWEST_NAME = 64
"""Pixels; in less room a bar has its rank for a name."""
HOVER = 0.65
"""How high the words stand, where few bars and little of the line are."""
ROOM_OF_RANK = 24
EVERY = (1, 2, 5, 10, 20, 50)
FEW = 40
"""Up to so many bars each has a dot on the line."""


class ChoicePlot(Plot):
    """A bar that is clicked, or Enter on it, is `chosen`: its key. One whose key is None is not."""

    chosen = Signal(str)

    def __init__(self, left: pg.AxisItem, bottom: pg.AxisItem, parent: QWidget | None = None) -> None:
        self.keys: Sequence[str | None] = ()
        super().__init__(left, bottom, parent)

    def point_out(self, at: int | None) -> None:
        super().point_out(at)
        key = None if at is None else self.keys[at]
        self.viewport().setCursor(
            Qt.CursorShape.ArrowCursor if key is None else Qt.CursorShape.PointingHandCursor
        )
        self.recolour()

    def shaded(self, colours: Sequence[str]) -> list[QColor]:
        """Return a colour for each bar, the others pale beside the one that is pointed out."""
        return [
            faint(colour, 255 if self.pointed in (None, at) else 120) for at, colour in enumerate(colours)
        ]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in CHOOSING:
            self._choose(self.pointed)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() is Qt.MouseButton.LeftButton:
            self._choose(self.under(self.mapToScene(event.position().toPoint())))

    def _choose(self, at: int | None) -> None:
        key = None if at is None else self.keys[at]
        if key is not None:
            self.chosen.emit(key)


class BreakdownChart(ChoicePlot):
    """A bar for each device or category, the greatest on top.

    `draw` takes one value per bar, descending: ``keys`` are what `chosen` sends, None where a bar stands for
    several devices; ``energy`` in kWh; ``figures`` stand at the bar's end; ``texts`` say it all.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        self._names = NameAxis()
        super().__init__(self._names, FigureAxis("bottom"), parent)
        self._longest = 1.0
        self._bars = pg.BarGraphItem(x0=[], y=[], width=[], height=ROW_BAR)
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
        """Keep as many text items as bars; making them takes longer than all the rest."""
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
            reserve_width(axis)
        self.getAxis("bottom").setStyle(tickLength=0)
        self._bars = pg.BarGraphItem(x=[], height=[], width=COLUMN_BAR)
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
