"""Describe each device on each day: its level, the shape of its week, its holidays."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ml.arrays import Bools, Floats, Ints
from ml.forecasting.smoothing import AHEAD, ALPHAS, WEEK, Smoothings, known_shape, smoothed, smoothings
from ml.holidays import is_holiday

LEVEL_DAYS = 28
"""The level of a device is the mean of so many days; a device silent for longer counts as stopped."""
LEARNABLE = 7
"""How many of those days must be known for a level."""
MEANS = (1, 3, 7, 14, 28, 56)
SAME_WEEKDAYS = (1, 2, 4, 8)
LAST_WEEKS = 4
"""Weeks of the shape that forgets."""
SUNDAYS = 2.0
"""A device's holidays are taken to be like its Sundays, with the weight of so many holidays of its own."""


@dataclass(frozen=True)
class History:
    """Arrays by day and device, (days, devices); row t is what is known at the end of day t.

    Days off count neither for the level nor for the shape of the week.
    """

    days: pd.DatetimeIndex
    kwh: Floats
    scale: Floats
    """kWh a day by which everything is measured; NaN before the first known day."""
    learnable: Bools
    """Where enough days are known to learn from."""
    means: dict[int, Floats]
    same_weekday: dict[int, Floats]
    smooth: dict[float, Floats]
    """Level without the shape of the week, by alpha."""
    bank: Smoothings
    """Each device's own smoothings, weighted by how they did of late."""
    scatter: Floats
    shape: Floats
    """Of the day's weekday: what it uses as a share of its week's mean, over all weeks so far."""
    recent_shape: Floats
    day_off: Floats
    """What a day off uses as a share of its week's mean."""
    country: str | None

    def off(self, days: pd.DatetimeIndex) -> Bools:
        """Tell which days are public holidays."""
        return is_holiday(days, self.country)


def history(matrix: pd.DataFrame, country: str | None = None) -> History:
    """Describe kWh by day (every calendar day) and device."""
    days = pd.DatetimeIndex(matrix.index)
    kwh = matrix.to_numpy(dtype="float64")
    off = is_holiday(days, country)
    usual = np.where(off[:, None], np.nan, kwh)
    share = _share_of_week(kwh)
    ordinary = np.where(off[:, None], np.nan, share)
    shape = mean_of_same_weekdays(ordinary, len(days))
    level = usual / known_shape(shape)
    return History(
        days=days,
        kwh=kwh,
        scale=_scale(kwh),
        learnable=~np.isnan(mean_of_last(kwh, LEVEL_DAYS, LEARNABLE)),
        means={width: mean_of_last(usual, width) for width in MEANS},
        same_weekday={weeks: mean_of_same_weekdays(usual, weeks) for weeks in SAME_WEEKDAYS},
        smooth=dict(zip(ALPHAS, np.moveaxis(_smooth(level), 1, 0), strict=True)),
        bank=smoothings(usual, (shape, mean_of_same_weekdays(ordinary, LAST_WEEKS))),
        scatter=spread(level, LEVEL_DAYS, LEARNABLE),
        shape=shape,
        recent_shape=mean_of_same_weekdays(ordinary, 6),
        day_off=_day_off(share, shape, off, days),
        country=country,
    )


def _smooth(level: Floats) -> Floats:
    """Smooth with each of `ALPHAS`, (days, alphas, devices)."""
    repeated = np.repeat(level[:, None], len(ALPHAS), axis=1)
    return smoothed(repeated, np.array(ALPHAS)[:, None])


def last_days(matrix: pd.DataFrame) -> Ints:
    """Return the row of each device's last known day; -1 where none is known."""
    known = matrix.notna().to_numpy()
    rows: Ints = np.where(known.any(axis=0), len(known) - 1 - known[::-1].argmax(axis=0), -1)
    return rows


def _scale(kwh: Floats) -> Floats:
    """Return the absolute level; of a device at rest the level it had, of one that never ran 1 kWh."""
    level = mean_of_last(np.abs(kwh), LEVEL_DAYS)
    running = last_known(np.where(level > 0, level, np.nan))
    scale: Floats = np.where(np.isnan(running) & ~np.isnan(last_known(level)), 1.0, running)
    return scale


def _share_of_week(kwh: Floats) -> Floats:
    """Return each day as a share of the mean of the seven days around it."""
    around = np.full(kwh.shape, np.nan)
    around[:-AHEAD] = mean_of_last(kwh, WEEK, least=5)[AHEAD:]
    share: Floats = np.where(around > 0, kwh / np.where(around > 0, around, 1.0), np.nan)
    return share


def _day_off(share: Floats, shape: Floats, off: Bools, days: pd.DatetimeIndex) -> Floats:
    sunday = np.where((days.day_of_week == 6)[:, None], shape, np.nan)
    sunday = last_known(sunday)
    known = off[:, None] & ~np.isnan(share)
    count = np.cumsum(known, axis=0)
    total = np.cumsum(np.where(known, share, 0.0), axis=0)
    found: Floats = (total + SUNDAYS * np.where(np.isnan(sunday), 1.0, sunday)) / (count + SUNDAYS)
    # The week around a day is known three days after it.
    found[AHEAD:] = found[:-AHEAD].copy()
    found[:AHEAD] = 1.0
    return found


def mean_of_last(values: Floats, days: int, least: int = 1) -> Floats:
    """Average the known among the last so many days; NaN where fewer than ``least`` are known."""
    known = ~np.isnan(values)
    sums, counts = _totals(np.where(known, values, 0.0)), _totals(known)
    end = np.arange(1, len(values) + 1)
    start = np.maximum(end - days, 0)
    count = counts[end] - counts[start]
    mean: Floats = np.where(count >= least, (sums[end] - sums[start]) / np.maximum(count, 1), np.nan)
    return mean


def mean_of_same_weekdays(values: Floats, weeks: int) -> Floats:
    """Average the day itself and those 7, 14, ... days before, ``weeks`` in all."""
    found = np.full(values.shape, np.nan)
    for weekday in range(WEEK):
        found[weekday::WEEK] = mean_of_last(values[weekday::WEEK], weeks)
    return found


def spread(values: Floats, days: int, least: int) -> Floats:
    """Return the standard deviation of the known among the last so many days."""
    return np.asarray(pd.DataFrame(values).rolling(days, min_periods=least).std())


def last_known(values: Floats) -> Floats:
    """Return the last known value."""
    return np.asarray(pd.DataFrame(values).ffill())


def _totals(values: Floats) -> Floats:
    return np.vstack([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
