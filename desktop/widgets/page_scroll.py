"""The scrolled part of a page."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

MARGIN = 16
"""Pixels at the right, of which the scroll bar takes its part."""
BELOW = 20


class PageScroll(QScrollArea):
    """Keeps ``content``, which has a layout, as wide with a scroll bar as without."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidget(content)
        self._content = content

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if layout := self._content.layout():
            bar = self.width() - self.viewport().width()
            layout.setContentsMargins(0, 0, max(MARGIN - bar, 0), BELOW)
