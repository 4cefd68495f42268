"""Values over local time, and how days become weeks and months."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Resolution = Literal["hour", "day", "week", "month"]
Values = npt.NDArray[np.float64]
Moments = npt.NDArray[np.datetime64]

MONDAY = np.datetime64("1970-01-05", "D")


@dataclass(frozen=True, eq=False)
class Series:
    """Energy of one period after the other."""

    start: Moments
    """datetime64[s], the facility's clock; ascending."""
    kwh: Values
    """NaN where nothing was read."""


def starts(days: Moments, resolution: Resolution) -> Moments:
    """The first day of the day's, week's (Monday) or month's period, for each of the days (datetime64[D])."""
    if resolution == "week":
        return MONDAY + (days - MONDAY) // np.timedelta64(7, "D") * np.timedelta64(7, "D")
    return days.astype("datetime64[M]").astype("datetime64[D]") if resolution == "month" else days


def summed(days: Moments, kwh: Values, resolution: Resolution) -> Series:
    """The kWh of ascending days, NaN where nothing was read, by day, week or month."""
    first, period = np.unique(starts(days, resolution), return_inverse=True)
    read = ~np.isnan(kwh)
    sums = np.bincount(period[read], kwh[read], len(first))
    counts = np.bincount(period[read], minlength=len(first))
    return Series(first.astype("datetime64[s]"), np.where(counts > 0, sums, np.nan))
