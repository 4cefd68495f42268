"""One alert rule: what to tell, and about what."""

from itertools import pairwise

from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QLabel,
    QWidget,
)

from desktop.features.settings.alert_rules_view_model import AlertRulesViewModel
from desktop.features.settings.rule_text import form_of, kind_choices, unit_choices
from desktop.features.settings.tariff_text import day_name, hour
from desktop.framework.form_dialog import FormDialog
from desktop.widgets.choice import Choice
from desktop.widgets.number_edit import NumberEdit
from desktop.widgets.search_choice import SearchChoice
from desktop.widgets.toggle_row import ToggleRow


class AlertRuleDialog(FormDialog):
    """Edits the rule of ``row``; the row below the last one adds it."""

    def __init__(self, view_model: AlertRulesViewModel, row: int, parent: QWidget | None = None) -> None:
        new = row >= view_model.rules.rowCount()
        title = self.tr("Add an alert rule") if new else self.tr("Edit the alert rule")
        super().__init__(title, parent, width=520)
        self._view_model, self._row = view_model, row
        self.kind = Choice(self.tr("Tell me of"), kind_choices(), self)
        self.subject = SearchChoice(self.tr("About"), self)
        self.limit = NumberEdit(self)
        self.limit.setMaximumWidth(140)
        self.unit = Choice(self.tr("Unit"), unit_choices(view_model.currency), self)
        self._unit_words = QLabel(self)
        self.weekdays = ToggleRow(self.tr("Working days"), [(day_name(i), i) for i in range(7)], self)
        self.start = Choice(self.tr("From"), [(hour(i), str(i)) for i in range(24)], self)
        self.end = Choice(self.tr("To"), [(hour(i), str(i)) for i in range(1, 25)], self)
        self.severity = Choice(
            self.tr("Severity"),
            view_model.severities,
            self,
        )
        self.hint = QLabel(self)
        self.hint.setProperty("role", "muted")
        self.hint.setWordWrap(True)
        self._lay_out()
        self._fill()
        self.kind.currentIndexChanged.connect(self._validate)
        self.limit.textChanged.connect(self._validate)
        view_model.saved.connect(self.accept)
        view_model.refused.connect(self.refuse)
        self._validate()

    def _lay_out(self) -> None:
        self._amount = _row(self.limit, self.unit, self._unit_words)
        to = QLabel(self.tr("t&o"), self)
        to.setBuddy(self.end)
        self._hours = _row(self.start, to, self.end)
        self.form.add(self.tr("&Tell me of"), self.kind)
        self.form.add(self.tr("&About"), self.subject)
        self.form.add(self.tr("A&llowed"), self._amount)
        self.form.add(self.tr("&Working days"), self.weekdays)
        self.form.add(self.tr("Working &hours"), self._hours)
        self.form.add(self.tr("&Severity"), self.severity)
        self.lay_out(self.hint, spacing=14)
        self._order_tabs()

    def _order_tabs(self) -> None:
        """From top to bottom; those in a row of their own would come last."""
        days = self.weekdays.findChildren(QAbstractButton)
        fields = (self.kind, self.subject, self.limit, self.unit, *days, self.start, self.end, self.severity)
        for before, after in pairwise(fields):
            self.setTabOrder(before, after)

    def _fill(self) -> None:
        rule = self._view_model.fields(self._row)
        self.kind.set_value(rule["kind"])
        self.subject.offer(self._view_model.subjects, rule["subject"])
        self.limit.set_value(rule["limit"])
        self.unit.set_value(f"{rule['unit']} {'hour' if rule['unit'] == 'kW' else rule['per']}")
        self.weekdays.choose(rule["weekdays"])
        self.start.set_value(str(rule["from_hour"]))
        self.end.set_value(str(rule["to_hour"]))
        self.severity.set_value(rule["severity"])

    def _validate(self) -> None:
        """Show what this kind of rule asks for, and offer to save it once that is there."""
        form = form_of(self.kind.value or "limit")
        self.unit.setVisible(form.has_unit)
        self._unit_words.setVisible(not form.has_unit)
        self._unit_words.setText(form.amount_unit)
        self.form.setRowVisible(self.weekdays, form.has_hours)
        self.form.setRowVisible(self._hours, form.has_hours)
        self.limit.setPlaceholderText(form.if_empty)
        self.hint.setText(form.hint)
        given = self.limit.value is not None or bool(form.if_empty)
        self.submit.setEnabled(given)

    def save(self) -> None:
        unit, per = (self.unit.value or "kWh day").split()
        self._view_model.save(
            self._row,
            str(self.subject.currentData()),
            kind=self.kind.value,
            limit=self.limit.value,
            unit=unit,
            per=per,
            weekdays=self.weekdays.chosen,
            from_hour=int(self.start.value or 0),
            to_hour=int(self.end.value or 24),
            severity=self.severity.value,
        )


def _row(*widgets: QWidget) -> QWidget:
    """Widgets side by side as one field, whose focus is that of the first."""
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for widget in widgets:
        layout.addWidget(widget)
    layout.addStretch()
    row.setFocusProxy(widgets[0])
    return row
