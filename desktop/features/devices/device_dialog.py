"""Add a device, or edit one."""

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.features.devices.device_edits import DeviceFields
from desktop.features.devices.device_rows import statuses
from desktop.features.devices.view_model import DevicesViewModel
from desktop.widgets.banner import Banner
from desktop.widgets.choice import Choice
from desktop.widgets.labelled_form import LabelledForm
from desktop.widgets.number_edit import NumberEdit

HOURS_A_DAY = 24
LONGEST_NAME = 200


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
        self.name.setMaxLength(LONGEST_NAME)
        self.category = Choice(self.tr("Category"), view_model.categories.choices, self)
        self.rated_power = NumberEdit(self)
        self.avg_usage_hours = NumberEdit(self)
        for edit in (self.rated_power, self.avg_usage_hours):
            edit.setPlaceholderText(self.tr("not known"))
        self.status = Choice(self.tr("Status"), statuses(), self)
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
        form = LabelledForm()
        form.add(self.tr("&Name"), self.name)
        form.add(self.tr("&Category"), self.category)
        form.add(self.tr("&Rated power (W)"), self.rated_power)
        form.add(self.tr("&Average use (hours per day)"), self.avg_usage_hours)
        form.add(self.tr("&Status"), self.status)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(16)
        layout.addWidget(self._banner)
        layout.addLayout(form)
        layout.addStretch()
        layout.addWidget(self.buttons)
        self.setMinimumWidth(420)

    def _fill(self, fields: DeviceFields) -> None:
        self.name.setText(fields.name)
        self.category.set_value(fields.category_id)
        self.rated_power.set_value(fields.rated_power)
        self.avg_usage_hours.set_value(fields.avg_usage_hours)
        self.status.set_value(fields.status)

    def _judge(self) -> None:
        """Save only what can be saved; say why not."""
        complaint = ""
        if not self.rated_power.hasAcceptableInput() and self.rated_power.text():
            complaint = self.tr("The rated power is a number of watts, or empty.")
        elif (self.avg_usage_hours.value or 0) > HOURS_A_DAY:
            complaint = self.tr("The average use is between 0 and 24 hours a day, or empty.")
        if complaint:
            self._banner.show_error(complaint)
        else:
            self._banner.hide()
        save = self.buttons.button(QDialogButtonBox.StandardButton.Save)
        save.setEnabled(bool(self.name.text().strip()) and not complaint)

    def _save(self) -> None:
        fields = DeviceFields(
            self.name.text(),
            self.category.value,
            self.rated_power.value,
            self.avg_usage_hours.value,
            self.status.value or "active",
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
