"""Train every model on a facility's readings, and keep what each foretold of the days held out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from ml import artifacts, training
from ml.features import HISTORY, LEARNABLE, examples
from ml.models import NAMES, Model
from services import readings
from services.forecasts import stored
from services.forecasts.actuals import fill_actuals
from services.forecasts.days import whole_days
from services.forecasts.held_out import held_out
from services.forecasts.refused import too_short, too_sparse
from services.forecasts.reports import ModelReport, from_metadata, models_folder
from services.progress import Progress, silent
from services.scope import Scope
from services.settings import Settings

STAGE = "Training models"


@dataclass(frozen=True)
class Trained:
    """One model, ready to be kept."""

    name: str
    model: Model
    evaluation: training.Evaluation
    metadata: dict[str, Any]


def train(scope: Scope, settings: Settings, progress: Progress = silent) -> list[ModelReport]:
    """Train every model and store its held-out predictions; how each did, the best first.

    Until all are trained, the earlier models and predictions stay as they are. Raises `ForecastRefused`
    for readings of less than 14 days or too far apart, and whatever ``progress`` raises.
    """
    matrix = whole_days(readings.daily_consumption(scope))
    models = list(trained(matrix, progress))
    foretold = {one.name: held_out(one.evaluation, matrix) for one in models}
    progress(STAGE, 1, 1)
    found = keep(models, models_folder(scope, settings), settings.signing_key)
    for name, predictions in foretold.items():
        stored.replace(scope, name, predictions, held_out=True)
    fill_actuals(scope)
    return found


def trained(matrix: pd.DataFrame, progress: Progress) -> Iterator[Trained]:
    """Each model tested and trained on the days and devices of ``matrix``. Raises `ForecastRefused`."""
    steps = 2 * len(NAMES)
    for done, name in enumerate(NAMES):
        progress(STAGE, 2 * done, steps)
        try:
            evaluation = training.evaluate(name, matrix)
        except training.HistoryTooShort as short:
            raise too_short(short.days, training.LEAST_DAYS) from None
        except training.HistoryTooSparse:
            raise too_sparse(LEARNABLE, HISTORY) from None
        progress(STAGE, 2 * done + 1, steps)
        yield Trained(name, training.train(name, matrix), evaluation, _metadata(evaluation, matrix))


def keep(models: list[Trained], folder: Path, key: bytes) -> list[ModelReport]:
    """Write the models to a folder, signed with the installation's key; their reports, the best first."""
    for one in models:
        artifacts.save(folder, one.name, one.model, one.metadata, key)
    found = [from_metadata({**one.metadata, "name": one.name}) for one in models]
    return sorted(found, key=lambda report: report.metrics["WAPE"])


def _metadata(evaluation: training.Evaluation, matrix: pd.DataFrame) -> dict[str, Any]:
    features, target = examples(evaluation.scale.shares(matrix))
    return {
        "trainedAt": datetime.now(UTC).isoformat(),
        "trainedFrom": matrix.index[0].date().isoformat(),
        "trainedTo": matrix.index[-1].date().isoformat(),
        "heldOutFrom": evaluation.first_held_out.date().isoformat(),
        "devices": int(matrix.notna().any().sum()),
        "rows": int(matrix.notna().to_numpy().sum()),
        "learnt": len(target),
        "features": list(features.columns),
        "metrics": evaluation.metrics,
    }
