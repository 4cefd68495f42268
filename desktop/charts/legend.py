"""Which colour stands for what."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsSceneResizeEvent, QSizePolicy

from desktop import theme

Entry = tuple[pg.GraphicsObject, str]
"""An item of the chart, lines or bars, and its name."""

SAMPLE, AFTER_SAMPLE, AFTER_NAME, ROW = 18, 6, 18, 20


class Legend(pg.GraphicsWidget):
    """Names in rows below the axis, where they hide nothing, in as many as they need.

    pyqtgraph's own legend has columns, and makes a narrow chart as wide as all of them.
    """

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__()
        self._entries: Sequence[Entry] = ()
        self._places: list[QPointF] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        plot.layout.addItem(self, 4, 1)
        self._arrange()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Those only that are drawn; one alone needs no name."""
        self._entries = entries if len(entries) > 1 else ()
        self._arrange()

    def resizeEvent(self, event: QGraphicsSceneResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        measured, x, y = QFontMetricsF(self.font()), 0.0, 0.0
        self._places = []
        for _item, name in self._entries:
            width = SAMPLE + AFTER_SAMPLE + measured.horizontalAdvance(name)
            if x and x + width > self.size().width():
                x, y = 0.0, y + ROW
            self._places.append(QPointF(x, y))
            x += width + AFTER_NAME
        height = y + ROW if self._entries else 0.0
        self.setMinimumHeight(height)
        self.setMaximumHeight(height)
        self.update()

    def paint(self, p: QPainter, *options: object) -> None:
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        baseline = (ROW + QFontMetricsF(self.font()).capHeight()) / 2
        for (item, name), place in zip(self._entries, self._places, strict=True):
            p.setPen(pg.mkPen(item.opts["pen"]))
            if isinstance(item, pg.BarGraphItem):
                p.setBrush(pg.mkBrush(item.opts["brush"]))
                p.drawRect(QRectF(place.x() + 3, place.y() + 4, 12, 12))
            else:
                middle = place + QPointF(0, ROW / 2)
                p.drawLine(middle, middle + QPointF(SAMPLE, 0))
            p.setPen(theme.tokens().text)
            p.setFont(self.font())
            p.drawText(place + QPointF(SAMPLE + AFTER_SAMPLE, baseline), name)
