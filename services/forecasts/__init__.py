"""What the next days, weeks and months bring: models trained on a facility's own readings."""

from services.forecasts.files import FileForecast, LeftOut, forecast_days, forecast_file, train_file
from services.forecasts.hourly import hourly_forecast
from services.forecasts.made_ahead import MadeAhead, made_ahead
from services.forecasts.metered import Ends, ends
from services.forecasts.outlook import (
    Expected,
    Outlook,
    daily_forecast,
    next_month,
    next_month_interval,
    outlook,
)
from services.forecasts.periods import PeriodKind
from services.forecasts.predictions import Prediction, fill_actuals, list_predictions
from services.forecasts.renewal import (
    Outdated,
    Renewal,
    claim_import,
    forget_import,
    models_are_old,
    outdated,
    predict,
    renew,
    retrain_after_imports,
    retrains_after_imports,
)
from services.forecasts.training import train
from services.forecasts.versions import (
    ForecastRefused,
    ModelReport,
    Version,
    refused_models,
    reports,
    use_version,
    versions,
)

__all__ = [
    "Ends",
    "Expected",
    "FileForecast",
    "ForecastRefused",
    "LeftOut",
    "MadeAhead",
    "ModelReport",
    "Outdated",
    "Outlook",
    "PeriodKind",
    "Prediction",
    "Renewal",
    "Version",
    "claim_import",
    "daily_forecast",
    "ends",
    "fill_actuals",
    "forecast_days",
    "forecast_file",
    "forget_import",
    "hourly_forecast",
    "list_predictions",
    "made_ahead",
    "models_are_old",
    "next_month",
    "next_month_interval",
    "outdated",
    "outlook",
    "predict",
    "refused_models",
    "renew",
    "reports",
    "retrain_after_imports",
    "retrains_after_imports",
    "train",
    "train_file",
    "use_version",
    "versions",
]
