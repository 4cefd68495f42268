"""A user's facility, stored as one document."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from services import audit
from services.documents import from_document, to_document
from services.errors import LoadlensError
from services.facility.tariff import EVERY_DAY, EVERY_MONTH, Tariff, TariffPeriod
from services.messages import N_
from services.names import UNSEEN, check_length, name_key
from services.scope import Scope
from services.typed import typed

CODES = {
    "currency": (3, N_("“{code}” is no currency. Enter its 3 capital letters, as EUR or USD.")),
    "country": (2, N_("“{code}” is no country. Enter its 2 capital letters, as DE or US.")),
}
"""How many letters each code has, and the refusal of another."""
AMOUNTS = {
    "floor_area": N_("The floor area must be above 0, or empty when it is not known."),
    "emission_factor": N_("The emission factor must be above 0, or empty when it is not known."),
    "monthly_budget": N_("The monthly budget must be above 0, or empty when it is not known."),
}
"""The refusal of each amount that is 0 or less."""
MJ_PER_KWH = 3.6
TYPICAL_CALORIFIC_VALUES = {"GB": (39.5, 1.02264), "NL": (35.17, 1.0), "US": (38.6, 1.0)}
"""MJ/m³ and correction by country, which bills there are near to; an example, never assumed."""


class FacilityRefused(LoadlensError):
    """A field of the facility, or of its tariff, is none."""


@dataclass(frozen=True)
class CalorificValue:
    """What a m³ of gas is in kWh from a day on: ``mj_per_m3`` × ``correction`` ÷ 3.6.

    The first one holds for the days before it, too.

    The correction brings the volume that a meter counts to the conditions that the calorific value is for.
    """

    since: date
    mj_per_m3: float
    correction: float = 1.0

    @property
    def kwh_per_m3(self) -> float:
        """Return the kWh of a m³."""
        return self.mj_per_m3 * self.correction / MJ_PER_KWH


@dataclass(frozen=True)
class Facility:
    """What a user says of the facility; None for what is not known."""

    name: str = ""
    currency: str = "EUR"
    """ISO 4217."""
    floor_area: float | None = None
    """m²."""
    emission_factor: float | None = None
    """kg CO2 per kWh."""
    country: str | None = None
    """ISO 3166, two letters: whose public holidays there are."""
    tariff: Tariff | None = None
    monthly_budget: float | None = None
    """kWh."""
    calorific_values: tuple[CalorificValue, ...] = ()
    """Of its gas, ascending by their days; empty where not known: then a volume of gas is no kWh."""


def facility_of(scope: Scope) -> Facility:
    """Return what the user has said of the facility; before that a nameless one of which nothing is known."""
    document = scope.db["facilities"].find_one(scope.owned())
    return from_document(Facility, document) if document else Facility()


@typed
def save(scope: Scope, facility: Facility) -> None:
    """Store the facility in the place of what was said of it before. Raises `FacilityRefused`."""
    facility = replace(facility, name=facility.name.strip())
    _check(facility)
    document = to_document(facility)
    before = scope.db["facilities"].find_one_and_update(
        scope.owned(), {"$set": {**document, "updatedAt": datetime.now(UTC)}}, upsert=True
    )
    audit.record_changes(scope, "facility", before, document)


def _check(facility: Facility) -> None:
    for field, (letters, message) in CODES.items():
        code = getattr(facility, field)
        if code is not None and not re.fullmatch(rf"[A-Z]{{{letters}}}", code):
            raise FacilityRefused(message, code=code)
    for field, message in AMOUNTS.items():
        amount = getattr(facility, field)
        if amount is not None and not 0 < amount < float("inf"):
            raise FacilityRefused(message)
    if not all(0 < value.kwh_per_m3 < float("inf") for value in facility.calorific_values):
        raise FacilityRefused("A calorific value and its correction must be above 0.")
    if facility.tariff:
        _check_tariff(facility.tariff)
    check_length(facility.name, FacilityRefused)


def _check_tariff(tariff: Tariff) -> None:
    if not _is_price(tariff.base_price):
        raise FacilityRefused("The price per kWh must be 0 or above.")
    if not _is_price(tariff.demand_price):
        raise FacilityRefused("The price per kW must be 0 or above.")
    for period in tariff.periods:
        _check_period(period)


def _check_period(period: TariffPeriod) -> None:
    name = period.name.strip()
    if not name:
        raise FacilityRefused("Give every period of the tariff a name.")
    if not name_key(name):
        raise FacilityRefused(UNSEEN)
    check_length(name, FacilityRefused)
    if not _is_price(period.price):
        raise FacilityRefused("The price of the period “{period}” must be 0 or above.", period=name)
    if not _are_some_of(period.months, EVERY_MONTH):
        raise FacilityRefused("Choose the months of the period “{period}”.", period=name)
    if not _are_some_of(period.weekdays, EVERY_DAY):
        raise FacilityRefused("Choose the days of the week of the period “{period}”.", period=name)
    if not (0 <= period.from_hour < 24 and 0 < period.to_hour <= 24 and period.from_hour != period.to_hour):
        raise FacilityRefused(
            "The period “{period}” has no hours. Choose from which hour (0 to 23) to which (1 to 24).",
            period=name,
        )


def _is_price(price: float) -> bool:
    return 0 <= price < float("inf")


def _are_some_of(chosen: Collection[int], known: frozenset[int]) -> bool:
    return bool(chosen) and frozenset(chosen) <= known
