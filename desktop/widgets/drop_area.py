"""A big area to drop one file on, or to choose it from."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPen
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop import theme

ICON = QSize(56, 56)
RADIUS = 14


class DropArea(QWidget):
    """``file_dropped`` carries the path; ``choosing`` asks for the file dialog."""

    file_dropped = Signal(str)
    choosing = Signal()

    def __init__(self, title: str, hint: str, action: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(title)
        self._aimed_at = False
        self._icon = QLabel(self)
        self.button = QPushButton(action, self)
        self.button.setProperty("role", "primary")
        self.button.clicked.connect(self.choosing)
        heading = QLabel(title, self)
        heading.setProperty("role", "heading")
        explained = QLabel(hint, self)
        explained.setProperty("role", "muted")
        explained.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addStretch()
        for widget in (self._icon, heading, explained):
            layout.addWidget(widget)
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addSpacing(6)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()
        theme.changed.connect(self._colour)
        self._colour()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event):
            event.acceptProposedAction()
            self._aim(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._aim(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._aim(False)
        event.acceptProposedAction()
        self.file_dropped.emit(dropped_file(event))

    def paintEvent(self, event: QEvent) -> None:
        colours = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = QPen(QColor(colours.accent if self._aimed_at else colours.border), 2)
        line.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(line)
        painter.setBrush(QColor(colours.raised if self._aimed_at else colours.surface))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -2, -2), RADIUS, RADIUS)

    def _aim(self, aimed_at: bool) -> None:
        self._aimed_at = aimed_at
        self.update()

    def _colour(self) -> None:
        picture = theme.icon("file-upload-outline", "accent").pixmap(ICON, self.devicePixelRatio())
        self._icon.setPixmap(picture)
        self.update()


def dropped_file(event: QDropEvent) -> str:
    """The path of the one local file that is dragged; empty for anything else."""
    urls = event.mimeData().urls()
    return urls[0].toLocalFile() if len(urls) == 1 else ""
