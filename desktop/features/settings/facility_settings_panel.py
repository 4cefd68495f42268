"""What is known of the facility: its name and place, its size, and what its energy costs."""

from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.features.settings.countries import countries, currencies
from desktop.features.settings.facility_settings_view_model import FacilitySettingsViewModel
from desktop.features.settings.tariff_panel import TariffPanel
from desktop.widgets.banner import Banner
from desktop.widgets.card_column import CardColumn
from desktop.widgets.choice import Choice
from desktop.widgets.labelled_form import LabelledForm
from desktop.widgets.number_edit import NumberEdit

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
        for edit in (self.floor_area, self.emission_factor, self.monthly_budget):
            edit.setPlaceholderText(self.tr("not known"))
            edit.setMaximumWidth(160)
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
        form = LabelledForm()
        for text, field in (
            (self.tr("&Name"), self.name),
            (self.tr("Countr&y"), self.country),
            (self.tr("C&urrency"), self.currency),
            (self.tr("Floor ar&ea (m²)"), self.floor_area),
            (self.tr("Emission fa&ctor (kg CO₂ per kWh)"), self.emission_factor),
            (self.tr("Budget (k&Wh a month)"), self.monthly_budget),
        ):
            form.add(text, field)
        inside = CardColumn(
            card,
            self.tr("Facility"),
            self.tr("Whatever is filled in appears on the dashboard and in reports: costs, CO₂, kWh per m²."),
        )
        inside.addLayout(form)
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
        facility = self._view_model.facility
        self.name.setText(facility.name)
        self.country.set_value(facility.country)
        self.currency.set_value(facility.currency)
        self.floor_area.set_value(facility.floor_area)
        self.emission_factor.set_value(facility.emission_factor)
        self.monthly_budget.set_value(facility.monthly_budget)
        self.tariff.show_tariff()

    def _save(self) -> None:
        self._view_model.save(
            self.tariff.base_price.value,
            self.tariff.demand_price.value,
            name=self.name.text(),
            country=self.country.value,
            currency=self.currency.value or "EUR",
            floor_area=self.floor_area.value,
            emission_factor=self.emission_factor.value,
            monthly_budget=self.monthly_budget.value,
        )
