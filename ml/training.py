"""A model tested on the last fifth of the days, then trained on all of them."""

import math
from dataclasses import dataclass

import pandas as pd

from ml.features import Scale, examples, scale_of
from ml.forecasting import forecast
from ml.metrics import metrics, seasonal_naive_errors
from ml.models import Model, fitted

HELD_OUT = 0.2
LEAST_DAYS = 14


class HistoryTooShort(ValueError):
    """There are too few days to learn from and to test on; ``days`` says how many there are."""

    def __init__(self, days: int) -> None:
        super().__init__(f"{days} days of readings are too few: {LEAST_DAYS} are needed.")
        self.days = days


class HistoryTooSparse(ValueError):
    """No device has readings close enough together to learn from and to be tested on."""


@dataclass(frozen=True)
class Evaluation:
    """A model trained on the first 80 % of the days, and how it did on the rest, which it never saw."""

    model: Model
    scale: Scale
    """From the days of training alone."""
    first_held_out: pd.Timestamp
    metrics: dict[str, float]
    """Of forecasts one day ahead, each made with all readings before that day; see `metrics.metrics`."""
    errors: pd.DataFrame
    """Of the same forecasts: device, date, predicted and actual (kWh)."""


def evaluate(name: str, matrix: pd.DataFrame) -> Evaluation:
    """Train a model on the earlier days of ``matrix`` (kWh by day and device) and test it on the later.

    The days are split by date, alike for every device. Raises `HistoryTooShort` and
    `HistoryTooSparse`.
    """
    first_held_out = split_day(matrix)
    past = matrix[matrix.index < first_held_out]
    scale = scale_of(past)
    features, target = examples(scale.shares(past))
    if target.size == 0:
        raise HistoryTooSparse
    model = fitted(name, features, target)
    errors = one_day_ahead(model, scale, matrix, first_held_out)
    if errors.empty:
        raise HistoryTooSparse
    naive = seasonal_naive_errors(past).reindex(errors["device"]).to_numpy()
    found = metrics(errors["actual"].to_numpy(), errors["predicted"].to_numpy(), naive)
    return Evaluation(model, scale, first_held_out, found, errors)


def train(name: str, matrix: pd.DataFrame) -> Model:
    """The model for forecasts to come, trained on all days."""
    return fitted(name, *examples(scale_of(matrix).shares(matrix)))


def split_day(matrix: pd.DataFrame) -> pd.Timestamp:
    """The first of the days held out: the last 20 % of those with readings. Raises `HistoryTooShort`."""
    days = matrix.index[matrix.notna().any(axis=1)]
    if len(days) < LEAST_DAYS:
        raise HistoryTooShort(len(days))
    return pd.Timestamp(days[len(days) - math.ceil(len(days) * HELD_OUT)])


def one_day_ahead(model: Model, scale: Scale, matrix: pd.DataFrame, first: pd.Timestamp) -> pd.DataFrame:
    """Forecasts of each known day from ``first`` on, made the day before, beside its actual kWh."""
    actual = (
        matrix[matrix.index >= first]
        .melt(ignore_index=False, var_name="device", value_name="actual")
        .dropna()
    )
    starts = pd.DatetimeIndex(actual.index)
    found = forecast(model, scale, matrix, pd.Index(actual["device"]), starts, steps=1)
    return found[["device", "date", "predicted"]].merge(
        actual.rename_axis("date").reset_index(), on=["device", "date"]
    )
