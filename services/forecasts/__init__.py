"""What the next days, weeks and months bring: models trained on a facility's own readings."""

from services.forecasts.actuals import fill_actuals
from services.forecasts.files import forecast_file, train_file
from services.forecasts.listing import Prediction, list_predictions
from services.forecasts.next_month import next_month
from services.forecasts.predictions import predict
from services.forecasts.refused import ForecastRefused
from services.forecasts.reports import ModelReport, reports
from services.forecasts.training import train

__all__ = [
    "ForecastRefused",
    "ModelReport",
    "Prediction",
    "fill_actuals",
    "forecast_file",
    "list_predictions",
    "next_month",
    "predict",
    "reports",
    "train",
    "train_file",
]
