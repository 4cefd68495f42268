"""The rows that are no readings, and how to take them along to be mended."""

from PySide6.QtCore import QDir, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.features.imports.summary import ImportSummaryModel
from desktop.widgets.record_view import RecordView


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
