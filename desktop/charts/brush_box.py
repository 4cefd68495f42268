"""The room of a chart, in which a drag moves it or brushes a stretch of it."""

import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseDragEvent
from PySide6.QtCore import Qt, Signal


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
