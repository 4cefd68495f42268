"""Give several devices the same category, rating, hours or status."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop.features.devices.device_rows import statuses
from desktop.features.devices.view_model import DevicesViewModel
from desktop.widgets.banner import Banner
from desktop.widgets.choice import Choice
from desktop.widgets.number_edit import NumberEdit


class DeviceBulkDialog(QDialog):
    """Only what is ticked is changed; an empty number that is ticked becomes not known."""

    def __init__(
        self, view_model: DevicesViewModel, device_ids: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._device_ids = list(device_ids)
        self.setWindowTitle(self.tr("Edit {count} devices").format(count=len(device_ids)))
        self._banner = Banner(self)
        self.category = Choice(self.tr("Category"), view_model.categories.choices, self)
        self.rated_power, self.avg_usage_hours = NumberEdit(self), NumberEdit(self)
        self.status = Choice(self.tr("Status"), statuses(), self)
        self._editors: dict[str, Choice | NumberEdit] = {
            "category_id": self.category,
            "rated_power": self.rated_power,
            "avg_usage_hours": self.avg_usage_hours,
            "status": self.status,
        }
        names = {
            "category_id": self.tr("&Category"),
            "rated_power": self.tr("&Rated power (W)"),
            "avg_usage_hours": self.tr("&Average use (hours per day)"),
            "status": self.tr("&Status"),
        }
        self.ticks = {field: QCheckBox(name, self) for field, name in names.items()}
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._lay_out()
        self._connect()
        self._offer()

    def _lay_out(self) -> None:
        hint = QLabel(self.tr("Tick what all of them are to have; the rest stays as it is."), self)
        hint.setProperty("role", "muted")
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        for row, (field, tick) in enumerate(self.ticks.items()):
            editor = self._editors[field]
            editor.setAccessibleName(tick.text().replace("&", ""))
            grid.addWidget(tick, row, 0)
            grid.addWidget(editor, row, 1)
        for number in (self.rated_power, self.avg_usage_hours):
            number.setPlaceholderText(self.tr("not known"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(16)
        layout.addWidget(self._banner)
        layout.addWidget(hint)
        layout.addLayout(grid)
        layout.addStretch()
        layout.addWidget(self.buttons)
        self.setMinimumWidth(460)

    def _connect(self) -> None:
        for field, tick in self.ticks.items():
            tick.toggled.connect(self._offer)
            tick.clicked.connect(self._editors[field].setFocus)
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)
        self._view_model.saved.connect(self.accept)
        self._view_model.refused.connect(self._refused)

    def _offer(self) -> None:
        for field, tick in self.ticks.items():
            self._editors[field].setEnabled(tick.isChecked())
        ticked = any(tick.isChecked() for tick in self.ticks.values())
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(ticked)

    def _save(self) -> None:
        fields: dict[str, Any] = {
            field: self._editors[field].value for field, tick in self.ticks.items() if tick.isChecked()
        }
        self.setEnabled(False)
        self._view_model.edit_many(self._device_ids, **fields)

    def _refused(self, sentence: str) -> None:
        self.setEnabled(True)
        self._banner.show_error(sentence)
