"""What is known of a user's facility besides its readings: what energy costs there, and how large it is."""

from services.facility.facility import (
    TYPICAL_CALORIFIC_VALUES,
    CalorificValue,
    Facility,
    FacilityRefused,
    facility_of,
    save,
)
from services.facility.tariff import EVERY_DAY, EVERY_MONTH, Tariff, TariffPeriod, cost, prices

__all__ = [
    "EVERY_DAY",
    "EVERY_MONTH",
    "TYPICAL_CALORIFIC_VALUES",
    "CalorificValue",
    "Facility",
    "FacilityRefused",
    "Tariff",
    "TariffPeriod",
    "cost",
    "facility_of",
    "prices",
    "save",
]
