"""Whose public holidays alerts allow for."""

import pandas as pd

from ml.days_off import CountryUnknown, days_off
from services.facility import Facility


def country_of(facility: Facility) -> str | None:
    """The one the user has named; none where its holidays are not known: alerts do without them."""
    try:
        days_off(pd.DatetimeIndex(["2000-01-01"]), facility.country)
    except CountryUnknown:
        return None
    return facility.country
