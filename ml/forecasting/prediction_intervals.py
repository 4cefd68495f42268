"""Calibrate a forecast's prediction intervals by the errors of the backtest.

Split-conformal prediction (Lei et al. 2018, "Distribution-Free Predictive Inference for Regression"): the
errors that forecasts made on days their models had not seen, measured by what makes them alike, have the
same distribution; its quantiles bound the next error. They are measured by the device's mean error
(Papadopoulos et al. 2008, "Normalized nonconformity measures for regression") and by how restless the device
was when the forecast was made (Lei et al., locally weighted). Above and below are told apart, for
consumption rises further than it falls. A device whose simplest forecasts erred more in all its seasons than
in those tested is taken to err as much again (`Backtest.restlessness`). Errors are counted from their
median, because that forecasts were too high or too low in the last months does not say that the next will be.

Few errors that are independent tell little of the next: see `margin`.
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.arrays import Floats, Ints
from ml.forecasting.backtest import Backtest
from ml.forecasting.combination import Choice
from ml.forecasting.features import BUCKETS, bucket

LEVELS = (0.8, 0.95)
"""The shares of days that the intervals are made to hold."""
OWN = 10.0
"""A device's own mean error counts like so many independent ones, against the mean of all devices."""
GROWTH = 0.5
"""Beyond the horizons of the backtest errors grow like a random walk's, with the square root."""
SCATTER_POWER = 0.5
"""Errors go with the scatter of the last days to this power: that scatter is itself only half known."""
LEAST_RATIO, MOST_RATIO = 0.5, 2.0
"""Scatter below or above so many times the usual one tells no more of the errors to come."""
LEAST = 2.0
"""Independent errors that are assumed, however few there are."""


@dataclass(frozen=True)
class Intervals:
    """Widths in shares of the level, by horizon; a device that was not backtested has the pooled mean's."""

    devices: pd.Index
    scatter: Floats
    """The usual one of each, in shares of the level; NaN where none is known."""
    mean_error: Floats
    """(horizons, devices)"""
    pooled_error: Floats
    """(horizons,)"""
    below: dict[float, Floats]
    """Of each level, (horizons,), in mean errors."""
    above: dict[float, Floats]
    errors: npt.NDArray[np.float32]
    """Of the backtest, as at the usual scatter in any season, (origins, days ahead, devices); or NaN."""
    spacing: int
    """Days between its origins."""

    def bounds(self, level: float, devices: pd.Index, ahead: Ints) -> tuple[Floats, Floats]:
        """Return how far below and above a forecast the interval ends, in levels, (days, devices).

        At each device's usual scatter; at another it is `scatter_ratio` times as far.
        """
        columns = self.devices.get_indexer(devices)
        mean = np.where(columns >= 0, self.mean_error[:, columns], self.pooled_error[:, None])
        below = _between(self.below[level][:, None] * mean, ahead)
        return below, _between(self.above[level][:, None] * mean, ahead)

    def scatter_ratio(self, devices: pd.Index, scatter: Floats) -> Floats:
        """Compare the scatter of the last days (..., devices) with each device's usual one."""
        columns = self.devices.get_indexer(devices)
        return _scatter_ratio(scatter, np.where(columns >= 0, self.scatter[columns], np.nan))


def intervals(test: Backtest, choice: Choice) -> Intervals:
    """Calibrate on all folds of the backtest."""
    usual = pd.DataFrame(np.where(test.scatter > 0, test.scatter, np.nan)).median().to_numpy()
    error = test.actual - choice.apply(test.predicted, test.devices, test.ahead)
    error *= (test.restlessness / _scatter_ratio(test.scatter, usual))[:, None, :]
    horizons = bucket(test.ahead)
    count = horizons.max() + 1
    mean, pooled = np.empty((count, len(test.devices))), np.empty(count)
    below = {level: np.empty(count) for level in LEVELS}
    above = {level: np.empty(count) for level in LEVELS}
    for horizon in range(count):
        errors = error[:, horizons == horizon]
        errors -= np.median(errors[~np.isnan(errors)]) if not np.isnan(errors).all() else 0.0
        independent = _independent(errors, test.spacing, test.ahead[horizons == horizon].mean())
        mean[horizon], pooled[horizon] = _mean_errors(errors, independent)
        share = (errors / np.where(mean[horizon] > 0, mean[horizon], np.nan)).ravel()
        share = share[~np.isnan(share)]
        for level in LEVELS:
            few, (low, high) = margin(independent, level), _quantiles(share, level)
            below[level][horizon], above[level][horizon] = few * low, few * high
    return Intervals(test.devices, usual, mean, pooled, below, above, error.astype(np.float32), test.spacing)


def _scatter_ratio(scatter: Floats, usual: Floats) -> Floats:
    known = (scatter > 0) & (usual > 0)
    ratio = np.where(known, scatter, 1.0) / np.where(known, usual, 1.0)
    return np.asarray(np.clip(ratio, LEAST_RATIO, MOST_RATIO) ** SCATTER_POWER)


def _independent(errors: Floats, spacing: int, ahead: float) -> Floats:
    """Count each device's independent errors, (devices,).

    Those of neighbouring days, and of forecasts made less than half their horizon apart, are nearly alike.
    """
    known = ~np.isnan(errors)
    return np.asarray(known.any(axis=1).sum(axis=0) * min(2 * spacing / ahead, 1.0))


def _mean_errors(errors: Floats, independent: Floats) -> tuple[Floats, float]:
    """Return each device's mean error, drawn to that of all by how few are independent; and that of all."""
    known = ~np.isnan(errors)
    total = np.where(known, np.abs(errors), 0.0).sum(axis=(0, 1))
    each = known.sum(axis=(0, 1))
    pooled = float(total.sum() / max(each.sum(), 1))
    share = independent / (independent + OWN)
    return share * total / np.maximum(each, 1) + (1 - share) * pooled, pooled


def margin(independent: Floats, level: float) -> float:
    """Return how much wider an interval is for being known from few errors.

    That of a normal's next value: its mean and spread are those of a sample, so that it reaches
    t √(1 + 1/n) of its deviations instead of z (Hahn and Meeker 1991, "Statistical Intervals", 4.7); t in
    its first terms (Abramowitz and Stegun, 26.7.5). Devices neither err together nor each alone: n goes
    with the square root of their number.
    """
    devices = int((independent > 0).sum())
    n = max(float(independent.sum()) / sqrt(max(devices, 1)), LEAST)
    z = NormalDist().inv_cdf((1 + level) / 2)
    return (1 + (z**2 + 1) / (4 * n)) * sqrt(1 + 1 / n)


class Range(NamedTuple):
    """kWh, and how far the interval of each of `LEVELS` reaches to either side."""

    value: float
    reach: dict[float, float]


def normal_range(value: float, deviation: float, errors: float) -> Range:
    """Return a forecast whose intervals are those of a normal with the deviation of so many errors."""
    n = np.array([errors])
    return Range(
        value,
        {level: NormalDist().inv_cdf((1 + level) / 2) * margin(n, level) * deviation for level in LEVELS},
    )


def _quantiles(share: Floats, level: float) -> tuple[float, float]:
    """Return how far below and above 0 the middle ``level`` of the errors reach."""
    if not len(share):
        return 1.0, 1.0
    low, high = np.quantile(share, [(1 - level) / 2, (1 + level) / 2])
    return max(-float(low), 0.0), max(float(high), 0.0)


def _between(by_horizon: Floats, ahead: Ints) -> Floats:
    """Interpolate from horizons to days, linearly in the logarithm, never narrowing."""
    widest = np.maximum.accumulate(by_horizon, axis=0)
    edges = np.array([0, *BUCKETS[: len(widest)]])
    middles = np.log((edges[1:] + edges[:-1] + 1) / 2)
    days = np.log(ahead)
    found = np.stack([np.interp(days, middles, column) for column in widest.T], axis=1)
    beyond = np.maximum(days - middles[-1], 0.0)
    return np.asarray(found * np.exp(GROWTH * beyond)[:, None])


def narrowing(
    intervals: Intervals, level: float, days: int, ends: Ints, kwh: pd.Series | None = None
) -> Floats:
    """Return the widths of the intervals of sums over ``days`` days, as shares of their days' widths' sum.

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
            min(intervals.spacing / length, 1.0),
        )
        for horizon in horizons
    ]
    widest = np.maximum.accumulate(np.minimum(shares, 1.0))
    return np.asarray(widest[np.minimum(np.searchsorted(horizons, bucket(ends)), len(horizons) - 1)])


def _of_devices(intervals: Intervals, level: float) -> tuple[Floats, Floats]:
    """Return errors and half-widths in shares of the level, (origins, days ahead, devices)."""
    errors = intervals.errors.astype("float64")
    below, above = intervals.bounds(level, intervals.devices, np.arange(1, errors.shape[1] + 1))
    return errors, np.broadcast_to((below + above) / 2, errors.shape)


def _of_all(intervals: Intervals, level: float, kwh: pd.Series) -> tuple[Floats, Floats]:
    """Return those of all devices that are known on a day together, in kWh, (origins, days ahead, 1)."""
    errors, half = _of_devices(intervals, level)
    weight = kwh.reindex(intervals.devices).fillna(0.0).to_numpy()
    known = ~np.isnan(errors) & (weight > 0)
    total, width = (np.where(known, each, 0.0) @ weight for each in (errors, half))
    return np.where(known.any(axis=2), total, np.nan)[:, :, None], width[:, :, None]


def _ratios(errors: Floats, half: Floats, last: int, length: int) -> Floats:
    """Return error ÷ width of the days that end so far ahead, by origin and device; NaN where unknown."""
    run = slice(last - length, last)
    width = half[:, run].sum(axis=1)
    return np.asarray(np.abs(errors[:, run].sum(axis=1)) / np.where(width > 0, width, np.nan))


def _share(ratios: list[Floats], level: float, spacing: float) -> float:
    """Return the quantile of the ratios; sums that overlap count as fewer independent ones."""
    every = np.concatenate(ratios)
    independent = np.max([(~np.isnan(each)).sum(axis=0) for each in ratios], axis=0) * spacing
    every = every[~np.isnan(every)]
    return float(np.quantile(every, level)) * margin(independent, level) if len(every) else 1.0
