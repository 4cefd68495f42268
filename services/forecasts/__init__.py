"""What the next days, weeks and months bring: models trained on a facility's own readings."""

from services.forecasts.actuals import fill_actuals
from services.forecasts.files import forecast_days, forecast_file, train_file
from services.forecasts.followed_import import claim_import
from services.forecasts.hourly import hourly_forecast
from services.forecasts.listing import Prediction, list_predictions
from services.forecasts.next_month import Expected, daily_forecast, next_month, next_month_interval
from services.forecasts.outlook import Outlook, outlook
from services.forecasts.predictions import predict
from services.forecasts.refused import ForecastRefused
from services.forecasts.renewal import Renewal, renew
from services.forecasts.reports import ModelReport
from services.forecasts.retraining import retrain_after_imports, retrains_after_imports
from services.forecasts.training import train
from services.forecasts.versions import Version, refused_models, reports, use_version, versions

__all__ = [
    "Expected",
    "ForecastRefused",
    "ModelReport",
    "Outlook",
    "Prediction",
    "Renewal",
    "Version",
    "claim_import",
    "daily_forecast",
    "fill_actuals",
    "forecast_days",
    "forecast_file",
    "hourly_forecast",
    "list_predictions",
    "next_month",
    "next_month_interval",
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
