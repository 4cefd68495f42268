"""The hours of the next days: each day's forecast, spread as the hours of its weekday usually are."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from ml.arrays import Floats
from services import readings
from services.forecasts.metered import ends
from services.forecasts.outlook import daily_forecast
from services.forecasts.sums import COLUMNS, LIKELY
from services.scope import Scope
from services.typed import typed

LOOK_BACK = timedelta(weeks=8)
HOURS = 24


@typed
def hourly_forecast(scope: Scope, device_ids: Sequence[str] | None = None, days: int = 7) -> pd.DataFrame:
    """Forecast the hours of the days after the last reading's, of all devices unless some are named.

    Columns: date (start of the hour, naive local time), consumption, lower, upper (kWh; the interval holds
    80 %: the day may be off, and its hours beside that). Empty where no days were predicted, or meters are
    read less than hourly.
    """
    found = ends(scope)
    daily = daily_forecast(scope, device_ids, days)
    if found is None or daily.empty:
        return pd.DataFrame(columns=COLUMNS)
    first = datetime.combine(found.origin, time(), ZoneInfo(scope.timezone)) - LOOK_BACK
    past = _by_day(readings.interval_data(scope, start=first, device_ids=device_ids))
    if past.empty:
        return pd.DataFrame(columns=COLUMNS)
    share = _shares(past)[pd.DatetimeIndex(daily["date"]).day_of_week]
    low, high = _deviations(past)
    value, lower, upper = (daily[name].to_numpy()[:, None] for name in COLUMNS[1:])
    expected = value * share
    below, above = np.hypot((value - lower) * share, low), np.hypot((upper - value) * share, high)
    floor = np.minimum(expected, min(0.0, float(past.to_numpy().min())))
    starts = daily["date"].to_numpy()[:, None] + np.arange(HOURS) * np.timedelta64(1, "h")
    parts = (starts, expected, np.maximum(expected - below, floor), expected + above)
    return pd.DataFrame({name: part.ravel() for name, part in zip(COLUMNS, parts, strict=True)})


def _by_day(past: pd.DataFrame) -> pd.DataFrame:
    """Return kWh by day and hour, of the days that have readings in all of their hours."""
    local = past["date"].dt.tz_localize(None)
    table = past.groupby([local.dt.normalize(), local.dt.hour])["consumption"].sum().unstack()
    return table.reindex(columns=range(HOURS)).dropna()


def _shares(past: pd.DataFrame) -> Floats:
    """Return the share of a day's kWh that each hour has, by weekday, (7, hours)."""
    return _normalize(_of_weekdays(past), past.to_numpy().sum(axis=0))


def _deviations(past: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return how far (kWh) below and above its share of the day an hour may be, each of shape (hours,).

    As far as the past days' were from what the others of their weekday suggest, each hour's by its own mean.
    """
    kwh, weekday = past.to_numpy(), pd.DatetimeIndex(past.index).day_of_week
    others = _of_weekdays(past)[weekday] - kwh
    total = kwh.sum(axis=1, keepdims=True)
    deviation = kwh - _normalize(others, kwh.sum(axis=0)) * total
    mean = np.abs(deviation).mean(axis=0)
    if not mean.any():
        return mean, mean
    low, high = np.quantile(deviation[:, mean > 0] / mean[mean > 0], [(1 - LIKELY) / 2, (1 + LIKELY) / 2])
    return np.maximum(-low, 0.0) * mean, np.maximum(high, 0.0) * mean


def _of_weekdays(past: pd.DataFrame) -> Floats:
    """Sum the kWh of all days of a weekday, (7, hours)."""
    sums = past.groupby(pd.DatetimeIndex(past.index).day_of_week).sum().reindex(range(7), fill_value=0.0)
    return np.asarray(sums.to_numpy())


def _normalize(kwh: Floats, fallback: Floats) -> Floats:
    """Return the shares of the hours in each row's sum; where that is 0, those of ``fallback``."""
    total = kwh.sum(axis=1, keepdims=True)
    kwh, total = np.where(total > 0, kwh, fallback), np.where(total > 0, total, fallback.sum())
    return kwh / total if total.all() else np.full(kwh.shape, 1 / HOURS)
