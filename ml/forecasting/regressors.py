"""Put the models behind one interface: fit and predict over `features.Rows`."""

from typing import Any, Protocol, Self

import numpy as np

from ml.arrays import Bools, Floats
from ml.forecasting.features import Rows, bucket
from ml.parallel import single_thread

SHRINKAGE = 0.05
"""Of linear regression, for each row and other row of its horizon: days seen from neighbouring origins
tell nearly the same, so that the penalty grows with their number."""


USUAL = 4.0
"""Standard deviations that a feature may be off its mean; farther a straight line leads astray."""
RARE = 0.02
"""The share of differences at either end that are cut off."""


class Model(Protocol):
    """A model that learns from days and predicts days."""

    def fit(self, rows: Rows, target: Floats) -> Self:
        """Fit to ``target`` (n,), in shares of the device's level."""

    def predict(self, rows: Rows) -> Floats:
        """Predict shares of the device's level, (n,)."""


class SeasonalNaive:
    """Repeats the last known day of the same weekday."""

    def fit(self, rows: Rows, target: Floats) -> Self:
        return self

    def predict(self, rows: Rows) -> Floats:
        return rows.features["same_weekday_1"].to_numpy()


class Smoothing:
    """Each device's own exponential smoothings with the shape of the week, and last year's way."""

    def fit(self, rows: Rows, target: Floats) -> Self:
        return self

    def predict(self, rows: Rows) -> Floats:
        return rows.base


class Linear:
    """Ridge regression, one for each horizon, of a day's difference from the smoothing's forecast."""

    def fit(self, rows: Rows, target: Floats) -> Self:
        from sklearn.linear_model import Ridge
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import FunctionTransformer, StandardScaler

        horizons, difference = bucket(rows.ahead), _usual_difference(rows, target)
        self.models: dict[int, Any] = {}
        for horizon in np.unique(horizons):
            # Neighbouring horizons are much alike: they lend their days to those that have few.
            near = np.abs(horizons - horizon) <= (horizon > 0)
            penalty = Ridge(alpha=SHRINKAGE * near.mean() * near.sum())
            near_usual = FunctionTransformer(np.clip, kw_args={"a_min": -USUAL, "a_max": USUAL})
            model = make_pipeline(StandardScaler(), near_usual, penalty)
            self.models[int(horizon)] = model.fit(_straight(rows)[near], difference[near])
        return self

    def predict(self, rows: Rows) -> Floats:
        found = rows.base.copy()
        features = _straight(rows)
        for horizon, chosen in _horizons(rows, self.models):
            found[chosen] += self.models[horizon].predict(features[chosen])
        return found


class Trees:
    """Trees of a day's difference from the smoothing's forecast."""

    def __init__(self, regressor: Any) -> None:
        self.regressor = regressor

    def fit(self, rows: Rows, target: Floats) -> Self:
        with single_thread():
            self.regressor.fit(rows.features.to_numpy(), _usual_difference(rows, target))
        return self

    def predict(self, rows: Rows) -> Floats:
        with single_thread():
            found: Floats = rows.base + self.regressor.predict(rows.features.to_numpy())
        return found


def _usual_difference(rows: Rows, target: Floats) -> Floats:
    """Return the differences to be learnt, (n,): the largest count as the largest of the rest.

    Of meters that start, stop or change at once nothing is to be learnt of others.
    """
    difference = target - rows.base
    return np.clip(difference, *np.quantile(difference, [RARE, 1 - RARE]))


def _straight(rows: Rows) -> Floats:
    """Return the features that a linear model can use, (n, features)."""
    return rows.features.drop(columns=["weekday", "days_ahead"]).to_numpy()


def _horizons(rows: Rows, known: dict[int, Any]) -> list[tuple[int, Bools]]:
    """Return for each fitted horizon the rows that it predicts; the last takes what lies beyond."""
    horizons = np.minimum(bucket(rows.ahead), max(known))
    return [(horizon, horizons == horizon) for horizon in known if (horizons == horizon).any()]
