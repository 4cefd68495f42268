"""Files and folders that are dropped on the window or chosen in a dialog."""

import os
import sys
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QDir, QEvent, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop import theme


def path_of(url: QUrl) -> str:
    """Return the path of a local file, also where its name is no text: Qt's own answer would be another."""
    if sys.platform == "win32":
        return url.toLocalFile()
    return os.fsdecode(unquote_to_bytes(url.path(QUrl.ComponentFormattingOption.FullyEncoded)))


def folder_dialog(title: str, chosen: Callable[[str], object], parent: QWidget) -> QFileDialog:
    """Return a dialog that calls ``chosen`` with the folder; it begins in the user's own."""
    dialog = QFileDialog(parent, title, QDir.homePath())
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.fileSelected.connect(chosen)
    return dialog


KEEPING = (Qt.DropAction.CopyAction, Qt.DropAction.LinkAction)
"""The actions after which the source keeps its file."""


def accept_files(event: QDropEvent) -> list[str]:
    """Accept dragged files and folders as a copy; their paths, none where the event was refused.

    With Shift held, or by its own settings, a file manager proposes to move, and deletes the files of a
    move that was accepted. A drag that can only move, and one without local files, is refused.
    """
    paths = [path_of(url) for url in event.mimeData().urls() if url.isLocalFile()]
    action = next((action for action in KEEPING if action & event.possibleActions()), None)
    if not paths or action is None:
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.ignore()
        return []
    event.setDropAction(action)
    event.accept()
    return paths


OVERLAY_ICON = QSize(72, 72)
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
        picture = theme.icon("tray-arrow-down", "accent").pixmap(OVERLAY_ICON, self.devicePixelRatio())
        self._icon.setPixmap(picture)
        self.setGeometry(self._window.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN))
        self.raise_()
        self.show()


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
