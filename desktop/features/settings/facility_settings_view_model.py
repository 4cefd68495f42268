"""What is known of the facility, and what energy costs there, as it is edited."""

from collections.abc import Sequence
from datetime import date
from itertools import count
from math import isclose
from typing import Any

from PySide6.QtCore import QLocale, QObject, Signal

from desktop.features.settings.tariff_text import hour, months, weekdays
from desktop.framework.formatting import number
from desktop.framework.record_table import Column, RecordTable, by_name
from desktop.framework.view_model import SessionViewModel
from services.accounts import Session
from services.facility import CalorificValue, Facility, Tariff, TariffPeriod, facility_of, save
from services.readings import convert_volumes
from services.scope import Scope


def countries() -> list[tuple[str, str]]:
    """Return (name, ISO 3166 code), by name."""
    known = [
        (QLocale.territoryToString(territory), QLocale.territoryToCode(territory))
        for territory in QLocale.Country
        if territory is not QLocale.Country.AnyCountry
    ]
    # Parts of the world have three digits.
    return by_name({place for place in known if len(place[1]) == 2}, lambda place: place[0])


def currencies() -> list[str]:
    """ISO 4217 codes, ascending."""
    any_language, any_script = QLocale.Language.AnyLanguage, QLocale.Script.AnyScript
    locales = QLocale.matchingLocales(any_language, any_script, QLocale.Country.AnyCountry)
    codes = {locale.currencySymbol(QLocale.CurrencySymbolFormat.CurrencyIsoCode) for locale in locales}
    return sorted(codes - {""})


def latest_calorific_value(values: Sequence[CalorificValue]) -> float | None:
    """Return the calorific value in force, MJ/m³ as a meter counts them; None where not known."""
    return values[-1].mj_per_m3 * values[-1].correction if values else None


def _with_latest(values: tuple[CalorificValue, ...], mj_per_m3: float | None) -> tuple[CalorificValue, ...]:
    """Return the values with another one in force; None: with none at all."""
    if mj_per_m3 is None:
        return ()
    latest = latest_calorific_value(values)
    if latest is not None and isclose(latest, mj_per_m3, abs_tol=10**-CALORIFIC_DECIMALS):
        return values
    return (*values[:-1], CalorificValue(values[-1].since if values else date(1970, 1, 1), mj_per_m3))


def _store(scope: Scope, facility: Facility, calorific_values_changed: bool) -> None:
    save(scope, facility)
    if calorific_values_changed:
        convert_volumes(scope)


PRICE_DECIMALS = 4
CALORIFIC_DECIMALS = 3

Row = tuple[int, TariffPeriod]


class FacilitySettingsViewModel(SessionViewModel):
    """``loaded`` when `facility` and `periods` are as they are stored; ``saved`` once they are stored anew.

    The periods are edited here, and stored with all the rest by `save`.
    """

    loaded = Signal()
    saved = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._keys = count()
        self.facility = Facility()
        self.periods: RecordTable[Row] = RecordTable(self._columns(), lambda row: row[0], self)

    def refresh(self) -> None:
        self.ask(facility_of, self._show)

    def period(self, row: int) -> TariffPeriod:
        """The period in this row of `periods`."""
        return self.periods.record(row)[1]

    def put_period(self, row: int, **fields: Any) -> None:
        """Put a period of these fields in the place of that of the row; one below the last adds it."""
        rows = self.periods.records
        rows[row : row + 1] = [self._keyed(TariffPeriod(**fields))]
        self.periods.show(rows)

    def remove_period(self, row: int) -> None:
        self.periods.show([kept for i, kept in enumerate(self.periods.records) if i != row])

    def move_period(self, row: int, to: int) -> None:
        """Another place in the order, in which the first period that matches counts."""
        rows = self.periods.records
        rows.insert(to, rows.pop(row))
        self.periods.show(rows)

    def save(self, base_price: float | None, demand_price: float | None, **fields: Any) -> None:
        """Store the fields of a `Facility`; without any price and period it has no tariff.

        ``base_price`` is per kWh outside of the periods, ``demand_price`` per kW.
        """
        periods = tuple(period for _, period in self.periods.records)
        priced = base_price is not None or demand_price is not None or bool(periods)
        if priced and base_price is None:
            self.failed.emit(self.tr("Enter the price per kWh at all other times; 0 if there is none."))
            return
        tariff = Tariff(base_price or 0.0, periods, demand_price or 0.0) if priced else None
        values = _with_latest(self.facility.calorific_values, fields.pop("calorific_values", None))
        facility = Facility(**fields, tariff=tariff, calorific_values=values)
        changed = values != self.facility.calorific_values
        self.ask(lambda scope: _store(scope, facility, changed), lambda: self._keep(facility))

    def _keep(self, facility: Facility) -> None:
        self.facility = facility
        self.saved.emit()

    def _show(self, facility: Facility) -> None:
        self.facility = facility
        self.periods.show([self._keyed(p) for p in (facility.tariff.periods if facility.tariff else ())])
        self.loaded.emit()

    def _keyed(self, period: TariffPeriod) -> Row:
        return next(self._keys), period

    def _columns(self) -> list[Column[Row]]:
        return [
            Column(self.tr("Period"), lambda row: row[1].name),
            Column(self.tr("Months"), lambda row: months(row[1].months)),
            Column(self.tr("Days"), lambda row: weekdays(row[1].weekdays)),
            Column(self.tr("From"), lambda row: hour(row[1].from_hour)),
            Column(self.tr("To"), lambda row: hour(row[1].to_hour)),
            Column(self.tr("Price per kWh"), lambda row: number(row[1].price, PRICE_DECIMALS), numeric=True),
        ]
