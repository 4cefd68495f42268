"""The forecast that continues the consumption."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from bson import ObjectId

from ml.arrays import Floats
from services import forecasts
from services.dashboard.selection import (
    Period,
    Resolution,
    Selection,
    Series,
    starts,
    sum_by,
)
from services.forecasts.sums import prediction_times
from services.local_times import Moments
from services.scope import Scope

DAYS_AHEAD = 60
KEPT = 64
"""Forecasts of so many choices of devices are remembered."""

State = tuple[ObjectId | None, datetime | None]
"""Of readings and predictions: as long as it is the same, no choice of days changes a forecast."""


class Forecast(NamedTuple):
    """What comes after the last reading; kWh, as are the ends of its interval."""

    series: Series
    lower: Floats
    upper: Floats


class Upcoming(NamedTuple):
    """What is known of the time to come, for a choice of devices."""

    next_month: forecasts.Expected | None
    """kWh of the calendar month after the last reading's, and its interval."""
    days: pd.DataFrame
    """date, consumption, lower, upper."""


def read_upcoming(scope: Scope, selection: Selection, device_ids: Sequence[str] | None) -> Upcoming:
    """Read the forecast of all devices (None) or of some."""
    state = selection.load.revision, prediction_times(scope)
    return _read(scope, state, None if device_ids is None else tuple(device_ids))


def continue_series(
    known: Upcoming, selection: Selection, period: Period, resolution: Resolution
) -> Forecast | None:
    """Return the days, weeks or months to come, where the period ends with the readings; else None.

    The first week or month holds what was metered of it already.
    """
    if resolution == "hour" or period.end < selection.covered.end:
        return None
    days = known.days["date"].to_numpy().astype("datetime64[D]")
    to_come = days > np.datetime64(selection.covered.end)
    if not to_come.any():
        return None
    begun, metered = _metered_so_far(selection, days[to_come][0], resolution)
    series, lower, upper = (
        sum_by(
            np.append(begun, days[to_come]),
            np.append(metered, known.days[name].to_numpy("float64")[to_come]),
            resolution,
        )
        for name in ("consumption", "lower", "upper")
    )
    return Forecast(series, lower.kwh, upper.kwh)


def _metered_so_far(
    selection: Selection, first: np.datetime64, resolution: Resolution
) -> tuple[Moments, Floats]:
    """Return the metered days of the week or month that the first day to come is in, and their kWh."""
    days = selection.covered.days
    since = starts(np.array([first]), resolution)[0]
    within = days[(days >= since) & (days < first)]
    return within, selection.kwh_of(within)


@lru_cache(maxsize=KEPT)
def _read(scope: Scope, state: State, device_ids: tuple[str, ...] | None) -> Upcoming:
    return Upcoming(
        forecasts.next_month_interval(scope, device_ids),
        forecasts.daily_forecast(scope, device_ids, DAYS_AHEAD),
    )
