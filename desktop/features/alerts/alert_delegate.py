"""How one alert looks in a list."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QTextLayout
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop import theme
from desktop.features.alerts.model import (
    CAPTION_ROLE,
    IMPACT_ROLE,
    MESSAGE_ROLE,
    READ_ROLE,
    SEVERITY_NAME_ROLE,
    SEVERITY_ROLE,
)

BAR = 4
PADDING = 14
GAP = 6
LINES = 2
"""Of the message."""
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

Index = QModelIndex | QPersistentModelIndex


def severity_colour(severity: str) -> str:
    colours = theme.tokens()
    return {"high": colours.danger, "medium": colours.warning}.get(severity, colours.muted)


class AlertDelegate(QStyledItemDelegate):
    """A bar in the severity's colour, its word, the device, what it is about; below, the message, bold if
    unread."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(240, (1 + LINES) * option.fontMetrics.height() + GAP + 2 * PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours = theme.tokens()
        painter.save()
        self._paint_ground(painter, option)
        colour = QColor(severity_colour(index.data(SEVERITY_ROLE)))
        painter.fillRect(QRect(option.rect.left(), option.rect.top(), BAR, option.rect.height() - 1), colour)
        inner = option.rect.adjusted(BAR + PADDING, PADDING, -PADDING, -PADDING)
        height = option.fontMetrics.height()
        top = QRect(inner.left(), inner.top(), inner.width(), height)
        left = self._write(painter, top, _bold(option.font), colour, index.data(SEVERITY_NAME_ROLE))
        impact = index.data(IMPACT_ROLE)
        painter.setFont(option.font)
        painter.setPen(QColor(colours.text))
        painter.drawText(top, RIGHT, impact)
        caption = top.adjusted(left + GAP, 0, -option.fontMetrics.horizontalAdvance(impact) - PADDING, 0)
        self._write(painter, caption, option.font, QColor(colours.muted), index.data(CAPTION_ROLE))
        read = index.data(READ_ROLE)
        font = option.font if read else _bold(option.font)
        line = QRect(inner.left(), top.bottom() + GAP, inner.width(), height)
        for text in _lines(index.data(MESSAGE_ROLE), font, inner.width()):
            self._write(painter, line, font, QColor(colours.muted if read else colours.text), text)
            line.moveTop(line.top() + height)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        colours = theme.tokens()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.fillRect(option.rect, QColor(colours.surface))
        if selected or hovered:
            tint = QColor(colours.accent)
            tint.setAlphaF(0.16 if selected else 0.06)
            painter.fillRect(option.rect, tint)
        painter.setPen(QColor(colours.border))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(colours.accent))
            painter.drawRect(option.rect.adjusted(BAR, 0, -1, -2))

    def _write(self, painter: QPainter, rect: QRect, font: QFont, colour: QColor, text: str) -> int:
        """Draw the text, shortened to fit; its width."""
        painter.setFont(font)
        painter.setPen(colour)
        fitting = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, LEFT, fitting)
        return painter.fontMetrics().horizontalAdvance(fitting)


def _lines(text: str, font: QFont, width: int) -> list[str]:
    """The text in as many lines as there is room for, the last one with all that is left."""
    layout = QTextLayout(text, font)
    layout.beginLayout()
    begins: list[int] = []
    while len(begins) < LINES and (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        begins.append(line.textStart())
    layout.endLayout()
    return [text[begin:end].strip() for begin, end in zip(begins, [*begins[1:], len(text)], strict=True)]


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setBold(True)
    return bold
