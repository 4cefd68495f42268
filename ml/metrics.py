"""How far forecasts were from what came."""

import math

import numpy as np
import pandas as pd

from ml.arrays import Floats

WEEK = 7


def metrics(actual: Floats, predicted: Floats, naive_error: Floats) -> dict[str, float]:
    """Test metrics of n daily forecasts; all three arguments in kWh, (n,).

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
    """Each device's mean absolute error, in kWh, of repeating the week before; NaN where none is known."""
    return (matrix - matrix.shift(WEEK)).abs().mean()


def _ratio(part: float, whole: float) -> float:
    if whole > 0:
        return part / whole
    return 0.0 if part == 0 else 1.0
