"""Bring meter readings in: choose a file, map its columns, import it, see what came of it."""

from PySide6.QtCore import QDir, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QLabel, QStackedWidget, QVBoxLayout, QWidget

from desktop.viewmodels.import_viewmodel import ImportViewModel, Stage
from desktop.widgets.banner import Banner
from desktop.widgets.drop_area import DropArea
from desktop.widgets.progress_panel import ProgressPanel
from desktop.windows.import_mapping_panel import ImportMappingPanel
from desktop.windows.import_summary_panel import ImportSummaryPanel

SPREADSHEETS = "*.xlsx *.xlsm *.xls *.xlsb *.ods *.csv *.tsv *.txt"


class ImportWindow(QWidget):
    """One panel for each stage of the view-model; it stays usable while a file is read or imported."""

    dashboard_wanted = Signal()

    def __init__(self, view_model: ImportViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._dialog: QFileDialog | None = None
        self.banner = Banner(self)
        self.drop_area = DropArea(
            self.tr("Drop a spreadsheet of meter readings here"),
            self.tr(
                "One row a reading: a date and time, the device or meter, and its consumption in kWh.\n"
                "Category, location and notes are taken along where there are such columns.\n"
                "Excel, OpenDocument, CSV or text; the file itself is never changed."
            ),
            self.tr("&Choose a file…"),
            self,
        )
        self.doing = QLabel(self)
        self.doing.setProperty("role", "heading")
        self.progress = ProgressPanel(self)
        self._work = self._make_work()
        self.mapping = ImportMappingPanel(view_model, self)
        self.summary = ImportSummaryPanel(view_model, self)
        self.pages = QStackedWidget(self)
        self._page_of = {
            Stage.CHOOSE: self.drop_area,
            Stage.READING: self._work,
            Stage.MAPPING: self.mapping,
            Stage.IMPORTING: self._work,
            Stage.SUMMARY: self.summary,
        }
        for page in dict.fromkeys(self._page_of.values()):
            self.pages.addWidget(page)
        self._lay_out()
        self._connect()
        self._show(view_model.stage)

    def _make_work(self) -> QWidget:
        """The progress of a file being read or imported, in the middle of the page."""
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

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Import"), self)
        title.setProperty("role", "title")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(title)
        layout.addWidget(self.banner)
        layout.addWidget(self.pages, 1)

    def _connect(self) -> None:
        self.drop_area.file_dropped.connect(self.open_file)
        self.drop_area.choosing.connect(self.choose_file)
        self.mapping.another_wanted.connect(self.choose_file)
        self.summary.dashboard_wanted.connect(self.dashboard_wanted)
        self.progress.cancelled.connect(self._view_model.cancel)
        self._view_model.stage_changed.connect(self._show)
        self._view_model.progressed.connect(self.progress.show_progress)
        self._view_model.failed.connect(self.banner.show_error)
        self._view_model.told.connect(self.banner.show_info)

    def open_file(self, path: str) -> None:
        """Begin with this file, as when it is dropped on the page."""
        self._view_model.open_file(path)

    def choose_file(self) -> None:
        """Ask for a file, in the folder where the last one was found."""
        if self._dialog is None:
            self._dialog = QFileDialog(self, self.tr("Choose a file of meter readings"), QDir.homePath())
            self._dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            self._dialog.setNameFilters(
                [self.tr("Spreadsheets ({endings})").format(endings=SPREADSHEETS), self.tr("All files (*)")]
            )
            self._dialog.fileSelected.connect(self.open_file)
        self._dialog.open()

    def _show(self, stage: str) -> None:
        self.banner.hide()
        self.pages.setCurrentWidget(self._page_of[Stage(stage)])
        if self._view_model.busy:
            self.doing.setText(self._view_model.file_name)
            self.progress.show_progress(self.tr("Reading the file"), 0, 1, -1)
        elif stage == Stage.MAPPING:
            self.mapping.start.setFocus()
        elif stage == Stage.SUMMARY:
            self.summary.dashboard.setFocus()
