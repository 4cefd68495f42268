"""Which devices are shown: what they are called, their category and status, the suspicious ones."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from desktop.features.devices.device_rows import statuses
from desktop.features.devices.filter import Wanted
from desktop.features.devices.view_model import DevicesViewModel
from desktop.widgets.choice import Choice

ANY = "any"


class DevicesFilterBar(QWidget):
    """``changed`` with what is wanted."""

    changed = Signal(object)

    def __init__(self, view_model: DevicesViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Find a device"))
        self.search.setAccessibleName(self.tr("Find a device"))
        self.search.setClearButtonEnabled(True)
        self.category = Choice(self.tr("Category"), [(self.tr("Any category"), ANY)], self)
        self.status = Choice(self.tr("Status"), [(self.tr("Any status"), ANY), *statuses()], self)
        self.suspicious = QCheckBox(self.tr("Suspicious &only"), self)
        self.suspicious.setToolTip(
            self.tr("Devices that used far more or far less than their nameplates say")
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.search, 1)
        for widget in (self.category, self.status, self.suspicious):
            layout.addWidget(widget)
        self.search.textChanged.connect(self._tell)
        self.category.currentIndexChanged.connect(self._tell)
        self.status.currentIndexChanged.connect(self._tell)
        self.suspicious.toggled.connect(self._tell)
        view_model.categories.table.rowsInserted.connect(self._offer)
        view_model.categories.table.rowsRemoved.connect(self._offer)
        view_model.categories.table.dataChanged.connect(self._offer)
        self._offer()

    def reset(self) -> None:
        """Want everything again."""
        self.search.clear()
        self.category.set_value(ANY)
        self.status.set_value(ANY)
        self.suspicious.setChecked(False)

    def _offer(self) -> None:
        named = [(name, key or "") for name, key in self._view_model.categories.choices]
        self.category.offer([(self.tr("Any category"), ANY), *named])

    def _tell(self) -> None:
        category, status = self.category.value, self.status.value
        self.changed.emit(
            Wanted(
                self.search.text(),
                None if category == ANY else category,
                None if status == ANY else status,
                self.suspicious.isChecked(),
            )
        )
