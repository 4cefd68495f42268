"""One alert rule: what to tell, and about what."""

from itertools import pairwise

from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from desktop.features.settings.alert_rules_view_model import AlertRulesViewModel
from desktop.features.settings.rule_text import kinds, units
from desktop.features.settings.tariff_text import day_name, hour
from desktop.widgets.banner import Banner
from desktop.widgets.choice import Choice
from desktop.widgets.labelled_form import LabelledForm
from desktop.widgets.number_edit import NumberEdit
from desktop.widgets.search_choice import SearchChoice
from desktop.widgets.toggle_row import ToggleRow


class AlertRuleDialog(QDialog):
    """Stays open until the rule of ``row`` is stored; the row below the last one adds it."""

    def __init__(self, view_model: AlertRulesViewModel, row: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model, self._row = view_model, row
        new = row >= view_model.rules.rowCount()
        self.setWindowTitle(self.tr("Add an alert rule") if new else self.tr("Edit the alert rule"))
        self.banner = Banner(self)
        self.kind = Choice(self.tr("Tell me of"), kinds(), self)
        self.subject = SearchChoice(self.tr("About"), self)
        self.limit = NumberEdit(self)
        self.limit.setMaximumWidth(140)
        self.unit = Choice(self.tr("Unit"), units(view_model.currency), self)
        self._unit_words = QLabel(self)
        self.weekdays = ToggleRow(self.tr("Working days"), [(day_name(i), i) for i in range(7)], self)
        self.start = Choice(self.tr("From"), [(hour(i), str(i)) for i in range(24)], self)
        self.end = Choice(self.tr("To"), [(hour(i), str(i)) for i in range(1, 25)], self)
        self.severity = Choice(
            self.tr("Severity"),
            [(self.tr("High"), "high"), (self.tr("Medium"), "medium"), (self.tr("Low"), "low")],
            self,
        )
        self.hint = QLabel(self)
        self.hint.setProperty("role", "muted")
        self.hint.setWordWrap(True)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._form = LabelledForm()
        self._lay_out()
        self._fill()
        self.kind.currentIndexChanged.connect(self._judge)
        self.limit.textChanged.connect(self._judge)
        self.buttons.accepted.connect(self._save)
        self.buttons.rejected.connect(self.reject)
        view_model.saved.connect(self.accept)
        view_model.refused.connect(self._refused)
        self._judge()

    def _lay_out(self) -> None:
        self._amount = _row(self.limit, self.unit, self._unit_words)
        to = QLabel(self.tr("t&o"), self)
        to.setBuddy(self.end)
        self._hours = _row(self.start, to, self.end)
        self._form.add(self.tr("&Tell me of"), self.kind)
        self._form.add(self.tr("&About"), self.subject)
        self._form.add(self.tr("A&llowed"), self._amount)
        self._form.add(self.tr("&Working days"), self.weekdays)
        self._form.add(self.tr("Working &hours"), self._hours)
        self._form.add(self.tr("&Severity"), self.severity)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(14)
        layout.addWidget(self.banner)
        layout.addLayout(self._form)
        layout.addWidget(self.hint)
        layout.addStretch()
        layout.addWidget(self.buttons)
        self.setMinimumWidth(520)
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

    def _judge(self) -> None:
        """Show what this kind of rule asks for, and offer to save it once that is there."""
        kind = self.kind.value
        self.unit.setVisible(kind == "limit")
        self._unit_words.setVisible(kind != "limit")
        words = {
            "outside_hours": self.tr("kWh an hour"),
            "budget": self.tr("kWh a month"),
            "no_data": self.tr("days"),
        }
        self._unit_words.setText(words.get(kind or "", ""))
        self._form.setRowVisible(self.weekdays, kind == "outside_hours")
        self._form.setRowVisible(self._hours, kind == "outside_hours")
        self.limit.setPlaceholderText(self.tr("the facility's") if kind == "budget" else "")
        self.hint.setText(self._hint(kind or ""))
        given = self.limit.value is not None or kind == "budget"
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(given)

    def _hint(self, kind: str) -> str:
        hints = {
            "limit": self.tr("The devices of a category, or of the facility, are added up."),
            "outside_hours": self.tr(
                "Hours in a row in which more is used are one alert. Nobody works on public holidays, once "
                "the facility's country is set."
            ),
            "budget": self.tr(
                "Told as soon as the month so far, and the rest of it as forecast, would come to more. "
                "Left empty, the budget is that of the facility."
            ),
            "no_data": self.tr("For each active device that has sent something before."),
        }
        return hints[kind]

    def _save(self) -> None:
        unit, per = (self.unit.value or "kWh day").split()
        self.setEnabled(False)
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

    def _refused(self, sentence: str) -> None:
        self.setEnabled(True)
        self.banner.show_error(sentence)


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
