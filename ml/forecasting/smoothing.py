"""Forecast each device from its own past: exponential smoothings, weighted by how they did of late.

No single smoothing serves all meters: one whose tenants change needs a quick level, one that follows the
weather a slow one. Each member of the bank is a level (Brown 1959; with a damped trend, Gardner and McKenzie
1985, "Forecasting trends in time series") times the shape of the week, over all weeks or the last ones.
Their forecasts are averaged with weights that fall with their recent errors at each horizon (Bates and
Granger 1969, "The combination of forecasts").
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from ml.arrays import Floats, Ints

Real = TypeVar("Real", np.float32, np.float64)
Singles = npt.NDArray[np.float32]

WEEK = 7
AHEAD = 3
"""A day is measured by the week around it, which is known three days later."""
ALPHAS = (0.05, 0.1, 0.2, 0.4, 0.7)
TRENDS = (0.1, 0.2)
"""The alphas that are used with a trend, too."""
DAMPING = 0.9
"""Of a trend, a day."""
OUTLIER = 3.0
"""A day farther off the recent mean than so many mean deviations counts as if it were no farther."""
SETTLED = 14
"""Days after which the mean deviation is taken as known."""
LEAST_SHARE = 0.05
"""A weekday with less of the week's mean than this has no shape that could be divided by."""
TESTED = (2, 6, 18)
"""Days ahead that stand for the horizons up to 3, 7 and beyond."""
EDGES = (3, 7)
EVERY = 3
"""Days between those that are tested; each weekday has its turn."""
FADING = 0.044
"""Alpha of the errors' smoothing: half of their weight is of the last 46 days."""
PRIOR_ERRORS = 2.0
"""So many errors that are alike are assumed of every member."""
POWER = 10
"""Weights go with the error to the power of minus this."""
LEAST_RATIO = 0.1
"""No member is weighed as if its error were less than so much of the mean's."""


@dataclass(frozen=True)
class Smoothings:
    """A bank of smoothings; row t is what is known at the end of day t."""

    level: Singles
    """kWh a day without the shape of the week, (days, members, devices)."""
    trend: Singles
    """kWh a day, (days, members, devices)."""
    shape: Singles
    """Of the day's weekday, a share of the week's mean, (days, shapes, devices)."""
    weights: Singles
    """At each of `TESTED`, on every third day (`EVERY`), (horizons, tested, members, devices)."""
    error: Singles
    """Of those days, mean of the members and of all `TESTED`, kWh, (tested, devices); NaN where unknown."""

    def forecast(self, origins: Ints, devices: Ints, ahead: Ints) -> tuple[Floats, Floats]:
        """Return level (kWh) and shape (a share of it) of n days, (n,); NaN before the first known day."""
        at = origins, slice(None), devices
        level = np.asarray(self.level[at] + _damped(ahead)[:, None] * self.trend[at], np.float64)
        level = (
            np.maximum(level, 0.0) * self.weights[np.searchsorted(EDGES, ahead), origins // EVERY, :, devices]
        )
        shape = _of_members(self.shape[shape_known(origins, ahead), :, devices])
        total = level.sum(axis=1)
        return total, (level * shape).sum(axis=1) / np.where(total > 0, total, 1.0)


def smoothings(usual: Floats, shapes: tuple[Floats, ...]) -> Smoothings:
    """Smooth kWh by day and device, NaN where unknown or off, with each of the ``shapes`` of the week.

    Members are the alphas with the first shape, then with the next, without and then with a trend.
    """
    # The bank is large, and none of it known to seven digits.
    plain = without_outliers(np.stack([usual / known_shape(shape) for shape in shapes], axis=1, dtype="f4"))
    once = _by_alpha(plain, ALPHAS)
    with_trend = np.isin(np.repeat(ALPHAS, len(shapes)), TRENDS)
    alphas = np.repeat(np.array(TRENDS, np.float32), len(shapes))[:, None]
    twice = smoothed(once[:, with_trend], alphas)
    trend = alphas / (1 - alphas) * (once[:, with_trend] - twice)
    level = np.concatenate([once, 2 * once[:, with_trend] - twice], axis=1)
    trend = np.concatenate([np.zeros_like(once), trend], axis=1)
    shape = np.stack([np.where(np.isnan(shape), 1.0, shape) for shape in shapes], axis=1, dtype="f4")
    weights, mean = [], np.zeros(usual[::EVERY].shape, np.float32)
    for ahead in TESTED:
        errors = _errors(usual.astype(np.float32), level, trend, shape, ahead)
        weights.append(_weights(errors))
        mean += errors.mean(axis=1) / len(TESTED)
    return Smoothings(level, trend, shape, np.stack(weights), mean)


def _by_alpha(values: Singles, alphas: tuple[float, ...]) -> Singles:
    """Smooth (days, shapes, devices) with each alpha, (days, alphas · shapes, devices)."""
    repeated = np.tile(values, (1, len(alphas), 1))
    return smoothed(repeated, np.repeat(alphas, values.shape[1])[:, None])


def _of_members(shape: Singles) -> Singles:
    """Repeat the shapes (n, shapes, ...) for all members, (n, members, ...)."""
    times = len(ALPHAS) + len(TRENDS)
    return np.tile(shape, (1, times, *(1,) * (shape.ndim - 2)))


def _errors(usual: Singles, level: Singles, trend: Singles, shape: Singles, ahead: int) -> Singles:
    """Return how far each member was off so many days ahead, kWh, (tested, members, devices)."""
    days = np.arange(0, len(usual), EVERY)
    origins = np.maximum(days - ahead, 0)
    predicted = np.maximum(level[origins] + np.float32(_damped(ahead)) * trend[origins], 0.0)
    predicted *= _of_members(shape[shape_known(days - ahead, ahead)])
    errors = np.abs(predicted - usual[days, None])
    errors[days < ahead] = np.nan
    return errors


def _weights(errors: Singles) -> Singles:
    """Weigh the members on each day by their errors up to then, (tested, members, devices)."""
    recent = smoothed(errors, FADING)
    mean = recent.mean(axis=1, keepdims=True)
    known = np.cumsum(~np.isnan(errors[:, :1]), axis=0)
    own = np.asarray(known / (known + PRIOR_ERRORS), np.float32)
    ratio = np.where(mean > 0, recent / np.where(mean > 0, mean, 1.0), 1.0)
    weight = 1 / np.maximum(own * ratio + 1 - own, LEAST_RATIO) ** POWER
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def _damped(ahead: Ints | int) -> Floats:
    """Return how many days' trend a damped trend comes to."""
    return np.asarray(DAMPING * (1 - DAMPING ** np.asarray(ahead)) / (1 - DAMPING))


def shape_known(origins: Ints, ahead: Ints | int) -> Ints:
    """Return the row of the last day of the same weekday whose shape is known at the origin; 0 for none."""
    found: Ints = np.maximum(origins + ahead - WEEK * ((ahead + AHEAD + WEEK - 1) // WEEK), 0)
    return found


def known_shape(shape: Floats) -> Floats:
    """Return the shape of each day's weekday as it was known a week earlier."""
    before = np.full(shape.shape, np.nan)
    before[WEEK:] = shape[:-WEEK]
    return np.where(before > LEAST_SHARE, before, 1.0)


def without_outliers(level: Singles) -> Singles:
    """Draw days far from the recent mean nearer, by what was known the day before.

    Gelper, Fried and Croux 2010, "Robust forecasting with exponential and Holt-Winters smoothing".
    """
    mean, count = _before(smoothed(level, 0.2)), np.cumsum(~np.isnan(level), axis=0)
    reach = OUTLIER * _before(smoothed(np.abs(level - mean), 0.1))
    near = np.clip(level, mean - reach, mean + reach)
    return np.where((count > SETTLED) & ~np.isnan(reach), near, level)


def _before(values: Singles) -> Singles:
    return np.concatenate([np.full_like(values[:1], np.nan), values[:-1]])


def smoothed(values: npt.NDArray[Real], alpha: float | npt.NDArray[np.floating]) -> npt.NDArray[Real]:
    """Smooth exponentially over the first axis; an unknown day leaves the level as it was.

    All known days count from the first on, each 1 - ``alpha`` times as much as the next.
    """
    known = ~np.isnan(values)
    found, weight = np.empty_like(values), np.zeros(values.shape[1:], values.dtype)
    level, decay = np.zeros_like(weight), np.asarray(1 - np.asarray(alpha), values.dtype)
    for day, value in enumerate(np.where(known, values, 0.0)):
        seen = known[day]
        weight = np.where(seen, weight * decay + 1, weight)
        level = level + (value - level) * (seen / np.maximum(weight, 1))
        found[day] = level
    found[~np.logical_or.accumulate(known)] = np.nan
    return found
