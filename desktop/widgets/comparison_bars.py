"""Two energies side by side, so that their difference is seen before it is read."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop import theme

BAR_HEIGHT = 10
ROW_HEIGHT = 38
RADIUS = 5


class ComparisonBars(QWidget):
    """``show_values`` takes what was expected and what was measured, both in kWh, each with its words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[str, str, float]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_values(self, rows: list[tuple[str, str, float]]) -> None:
        """Show (label, quantity in words, quantity) from top to bottom; the last one stands out."""
        self._rows = rows
        self.setAccessibleName(", ".join(f"{label} {said}" for label, said, _value in rows))
        self.setVisible(bool(rows))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, ROW_HEIGHT * len(self._rows))

    def paintEvent(self, event: QEvent) -> None:
        colours = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        most = max((value for _label, _said, value in self._rows), default=0) or 1
        for place, (label, said, value) in enumerate(self._rows):
            row = QRectF(0, place * ROW_HEIGHT, self.width(), ROW_HEIGHT)
            words = row.adjusted(0, 0, 0, -BAR_HEIGHT - 8)
            painter.setPen(QColor(colours.muted))
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, label)
            painter.setPen(QColor(colours.text))
            painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, said)
            painter.setPen(Qt.PenStyle.NoPen)
            bar = QRectF(0, words.bottom() + 2, self.width(), BAR_HEIGHT)
            painter.setBrush(QColor(colours.raised))
            painter.drawRoundedRect(bar, RADIUS, RADIUS)
            bar.setWidth(self.width() * max(value, 0) / most)
            last = place == len(self._rows) - 1
            painter.setBrush(QColor(colours.accent if last else colours.muted))
            painter.drawRoundedRect(bar, RADIUS, RADIUS)
