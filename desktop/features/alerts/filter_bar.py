"""Which alerts the list holds."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.features.alerts.alert_reasons import REASONS, kind_name
from desktop.features.alerts.model import SEVERITIES, STATES
from desktop.features.alerts.view_model import AlertFilter, AlertsViewModel
from desktop.widgets.choice import Choice
from desktop.widgets.search_choice import SearchChoice


class AlertsFilterBar(QWidget):
    """Severity, kind, state and device; each offers any."""

    changed = Signal()

    def __init__(self, view_model: AlertsViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        names = view_model.table
        self.severity = Choice(
            self.tr("Severity"),
            [(self.tr("Any severity"), None), *((names.severity_name(s), s) for s in SEVERITIES)],
            self,
        )
        self.kind = Choice(
            self.tr("Kind"), [(self.tr("Any kind"), None), *((kind_name(r), r) for r in REASONS)], self
        )
        self.state = Choice(
            self.tr("State"),
            [(self.tr("Any state"), None), *((names.state_name(s), s) for s in STATES)],
            self,
        )
        self.device = SearchChoice(self.tr("Device"), self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.severity, self.kind, self.state):
            layout.addWidget(widget)
            widget.activated.connect(self._filter)
        layout.addWidget(self.device, 1)
        self.device.setMaximumWidth(260)
        self.device.chosen.connect(self._filter)
        layout.addStretch()
        view_model.filter_changed.connect(self.show_filter)
        view_model.loaded.connect(self.show_filter)
        self.show_filter()

    def show_filter(self) -> None:
        """What the view-model filters by."""
        chosen = self._view_model.filter
        self.kind.set_value(chosen.reason)
        self.severity.set_value(chosen.severity)
        self.state.set_value(chosen.state)
        self.device.offer([(None, self.tr("Any device")), *self._view_model.devices], chosen.device_id)

    def _filter(self) -> None:
        self._view_model.set_filter(
            AlertFilter(self.kind.value, self.severity.value, self.device.currentData(), self.state.value)
        )
