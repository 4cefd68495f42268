"""The one figure of the dashboard that lies in the future, and the days that lead there."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd

from services import readings
from services.forecasts.days import whole_days
from services.forecasts.selection import COLUMNS, stored_sums
from services.scope import Scope
from services.typed import typed

LOOK_BACK = timedelta(days=27)
"""Four weeks, the last day among them."""
LEAST_DAYS = 7
DEVIATIONS = 1.96
"""Of a normal distribution, within which 95 % lie."""


class Expected(NamedTuple):
    """kWh, and the interval that holds it with 95 %."""

    value: float
    lower: float
    upper: float


@typed
def next_month(scope: Scope, device_ids: Sequence[str] | None = None) -> float | None:
    """kWh predicted for the calendar month after the last reading's; see `next_month_interval`."""
    found = next_month_interval(scope, device_ids)
    return None if found is None else found.value


@typed
def next_month_interval(scope: Scope, device_ids: Sequence[str] | None = None) -> Expected | None:
    """kWh predicted for the calendar month after the last reading's; of all devices unless some are named.

    From the stored predictions; without any, each day is taken to be like the mean of its weekday in the
    last four weeks, and the month to scatter like these weeks. None where less than a week was metered.
    """
    span = readings.span(scope)
    if span is None:
        return None
    month = (pd.Period(span[1], "M") + 1).start_time.date()
    stored = stored_sums(scope, "monthly", device_ids, month, month)
    if len(stored):
        value, lower, upper = (float(stored[name].iloc[0]) for name in COLUMNS[1:])
        return Expected(value, lower, upper)
    return _seasonal_naive(scope, span[1], month, device_ids)


@typed
def daily_forecast(scope: Scope, device_ids: Sequence[str] | None = None, days: int = 60) -> pd.DataFrame:
    """The days after the last reading's, of all devices unless some are named, from stored predictions.

    Columns: date (naive), consumption, lower, upper (kWh; the interval holds 95 %); up to ``days`` rows,
    none where nothing was predicted.
    """
    span = readings.span(scope)
    if span is None:
        return pd.DataFrame(columns=COLUMNS)
    first = span[1] + timedelta(days=1)
    return stored_sums(scope, "daily", device_ids, first, first + timedelta(days=days - 1))


def _seasonal_naive(
    scope: Scope, last: date, month: date, device_ids: Sequence[str] | None
) -> Expected | None:
    daily = readings.daily_consumption(scope, start=last - LOOK_BACK, device_ids=device_ids)
    if daily["date"].nunique() < LEAST_DAYS:
        return None
    days = whole_days(daily)
    weekday = pd.DatetimeIndex(days.index).day_of_week
    known = days.groupby(weekday).mean().reindex(range(7))
    # Not fillna, which goes from column to column.
    of_weekday = np.where(known.notna(), known, days.mean()).sum(axis=1)
    period = pd.Period(month, "M")
    to_come = pd.date_range(period.start_time, period.end_time.normalize())
    value = float(of_weekday[to_come.day_of_week].sum())
    weeks = days.sum(axis=1).groupby((days.index - days.index[0]).days // 7).mean()
    scatter = float(weeks.std()) if len(weeks) > 1 else 0.0
    half = DEVIATIONS * scatter * len(to_come)
    return Expected(value, max(value - half, min(value, 0.0)), value + half)
