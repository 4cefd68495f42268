"""Whose public holidays a facility keeps, and the refusal of those that are not known."""

from importlib.resources import files

import pandas as pd

from ml.holidays import CountryUnknown, is_holiday
from services.errors import LoadlensError
from services.facility import Facility, facility_of
from services.scope import Scope

ZONES = "zoneinfo/zone.tab"
"""Of the IANA time zone database: country, place and name of each zone, between tabs."""


class HolidaysUnknown(LoadlensError):
    """The holidays of the country that was named are not known."""


def unknown_holidays(country: str | None) -> HolidaysUnknown:
    """Return the refusal of a country whose holidays are not known."""
    return HolidaysUnknown(
        "The public holidays of “{country}” are not known. Name a country by two letters, such as DE.",
        country=country,
    )


def holiday_country(scope: Scope) -> str | None:
    """Return the country that the user has named, else the one of the time zone; ISO 3166, two letters."""
    return facility_of(scope).country or _country_of_zone(scope.timezone)


def named_holiday_country(facility: Facility) -> str | None:
    """Return the country that the user has named; None where its holidays are not known."""
    try:
        is_holiday(pd.DatetimeIndex(["2000-01-01"]), facility.country)
    except CountryUnknown:
        return None
    return facility.country


def _country_of_zone(zone: str) -> str | None:
    lines = files("tzdata").joinpath(ZONES).read_text(encoding="utf-8").splitlines()
    fields = (line.split("\t") for line in lines if not line.startswith("#"))
    return next((country for country, _place, name, *_ in fields if name == zone), None)
