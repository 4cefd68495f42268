"""Means over the days up to each day, where some days are unknown (NaN).

Every function takes values by day and device, (days, devices), and gives an array of that shape whose
row t looks at the days up to and including t.
"""

import numpy as np
import pandas as pd

from ml.arrays import Floats

WEEK = 7


def mean_of_last(values: Floats, days: int, least: int = 1) -> Floats:
    """Of the known among the last so many days; NaN where fewer than ``least`` are known."""
    known = ~np.isnan(values)
    sums, counts = _totals(np.where(known, values, 0.0)), _totals(known)
    end = np.arange(1, len(values) + 1)
    start = np.maximum(end - days, 0)
    count = counts[end] - counts[start]
    mean: Floats = np.where(count >= least, (sums[end] - sums[start]) / np.maximum(count, 1), np.nan)
    return mean


def mean_of_same_weekdays(values: Floats, weeks: int) -> Floats:
    """Of the day itself and of those 7, 14, ... days before, ``weeks`` in all."""
    found = np.full(values.shape, np.nan)
    for weekday in range(WEEK):
        found[weekday::WEEK] = mean_of_last(values[weekday::WEEK], weeks)
    return found


def smoothed(values: Floats, alpha: float) -> Floats:
    """Simple exponential smoothing; an unknown day leaves the level as it was."""
    return np.asarray(pd.DataFrame(values).ewm(alpha=alpha, ignore_na=True).mean().ffill())


def spread(values: Floats, days: int, least: int) -> Floats:
    """Standard deviation of the known among the last so many days."""
    return np.asarray(pd.DataFrame(values).rolling(days, min_periods=least).std())


def last_known(values: Floats) -> Floats:
    """The last known value."""
    return np.asarray(pd.DataFrame(values).ffill())


def _totals(values: Floats) -> Floats:
    return np.vstack([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
