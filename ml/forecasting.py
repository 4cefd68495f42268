"""Forecasts of any number of days ahead, each day's forecast taking part in the next one's features."""

import numpy as np
import pandas as pd

from ml.features import HISTORY, Floats, Scale, feature_table
from ml.models import Model


def forecast(
    model: Model,
    scale: Scale,
    matrix: pd.DataFrame,
    devices: pd.Index,
    starts: pd.DatetimeIndex,
    steps: int,
) -> pd.DataFrame:
    """Forecast each of n devices for ``steps`` days from its own first day on, all in step.

    ``matrix`` has the kWh by day and device; of it only the days before a device's start are looked at.
    ``devices`` and ``starts`` are (n,); a device may occur with several starts. One that ``scale`` does
    not know, or that stood silent for `HISTORY` days before its start, is left out.
    Columns: device, start, step (from 1), date, predicted (kWh); by device and start as given, then step.
    """
    history = _histories(scale.shares(matrix), devices, starts)
    running = ~np.isnan(history).all(axis=1) & scale.level.reindex(devices).notna().to_numpy()
    devices, starts = devices[running], starts[running]
    level = scale.level.reindex(devices).to_numpy()
    unit = np.where(level > 0, level, 1.0)
    low, high = (limit.reindex(devices).to_numpy() / unit for limit in (scale.low, scale.high))
    shares = _recursion(model, history[running], starts, steps, low, high)
    step = np.tile(np.arange(1, steps + 1), len(devices))
    return pd.DataFrame(
        {
            "device": devices.repeat(steps),
            "start": starts.repeat(steps),
            "step": step,
            "date": starts.repeat(steps) + pd.to_timedelta(step - 1, unit="D"),
            "predicted": (shares * level[:, None]).ravel(),
        }
    )


def last_known(matrix: pd.DataFrame) -> pd.Series:
    """For each device with any known day, the last."""
    last = {device: column.last_valid_index() for device, column in matrix.items()}
    return pd.Series(last, dtype="datetime64[us]").dropna()


def _histories(shares: pd.DataFrame, devices: pd.Index, starts: pd.DatetimeIndex) -> Floats:
    """The `HISTORY` days before each start, (n, HISTORY)."""
    edge = np.full((HISTORY, shares.shape[1]), np.nan)
    padded = np.vstack([edge, shares.to_numpy(), edge])
    rows = (starts - shares.index[0]).days.to_numpy()
    columns = shares.columns.get_indexer(devices)
    found: Floats = padded[rows[:, None] + np.arange(HISTORY), columns[:, None]]
    return found


def _recursion(
    model: Model, history: Floats, starts: pd.DatetimeIndex, steps: int, low: Floats, high: Floats
) -> Floats:
    """Shares of the level, (n, steps), each within its device's limits."""
    known = np.hstack([history, np.full((len(history), steps), np.nan)])
    for step in range(steps if len(history) else 0):
        window = known[:, step : step + HISTORY]
        predicted = model.predict(feature_table(window, starts + pd.Timedelta(days=step)))
        known[:, HISTORY + step] = np.clip(predicted, low, high)
    return known[:, HISTORY:]
