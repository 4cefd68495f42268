"""A table header whose columns say below their heading what they were recognised as."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from desktop import theme

PADDING = 10
MARK_HEIGHT = 20
HEIGHT = 60
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class MarkedHeader(QHeaderView):
    """``left_out`` is said of columns without a mark."""

    def __init__(self, left_out: str, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._marks: Sequence[str] = ()
        self._left_out = left_out
        theme.changed.connect(self.viewport().update)

    def mark(self, marks: Sequence[str]) -> None:
        """Show one text a column, from left to right; nothing for a column that is left out."""
        self._marks = marks
        for section in range(self.count()):
            wanted = min(self.sectionSizeFromContents(section).width(), self.maximumSectionSize())
            if self.sectionSize(section) < wanted:
                self.resizeSection(section, wanted)
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), HEIGHT)

    def sectionSizeFromContents(self, section: int) -> QSize:  # noqa: N802 - Qt's own
        widest = max(
            QFontMetrics(self._bold_font()).horizontalAdvance(self._title(section)),
            self.fontMetrics().horizontalAdvance(self._mark_of(section)) + 2 * PADDING,
        )
        return QSize(widest + 1 + 2 * PADDING, HEIGHT)  # advances are rounded down

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:  # noqa: N802
        colours = theme.tokens()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(rect, QColor(colours.raised))
        painter.setPen(QColor(colours.border))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(PADDING, 8, -PADDING, -8)
        painter.setFont(self._bold_font())
        painter.setPen(QColor(colours.text if self._marked(section) else colours.muted))
        title = inner.adjusted(0, 0, 0, -MARK_HEIGHT)
        painter.drawText(title, LEFT, _elided(painter, self._title(section), title.width()))
        painter.setFont(self.font())
        self._paint_mark(painter, inner.adjusted(0, inner.height() - MARK_HEIGHT, 0, 0), section)
        painter.restore()

    def _paint_mark(self, painter: QPainter, rect: QRect, section: int) -> None:
        said = _elided(painter, self._mark_of(section), rect.width() - 2 * PADDING)
        if not self._marked(section):
            painter.drawText(rect, LEFT, said)
            return
        rect.setWidth(painter.fontMetrics().horizontalAdvance(said) + 2 * PADDING)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.tokens().accent))
        painter.drawRoundedRect(rect, MARK_HEIGHT / 2, MARK_HEIGHT / 2)
        painter.setPen(QColor(theme.tokens().accent_text))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, said)

    def _marked(self, section: int) -> bool:
        return section < len(self._marks) and bool(self._marks[section])

    def _mark_of(self, section: int) -> str:
        return self._marks[section] if self._marked(section) else self._left_out

    def _title(self, section: int) -> str:
        return str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")

    def _bold_font(self) -> QFont:
        font = QFont(self.font())
        font.setBold(True)
        return font


def _elided(painter: QPainter, text: str, width: int) -> str:
    return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)
