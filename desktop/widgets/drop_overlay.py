"""Covers a window while a file is dragged over it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from desktop import theme

ICON = QSize(72, 72)
MARGIN = 16


class DropOverlay(QFrame):
    """Says what dropping does; the window below it takes the file."""

    def __init__(self, title: str, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("dropOverlay")
        self._icon = QLabel(self)
        words = QLabel(title, self)
        words.setProperty("role", "heading")
        layout = QVBoxLayout(self)
        layout.addStretch()
        for label in (self._icon, words):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(label)
        layout.addStretch()
        self.hide()

    def cover(self) -> None:
        """Lie over the whole window."""
        picture = theme.icon("tray-arrow-down", "accent").pixmap(ICON, self.devicePixelRatio())
        self._icon.setPixmap(picture)
        self.setGeometry(self._window.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN))
        self.raise_()
        self.show()
