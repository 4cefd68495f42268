"""Predictions and models in words, and as the arrays of a chart."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication, QObject

from desktop.viewmodels.quantities import day, kwh, moment, number, percent, period
from desktop.viewmodels.record_table import Column, RecordTable
from services.forecasts import ModelReport, Prediction

SPOKEN = 7
"""So many periods to come are described in words."""


@dataclass(frozen=True)
class Series:
    """One value per period. ``x``: seconds since 1970 of the period's date at midnight UTC, whatever the
    facility's time zone, so that an axis in UTC shows that date; kWh; NaN where nothing was measured yet."""

    x: list[float]
    predicted: list[float]
    actual: list[float]
    held_out: list[bool]
    texts: list[str]


def series(predictions: list[Prediction]) -> Series:
    return Series(
        [datetime(p.start.year, p.start.month, p.start.day, tzinfo=UTC).timestamp() for p in predictions],
        [p.predicted_value for p in predictions],
        [math.nan if p.actual_value is None else p.actual_value for p in predictions],
        [p.held_out for p in predictions],
        [_in_words(p) for p in predictions],
    )


def _in_words(prediction: Prediction) -> str:
    translate = QCoreApplication.translate
    lines = [
        period(prediction.type, prediction.start),
        translate("predictions", "predicted {energy}").format(energy=kwh(prediction.predicted_value)),
    ]
    if prediction.actual_value is not None:
        actual = translate("predictions", "actual {energy}")
        lines.append(actual.format(energy=kwh(prediction.actual_value)))
    return "\n".join(lines)


def description(predictions: list[Prediction]) -> str:
    """The chart's main figures, for those who do not see it."""
    translate = QCoreApplication.translate
    ahead = [prediction for prediction in predictions if not prediction.held_out]
    known = [p.accuracy for p in predictions if p.accuracy is not None]
    sentences = []
    if ahead:
        told = "; ".join(_in_words(prediction).replace("\n", ", ") for prediction in ahead[:SPOKEN])
        sentences.append(translate("predictions", "To come: {told}.").format(told=told))
    if known:
        mean = percent(sum(known) / len(known))
        past = translate("predictions", "Mean accuracy of {count} past predictions: {accuracy}.")
        sentences.append(past.format(count=number(len(known)), accuracy=mean))
    return " ".join(sentences)


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
            ],
            [],
        )

    def model_name(self, model: str) -> str:
        names = {
            "combination": self.tr("Best combination"),
            "seasonal_naive": self.tr("Like the week before"),
            "exponential_smoothing": self.tr("Exponential smoothing"),
            "linear_regression": self.tr("Linear regression"),
            "gradient_boosting": self.tr("Gradient boosting"),
            "random_forest": self.tr("Random forest"),
        }
        return names.get(model, model.replace("_", " ").capitalize())

    def model_choice(self, report: ModelReport) -> str:
        """A model as it is offered for choice: its name and how far off it was in its test."""
        template = self.tr("{model} (off by {error} in its test)")
        return template.format(model=self.model_name(report.name), error=percent(report.metrics["WAPE"]))

    def verdict(self, report: ModelReport) -> str:
        """How good the model is, in a manager's words."""
        metrics = report.metrics
        off = self.tr(
            "On days it had not seen it was off by {share} of what was consumed: {energy} per device and day."
        ).format(share=percent(metrics["WAPE"], 1), energy=kwh(metrics["MAE"]))
        gain = 1 - metrics["MASE"]
        if gain > 0:
            compared = self.tr("That is {share} closer than expecting each day to repeat the week before.")
        else:
            compared = self.tr("Expecting each day to repeat the week before would be as good, or better.")
        return f"{off} {compared.format(share=percent(gain))}"

    def model_card(self, report: ModelReport, zone: str) -> list[tuple[str, str]]:
        """(label, value): what the model was trained on, and its test metrics."""
        metrics = report.metrics
        spanned = self.tr("{first} to {last}").format(
            first=day(report.trained_from), last=day(report.trained_to)
        )
        return [
            (self.tr("Trained"), moment(report.trained_at, zone)),
            (self.tr("On readings of"), spanned),
            (self.tr("Devices"), number(report.devices)),
            (self.tr("Device days"), number(report.rows)),
            (self.tr("Share of energy off (WAPE)"), percent(metrics["WAPE"], 1)),
            (self.tr("Mean error (MAE)"), kwh(metrics["MAE"])),
            (self.tr("Root mean square error (RMSE)"), kwh(metrics["RMSE"])),
            (self.tr("Scatter, CV(RMSE)"), percent(metrics["CVRMSE"], 1)),
            (self.tr("Bias (NMBE)"), percent(metrics["NMBE"], 1)),
            (self.tr("Explained variance (R²)"), number(metrics["R2"], 2)),
            (self.tr("Against last week's (MASE)"), number(metrics["MASE"], 2)),
        ]
