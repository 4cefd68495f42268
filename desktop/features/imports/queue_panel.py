"""The files in hand, where there are several: how far each one is."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.features.imports.view_model import ImportViewModel
from desktop.widgets.record_view import RecordView

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
        if self.list.row not in (-1, self._view_model.place):
            self._view_model.select(self.list.row)

    def _fit(self) -> None:
        count = min(self._view_model.files.rowCount(), ROWS_SHOWN)
        self.list.setFixedHeight(self.list.horizontalHeader().sizeHint().height() + count * ROW_HEIGHT + 4)

    def _show(self) -> None:
        self.setVisible(self._view_model.files.rowCount() > 1)
        self.setEnabled(not self._view_model.busy)
        self.list.selectionModel().blockSignals(True)
        self.list.choose(self._view_model.place)
        self.list.selectionModel().blockSignals(False)
        self.list.viewport().update()
