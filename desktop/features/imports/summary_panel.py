"""What an import did."""

from PySide6.QtCore import QDir, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.features.imports.summary import ImportSummaryModel
from desktop.features.imports.view_model import ImportViewModel
from desktop.widgets.figure_strip import FigureStrip
from desktop.widgets.plain_label import PlainLabel
from desktop.widgets.record_view import RecordView


class ImportSummaryPanel(QWidget):
    """Figures, notes below them; data quality and refused rows, each on its tab."""

    dashboard_wanted = Signal()

    def __init__(self, view_model: ImportViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._summary = view_model.summary
        self.headline = PlainLabel(parent=self)
        self.headline.setProperty("role", "heading")
        self.headline.setWordWrap(True)
        self.figures = FigureStrip(self)
        self.notes = PlainLabel(parent=self)
        self.notes.setProperty("role", "muted")
        self.notes.setWordWrap(True)
        self.notes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.quality = QualityPanel(self._summary, self)
        self.refused = RefusedRowsPanel(self._summary, self)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.quality, self.tr("Data &quality"))
        self.tabs.addTab(self.refused, "")
        self.another = QPushButton(self.tr("Import othe&r files"), self)
        self.dashboard = QPushButton(self.tr("Show the dash&board"), self)
        self.dashboard.setProperty("role", "primary")
        self._lay_out()
        self._summary.shown.connect(self._show)
        self.another.clicked.connect(view_model.start_over)
        self.dashboard.clicked.connect(self.dashboard_wanted)

    def _lay_out(self) -> None:
        actions = QHBoxLayout()
        actions.addStretch()
        actions.addWidget(self.another)
        actions.addWidget(self.dashboard)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.headline)
        layout.addWidget(self.figures)
        layout.addWidget(self.notes)
        layout.addWidget(self.tabs, 1)
        layout.addLayout(actions)

    def _show(self) -> None:
        outcome = self._summary.outcome
        if outcome is None:
            return
        self.headline.setText(outcome.headline)
        self.figures.show_figures(outcome.figures)
        self.notes.setText("\n".join(outcome.notes))
        self.notes.setVisible(bool(outcome.notes))
        self._show_tabs()

    def _show_tabs(self) -> None:
        count = self._summary.refusals.rowCount()
        self.tabs.setTabVisible(0, self._summary.quality.rowCount() > 0)
        self.tabs.setTabVisible(1, count > 0)
        refused = self.locale().toString(count)
        self.tabs.setTabText(1, self.tr("Refuse&d rows ({count})").format(count=refused))
        self.tabs.setCurrentWidget(self.refused if count else self.quality)


class QualityPanel(QWidget):
    """A row a meter, and below them all that is to be said of the chosen one."""

    def __init__(self, summary: ImportSummaryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._summary = summary
        self.list = RecordView(self.tr("Data quality of each meter"), summary.quality, self, sorts=True)
        self.sentences = PlainLabel(parent=self)
        self.sentences.setWordWrap(True)
        said = QFrame(self)
        said.setProperty("role", "card")
        inside = QVBoxLayout(said)
        inside.setContentsMargins(12, 8, 12, 8)
        inside.addWidget(self.sentences)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.list, 1)
        layout.addWidget(said)
        self.list.selectionModel().selectionChanged.connect(self._show_sentences)
        summary.shown.connect(lambda: self.list.choose(0))

    def _show_sentences(self) -> None:
        self.sentences.setText("\n".join(self._summary.sentences(self.list.row)))


class RefusedRowsPanel(QWidget):
    """A row each, with its number in the file and the reason."""

    def __init__(self, summary: ImportSummaryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._summary = summary
        self._dialog: QFileDialog | None = None
        self.list = RecordView(self.tr("Refused rows"), summary.refusals, self, sorts=True)
        self.hint = QLabel(self.tr("Save them, mend them in the spreadsheet, and drop it here again."), self)
        self.hint.setProperty("role", "muted")
        self.hint.setWordWrap(True)
        self.copy = QPushButton(self.tr("&Copy the rows"), self)
        self.copy.setToolTip(self.tr("Copies the refused rows, to be pasted into a spreadsheet."))
        self.save = QPushButton(self.tr("S&ave refused rows…"), self)
        top = QHBoxLayout()
        top.addWidget(self.hint, 1)
        top.addWidget(self.copy)
        top.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.list, 1)
        self.copy.clicked.connect(self._copy)
        self.save.clicked.connect(self._choose_path)
        copying = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.list, self._copy)
        copying.setContext(Qt.ShortcutContext.WidgetShortcut)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._summary.refusals_as_text())

    def _choose_path(self) -> None:
        if self._dialog is None:
            self._dialog = QFileDialog(self, self.tr("Save refused rows"), QDir.homePath())
            self._dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            self._dialog.setNameFilters([self.tr("Excel workbook (*.xlsx)"), self.tr("CSV file (*.csv)")])
            self._dialog.setDefaultSuffix("xlsx")
            self._dialog.fileSelected.connect(self._summary.save_refused)
        self._dialog.selectFile(self._summary.proposed_name)
        self._dialog.open()
