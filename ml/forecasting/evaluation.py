"""Measure how far forecasts were from what came, and what they rest on."""

import math

import numpy as np
import pandas as pd

from ml.arrays import Floats
from ml.forecasting.features import Rows, base_of
from ml.forecasting.regressors import Model

WEEK = 7


def metrics(actual: Floats, predicted: Floats, naive_error: Floats) -> dict[str, float]:
    """Compute test metrics of n daily forecasts; all three arguments in kWh, (n,).

    With e = actual - predicted:

    - MAE = mean |e|, RMSE = √(mean e²), in kWh.
    - WAPE = Σ|e| / Σ|actual| (Kolassa and Schütz 2007, "Advantages of the MAD/Mean ratio over the MAPE").
    - R2 = 1 - Σe² / Σ(actual - mean actual)².
    - MASE = mean(|e| / q), where ``naive_error`` q is the device's mean error in training of repeating
      the week before (Hyndman and Koehler 2006, "Another look at measures of forecast accuracy");
      devices without such an error are left out.
    - CVRMSE = √(Σe² / (n - 1)) / mean actual, NMBE = Σe / ((n - 1) · mean actual), as fractions
      (ASHRAE Guideline 14-2014, with p = 1).

    A ratio whose divisor is 0 is 0 without any error and 1 with some.
    """
    error = actual - predicted
    total, spread = float(np.abs(actual).sum()), float(((actual - actual.mean()) ** 2).sum())
    mean, degrees = abs(float(actual.mean())), max(len(actual) - 1, 1)
    squares = float((error**2).sum())
    scaled = naive_error > 0
    return {
        "MAE": float(np.abs(error).mean()),
        "RMSE": math.sqrt(squares / len(actual)),
        "WAPE": _ratio(float(np.abs(error).sum()), total),
        "R2": 1.0 - _ratio(squares, spread),
        "MASE": float((np.abs(error[scaled]) / naive_error[scaled]).mean())
        if scaled.any()
        else _ratio(float(np.abs(error).sum()), 0.0),
        "CVRMSE": _ratio(math.sqrt(squares / degrees), mean),
        "NMBE": _ratio(float(error.sum()) / degrees, mean),
    }


def seasonal_naive_errors(matrix: pd.DataFrame) -> pd.Series:
    """Return each device's mean absolute error, in kWh, of repeating the week before; NaN where unknown."""
    return (matrix - matrix.shift(WEEK)).abs().mean()


def _ratio(part: float, whole: float) -> float:
    if whole > 0:
        return part / whole
    return 0.0 if part == 0 else 1.0


KINDS = {
    "level": ("mean_", "smooth_", "own_level"),
    "same_weekday": ("same_weekday_",),
    "shape_of_week": ("shape", "recent_shape", "own_shape", "weekday"),
    "days_off": ("day_off",),
    "year_before": ("year_", "day_a_year"),
    "scatter": ("scatter",),
    "horizon": ("days_ahead",),
}
SAMPLE = 2000


def importance(models: dict[str, Model], rows: Rows, target: Floats) -> dict[str, float]:
    """Compute the permutation importance of each kind of feature, as shares that add up to 1.

    Permutation importance (Breiman 2001, "Random Forests") by the mean absolute error of the models' mean.
    """
    chosen = np.random.default_rng(0).permutation(len(target))[:SAMPLE]
    rows, target = rows[chosen], target[chosen]
    whole = _error(models, rows, target)
    lost = {kind: max(_error(models, _shuffled(rows, kind), target) - whole, 0.0) for kind in KINDS}
    total = sum(lost.values())
    return {kind: loss / total if total > 0 else 0.0 for kind, loss in lost.items()}


def _error(models: dict[str, Model], rows: Rows, target: Floats) -> float:
    mean = np.mean([model.predict(rows) for model in models.values()], axis=0)
    return float(np.abs(mean - target).mean())


def _shuffled(rows: Rows, kind: str) -> Rows:
    order = np.random.default_rng(1).permutation(len(rows.base))
    features = rows.features.copy()
    columns = features.columns[features.columns.str.startswith(KINDS[kind])]
    features[columns] = features[columns].to_numpy()[order]
    base = base_of({name: features[name].to_numpy() for name in ("own_level", "own_shape", "year_trend")})
    ahead = rows.ahead[order] if kind == "horizon" else rows.ahead
    recent = rows.recent[order] if kind == "level" else rows.recent
    return Rows(features, base, ahead, rows.scale, recent)
