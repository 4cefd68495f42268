"""Bring meter readings in: files by hand, those of a watched folder, and what was brought in before."""

from PySide6.QtCore import QCoreApplication, QDir, QSize, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop import theme
from desktop.features.imports.history_panel import ImportHistoryPanel
from desktop.features.imports.history_view_model import ImportHistoryViewModel
from desktop.features.imports.mapping_panel import ImportMappingPanel
from desktop.features.imports.summary_panel import ImportSummaryPanel
from desktop.features.imports.view_model import ImportViewModel, Stage
from desktop.features.imports.watched_folder_panel import WatchedFolderPanel
from desktop.features.imports.watched_folder_view_model import WatchedFolderViewModel
from desktop.framework.tabbed_page import TabbedPage
from desktop.widgets.file_drop import DropArea
from desktop.widgets.plain_label import PlainLabel
from desktop.widgets.progress_panel import ProgressPanel
from desktop.widgets.record_view import RecordView


class ImportWindow(TabbedPage):
    """A tab each; what went wrong or was done on any of them is said above them."""

    dashboard_wanted = Signal()

    def __init__(
        self,
        view_model: ImportViewModel,
        history: ImportHistoryViewModel,
        watched: WatchedFolderViewModel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(QCoreApplication.translate("ImportWindow", "Import"), parent)
        self.files = ImportFilesPanel(view_model, self)
        self.history = ImportHistoryPanel(history, self)
        self.watched = WatchedFolderPanel(watched, self)
        self.add_tab(self.tr("Fi&les"), self.files)
        self.add_tab(self.tr("Histor&y"), self.history)
        self.add_tab(self.tr("&Watched folder"), self.watched)
        self.files.dashboard_wanted.connect(self.dashboard_wanted)
        view_model.stage_changed.connect(self.banner.hide)
        self.announce(
            (view_model.notified, history.notified), (view_model.failed, history.failed, watched.failed)
        )
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


class ImportFilesPanel(QWidget):
    """One page for each stage of the file in hand; it stays usable while files are read or imported."""

    dashboard_wanted = Signal()

    def __init__(self, view_model: ImportViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._dialog: QFileDialog | None = None
        self._folder_dialog: QFileDialog | None = None
        self.drop_area = self._make_drop_area()
        self.doing = PlainLabel(parent=self)
        self.doing.setProperty("role", "heading")
        self.progress = ProgressPanel(self)
        self._work = self._make_work()
        self.queue = ImportQueuePanel(view_model, self)
        self.mapping = ImportMappingPanel(view_model, self)
        self.summary = ImportSummaryPanel(view_model, self)
        self.refusal = ImportRefusalPanel(view_model, self)
        self.pages = QStackedWidget(self)
        self._page_of = {
            Stage.CHOOSE: self.drop_area,
            Stage.READING: self._work,
            Stage.REFUSED: self.refusal,
            Stage.MAPPING: self.mapping,
            Stage.IMPORTING: self._work,
            Stage.SUMMARY: self.summary,
        }
        for page in dict.fromkeys(self._page_of.values()):
            self.pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.queue)
        layout.addWidget(self.pages, 1)
        self._connect()
        self._show(view_model.stage)

    def _make_drop_area(self) -> DropArea:
        return DropArea(
            self.tr("Drop meter exports here: files, or a whole folder"),
            self.tr(
                "A row for each reading or a column for each meter, in kWh, as demand or as a register: "
                "what a file holds is recognised and shown before anything is stored.\n"
                "Excel, OpenDocument, CSV, text or Green Button; the files themselves are never changed."
            ),
            (self.tr("&Choose files…"), self.tr("Choose a f&older…")),
            self,
        )

    def _make_work(self) -> QWidget:
        """The progress of files being read or imported, in the middle of the page."""
        work = QWidget(self)
        card = QFrame(work)
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(24, 20, 24, 20)
        inside.setSpacing(14)
        inside.addWidget(self.doing)
        inside.addWidget(self.progress)
        layout = QVBoxLayout(work)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addStretch()
        layout.addWidget(card)
        layout.addStretch()
        return work

    def _connect(self) -> None:
        self.drop_area.files_dropped.connect(self._view_model.open_files)
        self.drop_area.choosing.connect(self.choose_files)
        self.drop_area.choosing_folder.connect(self.choose_folder)
        self.mapping.another_wanted.connect(self.choose_files)
        self.summary.dashboard_wanted.connect(self.dashboard_wanted)
        self.progress.cancelled.connect(self._view_model.cancel)
        self._view_model.stage_changed.connect(self._show)
        self._view_model.progressed.connect(self.progress.show_progress)

    def choose_files(self) -> None:
        """Ask for files, in the folder where the last ones were found."""
        if self._dialog is None:
            endings = " ".join(f"*{suffix}" for suffix in self._view_model.suffixes)
            self._dialog = QFileDialog(self, self.tr("Choose files of meter readings"), QDir.homePath())
            self._dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
            self._dialog.setNameFilters(
                [self.tr("Meter exports ({endings})").format(endings=endings), self.tr("All files (*)")]
            )
            self._dialog.filesSelected.connect(self._view_model.open_files)
        self._dialog.open()

    def choose_folder(self) -> None:
        """Ask for a folder, all files of which are taken."""
        if self._folder_dialog is None:
            self._folder_dialog = QFileDialog(
                self, self.tr("Choose a folder of meter readings"), QDir.homePath()
            )
            self._folder_dialog.setFileMode(QFileDialog.FileMode.Directory)
            self._folder_dialog.filesSelected.connect(self._view_model.open_files)
        self._folder_dialog.open()

    def _show(self, stage: str) -> None:
        self.pages.setCurrentWidget(self._page_of[Stage(stage)])
        if self._view_model.busy:
            self.doing.setText(self._view_model.file_name)
            self.progress.show_progress(self.tr("Reading the file"), 0, 1, -1)
        elif stage == Stage.MAPPING:
            self.mapping.start.setFocus()
        elif stage == Stage.SUMMARY:
            self.summary.dashboard.setFocus()


ROW_HEIGHT = 25
ROWS_SHOWN = 4


class ImportQueuePanel(QWidget):
    """Choosing a file shows it below as far as it has come."""

    def __init__(self, view_model: ImportViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.list = RecordView(self.tr("Files in hand"), view_model.files, parent=self)
        self.list.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.list)
        self.list.selectionModel().currentRowChanged.connect(self._choose)
        view_model.files.modelReset.connect(self._fit)
        view_model.stage_changed.connect(self._show)
        self.hide()

    def _choose(self) -> None:
        if self.list.row not in (-1, self._view_model.index):
            self._view_model.select(self.list.row)

    def _fit(self) -> None:
        count = min(self._view_model.files.rowCount(), ROWS_SHOWN)
        self.list.setFixedHeight(self.list.horizontalHeader().sizeHint().height() + count * ROW_HEIGHT + 4)

    def _show(self) -> None:
        self.setVisible(self._view_model.files.rowCount() > 1)
        self.setEnabled(not self._view_model.busy)
        self.list.selectionModel().blockSignals(True)
        self.list.choose(self._view_model.index)
        self.list.selectionModel().blockSignals(False)
        self.list.viewport().update()


ICON = QSize(48, 48)
WIDTH = 520


class ImportRefusalPanel(QWidget):
    """Says why; the other files can be imported all the same."""

    def __init__(self, view_model: ImportViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._icon = QLabel(self)
        self.sentence = PlainLabel(parent=self)
        self.sentence.setWordWrap(True)
        self.sentence.setFixedWidth(WIDTH)
        self.start = QPushButton(self)
        self.start.setProperty("role", "primary")
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch()
        for label in (self._icon, self.sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for widget in (self._icon, self.sentence, self.start):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()
        self.start.clicked.connect(view_model.import_ready)
        view_model.stage_changed.connect(self._show)
        theme.changed.connect(self._paint_icon)
        self._paint_icon()

    def _show(self) -> None:
        self.sentence.setText(self._view_model.refusal)
        self.sentence.setMinimumHeight(max(0, self.sentence.heightForWidth(WIDTH)))  # -1 of no text
        clear = len(self._view_model.files.ready)
        self.start.setText(self.tr("I&mport the others that are ready"))
        self.start.setVisible(clear > 0)

    def _paint_icon(self) -> None:
        picture = theme.icon("file-alert-outline", "warning").pixmap(ICON, self.devicePixelRatio())
        self._icon.setPixmap(picture)
