"""Weigh the models for each device and horizon by how they did in the backtest.

A mean of forecasts that err differently errs less than the best of them, and picking the best by a few
weeks' errors picks luck, too (Bates and Granger 1969, "The combination of forecasts"; Smith and Wallis 2009,
"A simple explanation of the forecast combination puzzle"). So weights are drawn to those of all devices, and
these to a prior: a device's own smoothings err least on meters that nobody has seen before.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.arrays import Floats, Ints
from ml.forecasting.backtest import Backtest
from ml.forecasting.features import bucket
from ml.forecasting.models import NAIVE, SMOOTHING

WEIGHTED = "weighted"
OWN = 0.5
"""How much a device's own errors count in the weights; the rest are those of all devices."""
POWER = 12.0
"""Weights go with the error to the power of minus this."""
PRIOR = {SMOOTHING: 2.0}
"""The weight of a model whose error is that of the others; 1 unless named."""


@dataclass(frozen=True)
class Choice:
    """The weights of the models for each device and horizon (`features.bucket`)."""

    name: str
    """`WEIGHTED`, or the one model's."""
    models: tuple[str, ...]
    devices: pd.Index
    weights: Floats
    """(models, horizons, devices); the last horizon holds beyond."""
    otherwise: Floats
    """For devices that are not known, (models,)."""

    def names(self, devices: pd.Index, ahead: Ints) -> npt.NDArray[np.str_]:
        """Return what forecasts each day ahead and device, (days, devices)."""
        return np.full((len(ahead), len(devices)), self.name)

    def apply(self, predicted: dict[str, Floats], devices: pd.Index, ahead: Ints) -> Floats:
        """Combine the models' forecasts; all (..., days, devices)."""
        columns = self.devices.get_indexer(devices)
        rows = np.minimum(bucket(ahead), self.weights.shape[1] - 1)
        # The last column is that of devices that are not known; their index is -1.
        otherwise = np.broadcast_to(self.otherwise[:, None, None], (*self.weights.shape[:2], 1))
        weights = np.concatenate([self.weights, otherwise], axis=2)[:, rows[:, None], columns]
        combined = sum(predicted[name] * weight for name, weight in zip(self.models, weights, strict=True))
        return np.asarray(combined)


def single(name: str) -> Choice:
    """Return the choice of one model for all devices and horizons."""
    return Choice(name, (name,), pd.Index([]), np.ones((1, 1, 0)), np.ones(1))


def choose(test: Backtest, actual: Floats) -> Choice:
    """Weigh the models by their errors against ``actual``, shares like those of the backtest."""
    models = tuple(name for name in test.predicted if name != NAIVE)
    prior = np.array([PRIOR.get(name, 1.0) for name in models])
    horizons = bucket(test.ahead)
    errors = np.stack([_error(test.predicted[name], actual, horizons) for name in models])
    weights = prior[:, None, None] * _standing(errors) ** -POWER
    return Choice(WEIGHTED, models, test.devices, weights / weights.sum(axis=0), prior / prior.sum())


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
