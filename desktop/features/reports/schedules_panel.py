"""Reports that are made by themselves."""

from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.features.reports.schedules_view_model import ReportSchedulesViewModel
from desktop.features.reports.view_model import ReportsViewModel
from desktop.widgets.choice import Choice
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.file_drop import folder_dialog
from desktop.widgets.record_view import RecordView
from desktop.widgets.search_choice import SearchChoice


class ReportSchedulesPanel(QWidget):
    """A form for one more schedule above the list of all."""

    def __init__(
        self,
        view_model: ReportSchedulesViewModel,
        reports: ReportsViewModel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._reports = reports
        self._dialog: QFileDialog | None = None
        self.every = Choice(
            self.tr("How often"), [(self.tr("month"), "month"), (self.tr("week"), "week")], self
        )
        self.subject = SearchChoice(self.tr("What the scheduled report is about"), self)
        self.pdf, self.workbook = QCheckBox(self.tr("&PDF"), self), QCheckBox(self.tr("Work&book"), self)
        self.add = QPushButton(self.tr("&Choose folder…"), self)
        self.list = RecordView(self.tr("Scheduled reports"), view_model.table, parent=self)
        self.none = EmptyState(
            "calendar-clock-outline",
            self.tr("No report is made by itself"),
            self.tr(
                "Choose above what to report of, how often and into which folder. Each report is made once "
                "its month or week is over and its readings are in, while Loadlens runs or when it next does."
            ),
            parent=self,
        )
        self.remove = QPushButton(self.tr("&Stop these reports"), self)
        self.pages = QStackedWidget(self)
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        form = QFrame(self)
        form.setProperty("role", "card")
        row = QHBoxLayout(form)
        row.setContentsMargins(16, 12, 16, 12)
        for title, widget in ((self.tr("&Every"), self.every), (self.tr("a report &of"), self.subject)):
            label = QLabel(title, form)
            label.setBuddy(widget)
            row.addWidget(label)
            row.addWidget(widget)
        for box in (self.pdf, self.workbook):
            row.addWidget(box)
        row.addStretch()
        row.addWidget(self.add)
        self.pdf.setChecked(True)
        self.add.setProperty("role", "primary")
        self.subject.setMinimumContentsLength(18)
        self.pages.addWidget(self.list)
        self.pages.addWidget(self.none)
        below = QHBoxLayout()
        below.addStretch()
        below.addWidget(self.remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(form)
        layout.addWidget(self.pages, 1)
        layout.addLayout(below)

    def _connect(self) -> None:
        self.add.clicked.connect(self.choose_folder)
        self.remove.clicked.connect(lambda: self._view_model.remove(self.list.row))
        self.list.selectionModel().selectionChanged.connect(self._offer)
        for box in (self.pdf, self.workbook):
            box.toggled.connect(self._offer)
        self._view_model.changed.connect(self._show)
        self._reports.loaded.connect(self._show)

    def choose_folder(self) -> None:
        """Ask for the folder that the reports go to."""
        if self._dialog is None:
            self._dialog = folder_dialog(self.tr("Choose a folder for the reports"), self.schedule, self)
        self._dialog.open()

    def schedule(self, folder: str) -> None:
        """Make what the form says, into this folder."""
        suffixes = [s for s, box in ((".pdf", self.pdf), (".xlsx", self.workbook)) if box.isChecked()]
        self._view_model.add(self.every.value == "week", self.subject.currentData(), suffixes, folder)

    def _show(self) -> None:
        self.subject.offer(self._reports.subjects, self.subject.currentData() or self._reports.choice.subject)
        any_there = self._view_model.table.rowCount() > 0
        self.pages.setCurrentWidget(self.list if any_there else self.none)
        self.remove.setVisible(any_there)
        self.list.resizeColumnsToContents()
        self._offer()

    def _offer(self) -> None:
        some = self.pdf.isChecked() or self.workbook.isChecked()
        self.add.setEnabled(some and self.subject.count() > 0)
        self.remove.setEnabled(self.list.row >= 0)
