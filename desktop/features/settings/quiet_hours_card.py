"""When nobody is told anything, and of which devices never."""

from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.features.settings.alert_rules_view_model import AlertRulesViewModel
from desktop.features.settings.tariff_text import hour
from desktop.widgets.card_column import CardColumn
from desktop.widgets.choice import Choice
from desktop.widgets.plain_label import PlainLabel

USUAL = (22, 7)


class QuietHoursCard(QFrame):
    """Stored as soon as they are changed."""

    def __init__(self, view_model: AlertRulesViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.on = QCheckBox(self.tr("&Quiet hours, from"), self)
        self.start = Choice(self.tr("Quiet from"), [(hour(i), str(i)) for i in range(24)], self)
        self.end = Choice(self.tr("Quiet to"), [(hour(i), str(i)) for i in range(24)], self)
        self._muted = QVBoxLayout()
        self._lay_out()
        self.on.clicked.connect(self._set)
        self.start.activated.connect(self._set)
        self.end.activated.connect(self._set)
        view_model.loaded.connect(self._show)
        self._show()

    def _lay_out(self) -> None:
        to = QLabel(self.tr("to"), self)
        hours = QHBoxLayout()
        for widget in (self.on, self.start, to, self.end):
            hours.addWidget(widget)
        hours.addStretch()
        layout = CardColumn(
            self,
            self.tr("Quiet hours and muted devices"),
            self.tr(
                "In quiet hours nothing pops up and no mail is sent; what was found then is told afterwards."
            ),
        )
        layout.addLayout(hours)
        layout.addLayout(self._muted)

    def _show(self) -> None:
        quiet = self._view_model.quiet
        self.on.setChecked(quiet is not None)
        start, end = quiet or USUAL
        self.start.set_value(str(start))
        self.end.set_value(str(end))
        for choice in (self.start, self.end):
            choice.setEnabled(quiet is not None)
        while item := self._muted.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        for device_id, name in self._view_model.muted:
            self._muted.addWidget(self._muted_row(device_id, name))

    def _muted_row(self, device_id: str, name: str) -> QWidget:
        row = QWidget(self)
        unmute = QPushButton(self.tr("Unmute"), row)
        unmute.setAccessibleName(self.tr("Unmute {device}").format(device=name))
        unmute.clicked.connect(lambda: self._view_model.unmute(device_id))
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(PlainLabel(self.tr("{device} is muted.").format(device=name), row))
        layout.addWidget(unmute)
        layout.addStretch()
        return row

    def _set(self) -> None:
        hours = (int(self.start.value or 0), int(self.end.value or 0))
        self._view_model.set_quiet(hours if self.on.isChecked() else None)
