"""Choose for each device and horizon the model or combination that did best in the backtest."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.arrays import Floats, Ints
from ml.forecasting.backtest import Backtest
from ml.forecasting.features import bucket
from ml.forecasting.models import NAIVE

MEAN, MEDIAN, WEIGHTED = "mean", "median", "weighted"
COMBINATIONS = (MEAN, MEDIAN, WEIGHTED)
OWN = 0.7
"""How much a device's own errors count in the choice; the rest are those of all devices."""
MARGIN = 0.9
"""A single model is chosen where its error is below this share of the combinations', which rarely fail."""
POWER = 4.0
"""Weights go with the error to the power of minus this."""


@dataclass(frozen=True)
class Choice:
    """The option that forecasts each device at each horizon (`features.bucket`)."""

    devices: pd.Index
    options: tuple[str, ...]
    chosen: Ints
    """Which of the options, (horizons, devices)."""
    weights: dict[str, Floats]
    """Of each model in the combination `WEIGHTED`, (horizons, devices)."""
    otherwise: str = MEAN
    """The option for devices that are not known."""

    def names(self, devices: pd.Index, ahead: Ints) -> npt.NDArray[np.str_]:
        """Return the option chosen for each day ahead and device, (days, devices)."""
        at, known = self._at(devices, ahead)
        if not known.any():
            return np.full((len(ahead), len(devices)), self.otherwise)
        return np.where(known, np.array(self.options)[self.chosen[at]], self.otherwise)

    def apply(self, predicted: dict[str, Floats], devices: pd.Index, ahead: Ints) -> Floats:
        """Pick the chosen of the models' forecasts; all (..., days, devices)."""
        chosen = self.names(devices, ahead)
        offered = dict(predicted)
        if self.weights:
            at, known = self._at(devices, ahead)
            equal = 1 / len(self.weights)
            weights = {name: np.where(known, weight[at], equal) for name, weight in self.weights.items()}
            offered |= _combined(predicted, weights)
        found = np.select([chosen == name for name in self.options], [offered[name] for name in self.options])
        return np.asarray(found)

    def _at(self, devices: pd.Index, ahead: Ints) -> tuple[tuple[Ints, Ints], npt.NDArray[np.bool_]]:
        """Return row and column of each day and device in the tables; the last row holds beyond."""
        columns = self.devices.get_indexer(devices)
        rows = np.minimum(bucket(ahead), len(self.chosen) - 1)
        return (rows[:, None], columns[None, :]), columns >= 0


def single(name: str) -> Choice:
    """Return the choice of one model for all devices and horizons."""
    return Choice(pd.Index([]), (name,), np.zeros((1, 0), dtype=int), {}, name)


def choose(test: Backtest) -> Choice:
    """Choose by the errors on the folds before the last."""
    actual, horizons = test.before_test(), bucket(test.ahead)
    models = tuple(name for name in test.predicted if name != NAIVE)
    error = {name: _error(values, actual, horizons) for name, values in test.predicted.items()}
    standing = _standing(np.stack([error[name] for name in models])) ** -POWER
    weights = dict(zip(models, standing / standing.sum(axis=0), strict=True))
    spread = {name: weight[horizons] for name, weight in weights.items()}
    for name, values in _combined(test.predicted, spread).items():
        error[name] = _error(values, actual, horizons)
    standing = _standing(np.stack(list(error.values())))
    standing[[name in COMBINATIONS for name in error]] *= MARGIN
    return Choice(test.devices, tuple(error), standing.argmin(axis=0), weights)


def _combined(predicted: dict[str, Floats], weights: dict[str, Floats]) -> dict[str, Floats]:
    """Combine the models by mean, median and ``weights``, (days, devices) of each model."""
    each = np.stack([predicted[name] for name in weights])
    weighted = sum(predicted[name] * weight for name, weight in weights.items())
    return {MEAN: each.mean(axis=0), MEDIAN: np.median(each, axis=0), WEIGHTED: np.asarray(weighted)}


def _error(predicted: Floats, actual: Floats, horizons: Ints) -> Floats:
    """Return the mean absolute error by horizon and device; NaN where nothing is known."""
    error = np.abs(predicted - actual)
    known = ~np.isnan(error)
    ahead = np.arange(horizons.max() + 1)[:, None] == horizons
    total = np.einsum("bh,ohd->bd", ahead, np.where(known, error, 0.0))
    count = np.einsum("bh,ohd->bd", ahead, known)
    found: Floats = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return found


def _standing(errors: Floats) -> Floats:
    """Scale errors (options, horizons, devices) by their mean and draw each device's to those of all."""
    mean = np.nanmean(np.where(np.isnan(errors).all(axis=0), 1.0, errors), axis=0)
    own = np.where(mean > 0, errors / np.where(mean > 0, mean, 1.0), 1.0)
    own = np.where(np.isnan(own), 1.0, own)
    pooled = own.mean(axis=2, keepdims=True)
    standing: Floats = OWN * own + (1 - OWN) * pooled
    return np.maximum(standing, 1e-6)
