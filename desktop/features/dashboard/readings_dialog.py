"""The readings behind the dashboard's figures in a table that can be sorted, copied and saved."""

import numpy as np
from PySide6.QtCore import QItemSelection, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop.features.dashboard.readings_view_model import ReadingsViewModel
from desktop.widgets.banner import Banner
from desktop.widgets.plain_label import PlainLabel
from desktop.widgets.plain_table import PlainTable
from desktop.widgets.progress_panel import ProgressPanel
from desktop.widgets.table_dialog import table_dialog

ROW_HEIGHT = 28


class ReadingsDialog(QDialog):
    """Stays beside the window, and shows whatever the view-model is asked for."""

    def __init__(self, view_model: ReadingsViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._sorted: tuple[int, Qt.SortOrder] = (0, Qt.SortOrder.AscendingOrder)
        self.setWindowTitle(self.tr("Readings"))
        self.banner = Banner(self)
        self.progress = ProgressPanel(self)
        self.progress.hide()
        self.summary = PlainLabel(parent=self)
        self.summary.setProperty("role", "muted")
        self.table = PlainTable(self.tr("Readings"), self)
        self.table.setModel(view_model.table)
        self.copy = QPushButton(self.tr("&Copy"), self)
        self.save = QPushButton(self.tr("&Save as…"), self)
        self.close_button = QPushButton(self.tr("Close"), self)
        self._set_up_table()
        self._lay_out()
        self._connect()

    def _set_up_table(self) -> None:
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        plain_rows(self.table)
        columns = self.table.horizontalHeader()
        columns.setSectionsClickable(True)
        columns.setSortIndicatorShown(True)
        columns.setSortIndicator(*self._sorted)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for button in (self.copy, self.save):
            buttons.addWidget(button)
        buttons.addStretch()
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(self.banner)
        layout.addWidget(self.summary)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.progress)
        layout.addLayout(buttons)
        self.resize(640, 620)

    def _connect(self) -> None:
        view_model = self._view_model
        self.table.horizontalHeader().sortIndicatorChanged.connect(self._sort)
        self.copy.clicked.connect(self._copy)
        QShortcut(QKeySequence.StandardKey.Copy, self.table, self._copy)
        self.save.clicked.connect(self.ask_where_to_save)
        self.close_button.clicked.connect(self.reject)
        view_model.loaded.connect(self._show)
        view_model.copied.connect(self._put_on_clipboard)
        view_model.failed.connect(self.banner.show_error)
        view_model.saved.connect(
            lambda path: self.banner.show_info(self.tr("The readings are saved: {path}").format(path=path))
        )
        view_model.progressed.connect(self.progress.show_progress)
        view_model.progressed.connect(lambda *_told: self.progress.show())
        view_model.written.connect(self.progress.hide)
        self.progress.cancelled.connect(view_model.cancel)

    def ask_where_to_save(self) -> None:
        """Ask for a file, and write all readings of the table into it."""
        table_dialog(self.tr("Save the readings"), self.tr("Readings"), self._view_model.save, self).open()

    def _sort(self, column: int, order: Qt.SortOrder) -> None:
        self._view_model.sort(column, order is Qt.SortOrder.DescendingOrder)

    def _copy(self) -> None:
        """Copy the chosen rows; all if none is."""
        self._view_model.copy(
            _rows(self.table.selectionModel().selection(), self._view_model.table.rowCount())
        )

    def _put_on_clipboard(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        rows = text.count("\n") - 1
        self.banner.show_info(
            self.tr("{rows} rows are on the clipboard.").format(rows=self.locale().toString(rows))
        )

    def _show(self) -> None:
        self.summary.setText(self._view_model.summary)
        some = self._view_model.table.rowCount() > 0
        for button in (self.copy, self.save):
            button.setEnabled(some)


def plain_rows(table: QTableView) -> None:
    """Give all rows one height, which need not be measured: there may be a million."""
    table.setWordWrap(False)
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)


def _rows(selection: QItemSelection, count: int) -> np.ndarray:
    if selection.isEmpty():
        return np.arange(count)
    ranges = [selection.at(place) for place in range(selection.size())]
    return np.concatenate([np.arange(of.top(), of.bottom() + 1) for of in ranges])
