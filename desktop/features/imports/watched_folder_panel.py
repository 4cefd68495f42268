"""Which folder is watched, and what became of the files that appeared there."""

from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.features.imports.watched_folder_view_model import WatchedFolderViewModel
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.file_drop import folder_dialog
from desktop.widgets.plain_label import PlainLabel
from desktop.widgets.record_view import RecordView


class WatchedFolderPanel(QWidget):
    """An invitation while no folder is watched; else the folder and the last outcomes."""

    def __init__(self, view_model: WatchedFolderViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._dialog: QFileDialog | None = None
        self.none = EmptyState(
            "folder-eye-outline",
            self.tr("No folder is watched"),
            self.tr(
                "Files that appear in a watched folder are imported by themselves, read as you had files of "
                "the same layout before, and then moved to “done” or “failed” beside a report. What is "
                "written to them later is found there for a month."
            ),
            self.tr("&Choose a folder…"),
            self,
        )
        self.folder = PlainLabel(parent=self)
        self.folder.setProperty("role", "heading")
        self.folder.setWordWrap(True)
        self.state = PlainLabel(parent=self)
        self.state.setProperty("role", "muted")
        self.state.setWordWrap(True)
        self.other = QPushButton(self.tr("&Other folder…"), self)
        self.stop = QPushButton(self.tr("&Stop watching"), self)
        self.list = RecordView(self.tr("What became of the last files"), view_model.outcomes, parent=self)
        self.pages = QStackedWidget(self)
        self._watching = self._make_watching()
        for page in (self.none, self._watching):
            self.pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.addWidget(self.pages)
        self._connect()
        self._show()

    def _make_watching(self) -> QWidget:
        page = QWidget(self)
        card = QFrame(page)
        card.setProperty("role", "card")
        words = QVBoxLayout()
        words.addWidget(self.folder)
        words.addWidget(self.state)
        inside = QHBoxLayout(card)
        inside.setContentsMargins(16, 12, 16, 12)
        inside.addLayout(words, 1)
        inside.addWidget(self.other)
        inside.addWidget(self.stop)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(card)
        layout.addWidget(self.list, 1)
        return page

    def _connect(self) -> None:
        self.none.triggered.connect(self.choose_folder)
        self.other.clicked.connect(self.choose_folder)
        self.stop.clicked.connect(self._view_model.stop)
        self._view_model.changed.connect(self._show)

    def choose_folder(self) -> None:
        """Ask for the folder to watch."""
        if self._dialog is None:
            self._dialog = folder_dialog(self.tr("Choose a folder to watch"), self._view_model.watch, self)
        self._dialog.open()

    def _show(self) -> None:
        folder = self._view_model.folder
        self.pages.setCurrentWidget(self.none if folder is None else self._watching)
        if folder is not None:
            self.folder.setText(str(folder))
        self.state.setText(
            self._view_model.trouble
            or self.tr("Files are imported soon after they have stopped growing, while Loadlens runs.")
        )
        self.list.resizeColumnsToContents()
