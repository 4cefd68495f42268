"""What a forecast rests on: how much worse it gets without each kind of thing that the models see."""

import numpy as np

from ml.arrays import Floats
from ml.features import BASE_ALPHA, Rows
from ml.models import Model

KINDS = {
    "level": ("mean_", "smooth_"),
    "same_weekday": ("same_weekday_",),
    "shape_of_week": ("shape", "recent_shape", "weekday"),
    "days_off": ("day_off",),
    "year_before": ("year_", "day_a_year"),
    "scatter": ("scatter",),
    "horizon": ("days_ahead",),
}
SAMPLE = 2000


def importance(models: dict[str, Model], rows: Rows, target: Floats) -> dict[str, float]:
    """Of each kind, the share it has in all that is lost when each in turn is shuffled among the days.

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
    base = (features[f"smooth_{BASE_ALPHA}"] * features["shape"]).to_numpy()
    ahead = rows.ahead[order] if kind == "horizon" else rows.ahead
    recent = rows.recent[order] if kind == "level" else rows.recent
    return Rows(features, base, ahead, rows.scale, recent)
