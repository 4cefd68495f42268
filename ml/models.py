"""The models, behind one interface: scikit-learn's fit and predict over `features.feature_table`."""

from typing import Any, Protocol, Self

import pandas as pd

from ml.features import Floats

LINEAR = "linear_regression"
FOREST = "random_forest"
NAMES = (LINEAR, FOREST)

CALENDAR = ["weekday", "month"]
SEASON = ["season_sin", "season_cos"]
TREES = 100
ROWS_A_TREE = 10_000
"""More than this many days teach a tree nothing new, they only make it slow."""


class Model(Protocol):
    """What is fitted to a table of features, and predicts from one."""

    def fit(self, features: pd.DataFrame, target: Floats) -> Self:
        """Learn; ``target`` (n,) are shares of the device's level."""

    def predict(self, features: pd.DataFrame) -> Floats:
        """Shares of the device's level, (n,)."""


# scikit-learn takes a second to import: only who trains or predicts waits for it, not the window.


def fitted(name: str, features: pd.DataFrame, target: Floats) -> Model:
    """A model of that name, fitted. Raises `KeyError` for a name that is not in `NAMES`."""
    model: Model = {LINEAR: _linear, FOREST: _forest}[name](len(target))
    model.fit(features, target)
    if name == FOREST:
        # A forecast asks for few rows many times: handing them to threads takes longer than the answer.
        model.n_jobs = 1  # type: ignore[attr-defined]
    return model


def _linear(_rows: int) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    # A straight line through the seasons runs far astray in months it has not seen: it gets the months
    # as categories instead, where an unseen one adds nothing.
    columns = ColumnTransformer(
        [("calendar", OneHotEncoder(handle_unknown="ignore"), CALENDAR), ("season", "drop", SEASON)],
        remainder=StandardScaler(),
    )
    return make_pipeline(columns, Ridge(alpha=10.0))


def _forest(rows: int) -> Any:
    from sklearn.ensemble import RandomForestRegressor

    return RandomForestRegressor(
        n_estimators=TREES,
        min_samples_leaf=min(8, max(1, rows // 20)),
        max_features=0.4,
        max_samples=min(rows, ROWS_A_TREE),
        n_jobs=-1,
        random_state=0,
    )
