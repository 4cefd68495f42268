"""Predicted against actual consumption, period by period."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from desktop import theme

FEW_POINTS = 80
"""Up to so many periods each one gets a dot."""


class PredictionChart(pg.PlotWidget):
    """Three lines over time: what was measured, what was predicted for held-out days, what is predicted to come.

    `show_series` takes one value per period, ascending: ``x`` in seconds since 1970 (UTC), energies in kWh,
    NaN where there is none; ``held_out`` tells the past, whose actual values the model had not seen, from the
    future; ``labels`` name the periods for the hover text; ``lower`` and ``upper`` bound an interval, if known.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, axisItems={"bottom": pg.DateAxisItem(utcOffset=0)})
        self._labels: Sequence[str] = ()
        self._x = self._predicted = self._actual = np.empty(0)
        plot = self.getPlotItem()
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(x=True, y=False)
        plot.setDownsampling(auto=True, mode="peak")
        plot.setClipToView(True)
        self._legend = plot.addLegend(offset=(-8, 4), colCount=3)
        self._lower, self._upper = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._interval = pg.FillBetweenItem(self._lower, self._upper)
        plot.addItem(self._interval)
        self._actual_line = plot.plot(name=self.tr("Actual"), connect="finite")
        self._past_line = plot.plot(name=self.tr("Predicted, held-out days"), connect="finite")
        self._future_line = plot.plot(name=self.tr("Predicted, to come"), connect="finite")
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._hover = pg.TextItem(anchor=(0, 0))
        for item in (self._cursor, self._hover):
            item.setZValue(10)
            item.hide()
            plot.addItem(item, ignoreBounds=True)
        self.scene().sigMouseMoved.connect(self._point_at)
        theme.changed.connect(self._colour)
        self.setAccessibleName(self.tr("Predicted against actual consumption"))
        self._colour()

    def show_series(
        self,
        x: Sequence[float],
        predicted: Sequence[float],
        actual: Sequence[float],
        held_out: Sequence[bool],
        labels: Sequence[str],
        lower: Sequence[float] | None = None,
        upper: Sequence[float] | None = None,
    ) -> None:
        self._x, self._predicted, self._actual = np.array(x), np.array(predicted), np.array(actual)
        self._labels = labels
        past = np.array(held_out, dtype=bool)
        future = ~past
        future[:-1] |= future[1:] & past[:-1]  # the line to come starts where the held-out one ends
        self._actual_line.setData(self._x, self._actual)
        self._past_line.setData(self._x, np.where(past, self._predicted, np.nan))
        self._future_line.setData(self._x, np.where(future, self._predicted, np.nan))
        self._interval.setVisible(lower is not None)
        if lower is not None and upper is not None:
            self._lower.setData(self._x, np.array(lower))
            self._upper.setData(self._x, np.array(upper))
        self._colour()
        self._leave()
        self.enableAutoRange()

    def leaveEvent(self, event: object) -> None:
        self._leave()
        super().leaveEvent(event)

    def _leave(self) -> None:
        self._cursor.hide()
        self._hover.hide()

    def _point_at(self, position: QPointF) -> None:
        """Name the period under the mouse."""
        box = self.getPlotItem().vb
        if not len(self._x) or not box.sceneBoundingRect().contains(position):
            self._leave()
            return
        at = int(np.abs(self._x - box.mapSceneToView(position).x()).argmin())
        self._hover.setText(self._told(at))
        (left, right), (_, top) = box.viewRange()
        self._hover.setAnchor((1, 0) if self._x[at] > (left + right) / 2 else (0, 0))
        self._hover.setPos(self._x[at], top)
        self._cursor.setPos(self._x[at])
        self._cursor.show()
        self._hover.show()

    def _told(self, at: int) -> str:
        locale = self.locale()
        lines = [
            self._labels[at],
            self.tr("predicted {kwh} kWh").format(kwh=locale.toString(float(self._predicted[at]), "f", 1)),
        ]
        if np.isfinite(self._actual[at]):
            lines.append(
                self.tr("actual {kwh} kWh").format(kwh=locale.toString(float(self._actual[at]), "f", 1))
            )
        return "\n".join(lines)

    def _colour(self) -> None:
        """Pens and brushes of the current theme."""
        colours = theme.tokens()
        self.setBackground(colours.surface)
        for name in ("left", "bottom"):
            axis = self.getAxis(name)
            axis.setPen(colours.border)
            axis.setTextPen(colours.muted)
        self.setLabel("left", self.tr("kWh"), color=colours.muted)
        self.getAxis("left").enableAutoSIPrefix(False)
        self.showGrid(y=True, alpha=0.15)
        predicted, measured = colours.series[0], colours.text
        self._line(self._actual_line, measured, Qt.PenStyle.SolidLine)
        self._line(self._past_line, predicted, Qt.PenStyle.SolidLine)
        self._line(self._future_line, predicted, Qt.PenStyle.DashLine)
        shade = QColor(predicted)
        shade.setAlpha(50)
        self._interval.setBrush(shade)
        self._cursor.setPen(colours.muted)
        self._hover.setColor(colours.text)
        self._hover.fill = pg.mkBrush(colours.surface)
        self._hover.border = pg.mkPen(colours.border)
        self._legend.setLabelTextColor(colours.text)

    def _line(self, line: pg.PlotDataItem, colour: str, style: Qt.PenStyle) -> None:
        line.setPen(pg.mkPen(colour, width=2, style=style))
        line.setSymbol("o" if len(self._x) <= FEW_POINTS else None)
        line.setSymbolSize(5)
        line.setSymbolBrush(colour)
        line.setSymbolPen(None)
