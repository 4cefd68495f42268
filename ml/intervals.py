"""How wide a forecast's prediction intervals are, from the errors of the backtest.

Split-conformal prediction (Lei et al. 2018, "Distribution-Free Predictive Inference for Regression"): the
errors that forecasts made on days their models had not seen, measured by the device's mean error
(Papadopoulos et al. 2008, "Normalized nonconformity measures for regression"), have the same distribution
for all devices; its quantiles, times that mean, bound the next error. Above and below are told apart, for
consumption rises further than it falls.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.arrays import Floats, Ints
from ml.backtest import Backtest
from ml.combining import Choice
from ml.examples import BUCKETS, bucket

LEVELS = (0.8, 0.95)
"""The shares of days that the intervals are made to hold."""
OWN = 10.0
"""A device's own mean error counts like so many independent ones, against the mean of all devices."""
GROWTH = 0.5
"""Beyond the horizons of the backtest errors grow like a random walk's, with the square root."""


@dataclass(frozen=True)
class Intervals:
    """In shares of the level; by horizon, and for a device that was not backtested, by the pooled mean."""

    devices: pd.Index
    mean_error: Floats
    """(horizons, devices)"""
    pooled_error: Floats
    """(horizons,)"""
    below: dict[float, Floats]
    """Of each level, (horizons,), in mean errors."""
    above: dict[float, Floats]
    errors: npt.NDArray[np.float32]
    """Of the backtest, (origins, days ahead, devices); NaN where nothing is known."""

    def bounds(self, level: float, devices: pd.Index, ahead: Ints) -> tuple[Floats, Floats]:
        """How far below and above a forecast the interval ends, in shares of the level, (days, devices)."""
        columns = self.devices.get_indexer(devices)
        mean = np.where(columns >= 0, self.mean_error[:, columns], self.pooled_error[:, None])
        below = _between(self.below[level][:, None] * mean, ahead)
        return below, _between(self.above[level][:, None] * mean, ahead)


def intervals(test: Backtest, choice: Choice) -> Intervals:
    """Calibrated on all folds of the backtest."""
    error = test.actual - choice.apply(test.predicted, test.devices, test.ahead)
    horizons = bucket(test.ahead)
    count = horizons.max() + 1
    mean, pooled = np.empty((count, len(test.devices))), np.empty(count)
    below = {level: np.empty(count) for level in LEVELS}
    above = {level: np.empty(count) for level in LEVELS}
    for horizon in range(count):
        errors = error[:, horizons == horizon]
        mean[horizon], pooled[horizon] = _mean_errors(errors, horizon)
        share = (errors / np.where(mean[horizon] > 0, mean[horizon], np.nan)).ravel()
        share = share[~np.isnan(share)]
        for level in LEVELS:
            below[level][horizon], above[level][horizon] = _quantiles(share, level)
    return Intervals(test.devices, mean, pooled, below, above, error.astype(np.float32))


def _mean_errors(errors: Floats, horizon: int) -> tuple[Floats, float]:
    """Of each device, drawn to the mean of all by how few there are; and that mean."""
    known = ~np.isnan(errors)
    total = np.where(known, np.abs(errors), 0.0).sum(axis=(0, 1))
    each = known.sum(axis=(0, 1))
    pooled = float(total.sum() / max(each.sum(), 1))
    # Errors of neighbouring days, and of forecasts from neighbouring origins, are nearly the same error.
    independent = known.any(axis=1).sum(axis=0) / np.sqrt(BUCKETS[horizon])
    share = independent / (independent + OWN)
    return share * total / np.maximum(each, 1) + (1 - share) * pooled, pooled


def _quantiles(share: Floats, level: float) -> tuple[float, float]:
    """How far below and above 0 the middle ``level`` of the errors reach."""
    if not len(share):
        return 1.0, 1.0
    low, high = np.quantile(share, [(1 - level) / 2, (1 + level) / 2])
    return max(-float(low), 0.0), max(float(high), 0.0)


def _between(by_horizon: Floats, ahead: Ints) -> Floats:
    """From horizons to days: straight between their middles on a logarithmic scale, never narrowing."""
    widest = np.maximum.accumulate(by_horizon, axis=0)
    edges = np.array([0, *BUCKETS[: len(widest)]])
    middles = np.log((edges[1:] + edges[:-1] + 1) / 2)
    days = np.log(ahead)
    found = np.stack([np.interp(days, middles, column) for column in widest.T], axis=1)
    beyond = np.maximum(days - middles[-1], 0.0)
    return np.asarray(found * np.exp(GROWTH * beyond)[:, None])
