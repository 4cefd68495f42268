"""Prediction intervals of sums: of the days of a week or a month, of the devices of a facility.

Errors of single days and devices partly cancel out, so that a sum's interval is narrower than the sum of
the intervals. By how much is read off the backtest: less far ahead, where days err together.
"""

import numpy as np
import pandas as pd

from ml.arrays import Floats, Ints
from ml.examples import bucket
from ml.intervals import Intervals, margin


def narrowing(
    intervals: Intervals, level: float, days: int, ends: Ints, kwh: pd.Series | None = None
) -> Floats:
    """The width of the intervals of sums over ``days`` days, as shares of their days' widths' sum.

    ``ends`` says how many days ahead each sum ends. It is a device's, whichever it is: alone each has seen
    too few months to tell. With ``kwh``, the level of each device, it is that of them all: of a day against
    the devices' widths, of more days against those days' together.

    The quantile, at ``level``, of the errors' sums over runs of so many days in the backtest (fewer where
    it is shorter), each a share of the sum of its days' half-widths. Errors count as they were, not from
    their median: what days have in common does not cancel out.
    """
    errors, half = _of_devices(intervals, level) if kwh is None else _of_all(intervals, level, kwh)
    if kwh is not None and days > 1:
        ahead = np.arange(1, errors.shape[1] + 1)
        half = half * narrowing(intervals, level, 1, ahead, kwh)[:, None]
    length = min(days, max(errors.shape[1] // 2, 1))
    lasts = np.arange(length, errors.shape[1] + 1, length)
    horizons = np.unique(bucket(lasts))
    shares = [
        _share(
            [_ratios(errors, half, last, length) for last in lasts[bucket(lasts) == horizon]],
            level,
            min(intervals.apart / length, 1.0),
        )
        for horizon in horizons
    ]
    widest = np.maximum.accumulate(np.minimum(shares, 1.0))
    return np.asarray(widest[np.minimum(np.searchsorted(horizons, bucket(ends)), len(horizons) - 1)])


def _of_devices(intervals: Intervals, level: float) -> tuple[Floats, Floats]:
    """Errors and half-widths, in shares of the level, (origins, days ahead, devices)."""
    errors = intervals.errors.astype("float64")
    below, above = intervals.bounds(level, intervals.devices, np.arange(1, errors.shape[1] + 1))
    return errors, np.broadcast_to((below + above) / 2, errors.shape)


def _of_all(intervals: Intervals, level: float, kwh: pd.Series) -> tuple[Floats, Floats]:
    """The same of all devices that are known on a day together, in kWh, (origins, days ahead, 1)."""
    errors, half = _of_devices(intervals, level)
    weight = kwh.reindex(intervals.devices).fillna(0.0).to_numpy()
    known = ~np.isnan(errors) & (weight > 0)
    total, width = (np.where(known, each, 0.0) @ weight for each in (errors, half))
    return np.where(known.any(axis=2), total, np.nan)[:, :, None], width[:, :, None]


def _ratios(errors: Floats, half: Floats, last: int, length: int) -> Floats:
    """Of the run of days that ends so far ahead, by origin and device; NaN where a day of it is unknown."""
    run = slice(last - length, last)
    width = half[:, run].sum(axis=1)
    return np.asarray(np.abs(errors[:, run].sum(axis=1)) / np.where(width > 0, width, np.nan))


def _share(ratios: list[Floats], level: float, apart: float) -> float:
    """Sums that begin less than their length apart have days in common, and are no independent ones."""
    every = np.concatenate(ratios)
    independent = np.max([(~np.isnan(each)).sum(axis=0) for each in ratios], axis=0) * apart
    every = every[~np.isnan(every)]
    return float(np.quantile(every, level)) * margin(independent, level) if len(every) else 1.0
