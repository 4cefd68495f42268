"""Rolling-origin backtest: what each model would have predicted for many past days, beside what came.

The models are fit_model to the days before the first of these origins and never see a later one; what is
known of each device rolls on with the origin, as it does when a forecast is made in earnest.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ml.arrays import Floats, Ints
from ml.forecasting.features import rows
from ml.forecasting.history import History, history
from ml.forecasting.regressors import Model
from ml.forecasting.smoothing import EVERY

LONGEST = 112
"""Days that are backtested, at most; and at most a third of all."""
FURTHEST = 60
"""Horizons that are backtested, in days."""
SPACING = 3
"""Days between origins, at least."""
MOST_FORECASTS = 400_000
MOST_RESTLESS = 3.0
TEST_DAYS = 28
"""The last fold: it scores the models and never takes part in the choice among them."""


@dataclass(frozen=True)
class Backtest:
    """Forecasts by origin, horizon and device, (origins, horizons, devices), in shares of the level."""

    origins: Ints
    """Row of the last day known to each forecast."""
    devices: pd.Index
    predicted: dict[str, Floats]
    actual: Floats
    """NaN where a day is unknown or yet to come."""
    scale: Floats
    """kWh of the level at the origin, (origins, devices)."""
    scatter: Floats
    """Of the last days at the origin, in shares of the level, (origins, devices); 0 where it is unknown."""
    restlessness: Floats
    """How much more a device's days were off in all its history than in the days tested, (devices,)."""
    test_from: int
    """The row of the first day of the last fold."""

    @property
    def ahead(self) -> Ints:
        """Return the days ahead of each horizon, (horizons,)."""
        return np.arange(1, self.actual.shape[1] + 1)

    @property
    def spacing(self) -> int:
        """Return the days between origins; where there is but one, as many as are forecast."""
        return int(np.diff(self.origins).min(initial=self.actual.shape[1]))

    def before_test(self) -> Floats:
        """Return the actual shares without the last fold's days."""
        target = self.origins[:, None] + self.ahead
        return np.where((target < self.test_from)[:, :, None], self.actual, np.nan)

    def in_test(self) -> Floats:
        """Return the actual shares of the last fold's days, forecast from before the fold."""
        target = self.origins[:, None] + self.ahead
        within = (target >= self.test_from) & (self.origins < self.test_from)[:, None]
        return np.where(within[:, :, None], self.actual, np.nan)


def first_tested(days: int) -> int:
    """Return the row of the first day that is backtested."""
    return days - min(LONGEST, days // 3)


def origins(days: int, devices: int, steps: int) -> Ints:
    """Return the forecast origins of a backtest: the rows of the last days known."""
    first, tested = first_tested(days), min(steps, FURTHEST)
    count = max(4, MOST_FORECASTS // (devices * tested))
    spacing = max(SPACING, -(-(days - first) // count))
    # The last fold is forecast from its very eve.
    found = np.arange(first - 1, days - 1)
    eve = days - 1 - test_days(days)
    chosen: Ints = found[(found - eve) % spacing == 0]
    return chosen


def test_days(days: int) -> int:
    """Return the length of the last fold in days."""
    return min(TEST_DAYS, max((days - first_tested(days)) // 3, 1))


def backtest(
    models: dict[str, Model], matrix: pd.DataFrame, country: str | None, at: Ints, steps: int
) -> Backtest:
    """Forecast every device (column) from each origin ``at``, up to ``steps`` days ahead."""
    known = history(matrix, country)
    days, devices = matrix.shape
    tested = min(steps, FURTHEST, days - first_tested(days))
    shape = len(at), tested, devices
    origin, step, device = (axis.ravel() for axis in np.indices(shape))
    asked = rows(known, at[origin], device, step + 1)
    target = np.minimum(at[origin] + step + 1, days - 1)
    came = np.where(at[origin] + step + 1 < days, known.kwh[target, device], np.nan)
    return Backtest(
        origins=at,
        devices=matrix.columns,
        predicted={name: model.predict(asked).reshape(shape) for name, model in models.items()},
        actual=(came / asked.scale).reshape(shape),
        scale=known.scale[at],
        scatter=asked.features["scatter"].to_numpy().reshape(shape)[:, 0],
        restlessness=_restlessness(known),
        test_from=days - test_days(days),
    )


def _restlessness(known: History) -> Floats:
    """Compare the smoothings' errors in all seasons with those in the days tested, (devices,); from 1.

    What is tested may be a calm season: the start of heating is then yet to come.
    """
    error = pd.DataFrame(known.bank.error / known.scale[::EVERY])
    ratio = error.mean() / error.iloc[first_tested(len(known.days)) // EVERY :].mean()
    return np.asarray(ratio.where(ratio.notna(), 1.0).clip(1.0, MOST_RESTLESS))


def concatenate(parts: list[Backtest]) -> Backtest:
    """Join the backtests of groups of devices."""
    first = parts[0]
    return Backtest(
        origins=first.origins,
        devices=first.devices.append([part.devices for part in parts[1:]]),
        predicted={
            name: np.concatenate([part.predicted[name] for part in parts], axis=2) for name in first.predicted
        },
        actual=np.concatenate([part.actual for part in parts], axis=2),
        scale=np.concatenate([part.scale for part in parts], axis=1),
        scatter=np.concatenate([part.scatter for part in parts], axis=1),
        restlessness=np.concatenate([part.restlessness for part in parts]),
        test_from=first.test_from,
    )
