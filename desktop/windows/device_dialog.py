"""Add a device, or edit one."""

from collections.abc import Sequence

from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.viewmodels.devices_viewmodel import STATUSES, DeviceFields, DevicesViewModel
from desktop.widgets.banner import Banner

MOST_WATTS = 1e9
HOURS_A_DAY = 24


class DeviceDialog(QDialog):
    """Stays open until the device is saved, so that a refused entry can be mended."""

    def __init__(
        self,
        view_model: DevicesViewModel,
        device_id: str | None = None,
        fields: DeviceFields | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self._device_id = device_id
        self.setWindowTitle(self.tr("Add device") if device_id is None else self.tr("Edit device"))
        self._banner = Banner(self)
        self.name = QLineEdit(self)
        self.name.setMaxLength(200)
        self.category = _combo(
            [(self.tr("— none —"), None), *((c.name, c.id) for c in view_model.categories.table.records)]
        )
        self.rated_power = self._optional_number(MOST_WATTS)
        self.avg_usage_hours = self._optional_number(HOURS_A_DAY)
        self.status = _combo([(view_model.status_name(status), status) for status in STATUSES])
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._lay_out()
        if fields is not None:
            self._fill(fields)
        self.name.textChanged.connect(self._judge)
        self.rated_power.textChanged.connect(self._judge)
        self.avg_usage_hours.textChanged.connect(self._judge)
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)
        view_model.saved.connect(self.accept)
        view_model.refused.connect(self._refused)
        self._judge()
        self.name.selectAll()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        for text, field in (
            (self.tr("&Name"), self.name),
            (self.tr("&Category"), self.category),
            (self.tr("&Rated power (W)"), self.rated_power),
            (self.tr("&Average use (hours per day)"), self.avg_usage_hours),
            (self.tr("&Status"), self.status),
        ):
            label = QLabel(text, self)
            label.setBuddy(field)
            label.setSizePolicy(
                QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding
            )  # as tall as its field
            form.addRow(label, field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(16)
        layout.addWidget(self._banner)
        layout.addLayout(form)
        layout.addStretch()
        layout.addWidget(self.buttons)
        self.setMinimumWidth(420)

    def _optional_number(self, most: float) -> QLineEdit:
        edit = QLineEdit(self)
        edit.setPlaceholderText(self.tr("not known"))
        validator = QDoubleValidator(0, most, 3, edit)
        validator.setNotation(QDoubleValidator.Notation.StandardNotation)
        edit.setValidator(validator)
        return edit

    def _fill(self, fields: DeviceFields) -> None:
        self.name.setText(fields.name)
        self.category.setCurrentIndex(max(0, self.category.findData(fields.category_id)))
        self.rated_power.setText(self._written(fields.rated_power))
        self.avg_usage_hours.setText(self._written(fields.avg_usage_hours))
        self.status.setCurrentIndex(self.status.findData(fields.status))

    def _judge(self) -> None:
        """Save only what can be saved; say why not."""
        wrong = {
            self.tr("The rated power is a number of watts, or empty."): self.rated_power,
            self.tr("The average use is between 0 and 24 hours a day, or empty."): self.avg_usage_hours,
        }
        complaint = next((s for s, e in wrong.items() if e.text() and not e.hasAcceptableInput()), None)
        if complaint:
            self._banner.show_error(complaint)
        else:
            self._banner.hide()
        save = self.buttons.button(QDialogButtonBox.StandardButton.Save)
        save.setEnabled(bool(self.name.text().strip()) and complaint is None)

    def _save(self) -> None:
        fields = DeviceFields(
            self.name.text(),
            self.category.currentData(),
            self._read(self.rated_power),
            self._read(self.avg_usage_hours),
            self.status.currentData(),
        )
        self.setEnabled(False)
        if self._device_id is None:
            self._view_model.add(fields)
        else:
            self._view_model.edit(self._device_id, fields)

    def _refused(self, sentence: str) -> None:
        self.setEnabled(True)
        self._banner.show_error(sentence)
        self.name.setFocus()

    def _written(self, value: float | None) -> str:
        return "" if value is None else self.locale().toString(float(value), "g", 12)

    def _read(self, edit: QLineEdit) -> float | None:
        return self.locale().toDouble(edit.text())[0] if edit.text() else None


def _combo(choices: Sequence[tuple[str, str | None]]) -> QComboBox:
    combo = QComboBox()
    for text, value in choices:
        combo.addItem(text, value)
    return combo
