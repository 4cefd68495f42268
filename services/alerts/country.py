"""Whose public holidays alerts allow for."""

import pandas as pd

from ml.holidays import CountryUnknown, is_holiday
from services.facility import Facility


def country_of(facility: Facility) -> str | None:
    """The one the user has named; none where its holidays are not known: alerts do without them."""
    try:
        is_holiday(pd.DatetimeIndex(["2000-01-01"]), facility.country)
    except CountryUnknown:
        return None
    return facility.country
