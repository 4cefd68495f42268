"""A big area to drop files and folders on, or to choose them from."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.dropped_files import accept_files

ICON = QSize(56, 56)
RADIUS = 14


class DropArea(QWidget):
    """``files_dropped`` carries the paths; ``choosing`` asks for the file dialog, or the one for a folder.

    ``actions`` name the two buttons.
    """

    files_dropped = Signal(list)
    choosing = Signal()
    choosing_folder = Signal()

    def __init__(
        self, title: str, hint: str, actions: tuple[str, str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(title)
        self._aimed_at = False
        self._icon = QLabel(self)
        self.button = QPushButton(actions[0], self)
        self.button.setProperty("role", "primary")
        self.button.clicked.connect(self.choosing)
        self.folder = QPushButton(actions[1], self)
        self.folder.clicked.connect(self.choosing_folder)
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
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.button)
        buttons.addWidget(self.folder)
        buttons.addStretch()
        layout.addLayout(buttons)
        layout.addStretch()
        theme.changed.connect(self._colour)
        self._colour()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if accept_files(event):
            self._aim(True)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        accept_files(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._aim(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._aim(False)
        if paths := accept_files(event):
            self.files_dropped.emit(paths)

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
