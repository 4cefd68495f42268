"""What follows an import: predictions from all readings, by models that are trained first if need be."""

from dataclasses import dataclass

from services.forecasts.predictions import predict
from services.forecasts.refused import ForecastRefused
from services.forecasts.reports import ModelReport
from services.forecasts.retraining import retrains_after_imports
from services.forecasts.training import train
from services.forecasts.versions import reports
from services.progress import Progress, silent
from services.scope import Scope
from services.settings import Settings


@dataclass(frozen=True)
class Renewal:
    """What became of predictions that were to be renewed."""

    models: list[ModelReport]
    """Those that have predicted."""
    trained: bool
    """Whether they were trained first."""
    refusal: ForecastRefused | None
    """Why not all of them have; it is tried again after the next import."""


def renew(scope: Scope, settings: Settings, progress: Progress = silent) -> Renewal:
    """Predict with every trained model.

    Models are trained first where there are none yet, or the user wants it after each import. Raises
    whatever ``progress`` raises, with the earlier predictions still whole.
    """
    done: list[ModelReport] = []
    models: list[ModelReport] = []
    try:
        if not retrains_after_imports(scope):
            models = reports(scope, settings)
        for report in models or train(scope, settings, progress):
            predict(scope, settings, report.name, progress)
            done.append(report)
    except ForecastRefused as refusal:
        return Renewal(done, not models, refusal)
    return Renewal(done, not models, None)
