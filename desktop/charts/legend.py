"""Which colour stands for what."""

from collections.abc import Sequence

import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy

from desktop import theme


class Legend(pg.LegendItem):
    """Stands below the axis, where it hides nothing."""

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__(colCount=4, frame=False, sampleType=_Sample)
        self.layout.setContentsMargins(0, 0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        plot.layout.addItem(self, 4, 1)

    def show_entries(self, entries: Sequence[tuple[pg.GraphicsObject, str]]) -> None:
        """Items of the chart and their names, those only that are drawn; none need a legend if it is one."""
        self.clear()
        for item, name in entries if len(entries) > 1 else ():
            self.addItem(item, name)
        self.recolour()

    def recolour(self) -> None:
        for _sample, label in self.items:
            label.setText(label.text, color=theme.tokens().text)


class _Sample(pg.ItemSample):
    def paint(self, p: QPainter, *options: object) -> None:
        if not isinstance(self.item, pg.BarGraphItem):
            super().paint(p, *options)
            return
        p.setPen(pg.mkPen(self.item.opts["pen"]))
        p.setBrush(pg.mkBrush(self.item.opts["brush"]))
        p.drawRect(3, 4, 14, 13)

    def mouseClickEvent(self, event: MouseClickEvent) -> None:
        """Hides nothing: the words under the mouse would still speak of it."""
        event.ignore()
