"""One period of a tariff: when it is, and what energy costs then."""

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.features.settings.facility_settings_view_model import PRICE_DECIMALS, FacilitySettingsViewModel
from desktop.features.settings.tariff_text import day_name, hour, month_name
from desktop.widgets.banner import Banner
from desktop.widgets.choice import Choice
from desktop.widgets.labelled_form import LabelledForm
from desktop.widgets.number_edit import NumberEdit
from desktop.widgets.toggle_row import ToggleRow

LONGEST_NAME = 60


class TariffPeriodDialog(QDialog):
    """Puts the period into ``row`` of the view-model's periods; the row below the last one adds it."""

    def __init__(
        self, view_model: FacilitySettingsViewModel, row: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._view_model, self._row = view_model, row
        new = row >= view_model.periods.rowCount()
        self.setWindowTitle(self.tr("Add a period") if new else self.tr("Edit the period"))
        self._banner = Banner(self)
        self.name = QLineEdit(self)
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setPlaceholderText(self.tr("such as Winter peak"))
        self.months = ToggleRow(self.tr("Months"), [(month_name(i), i) for i in range(1, 13)], self)
        self.weekdays = ToggleRow(self.tr("Days"), [(day_name(i), i) for i in range(7)], self)
        self.start = Choice(self.tr("From"), [(hour(i), str(i)) for i in range(24)], self)
        self.end = Choice(self.tr("To"), [(hour(i), str(i)) for i in range(1, 25)], self)
        self.price = NumberEdit(self, PRICE_DECIMALS)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._lay_out()
        self._fill(new)
        for changed in (self.name.textChanged, self.price.textChanged, self.months.changed):
            changed.connect(self._judge)
        for changed in (self.weekdays.changed, self.start.currentIndexChanged, self.end.currentIndexChanged):
            changed.connect(self._judge)
        self.buttons.accepted.connect(self._put)
        self.buttons.rejected.connect(self.reject)
        self._judge()

    def _lay_out(self) -> None:
        hours = QWidget(self)
        row = QHBoxLayout(hours)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        to = QLabel(self.tr("&to"), self)
        to.setBuddy(self.end)
        for widget in (self.start, to, self.end):
            row.addWidget(widget)
        row.addStretch()
        hours.setFocusProxy(self.start)
        form = LabelledForm()
        form.add(self.tr("&Name"), self.name)
        form.add(self.tr("&Months"), self.months)
        form.add(self.tr("&Days"), self.weekdays)
        form.add(self.tr("&From"), hours)
        currency = self._view_model.facility.currency
        form.add(self.tr("&Price per kWh ({currency})").format(currency=currency), self.price)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(16)
        layout.addWidget(self._banner)
        layout.addLayout(form)
        layout.addStretch()
        layout.addWidget(self.buttons)

    def _fill(self, new: bool) -> None:
        if new:
            self.months.choose(range(1, 13))
            self.weekdays.choose(range(5))
            self.start.set_value("8")
            self.end.set_value("20")
            return
        period = self._view_model.period(self._row)
        self.name.setText(period.name)
        self.months.choose(period.months)
        self.weekdays.choose(period.weekdays)
        self.start.set_value(str(period.from_hour))
        self.end.set_value(str(period.to_hour))
        self.price.set_value(period.price)

    def _judge(self) -> None:
        """Take only what is a period; say why not as soon as that is no mere gap."""
        complaint = ""
        if not self.months.chosen:
            complaint = self.tr("Choose at least one month.")
        elif not self.weekdays.chosen:
            complaint = self.tr("Choose at least one day.")
        elif self.start.value == self.end.value:
            complaint = self.tr("A period ends at another hour than it begins.")
        if complaint:
            self._banner.show_error(complaint)
        else:
            self._banner.hide()
        given = bool(self.name.text().strip()) and self.price.value is not None
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(given and not complaint)

    def _put(self) -> None:
        self._view_model.put_period(
            self._row,
            name=self.name.text().strip(),
            months=self.months.chosen,
            weekdays=self.weekdays.chosen,
            from_hour=int(self.start.value or 0),
            to_hour=int(self.end.value or 24),
            price=self.price.value,
        )
        self.accept()
