"""A report before it goes out: chosen, looked at, saved and printed."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QKeySequence, QPageSize, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop import theme
from desktop.viewmodels.reports_viewmodel import DPI, ReportsViewModel, State
from desktop.widgets.choice import Choice
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.page_preview import PagePreview
from desktop.widgets.progress_panel import ProgressPanel
from desktop.widgets.search_choice import SearchChoice
from desktop.windows.printing import print_dialog


class ReportPanel(QWidget):
    """``import_wanted`` where there are no readings to report of."""

    import_wanted = Signal()

    def __init__(self, view_model: ReportsViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._dialog: QDialog | None = None
        self._shown: object = None
        self.subject = SearchChoice(self.tr("What the report is about"), self)
        self.kind = Choice(
            self.tr("Length of the report"), [(self.tr("Month"), "month"), (self.tr("Week"), "week")], self
        )
        self.period = SearchChoice(self.tr("Period of the report"), self)
        self.preview = PagePreview(self.tr("Preview of the report"), self)
        self.place, self.zoom = QLabel(self), QLabel(self)
        self.closer = self._tool("magnify-plus-outline", self.tr("Zoom in (Ctrl++)"))
        self.farther = self._tool("magnify-minus-outline", self.tr("Zoom out (Ctrl+-)"))
        self.fit = self._tool("arrow-expand-horizontal", self.tr("Fit the width (Ctrl+0)"))
        self.print = QPushButton(theme.icon("printer-outline"), self.tr("&Print…"), self)
        self.workbook = QPushButton(theme.icon("microsoft-excel"), self.tr("Save &workbook…"), self)
        self.pdf = QPushButton(self.tr("&Save PDF…"), self)
        self.progress = ProgressPanel(self)
        self.no_readings = EmptyState(
            "file-chart-outline",
            self.tr("No readings yet"),
            self.tr("Import a spreadsheet of meter readings; a report sums up a month or a week of them."),
            self.tr("&Import readings…"),
            self,
        )
        self.nothing = QLabel(self)
        self.pages = QStackedWidget(self)
        self._lay_out()
        self._connect()
        self._show()

    def _tool(self, icon: str, words: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(theme.icon(icon))
        button.setToolTip(words)
        button.setAccessibleName(words)
        return button

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        for title, widget in (
            (self.tr("Report &of"), self.subject),
            (self.tr("E&ach"), self.kind),
            (self.tr("Pe&riod"), self.period),
        ):
            label = QLabel(title, self)
            label.setBuddy(widget)
            choices.addWidget(label)
            choices.addWidget(widget)
        choices.addStretch()
        self.subject.setMinimumContentsLength(22)
        self.period.setMinimumContentsLength(18)
        self.pdf.setProperty("role", "primary")
        for button, keys in (
            (self.print, QKeySequence.StandardKey.Print),
            (self.pdf, QKeySequence.StandardKey.Save),
        ):
            # Not the button's own shortcut, which is its mnemonic.
            QShortcut(QKeySequence(keys), self, button.click)
            button.setToolTip(QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText))
        for label in (self.place, self.zoom, self.nothing):
            label.setProperty("role", "muted")
        actions = QHBoxLayout()
        for part in (self.farther, self.zoom, self.closer, self.fit, self.place):
            actions.addWidget(part)
        actions.addStretch()
        for button in (self.print, self.workbook, self.pdf):
            actions.addWidget(button)
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._ready = QWidget(self)
        inside = QVBoxLayout(self._ready)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addLayout(actions)
        inside.addWidget(self.preview, 1)
        self._blank = QWidget(self)
        for page in (self._blank, self.no_readings, self.nothing, self._ready):
            self.pages.addWidget(page)
        self._choices = QWidget(self)
        self._choices.setLayout(choices)
        choices.setContentsMargins(0, 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._choices)
        layout.addWidget(self.progress)
        layout.addWidget(self.pages, 1)
        self.progress.hide()

    def _connect(self) -> None:
        view_model = self._view_model
        self.subject.chosen.connect(lambda value: view_model.choose(subject=value))
        self.kind.activated.connect(lambda: view_model.choose(kind=self.kind.value, period=None))
        self.period.chosen.connect(lambda value: view_model.choose(period=value))
        self.closer.clicked.connect(self.preview.zoom_in)
        self.farther.clicked.connect(self.preview.zoom_out)
        self.fit.clicked.connect(self.preview.fit_width)
        self.preview.zoomed.connect(
            lambda zoom: self.zoom.setText(f"{self.locale().toString(round(zoom * 100))} %")
        )
        self.preview.turned.connect(self._show_place)
        self.pdf.clicked.connect(lambda: self.ask_where(".pdf"))
        self.workbook.clicked.connect(lambda: self.ask_where(".xlsx"))
        self.print.clicked.connect(self._ask_printer)
        self.progress.cancelled.connect(view_model.cancel)
        self.no_readings.triggered.connect(self.import_wanted)
        view_model.loaded.connect(self._show)
        view_model.busy_changed.connect(self.progress.setVisible)
        view_model.progressed.connect(self.progress.show_progress)

    def ask_where(self, suffix: str) -> None:
        """Ask for the file to save the report in."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        names = {".pdf": self.tr("PDF (*.pdf)"), ".xlsx": self.tr("Workbook (*.xlsx)")}
        suggested = str(Path(folder) / self._view_model.file_name(suffix))
        self._dialog = dialog = QFileDialog(self, self.tr("Save the report"), suggested, names[suffix])
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix)
        dialog.fileSelected.connect(self._view_model.save)
        dialog.open()

    def _ask_printer(self) -> None:
        name, pages = self._view_model.file_name(""), self.preview.count
        size = QPageSize.PageSizeId.Letter if self._view_model.letter else QPageSize.PageSizeId.A4
        self._dialog = print_dialog(self, name, size, pages, self._view_model.print_on)

    def _show(self) -> None:
        view_model = self._view_model
        self._choices.setVisible(view_model.state in (State.READY, State.NOTHING))
        self.subject.offer(view_model.subjects, view_model.choice.subject)
        self.kind.set_value(view_model.choice.kind)
        self.period.offer(view_model.periods, view_model.choice.period)
        self.nothing.setText(view_model.refusal)
        page = {
            State.LOADING: self._blank,
            State.NO_READINGS: self.no_readings,
            State.NOTHING: self.nothing,
            State.READY: self._ready,
        }[view_model.state]
        self.pages.setCurrentWidget(page)
        if view_model.report is not None and view_model.report is not self._shown:
            self._shown = view_model.report
            self.preview.setAccessibleDescription(view_model.report.summary)
            self.preview.show_pages(view_model.report.pages, DPI)

    def _show_place(self, page: int) -> None:
        self.place.setText(self.tr("Page {page} of {pages}").format(page=page, pages=self.preview.count))
