"""Prediction intervals of sums: of the days of a week or a month, of the devices of a facility.

Errors of single days and devices partly cancel out, so that a sum's interval is narrower than the sum of
the intervals. By how much is read off the backtest.
"""

import numpy as np
import pandas as pd

from ml.arrays import Floats
from ml.intervals import Intervals


def narrowing(intervals: Intervals, level: float, kwh: pd.Series, days: int) -> float:
    """The width of the interval of a sum over ``days`` days and the devices, as a share of their widths' sum.

    ``kwh`` has the level of each device. The quantile, at ``level``, of the errors' sums over runs of so many
    days in the backtest (fewer where it is shorter), each a share of the sum of its days' half-widths.
    """
    columns = intervals.devices.get_indexer(kwh.index)
    weight = kwh.to_numpy()[columns >= 0]
    errors = intervals.errors[:, :, columns[columns >= 0]].astype("float64")
    if not errors.size:
        return 1.0
    ahead = np.arange(1, errors.shape[1] + 1)
    below, above = intervals.bounds(level, kwh.index[columns >= 0], ahead)
    length = min(days, max(len(ahead) // 2, 1))
    shares = np.concatenate(
        [
            _shares(errors[:, i : i + length], (below + above)[i : i + length] / 2, weight)
            for i in range(0, len(ahead) - length + 1, length)
        ]
    )
    return min(float(np.quantile(shares, level)), 1.0) if len(shares) else 1.0


def _shares(errors: Floats, half: Floats, weight: Floats) -> Floats:
    """Of each origin whose days are all known."""
    known = ~np.isnan(errors)
    whole = np.all(known.any(axis=2), axis=1)
    total = np.abs((np.where(known, errors, 0.0) * weight).sum(axis=(1, 2)))[whole]
    width = (np.where(known, half, 0.0) * weight).sum(axis=(1, 2))[whole]
    found: Floats = total[width > 0] / width[width > 0]
    return found
