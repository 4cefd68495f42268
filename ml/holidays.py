"""Tell public holidays, on which a week does not go its usual way."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd


class CountryUnknown(ValueError):
    """The holidays of that country are not known."""


def is_holiday(days: pd.DatetimeIndex, country: str | None) -> npt.NDArray[np.bool_]:
    """Tell which of n days are public holidays, (n,); none without a country.

    ``country`` is an ISO 3166 code (`DE`, with a subdivision `DE-BY`). Raises `CountryUnknown`.
    """
    if not country:
        return np.zeros(len(days), dtype=bool)
    return np.isin(days.to_numpy(dtype="datetime64[D]"), _holidays(country, *_years(days)))


@lru_cache(maxsize=32)
def _holidays(country: str, first: int, last: int) -> npt.NDArray[np.datetime64]:
    import holidays  # takes a while, and who names no country never needs it

    code, _, subdivision = country.upper().partition("-")
    try:
        known = holidays.country_holidays(code, subdivision or None, years=range(first, last + 1))
    except NotImplementedError:
        raise CountryUnknown(country) from None
    return np.array(sorted(known), dtype="datetime64[D]")


def _years(days: pd.DatetimeIndex) -> tuple[int, int]:
    return int(days.min().year), int(days.max().year)
