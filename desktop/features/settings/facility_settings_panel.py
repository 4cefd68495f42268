"""What is known of the facility: its name and place, its size, and what its energy costs."""

from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.features.settings.facility_settings_view_model import (
    CALORIFIC_DECIMALS,
    PRICE_DECIMALS,
    FacilitySettingsViewModel,
    countries,
    currencies,
    latest_calorific_value,
)
from desktop.features.settings.tariff_text import day_name, hour, month_name
from desktop.framework.form_dialog import Button as FormButton
from desktop.framework.form_dialog import FormDialog
from desktop.framework.settings_form import Row, SettingsForm
from desktop.widgets.banner import Banner
from desktop.widgets.card_column import CardColumn
from desktop.widgets.choice import Choice
from desktop.widgets.labelled_form import LabelledForm
from desktop.widgets.number_edit import NumberEdit
from desktop.widgets.plain_label import PlainLabel
from desktop.widgets.record_view import RecordView
from desktop.widgets.toggle_row import ToggleRow

LONGEST_PERIOD_NAME = 60


class TariffPeriodDialog(FormDialog):
    """Puts the period into ``row`` of the view-model's periods; the row below the last one adds it."""

    def __init__(
        self, view_model: FacilitySettingsViewModel, row: int, parent: QWidget | None = None
    ) -> None:
        new = row >= view_model.periods.rowCount()
        title = self.tr("Add a period") if new else self.tr("Edit the period")
        super().__init__(title, parent, FormButton.Ok)
        self._view_model, self._row = view_model, row
        self.name = QLineEdit(self)
        self.name.setMaxLength(LONGEST_PERIOD_NAME)
        self.name.setPlaceholderText(self.tr("such as Winter peak"))
        self.months = ToggleRow(self.tr("Months"), [(month_name(i), i) for i in range(1, 13)], self)
        self.weekdays = ToggleRow(self.tr("Days"), [(day_name(i), i) for i in range(7)], self)
        self.start = Choice(self.tr("From"), [(hour(i), str(i)) for i in range(24)], self)
        self.end = Choice(self.tr("To"), [(hour(i), str(i)) for i in range(1, 25)], self)
        self.price = NumberEdit(self, PRICE_DECIMALS)
        self._lay_out()
        self._fill(new)
        for changed in (self.name.textChanged, self.price.textChanged, self.months.changed):
            changed.connect(self._validate)
        for changed in (self.weekdays.changed, self.start.currentIndexChanged, self.end.currentIndexChanged):
            changed.connect(self._validate)
        self._validate()

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
        self.form.add(self.tr("&Name"), self.name)
        self.form.add(self.tr("&Months"), self.months)
        self.form.add(self.tr("&Days"), self.weekdays)
        self.form.add(self.tr("&From"), hours)
        currency = self._view_model.facility.currency
        self.form.add(self.tr("&Price per kWh ({currency})").format(currency=currency), self.price)
        self.lay_out()

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

    def _validate(self) -> None:
        """Take only what is a period; say why not as soon as that is no mere gap."""
        complaint = ""
        if not self.months.chosen:
            complaint = self.tr("Choose at least one month.")
        elif not self.weekdays.chosen:
            complaint = self.tr("Choose at least one day.")
        elif self.start.value == self.end.value:
            complaint = self.tr("A period ends at another hour than it begins.")
        if complaint:
            self.banner.show_error(complaint)
        else:
            self.banner.hide()
        given = bool(self.name.text().strip()) and self.price.value is not None
        self.submit.setEnabled(given and not complaint)

    def save(self) -> None:
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


LEAST_HEIGHT = 180


class TariffPanel(QFrame):
    """A flat tariff is one without periods."""

    def __init__(self, view_model: FacilitySettingsViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.base_price = NumberEdit(self, PRICE_DECIMALS)
        self.demand_price = NumberEdit(self, PRICE_DECIMALS)
        self.base_price.setPlaceholderText(self.tr("no tariff"))
        self.demand_price.setPlaceholderText(self.tr("none"))
        self.list = RecordView(self.tr("Periods with a price of their own"), view_model.periods, parent=self)
        self.list.setMinimumHeight(LEAST_HEIGHT)
        self.add = QPushButton(self.tr("Add peri&od…"), self)
        self.edit = QPushButton(self.tr("Edi&t…"), self)
        self.remove = QPushButton(self.tr("&Remove"), self)
        self.up, self.down = QPushButton(self.tr("Up"), self), QPushButton(self.tr("Down"), self)
        self._base_label, self._demand_label = PlainLabel(parent=self), PlainLabel(parent=self)
        self._lay_out()
        self._connect()
        self._validate()

    def show_tariff(self) -> None:
        """Show what the view-model holds."""
        facility = self._view_model.facility
        tariff, currency = facility.tariff, facility.currency
        self.base_price.set_value(tariff.base_price if tariff else None)
        self.demand_price.set_value((tariff.demand_price or None) if tariff else None)
        self.show_currency(currency)
        self.list.resizeColumnsToContents()

    def show_currency(self, currency: str) -> None:
        """Show in which currency the prices are."""
        self._base_label.setText(self.tr("&Price per kWh ({currency})").format(currency=currency))
        self._demand_label.setText(
            self.tr("Price per kW of the month's pea&k ({currency})").format(currency=currency)
        )

    def _lay_out(self) -> None:
        form = LabelledForm()
        for label, edit in ((self._base_label, self.base_price), (self._demand_label, self.demand_price)):
            edit.setMaximumWidth(160)
            form.add(label, edit)
        buttons = QHBoxLayout()
        for button in (self.add, self.edit, self.remove, self.up, self.down):
            buttons.addWidget(button)
        buttons.addStretch()
        layout = CardColumn(
            self,
            self.tr("Tariff"),
            self.tr(
                "The price holds at all times that are in none of the periods below. "
                "Where two periods overlap, the upper one counts."
            ),
        )
        layout.addLayout(form)
        layout.addWidget(self.list)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self.add.clicked.connect(lambda: self._open(self._view_model.periods.rowCount()))
        self.edit.clicked.connect(lambda: self._open(self.list.row))
        self.list.activated.connect(lambda _index: self._open(self.list.row))
        self.remove.clicked.connect(lambda: self._view_model.remove_period(self.list.row))
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.list.selectionModel().selectionChanged.connect(self._validate)
        for changed in (self._view_model.periods.rowsInserted, self._view_model.periods.rowsRemoved):
            changed.connect(self._validate)
            changed.connect(self.list.resizeColumnsToContents)

    def _open(self, row: int) -> None:
        dialog = TariffPeriodDialog(self._view_model, row, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _move(self, by: int) -> None:
        row = self.list.row
        self._view_model.move_period(row, row + by)
        self.list.choose(row + by)
        self._validate()

    def _validate(self) -> None:
        row, last = self.list.row, self._view_model.periods.rowCount() - 1
        for button in (self.edit, self.remove):
            button.setEnabled(row >= 0)
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < last)


LONGEST_NAME = 120
WIDEST = 720
FACTOR_DECIMALS = 6


class FacilitySettingsPanel(QWidget):
    """All of it is stored at once by the button at the bottom."""

    def __init__(self, view_model: FacilitySettingsViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_model = view_model
        self.banner = Banner(self)
        self.name = QLineEdit(self)
        self.name.setMaxLength(LONGEST_NAME)
        self.country = Choice(self.tr("Country"), [(self.tr("not known"), None), *countries()], self)
        self.currency = Choice(self.tr("Currency"), [(code, code) for code in currencies()], self)
        self.floor_area = NumberEdit(self)
        self.emission_factor = NumberEdit(self, FACTOR_DECIMALS)
        self.monthly_budget = NumberEdit(self)
        self.calorific_value = NumberEdit(self, CALORIFIC_DECIMALS)
        for edit in (self.floor_area, self.emission_factor, self.monthly_budget, self.calorific_value):
            edit.setPlaceholderText(self.tr("not known"))
            edit.setMaximumWidth(160)
        self.form = SettingsForm(
            (
                Row("name", self.tr("&Name"), self.name),
                Row("country", self.tr("Countr&y"), self.country),
                Row("currency", self.tr("C&urrency"), self.currency, from_field=lambda code: code or "EUR"),
                Row("floor_area", self.tr("Floor ar&ea (m²)"), self.floor_area),
                Row("emission_factor", self.tr("Emission fa&ctor (kg CO₂ per kWh)"), self.emission_factor),
                Row("monthly_budget", self.tr("Budget (k&Wh a month)"), self.monthly_budget),
                Row(
                    "calorific_values",
                    self.tr("Calorific value of gas (M&J/m³)"),
                    self.calorific_value,
                    to_field=latest_calorific_value,
                ),
            )
        )
        self.tariff = TariffPanel(view_model, self)
        self.save = QPushButton(self.tr("&Save"), self)
        self.save.setProperty("role", "primary")
        self._lay_out()
        self.save.clicked.connect(self._save)
        self.currency.currentTextChanged.connect(self.tariff.show_currency)
        view_model.loaded.connect(self._show)
        view_model.saved.connect(lambda: self.banner.show_info(self.tr("The facility is saved.")))
        view_model.failed.connect(self.banner.show_error)

    def _lay_out(self) -> None:
        card = QFrame(self)
        inside = CardColumn(
            card,
            self.tr("Facility"),
            self.tr("Whatever is filled in appears on the dashboard and in reports: costs, CO₂, kWh per m²."),
        )
        inside.addLayout(self.form)
        column = QVBoxLayout()
        column.setSpacing(16)
        column.addWidget(self.banner)
        column.addWidget(card)
        column.addWidget(self.tariff)
        buttons = QHBoxLayout()
        buttons.addWidget(self.save)
        buttons.addStretch()
        column.addLayout(buttons)
        column.addStretch()
        for width in (card.setMaximumWidth, self.tariff.setMaximumWidth, self.banner.setMaximumWidth):
            width(WIDEST)
        layout = QVBoxLayout(self)
        layout.addLayout(column)

    def _show(self) -> None:
        self.form.show_settings(self._view_model.facility)
        self.tariff.show_tariff()

    def _save(self) -> None:
        prices = self.tariff.base_price.value, self.tariff.demand_price.value
        self._view_model.save(*prices, **self.form.values())
