"""Train every model on a facility's readings, and keep what each foretold of the days held out."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from ml.forecasting import training
from ml.forecasting.history import LEARNABLE, LEVEL_DAYS
from ml.holidays import CountryUnknown
from ml.parallel import Workers
from services import cluster, readings
from services.forecasts import stored
from services.forecasts.actuals import fill_actuals
from services.forecasts.country import country_of
from services.forecasts.days import whole_days
from services.forecasts.held_out import held_out
from services.forecasts.refused import too_short, too_sparse
from services.forecasts.reports import ModelReport
from services.forecasts.versions import keep
from services.holidays import HolidaysUnknown
from services.progress import Progress, silent
from services.scope import Scope
from services.settings import Settings

STAGE = "Training models"
HORIZON = 60
"""Days ahead that models are trained for; they can be asked for more."""


@dataclass(frozen=True)
class Learnt:
    """All that training has brought, and what is to be written beside each model."""

    models: training.Trained
    metadata: dict[str, dict[str, Any]]


def train(scope: Scope, settings: Settings, progress: Progress = silent) -> list[ModelReport]:
    """Train every model and store its held-out predictions; how each did, as `reports` gives them.

    The models are a new version, in use from now on; earlier ones are kept. Until all are trained, models
    and predictions stay as they are. Raises `ForecastRefused` for readings of less than 14 days or too far
    apart, `HolidaysUnknown`, and whatever ``progress`` raises.
    """
    matrix = whole_days(readings.daily_consumption(scope))
    with cluster.workers(settings.loadlens_cluster) as workers:
        learnt = trained(matrix, HORIZON, country_of(scope), progress, workers)
    foretold = held_out(learnt.models, matrix)
    progress(STAGE, 1, 1)
    found = keep(learnt.models.forecasters, learnt.metadata, scope, settings)
    for name, predictions in foretold.items():
        stored.replace(scope, name, predictions, held_out=True)
    fill_actuals(scope)
    return found


def trained(
    matrix: pd.DataFrame, horizon: int, country: str | None, progress: Progress, workers: Workers
) -> Learnt:
    """Every model, trained on the days and devices of ``matrix``.

    Raises `ForecastRefused` and `HolidaysUnknown`.
    """
    try:
        models = training.train(
            matrix, horizon, country, lambda done, total: progress(STAGE, done, total + 1), workers
        )
    except training.HistoryTooShort as short:
        raise too_short(short.days, training.LEAST_DAYS) from None
    except training.HistoryTooSparse:
        raise too_sparse(LEARNABLE, LEVEL_DAYS) from None
    except CountryUnknown:
        raise HolidaysUnknown(country) from None
    told = {
        "trainedAt": datetime.now(UTC).isoformat(),
        "trainedFrom": matrix.index[0].date().isoformat(),
        "trainedTo": matrix.index[-1].date().isoformat(),
        "heldOutFrom": models.first_held_out.date().isoformat(),
        "country": country,
        "devices": int(matrix.notna().any().sum()),
        "rows": int(matrix.notna().to_numpy().sum()),
        "learnt": models.learnt,
    }
    return Learnt(
        models,
        {
            name: {**told, "metrics": models.scores[name], "mattered": models.importance[name]}
            for name in models.forecasters
        },
    )
