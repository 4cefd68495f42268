"""Bring meter readings in: files by hand, those of a watched folder, and what was brought in before."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.features.imports.files_panel import ImportFilesPanel
from desktop.features.imports.history_panel import ImportHistoryPanel
from desktop.features.imports.history_view_model import ImportHistoryViewModel
from desktop.features.imports.view_model import ImportViewModel
from desktop.features.imports.watched_folder_panel import WatchedFolderPanel
from desktop.features.imports.watched_folder_view_model import WatchedFolderViewModel
from desktop.widgets.banner import Banner
from desktop.widgets.tabbed_title import TabbedTitle


class ImportWindow(QWidget):
    """A tab each; what went wrong or was done on any of them is said above them."""

    dashboard_wanted = Signal()

    def __init__(
        self,
        view_model: ImportViewModel,
        history: ImportHistoryViewModel,
        watched: WatchedFolderViewModel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.banner = Banner(self)
        self.files = ImportFilesPanel(view_model, self)
        self.history = ImportHistoryPanel(history, self)
        self.watched = WatchedFolderPanel(watched, self)
        top = TabbedTitle(self.tr("Import"), self)
        top.add(self.tr("Fi&les"), self.files)
        top.add(self.tr("Histor&y"), self.history)
        top.add(self.tr("&Watched folder"), self.watched)
        self.tabs = top.tabs
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.banner)
        layout.addWidget(top.pages, 1)
        self.files.dashboard_wanted.connect(self.dashboard_wanted)
        view_model.stage_changed.connect(self.banner.hide)
        for told in (view_model.notified, history.notified):
            told.connect(self.banner.show_info)
        for failed in (view_model.failed, history.failed, watched.failed):
            failed.connect(self.banner.show_error)
        view_model.summary.saved.connect(
            lambda path: self.banner.show_info(self.tr("Refused rows saved: {path}").format(path=path))
        )

    def choose_files(self) -> None:
        """Ask for files to import."""
        self.show_files()
        self.files.choose_files()

    def show_files(self) -> None:
        """Bring the files in hand before the user's eyes."""
        self.tabs.setCurrentIndex(0)
