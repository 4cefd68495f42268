"""Forecast any number of days ahead, with prediction intervals."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ml.arrays import Floats, Ints
from ml.forecasting.combination import Choice
from ml.forecasting.features import rows
from ml.forecasting.history import history, last_days
from ml.forecasting.prediction_intervals import LEVELS, Intervals
from ml.forecasting.regressors import Model
from ml.parallel import Workers, each, local_processes, split_devices, worth_spreading

HEADROOM = 1.5
"""How far above its highest day a device may be forecast."""


@dataclass(frozen=True)
class Forecaster:
    """One model, or several of which the best or a combination was chosen for each device and horizon."""

    models: dict[str, Model]
    choice: Choice
    intervals: Intervals
    country: str | None
    """Whose public holidays it has learnt."""


def forecast(
    forecaster: Forecaster, matrix: pd.DataFrame, steps: int, workers: Workers = local_processes
) -> pd.DataFrame:
    """Forecast every device of ``matrix`` (kWh by day and device) for the ``steps`` days after its own last.

    Devices without any known day are left out. Columns: device, date, step (from 1), predicted (kWh),
    model, and of each of `intervals.LEVELS` the bounds: lower_80, upper_80, lower_95, upper_95; by device,
    then step.
    """
    tasks = [(forecaster, part, steps) for part in split_devices(matrix)]
    return pd.concat(each(_forecast, tasks, worth_spreading(workers, matrix)), ignore_index=True)


def last_known(matrix: pd.DataFrame) -> pd.Series:
    """Return the last known day of each device that has one."""
    last = {device: column.last_valid_index() for device, column in matrix.items()}
    return pd.Series(last, dtype="datetime64[us]").dropna()


def bound(side: str, level: float) -> str:
    """Return the name of a column: lower_80, upper_95."""
    return f"{side}_{round(level * 100)}"


def _forecast(forecaster: Forecaster, matrix: pd.DataFrame, steps: int) -> pd.DataFrame:
    last = last_days(matrix)
    matrix, last = matrix.loc[:, last >= 0], last[last >= 0]
    devices, ahead = matrix.columns, np.arange(1, steps + 1)
    predicted, level, scatter = _predicted(forecaster, matrix, last, ahead)
    low = np.nanmin(matrix.to_numpy(), axis=0).clip(max=0.0)
    high = np.nanmax(matrix.to_numpy(), axis=0).clip(min=0.0) * HEADROOM
    kwh = np.clip(forecaster.choice.apply(predicted, devices, ahead) * level, low, high)
    days = pd.DatetimeIndex(matrix.index[last]).to_numpy() + ahead[:, None] * np.timedelta64(1, "D")
    bounds, ratio = {}, forecaster.intervals.scatter_ratio(devices, scatter)
    for share in LEVELS:
        below, above = forecaster.intervals.bounds(share, devices, ahead)
        bounds[bound("lower", share)] = np.maximum(kwh - below * ratio * level, low).T.ravel()
        bounds[bound("upper", share)] = (kwh + above * ratio * level).T.ravel()
    return pd.DataFrame(
        {
            "device": np.repeat(devices.to_numpy(), steps),
            "date": days.T.ravel(),
            "step": np.tile(ahead, len(devices)),
            "predicted": kwh.T.ravel(),
            "model": forecaster.choice.names(devices, ahead).T.ravel(),
            **bounds,
        }
    )


def _predicted(
    forecaster: Forecaster, matrix: pd.DataFrame, last: Ints, ahead: Ints
) -> tuple[dict[str, Floats], Floats, Floats]:
    """Return each model's shares of the level, (days, devices), the level in kWh and the scatter."""
    known = history(matrix, forecaster.country)
    step, device = (axis.ravel() for axis in np.indices((len(ahead), len(last))))
    asked = rows(known, last[device], device, ahead[step])
    shape = len(ahead), len(last)
    found = {name: model.predict(asked).reshape(shape) for name, model in forecaster.models.items()}
    scatter = asked.features["scatter"].to_numpy().reshape(shape)[0]
    return found, asked.scale.reshape(shape), scatter
