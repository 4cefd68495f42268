"""Files brought in by hand: choose them, see what was decided, import, see what came of it."""

from PySide6.QtCore import QDir, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QStackedWidget, QVBoxLayout, QWidget

from desktop.features.imports.mapping_panel import ImportMappingPanel
from desktop.features.imports.queue_panel import ImportQueuePanel
from desktop.features.imports.refusal_panel import ImportRefusalPanel
from desktop.features.imports.summary_panel import ImportSummaryPanel
from desktop.features.imports.view_model import ImportViewModel, Stage
from desktop.widgets.drop_area import DropArea
from desktop.widgets.plain_label import PlainLabel
from desktop.widgets.progress_panel import ProgressPanel


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
