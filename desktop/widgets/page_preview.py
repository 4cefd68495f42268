"""Pages of a document below one another, to scroll and to zoom."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeySequence,
    QPainter,
    QPixmap,
    QResizeEvent,
    QShortcut,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

from desktop import theme

GAP = 16.0
"""Points between two pages, and around them."""
POINTS = 72.0
STEP = 1.2
LEAST, MOST = 0.3, 4.0
WIDEST = 1.6
"""Of its size on paper, a page that fits the width is shown at most so large."""


class PagePreview(QGraphicsView):
    """``zoomed`` with the share of the size on paper; ``turned`` with the page in the middle, from 1."""

    zoomed = Signal(float)
    turned = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        # It comes and goes with the zoom otherwise, and the zoom with it.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self._fits = True
        self._tops: list[float] = []
        self._scene = QGraphicsScene(self)
        self.setScene(self._scene)
        for keys, act in (
            (QKeySequence.StandardKey.ZoomIn, self.zoom_in),
            (QKeySequence.StandardKey.ZoomOut, self.zoom_out),
            (QKeySequence("Ctrl+0"), self.fit_width),
        ):
            shortcut = QShortcut(QKeySequence(keys), self, act)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.verticalScrollBar().valueChanged.connect(self._tell_page)
        theme.changed.connect(self._colour)
        self._colour()

    @property
    def zoom(self) -> float:
        """1 is the size on paper on a screen of 96 dots an inch."""
        return self.transform().m11() * POINTS / 96

    @property
    def count(self) -> int:
        """How many pages there are."""
        return len(self._tops)

    def show_pages(self, pages: Sequence[QImage], dpi: float) -> None:
        """Show these pages, drawn with so many dots an inch, from the first one on."""
        self._scene.clear()
        self._tops = []
        top, scale, widest = GAP, POINTS / dpi, 0.0
        for page in pages:
            width, height = page.width() * scale, page.height() * scale
            edge = self._scene.addRect(0, top, width, height, QColor(0, 0, 0, 60))
            edge.setZValue(1)
            item = self._scene.addPixmap(QPixmap.fromImage(page))
            item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
            item.setScale(scale)
            item.setPos(0, top)
            self._tops.append(top)
            top, widest = top + height + GAP, max(widest, width)
        self._scene.setSceneRect(-GAP, 0, widest + 2 * GAP, top)
        self.fit_width()
        self.verticalScrollBar().setValue(0)
        self._tell_page()

    def zoom_in(self) -> None:
        self._set_zoom(self.zoom * STEP)

    def zoom_out(self) -> None:
        self._set_zoom(self.zoom / STEP)

    def fit_width(self) -> None:
        """Fit the width to the room there is, now and when the window changes."""
        width = self._scene.sceneRect().width()
        if width > 0:
            top = self.mapToScene(QPoint()).y()
            self._set_zoom(min((self.viewport().width() - 2) / width * POINTS / 96, WIDEST))
            # The zoom keeps the middle, and what is read moves out of view step by step.
            self.verticalScrollBar().setValue(round(top * self.transform().m22()))
        self._fits = True

    def _set_zoom(self, zoom: float) -> None:
        self._fits = False
        scale = min(max(zoom, LEAST), MOST) * 96 / POINTS
        self.resetTransform()
        self.scale(scale, scale)
        self.zoomed.emit(self.zoom)

    def _tell_page(self) -> None:
        middle = self.mapToScene(QPoint(0, self.viewport().height() // 2)).y()
        self.turned.emit(max(sum(top <= middle for top in self._tops), 1))

    def _colour(self) -> None:
        self.setBackgroundBrush(QColor(theme.tokens().raised))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_in() if event.angleDelta().y() > 0 else self.zoom_out()
            event.accept()
            return
        super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fits:
            self.fit_width()
        self._tell_page()
