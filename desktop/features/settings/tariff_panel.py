"""What energy costs: the price at all times, the periods with another one, and that of the peak demand."""

from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QWidget,
)

from desktop.features.settings.facility_settings_view_model import PRICE_DECIMALS, FacilitySettingsViewModel
from desktop.features.settings.tariff_period_dialog import TariffPeriodDialog
from desktop.widgets.card_column import CardColumn
from desktop.widgets.labelled_form import LabelledForm
from desktop.widgets.number_edit import NumberEdit
from desktop.widgets.plain_label import PlainLabel
from desktop.widgets.record_view import RecordView

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
        self._judge()

    def show_tariff(self) -> None:
        """What the view-model holds."""
        facility = self._view_model.facility
        tariff, currency = facility.tariff, facility.currency
        self.base_price.set_value(tariff.base_price if tariff else None)
        self.demand_price.set_value((tariff.demand_price or None) if tariff else None)
        self.show_currency(currency)
        self.list.resizeColumnsToContents()

    def show_currency(self, currency: str) -> None:
        """In which the prices are."""
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
        self.list.selectionModel().selectionChanged.connect(self._judge)
        for changed in (self._view_model.periods.rowsInserted, self._view_model.periods.rowsRemoved):
            changed.connect(self._judge)
            changed.connect(self.list.resizeColumnsToContents)

    def _open(self, row: int) -> None:
        dialog = TariffPeriodDialog(self._view_model, row, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _move(self, by: int) -> None:
        row = self.list.row
        self._view_model.move_period(row, row + by)
        self.list.choose(row + by)
        self._judge()

    def _judge(self) -> None:
        row, last = self.list.row, self._view_model.periods.rowCount() - 1
        for button in (self.edit, self.remove):
            button.setEnabled(row >= 0)
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < last)
