"""Forecast the sum of some meters without a model: each weekday as its mean in the last four weeks.

The interval is calibrated on the same sum's own past: what the method would have been off by at
origins a week apart. It is that of a normal's next value, by how many of these errors are independent, and a
few errors that are assumed beside them: what was calm for some weeks need not stay so.
"""

import numpy as np

from ml.arrays import Floats, Ints
from ml.forecasting.prediction_intervals import Range, normal_range

WEEK = 7
LAST_DAYS = 28
EVERY = 7
"""Days between the origins that are tested."""
KNOWN = 0.9
"""The part of the days that a meter must have in what is tested."""
ASSUMED, ASSUMED_ERRORS = 0.2, 1.5
"""A relative error, of a month, and how many such are assumed beside those tested."""


def naive_forecast(kwh: Floats, weekdays: Ints, first: int, length: int) -> Range | None:
    """Forecast the sum of meters over ``length`` days.

    ``kwh`` (days, meters), NaN where unknown; its last day is the origin, and ``first`` (from 1) says how
    many days later the period begins. ``weekdays`` (days,) from 0. None where no meter has a day known among
    the last.
    """
    days = len(kwh)
    found = _expected(kwh, weekdays, days, first, length)
    if not np.isfinite(found).any():
        return None
    value = float(np.nansum(found))
    errors = [
        error
        for origin in range(days - first - length + 1, LAST_DAYS - 1, -EVERY)
        if (error := _error(kwh, weekdays, origin, first, length)) is not None
    ]
    independent = len(errors) * min(EVERY / length, 1.0)
    tested = independent * float(np.mean(np.square(errors))) if errors else 0.0
    squared = (tested + ASSUMED_ERRORS * ASSUMED**2) / (independent + ASSUMED_ERRORS)
    deviation = float(np.sqrt(squared)) * abs(value)
    return normal_range(value, deviation, independent + ASSUMED_ERRORS)


def _expected(kwh: Floats, weekdays: Ints, origin: int, first: int, length: int) -> Floats:
    """Return what each meter is expected to use by its days before row ``origin``, (meters,); NaN or kWh."""
    last = kwh[max(origin - LAST_DAYS, 0) : origin]
    weekday = weekdays[max(origin - LAST_DAYS, 0) : origin]
    mean = _mean(last)
    of_weekday = np.stack([_mean(last[weekday == each]) for each in range(WEEK)])
    of_weekday = np.where(np.isnan(of_weekday), mean, of_weekday)
    begin = weekdays[origin - 1] + first
    counts = np.bincount((begin + np.arange(length)) % WEEK, minlength=WEEK)
    total: Floats = counts @ of_weekday
    return total


def _error(kwh: Floats, weekdays: Ints, origin: int, first: int, length: int) -> float | None:
    """Return by which part the meters that are known before and after were off; None without any."""
    came = kwh[origin + first - 1 : origin + first - 1 + length]
    before = np.isfinite(kwh[origin - LAST_DAYS : origin]).mean(axis=0) >= KNOWN / 2
    both = before & (np.isfinite(came).mean(axis=0) >= KNOWN)
    if not both.any():
        return None
    expected = float(_expected(kwh[:, both], weekdays, origin, first, length).sum())
    actual = float((_mean(came[:, both]) * length).sum())
    return (actual - expected) / abs(expected) if expected else None


def _mean(kwh: Floats) -> Floats:
    known = np.isfinite(kwh)
    count = known.sum(axis=0)
    total = np.where(known, kwh, 0.0).sum(axis=0)
    found: Floats = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return found
