"""What the charts over time share: an axis of days, a cursor, and a brush that the other charts follow."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseDragEvent
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.charts.axes import DAY, MONTH, DayAxis, FigureAxis
from desktop.charts.line import Floats
from desktop.charts.plot import Numbers, Texts, ZoomPlot, faint

MEAN_MONTH = 30.44 * DAY
Span = tuple[float, float]
"""Seconds, its end not included; both on borders of intervals."""


def edges(starts: Floats, alone: float = DAY) -> Floats:
    """Return borders (float64[n + 1]) of intervals that begin at ``starts`` (float64[n], seconds, ascending).

    The last one is as long as the shortest, one ``alone`` as long as it is said to be; what is a month long
    or more ends with a calendar month.
    """
    if not len(starts):
        return np.empty(0)
    length = float(np.diff(starts).min()) if len(starts) > 1 else alone
    if length >= MONTH:
        last = np.array(starts[-1], dtype="datetime64[s]").astype("datetime64[M]")
        end = (last + round(length / MEAN_MONTH)).astype("datetime64[s]")
        return np.append(starts, end.astype(np.float64))
    return np.append(starts, starts[-1] + length)


class BrushBox(pg.ViewBox):
    """A drag with Shift, or any while ``brushing``, is `brushed` over: from, to, and whether it is done."""

    brushed = Signal(float, float, bool)

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.brushing = False
        self._brushes = False

    def mouseDragEvent(self, ev: MouseDragEvent, axis: int | None = None) -> None:
        if ev.button() is not Qt.MouseButton.LeftButton:
            ev.ignore()
            return
        if ev.isStart():
            shift = bool(ev.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            # Shift turns a hand into a brush, and a brush into a hand.
            self._brushes = axis != 1 and self.brushing is not shift
        if not self._brushes:
            super().mouseDragEvent(ev, axis)
            return
        ev.accept()
        ends = sorted(self.mapToView(place).x() for place in (ev.buttonDownPos(), ev.pos()))
        self.brushed.emit(*ends, ev.isFinish())


class TimePlot(ZoomPlot):
    """Shift with a drag, or with an arrow key, brushes a span of time; Esc takes it off.

    Only the user's own brush is `brushed`; `select` shows one from elsewhere. The point under the mouse is
    `hovered` (float, seconds), or None; `show_cursor` shows where another chart is pointed at.
    """

    brushed = Signal(float, float)
    brush_cleared = Signal()
    hovered = Signal(object)

    def __init__(self, parent: QWidget | None = None, left: pg.AxisItem | None = None) -> None:
        self.days, self._box = DayAxis(), BrushBox()
        super().__init__(left or FigureAxis(), self.days, parent, self._box)
        self.span: Span | None = None
        self.edges = np.empty(0)
        self._anchor = 0
        self._region = pg.LinearRegionItem(movable=False)
        self._region.setZValue(5)
        self._region.hide()
        self._box.addItem(self._region, ignoreBounds=True)
        self._box.brushed.connect(self._drag_over)

    @property
    def brushing(self) -> bool:
        """Whether a drag without Shift brushes."""
        return self._box.brushing

    @brushing.setter
    def brushing(self, on: bool) -> None:
        self._box.brushing = on
        self.viewport().setCursor(Qt.CursorShape.SplitHCursor if on else Qt.CursorShape.ArrowCursor)

    def select(self, span: Span | None) -> None:
        """Show this span as selected, or none; nothing is emitted."""
        self.span = span
        self._region.setVisible(span is not None)
        if span is not None:
            self._region.setRegion(span)

    def name_points(
        self,
        positions: Numbers,
        texts: Texts,
        closest: float = 0,
        starts: Numbers | None = None,
        alone: float = DAY,
    ) -> None:
        """Set the points and their texts.

        ``closest``: the narrowest range, in seconds, that can be zoomed into; ``starts``: where the intervals
        begin, if the points do not stand there; ``alone``: how long the only one is.
        """
        super().name_points(positions, texts)
        earlier = self.edges
        self.edges = edges(np.asarray(positions if starts is None else starts, dtype=float), alone)
        if len(positions):
            first, last = min(self.edges[0], positions[0]), max(self.edges[-1], positions[-1])
            margin = 0.02 * (last - first)
            self._box.setLimits(
                xMin=first - margin, xMax=last + margin, minXRange=min(closest, last - first) or closest
            )
        if np.array_equal(earlier, self.edges):
            return  # what was zoomed into stays in view
        self.enableAutoRange()
        if len(positions) == 1:
            self._box.setXRange(self.edges[0], self.edges[-1])

    def limit_to_zero(self, energy: Numbers) -> None:
        """Leave no room below 0, unless some values lie there."""
        self._box.setLimits(yMin=1.05 * min(0.0, float(np.nanmin(energy, initial=0.0))))

    def reset(self) -> None:
        super().reset()
        self._clear()

    def point_out(self, at: int | None) -> None:
        moved = at != self.pointed
        super().point_out(at)
        if moved:
            self.hovered.emit(None if at is None else float(self.positions[at]))

    def recolour(self) -> None:
        super().recolour()
        colours = theme.tokens()
        self._region.setBrush(faint(colours.accent, 45))
        for line in self._region.lines:
            line.setPen(colours.accent)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if shift and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._brush_on(event)
        elif event.key() == Qt.Key.Key_Escape and self.span is not None:
            self._clear()
        else:
            super().keyPressEvent(event)

    def _brush_on(self, event: QKeyEvent) -> None:
        """Brush from where the brush began to where the arrow leads."""
        if self.span is None and self.pointed is not None:
            self._anchor = self._interval_at(self.positions[self.pointed])
        began_now = self.pointed is None
        super().keyPressEvent(event)
        if self.span is None and began_now and self.pointed is not None:
            self._anchor = self._interval_at(self.positions[self.pointed])
        if self.pointed is not None:
            first, last = sorted((self._anchor, self._interval_at(self.positions[self.pointed])))
            self._brush(first, last, done=True)

    def _drag_over(self, start: float, end: float, done: bool) -> None:
        if len(self.edges):
            self._anchor = self._interval_at(start)
            self._brush(self._anchor, self._interval_at(end), done)

    def _interval_at(self, x: float) -> int:
        return int(np.clip(self.edges.searchsorted(x, side="right") - 1, 0, len(self.edges) - 2))

    def _brush(self, first: int, last: int, done: bool) -> None:
        """Select from one interval to another, both whole."""
        start, end = float(self.edges[first]), float(self.edges[last + 1])
        self.select((start, end))
        if done:
            self.brushed.emit(start, end)

    def _clear(self) -> None:
        if self.span is not None:
            self.select(None)
            self.brush_cleared.emit()


def link(charts: Sequence[TimePlot]) -> None:
    """Show in all of the charts what is brushed or pointed at in one of them."""
    for chart in charts:
        others = [other for other in charts if other is not chart]
        chart.brushed.connect(partial(_select, others))
        chart.brush_cleared.connect(partial(_clear, others))
        chart.hovered.connect(partial(_follow, others))


def _select(charts: Sequence[TimePlot], start: float, end: float) -> None:
    for chart in charts:
        chart.select((start, end))


def _clear(charts: Sequence[TimePlot]) -> None:
    for chart in charts:
        chart.select(None)


def _follow(charts: Sequence[TimePlot], x: float | None) -> None:
    for chart in charts:
        chart.show_cursor(x)
