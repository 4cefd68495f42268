"""Readings that are not what the meter's own past leads one to expect, and the events they make up."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.event_detectors import outages, shifts, spikes, stuck
from ml.load_profile import ends, interval_of, profile

HISTORY = pd.Timedelta(days=14)
"""A meter with less is left alone."""
LEAST = 0.5
"""An event about fewer kWh concerns nobody."""
SEVERE, NOTABLE = 0.5, 0.2
"""Energy too much or too little, in usual days of the meter, that makes an event high or medium."""

COLUMNS = ["device", "date", "end", "consumption", "expected", "kind", "severity", "event"]


def find(readings: pd.DataFrame) -> pd.DataFrame:
    """The anomalous readings among interval data of any number of meters.

    ``readings`` has columns device, date (start of interval, local, aware) and consumption (kWh), each
    device and date once. The result has a row for each anomalous reading, by device and date: device,
    date, end (of the interval), consumption, expected (kWh), kind (spike, outage, stuck or shift),
    severity (low, medium or high; that of its event) and event (a number that its readings share).
    Intervals may last from a minute to a day. Only a meter's earlier readings speak about a reading.
    """
    ordered = readings.dropna(subset=["date", "consumption"]).sort_values(["device", "date"])
    parts = [_of_meter(part) for _, part in ordered.groupby("device", sort=False)]
    telling = [part for part in parts if part is not None]
    found = pd.concat(telling, ignore_index=True) if telling else _nothing()
    found["event"] = found.groupby(["device", "event"], sort=False).ngroup()
    return found


def events(found: pd.DataFrame) -> pd.DataFrame:
    """The events of what `find` gave, one a row, indexed by event.

    Columns: device, kind, severity, start and end (first start and last end of an interval), expected
    and actual (kWh over the anomalous readings).
    """
    return found.groupby("event").agg(
        device=("device", "first"),
        kind=("kind", "first"),
        severity=("severity", "first"),
        start=("date", "min"),
        end=("end", "max"),
        expected=("expected", "sum"),
        actual=("consumption", "sum"),
    )


def _of_meter(readings: pd.DataFrame) -> pd.DataFrame | None:
    dates = pd.DatetimeIndex(readings["date"])
    kwh = readings["consumption"].to_numpy(dtype="float64")
    interval = interval_of(dates)
    too_short = dates[-1] - dates[0] < HISTORY
    if too_short or not pd.Timedelta(minutes=1) <= interval <= pd.Timedelta(days=1) or kwh.mean() <= 0:
        return None
    past = profile(dates, kwh, interval)
    if np.isnan(past.expected).all():
        return None
    hours = interval / pd.Timedelta(hours=1)
    kinds = {
        "outage": outages(kwh, past, hours),
        "stuck": stuck(kwh, past, hours),
        "spike": spikes(kwh, past),
        "shift": shifts(kwh, past, dates),
    }
    if not any(runs.any() for runs in kinds.values()):
        return None
    frame = readings.assign(end=ends(dates, interval), expected=past.expected, kind="", event=0)
    frame = _told_apart(frame, kinds)
    usual_day = kwh.mean() * 24 / hours
    return _rated(frame[frame["event"] > 0], usual_day)[COLUMNS]


def _told_apart(frame: pd.DataFrame, kinds: dict[str, npt.NDArray[np.int64]]) -> pd.DataFrame:
    """Each reading in one event; an earlier kind explains it better than a later one.

    An event that others explain for the most part is none.
    """
    for kind, runs in kinds.items():
        free = pd.Series(frame["event"].to_numpy() == 0)
        mostly_free = free.groupby(runs).transform("mean").to_numpy() > 0.5
        chosen = (runs > 0) & mostly_free & free.to_numpy()
        frame.loc[chosen, "kind"] = kind
        frame.loc[chosen, "event"] = runs[chosen] + frame["event"].max()
    return frame


def _rated(frame: pd.DataFrame, usual_day: float) -> pd.DataFrame:
    """With the severity of each reading's event, without the events that concern nobody."""
    energy = frame.groupby("event")[["consumption", "expected"]].transform("sum")
    days = (energy["consumption"] - energy["expected"]).abs() / usual_day
    severity = np.select([days >= SEVERE, days >= NOTABLE], ["high", "medium"], "low")
    return frame.assign(severity=severity)[energy.max(axis=1) >= LEAST]


def _nothing() -> pd.DataFrame:
    found = pd.DataFrame({column: [] for column in COLUMNS})
    return found.astype({"device": "str", "date": "datetime64[us, UTC]", "end": "datetime64[us, UTC]"})
