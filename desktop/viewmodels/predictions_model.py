"""Predictions and models in words, and as the arrays of a chart."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import QObject
from services.forecasts import ModelReport, Prediction

from desktop.viewmodels.quantities import day, kwh, moment, number, percent, period
from desktop.viewmodels.record_table import Column, RecordTable


@dataclass(frozen=True)
class Series:
    """One value per period. ``x``: seconds since 1970 of the period's date at midnight UTC, whatever the
    facility's time zone, so that an axis in UTC shows that date; kWh; NaN where nothing was measured yet."""

    x: list[float]
    predicted: list[float]
    actual: list[float]
    held_out: list[bool]
    labels: list[str]


def series(predictions: list[Prediction]) -> Series:
    return Series(
        [datetime(p.start.year, p.start.month, p.start.day, tzinfo=UTC).timestamp() for p in predictions],
        [p.predicted_value for p in predictions],
        [math.nan if p.actual_value is None else p.actual_value for p in predictions],
        [p.held_out for p in predictions],
        [period(p.type, p.start) for p in predictions],
    )


class PredictionsModel(RecordTable[Prediction]):
    """One row per predicted period; sorts by time and by figure."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([], lambda p: (p.type, p.device_id, p.start, p.model_used), parent)
        self.reset(
            [
                Column(self.tr("Period"), lambda p: period(p.type, p.start), lambda p: p.start.toordinal()),
                Column(
                    self.tr("Predicted"),
                    lambda p: kwh(p.predicted_value),
                    lambda p: p.predicted_value,
                    numeric=True,
                ),
                Column(
                    self.tr("Actual"), lambda p: kwh(p.actual_value), lambda p: p.actual_value, numeric=True
                ),
                Column(
                    self.tr("Accuracy"), lambda p: percent(p.accuracy), lambda p: p.accuracy, numeric=True
                ),
                Column(self.tr("Model"), lambda p: self.model_name(p.model_used)),
            ],
            [],
        )

    def model_name(self, model: str) -> str:
        names = {
            "linear_regression": self.tr("Linear regression"),
            "random_forest": self.tr("Random forest"),
        }
        return names.get(model, model.replace("_", " ").capitalize())

    def model_choice(self, report: ModelReport) -> str:
        """A model as it is offered for choice: its name and how far off it was in its test."""
        template = self.tr("{model} (off by {error} in its test)")
        return template.format(model=self.model_name(report.name), error=percent(report.metrics["WAPE"]))

    def model_card(self, report: ModelReport, zone: str) -> list[tuple[str, str]]:
        """(label, value): what the model was trained on, and how it did on days it had not seen."""
        metrics = report.metrics
        spanned = self.tr("{first} to {last}").format(
            first=day(report.trained_from), last=day(report.trained_to)
        )
        return [
            (self.tr("Trained"), moment(report.trained_at, zone)),
            (self.tr("On readings of"), spanned),
            (self.tr("Devices"), number(report.devices)),
            (self.tr("Device days"), number(report.rows)),
            (self.tr("Average error (WAPE)"), percent(metrics["WAPE"], 1)),
            (self.tr("Mean error (MAE)"), kwh(metrics["MAE"])),
            (self.tr("Root mean square error (RMSE)"), kwh(metrics["RMSE"])),
            (self.tr("Explained variance (R²)"), number(metrics["R2"], 2)),
            (self.tr("Against a naive forecast (MASE)"), number(metrics["MASE"], 2)),
        ]
