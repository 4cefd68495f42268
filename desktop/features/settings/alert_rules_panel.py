"""Rules beyond what Loadlens finds without one, and when and of which devices nobody is notified."""

from datetime import timedelta
from functools import partial

from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.features.settings.alert_rule_dialog import AlertRuleDialog
from desktop.features.settings.alert_rules_view_model import AlertRulesViewModel
from desktop.features.settings.tariff_text import hour
from desktop.framework.confirmation import confirm
from desktop.widgets.banner import Banner
from desktop.widgets.card_column import CardColumn
from desktop.widgets.choice import Choice
from desktop.widgets.plain_label import PlainLabel
from desktop.widgets.record_view import RecordView

LEAST_HEIGHT = 220
WIDEST = 860
WIDEST_COLUMN = 460
USUAL_QUIET = (22, 7)
"""From which hour to which it is quiet where nobody has chosen others."""


class AlertRulesPanel(QWidget):
    """Every change is stored at once, and held against the readings."""

    def __init__(self, view_model: AlertRulesViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.banner = Banner(self)
        self.list = RecordView(self.tr("Alert rules"), view_model.rules, parent=self)
        self.list.setMinimumHeight(LEAST_HEIGHT)
        self.list.horizontalHeader().setMaximumSectionSize(WIDEST_COLUMN)
        self.add = QPushButton(self.tr("Add r&ule…"), self)
        self.add.setProperty("role", "primary")
        self.edit = QPushButton(self.tr("Edi&t…"), self)
        self.remove = QPushButton(self.tr("&Remove"), self)
        self.switch = QPushButton(self.tr("S&witch off"), self)
        self.snooze = QPushButton(self.tr("&Snooze"), self)
        self.snooze.setMenu(self._snooze_menu())
        self.quiet = QuietHoursCard(view_model, self)
        self._lay_out()
        self._connect()
        self._validate()

    def _lay_out(self) -> None:
        card = QFrame(self)
        buttons = QHBoxLayout()
        for button in (self.add, self.edit, self.switch, self.snooze, self.remove):
            buttons.addWidget(button)
        buttons.addStretch()
        inside = CardColumn(
            card,
            self.tr("Alert rules"),
            self.tr(
                "Spikes, outages, stuck meters and lasting shifts are found without a rule. A new rule looks "
                "at the last 30 days, and at whatever comes after."
            ),
        )
        inside.addWidget(self.list)
        inside.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        for widget in (self.banner, card, self.quiet):
            widget.setMaximumWidth(WIDEST)
            layout.addWidget(widget)
        layout.addStretch()

    def _connect(self) -> None:
        self.add.clicked.connect(lambda: self._open(self._view_model.rules.rowCount()))
        self.edit.clicked.connect(lambda: self._open(self.list.row))
        self.list.activated.connect(lambda _index: self._open(self.list.row))
        self.remove.clicked.connect(self._ask_to_remove)
        self.switch.clicked.connect(lambda: self._view_model.switch(self.list.row))
        self.list.selectionModel().selectionChanged.connect(self._validate)
        self._view_model.loaded.connect(self._show)
        self._view_model.notified.connect(self.banner.show_info)
        self._view_model.failed.connect(self.banner.show_error)

    def _snooze_menu(self) -> QMenu:
        menu = QMenu(self)
        for text, wait in (
            (self.tr("For an &hour"), timedelta(hours=1)),
            (self.tr("For a &day"), timedelta(days=1)),
            (self.tr("For a &week"), timedelta(days=7)),
            (self.tr("&Not any more"), None),
        ):
            menu.addAction(text, partial(self._snooze, wait))
        return menu

    def _snooze(self, wait: timedelta | None) -> None:
        self._view_model.snooze(self.list.row, wait)

    def _open(self, row: int) -> None:
        dialog = AlertRuleDialog(self._view_model, row, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _ask_to_remove(self) -> None:
        row = self.list.row
        confirm(
            self,
            self.tr("Delete this rule?"),
            self.tr("Its alerts go, too, but for those that somebody has read."),
            self.tr("Delete the rule"),
            lambda: self._view_model.remove(row),
        )

    def _show(self) -> None:
        self.list.resizeColumnsToContents()
        self._validate()

    def _validate(self) -> None:
        row = self.list.row
        for button in (self.edit, self.remove, self.switch, self.snooze):
            button.setEnabled(row >= 0)
        off = row >= 0 and not self._view_model.rules.record(row).enabled
        self.switch.setText(self.tr("S&witch on") if off else self.tr("S&witch off"))


class QuietHoursCard(QFrame):
    """The hours in which nobody is notified, and the muted devices; stored as soon as they are changed."""

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
        start, end = quiet or USUAL_QUIET
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
