"""All imports, and the way to take one back."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop.features.imports.history_view_model import ImportHistoryViewModel
from desktop.framework.confirmation import confirm
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.progress_panel import ProgressPanel
from desktop.widgets.record_view import RecordView


class ImportHistoryPanel(QWidget):
    """Undo asks first, and says what goes."""

    def __init__(self, view_model: ImportHistoryViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.list = RecordView(self.tr("Imports"), view_model.table, self, sorts=True)
        self.none = EmptyState(
            "history",
            self.tr("Nothing was imported yet"),
            self.tr("Each import is listed here with its time and counts, and can be undone."),
            parent=self,
        )
        self.undo = QPushButton(self.tr("&Undo this import…"), self)
        self._hint = QLabel(self.tr("Undoing takes back all that an import added or changed."), self)
        self._hint.setProperty("role", "muted")
        self.progress = ProgressPanel(self)
        self.progress.cancel.hide()  # half undone would be worse than either
        self.progress.hide()
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.list)
        self.pages.addWidget(self.none)
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        actions = QHBoxLayout()
        actions.addWidget(self._hint, 1)
        actions.addWidget(self.undo)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.progress)
        layout.addLayout(actions)

    def _connect(self) -> None:
        self.undo.clicked.connect(self._ask)
        self.list.selectionModel().selectionChanged.connect(self._update_actions)
        self._view_model.loaded.connect(self._show)
        self._view_model.busy_changed.connect(self.progress.setVisible)
        self._view_model.busy_changed.connect(self._update_actions)
        self._view_model.progressed.connect(self.progress.show_progress)

    def _show(self) -> None:
        any_there = self._view_model.table.rowCount() > 0
        self.pages.setCurrentWidget(self.list if any_there else self.none)
        self._hint.setVisible(any_there)
        self.undo.setVisible(any_there)
        self._update_actions()

    def _update_actions(self) -> None:
        self.undo.setEnabled(self._view_model.can_undo(self.list.row))

    def _ask(self) -> None:
        row = self.list.row
        record = self._view_model.table.record(row)
        confirm(
            self,
            self.tr("Undo the import of {file}?").format(file=record.file),
            self._view_model.consequence(row),
            self.tr("Undo the import"),
            lambda: self._view_model.undo(row),
        )
