"""A report before it goes out: chosen, looked at, saved and printed."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMarginsF, QStandardPaths, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QPageSize, QShortcut
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop import theme
from desktop.features.reports.view_model import DPI, ReportsViewModel, State
from desktop.widgets.choice import Choice
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.page_preview import PagePreview
from desktop.widgets.plain_label import PlainLabel
from desktop.widgets.preview_bar import PreviewBar
from desktop.widgets.progress_panel import ProgressPanel
from desktop.widgets.search_choice import SearchChoice

MOMENT_MS = 500


class ReportChoices(QWidget):
    """A row of three: whoever changes one gets another report."""

    def __init__(self, view_model: ReportsViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.subject = SearchChoice(self.tr("What the report is about"), self)
        self.kind = Choice(
            self.tr("Length of the report"), [(self.tr("Month"), "month"), (self.tr("Week"), "week")], self
        )
        self.period = SearchChoice(self.tr("Period of the report"), self)
        self.subject.setMinimumContentsLength(22)
        self.period.setMinimumContentsLength(18)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for title, widget in (
            (self.tr("Report &of"), self.subject),
            (self.tr("E&ach"), self.kind),
            (self.tr("Pe&riod"), self.period),
        ):
            label = QLabel(title, self)
            label.setBuddy(widget)
            row.addWidget(label)
            row.addWidget(widget)
        row.addStretch()
        self.subject.chosen.connect(lambda value: view_model.choose(subject=value))
        self.kind.activated.connect(lambda: view_model.choose(kind=self.kind.value, period=None))
        self.period.chosen.connect(lambda value: view_model.choose(period=value))

    def show_choice(self) -> None:
        """Show what there is to choose, and what is chosen."""
        choice = self._view_model.choice
        self.subject.offer(self._view_model.subjects, choice.subject)
        self.kind.set_value(choice.kind)
        self.period.offer(self._view_model.periods, choice.period)


class ReportPanel(QWidget):
    """``import_wanted`` where there are no readings to report of."""

    import_wanted = Signal()

    def __init__(self, view_model: ReportsViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._dialog: QDialog | None = None
        self._shown: object = None
        self.choices = ReportChoices(view_model, self)
        self.progress = ProgressPanel(self)
        self.preview = PagePreview(self.tr("Preview of the report"), self)
        self.bar = PreviewBar(self.preview, self)
        self.print = QPushButton(theme.icon("printer-outline"), self.tr("&Print…"), self)
        self.workbook = QPushButton(theme.icon("microsoft-excel"), self.tr("Save &workbook…"), self)
        self.pdf = QPushButton(self.tr("&Save PDF…"), self)
        self.no_readings = EmptyState(
            "file-chart-outline",
            self.tr("No readings yet"),
            self.tr("Import a spreadsheet of meter readings; a report sums up a month or a week of them."),
            self.tr("&Import readings…"),
            self,
        )
        self.nothing = PlainLabel(parent=self)
        self.pages = QStackedWidget(self)
        self._page_of = {
            State.LOADING: QWidget(self),
            State.NO_READINGS: self.no_readings,
            State.NOTHING: self.nothing,
            State.READY: self._make_ready(),
        }
        # What takes no longer than this needs no bar, which would only make the page jump.
        self._delay = QTimer(self, singleShot=True, interval=MOMENT_MS)
        self._lay_out()
        self._connect()
        self._show()

    def _make_ready(self) -> QWidget:
        actions = QHBoxLayout()
        actions.addWidget(self.bar)
        actions.addStretch()
        for button in (self.print, self.workbook, self.pdf):
            actions.addWidget(button)
        self.pdf.setProperty("role", "primary")
        for button, key in (
            (self.print, QKeySequence.StandardKey.Print),
            (self.pdf, QKeySequence.StandardKey.Save),
        ):
            # Not the button's own shortcut, which is its mnemonic.
            QShortcut(QKeySequence(key), self, button.click)
            button.setToolTip(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText))
        ready = QWidget(self)
        layout = QVBoxLayout(ready)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(actions)
        layout.addWidget(self.preview, 1)
        return ready

    def _lay_out(self) -> None:
        self.nothing.setProperty("role", "muted")
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for page in self._page_of.values():
            self.pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.choices)
        layout.addWidget(self.progress)
        layout.addWidget(self.pages, 1)
        self.progress.hide()

    def _connect(self) -> None:
        view_model = self._view_model
        self.pdf.clicked.connect(lambda: self.ask_where(".pdf"))
        self.workbook.clicked.connect(lambda: self.ask_where(".xlsx"))
        self.print.clicked.connect(self.ask_printer)
        self.progress.cancelled.connect(view_model.cancel)
        self.no_readings.triggered.connect(self.import_wanted)
        view_model.loaded.connect(self._show)
        view_model.busy_changed.connect(self._show_busy)
        self._delay.timeout.connect(self.progress.show)
        view_model.progressed.connect(self.progress.show_progress)

    def _show_busy(self, busy: bool) -> None:
        self._delay.start() if busy else self._delay.stop()
        self.progress.setVisible(busy and self.progress.isVisible())

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

    def ask_printer(self) -> None:
        """Ask for the printer to print the report on."""
        name, pages = self._view_model.file_name(""), self.preview.count
        size = QPageSize.PageSizeId.Letter if self._view_model.letter else QPageSize.PageSizeId.A4
        self._dialog = _open_print_dialog(self, name, size, pages, self._view_model.print_on)

    def _show(self) -> None:
        view_model = self._view_model
        self.choices.setVisible(view_model.state in (State.READY, State.NOTHING))
        self.choices.show_choice()
        self.nothing.setText(view_model.refusal)
        self.pages.setCurrentWidget(self._page_of[view_model.state])
        if view_model.report is not None and view_model.report is not self._shown:
            self._shown = view_model.report
            self.preview.setAccessibleDescription(view_model.report.summary)
            self.preview.show_pages(view_model.report.pages, DPI)


def _open_print_dialog(
    parent: QWidget, name: str, size: QPageSize.PageSizeId, pages: int, chosen: Callable[[QPrinter], object]
) -> QPrintDialog:
    """Open the system's dialog for a document; ``chosen`` gets the printer that the user agrees to."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(name)
    printer.setPageSize(QPageSize(size))
    # The pages have margins of their own.
    printer.setFullPage(True)
    printer.setPageMargins(QMarginsF())
    dialog = QPrintDialog(printer, parent)
    dialog.setMinMax(1, pages)
    dialog.accepted.connect(lambda: chosen(printer))
    QDialog.open(dialog)  # its own one wants a slot by name
    return dialog
