"""Demand above what a device is rated at, and days above what its rating and usual hours come to."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ml.detection.profile import ends, interval_of
from services.alerts.event import Event
from services.devices import Device

DAY = pd.Timedelta(days=1)
WIDE_MARGIN = 1.5
"""A day's use may surpass the rated power times the average hours so many times: they are estimates."""
SEVERITIES = {"demand": (1.2, 1.5), "day": (2.0, 3.0)}
"""From how many times the limit on an event is medium, and high."""


def exceeded(readings: pd.DataFrame, device: Device) -> list[Event]:
    """The events of one device's readings (date, local and aware; consumption, kWh), ascending by date.

    Nothing where the rating is not known. Consecutive readings, or days, above the limit are one event.
    """
    if device.rated_power is None or len(readings) < 2:
        return []
    dates, kwh = pd.DatetimeIndex(readings["date"]), readings["consumption"].to_numpy(dtype="float64")
    interval = interval_of(dates)
    rated = device.rated_power / 1000
    at_rated = rated * (interval / pd.Timedelta(hours=1))
    day = dates.tz_localize(None).normalize()
    days = pd.Series(kwh).groupby(day)
    allowed = rated * device.avg_usage_hours if device.avg_usage_hours else np.inf
    over_day = (days.transform("sum") > WIDE_MARGIN * allowed).to_numpy()
    over_demand = ~over_day & (kwh > at_rated)
    frame = pd.DataFrame(
        {
            "start": dates,
            "end": ends(dates, interval),
            "actual": kwh,
            "demand": at_rated,
            "day": allowed / days.transform("size").to_numpy(),
        }
    )
    return [
        *_events(frame[over_demand], "demand", device.id, 1.5 * interval),
        *_events(frame[over_day], "day", device.id, max(1.5 * interval, DAY)),
    ]


def _events(over: pd.DataFrame, reason: str, device_id: str, gap: pd.Timedelta) -> Iterator[Event]:
    """Readings no further apart than the gap are one event; the column named for the reason is its limit."""
    apart = (over["start"].diff() > gap).cumsum()
    medium, high = SEVERITIES[reason]
    for _, event in over.groupby(apart):
        actual, limit = float(event["actual"].sum()), float(event[reason].sum())
        times = actual / limit if limit else np.inf
        yield Event(
            device_id,
            reason,
            "high" if times >= high else "medium" if times >= medium else "low",
            event["start"].iloc[0].to_pydatetime(),
            event["end"].iloc[-1].to_pydatetime(),
            limit,
            actual,
        )
