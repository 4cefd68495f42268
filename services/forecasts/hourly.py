"""The hours of the next days: each day's forecast, spread as the hours of its weekday usually are."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from services import readings
from services.forecasts.next_month import daily_forecast
from services.forecasts.selection import COLUMNS
from services.scope import Scope
from services.typed import typed

LOOK_BACK = timedelta(weeks=8)
HOURS = 24


@typed
def hourly_forecast(scope: Scope, device_ids: Sequence[str] | None = None, days: int = 7) -> pd.DataFrame:
    """The hours of the days after the last reading's, of all devices unless some are named.

    Columns: date (start of the hour, naive local time), consumption, lower, upper (kWh; the interval is the
    day's, spread like it). Empty where no days were predicted, or meters are read less than hourly.
    """
    span = readings.span(scope)
    daily = daily_forecast(scope, device_ids, days)
    if span is None or daily.empty:
        return pd.DataFrame(columns=COLUMNS)
    first = datetime.combine(span[1], time(), ZoneInfo(scope.timezone)) - LOOK_BACK
    shares = _shares(readings.interval_data(scope, start=first, device_ids=device_ids))
    hours = daily.assign(weekday=daily["date"].dt.day_of_week).merge(shares, on="weekday")
    hours["date"] += pd.to_timedelta(hours["hour"], unit="h")
    hours[COLUMNS[1:]] = hours[COLUMNS[1:]].mul(hours["share"], axis=0)
    return hours.sort_values("date", ignore_index=True)[COLUMNS]


def _shares(past: pd.DataFrame) -> pd.DataFrame:
    """Columns weekday, hour, share: how much of the weekday's kWh is used in that hour."""
    local = past["date"].dt.tz_localize(None)
    hour = [local.dt.day_of_week.rename("weekday"), local.dt.hour.rename("hour")]
    table = past.groupby(hour)["consumption"].sum().unstack(fill_value=0)
    if table.shape[1] < HOURS:
        return pd.DataFrame(columns=["weekday", "hour", "share"])
    table = table.reindex(range(7)).fillna(table.mean())
    shares = table.div(table.sum(axis=1).where(lambda kwh: kwh != 0, 1.0), axis=0)
    return shares.melt(ignore_index=False, value_name="share").reset_index()
