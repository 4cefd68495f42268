"""The registry of models: a name and how one is made."""

from collections.abc import Callable
from importlib.util import find_spec

from ml.arrays import Floats
from ml.forecasting.features import Rows
from ml.forecasting.regressors import Linear, Model, SeasonalNaive, Smoothing, Trees

NAIVE = "seasonal_naive"
SMOOTHING = "exponential_smoothing"
LINEAR = "linear_regression"
FOREST = "random_forest"
BOOSTING = "gradient_boosting"
LSTM = "lstm"

TREES = 60
ROWS_A_TREE = 4_000
"""More than this many days teach a tree nothing new, they only make it slow."""
# scikit-learn takes a second to import: only who trains or predicts waits for it, not the window.


def _forest(rows: int) -> Model:
    from sklearn.ensemble import RandomForestRegressor

    return Trees(
        RandomForestRegressor(
            n_estimators=TREES,
            min_samples_leaf=10,
            max_features=0.35,
            max_samples=min(rows, ROWS_A_TREE),
            random_state=0,
        )
    )


def _boosting(_rows: int) -> Model:
    from sklearn.ensemble import HistGradientBoostingRegressor

    return Trees(
        HistGradientBoostingRegressor(
            loss="absolute_error",
            max_iter=120,
            learning_rate=0.06,
            max_leaf_nodes=15,
            min_samples_leaf=100,
            l2_regularization=5.0,
            random_state=0,
        )
    )


def _lstm(_rows: int) -> Model:
    from ml.forecasting.lstm import Recurrent

    return Recurrent()


MAKERS: dict[str, Callable[[int], Model]] = {
    NAIVE: lambda _rows: SeasonalNaive(),
    SMOOTHING: lambda _rows: Smoothing(),
    LINEAR: lambda _rows: Linear(),
    FOREST: _forest,
    BOOSTING: _boosting,
}
if find_spec("torch"):
    MAKERS[LSTM] = _lstm
NAMES = tuple(MAKERS)


def fit_model(name: str, rows: Rows, target: Floats) -> Model:
    """Fit the model of that name. Raises `KeyError` for a name that is not in `NAMES`."""
    return MAKERS[name](len(target)).fit(rows, target)
