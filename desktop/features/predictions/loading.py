"""Predictions for a choice of period, device and model: read, and in words for a chart and a table."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from enum import StrEnum
from typing import Literal

import pandas as pd
from PySide6.QtCore import QCoreApplication, QObject

from desktop.framework.drawing import midnight
from desktop.framework.formatting import NOTHING, hour, kwh, number, percent, period, rounded
from desktop.framework.record_table import Column, RecordTable, by_name
from services.devices import Device, list_devices
from services.forecasts import (
    ModelReport,
    Outdated,
    Outlook,
    PeriodKind,
    Prediction,
    Version,
    hourly_forecast,
    list_predictions,
    outdated,
    outlook,
    reports,
    retrains_after_imports,
    versions,
)
from services.readings import span
from services.scope import Scope
from services.settings import Settings

FEW = 100
"""kWh, from which an interval's ends have no decimals."""
SPOKEN = 7
"""So many periods to come are described in words."""
translate = QCoreApplication.translate
Period = PeriodKind | Literal["hourly"]
DAYS_OF_HOURS = 7
UNKNOWN = Outlook(None)


@dataclass(frozen=True)
class Expectation:
    """What is expected of an hour, day, week or month, and what came; kWh.

    ``x``: seconds since 1970 of its start as the facility's clocks show it, as if they were UTC's.
    """

    period: str
    x: float
    predicted: float
    actual: float | None = None
    accuracy: float | None = None
    held_out: bool = False
    likely: tuple[float, float] | None = None
    """The interval that holds four in five: the value is “most likely between” its ends."""
    nearly_sure: tuple[float, float] | None = None
    """The interval that holds nineteen in twenty."""


@dataclass(frozen=True)
class Series:
    """One value per period, see `Expectation`; NaN where nothing was measured yet or no bounds are known."""

    x: list[float]
    predicted: list[float]
    actual: list[float]
    held_out: list[bool]
    lower: list[float]
    upper: list[float]
    texts: list[str]
    likely: bool = True
    """Whether the bounds are those of the interval that holds four in five."""


def of_prediction(prediction: Prediction) -> Expectation:
    return Expectation(
        period(prediction.type, prediction.start),
        midnight(prediction.start),
        prediction.predicted_value,
        prediction.actual_value,
        prediction.accuracy,
        prediction.held_out,
        _bounds(prediction.lower_80, prediction.upper_80),
        _bounds(prediction.lower_95, prediction.upper_95),
    )


def of_hours(hours: pd.DataFrame) -> list[Expectation]:
    """Word the hours to come, as `services.forecasts.hourly_forecast` gives them."""
    return [
        Expectation(
            hour(start.to_pydatetime()),
            start.tz_localize(UTC).timestamp(),
            predicted,
            likely=(lower, upper),
        )
        for start, predicted, lower, upper in hours.itertuples(index=False, name=None)
    ]


def series(expected: Sequence[Expectation]) -> Series:
    bounds = [each.likely or each.nearly_sure or (math.nan, math.nan) for each in expected]
    return Series(
        [each.x for each in expected],
        [each.predicted for each in expected],
        [math.nan if each.actual is None else each.actual for each in expected],
        [each.held_out for each in expected],
        [lower for lower, _ in bounds],
        [upper for _, upper in bounds],
        [_text(each) for each in expected],
        any(each.likely for each in expected),
    )


def description(expected: Sequence[Expectation]) -> str:
    """Return the chart's main figures, for those who do not see it."""
    ahead = [each for each in expected if not each.held_out]
    known = [each.accuracy for each in expected if each.accuracy is not None]
    sentences = []
    if ahead:
        upcoming = "; ".join(_text(each).replace("\n", ", ") for each in ahead[:SPOKEN])
        sentences.append(translate("predictions", "To come: {predictions}.").format(predictions=upcoming))
    if known:
        mean = percent(sum(known) / len(known))
        past = translate("predictions", "Mean accuracy of {count} past predictions: {accuracy}.")
        sentences.append(past.format(count=number(len(known)), accuracy=mean))
    return " ".join(sentences)


def band_text(expected: Sequence[Expectation]) -> str:
    """Say how much the interval that is drawn holds; empty without any."""
    if any(each.likely for each in expected):
        return translate("predictions", "Most likely it comes to lie within the band: 4 in 5 do.")
    if any(each.nearly_sure for each in expected):
        return translate("predictions", "Nearly always it comes to lie within the band: 19 in 20 do.")
    return ""


class PredictionsModel(RecordTable[Expectation]):
    """One row per predicted period; sorts by time and by figure."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([], lambda each: each.x, parent)
        self.reset(
            [
                Column(self.tr("Period"), lambda each: each.period, lambda each: each.x),
                Column(
                    self.tr("Predicted\nkWh"),
                    lambda each: rounded(each.predicted),
                    lambda each: each.predicted,
                    numeric=True,
                ),
                Column(
                    self.tr("Most likely\nbetween"),
                    lambda each: _between(each.likely),
                    lambda each: _width(each.likely),
                    numeric=True,
                ),
                Column(
                    self.tr("Nearly always\nbetween"),
                    lambda each: _between(each.nearly_sure),
                    lambda each: _width(each.nearly_sure),
                    numeric=True,
                ),
                Column(
                    self.tr("Actual\nkWh"),
                    lambda each: NOTHING if each.actual is None else rounded(each.actual),
                    lambda each: each.actual,
                    numeric=True,
                ),
                Column(
                    self.tr("Accuracy"),
                    lambda each: percent(each.accuracy),
                    lambda each: each.accuracy,
                    numeric=True,
                ),
            ],
            [],
        )


def _bounds(lower: float | None, upper: float | None) -> tuple[float, float] | None:
    return None if lower is None or upper is None else (lower, upper)


def _between(bounds: tuple[float, float] | None) -> str:
    return NOTHING if bounds is None else " – ".join(_ends(bounds).values())


def _ends(bounds: tuple[float, float]) -> dict[str, str]:
    """Write both ends of an interval, roughly: it has no decimals to speak of."""
    decimals = 0 if bounds[1] >= FEW else 1 if bounds[1] >= FEW / 10 else 2
    return {"lower": number(bounds[0], decimals), "upper": number(bounds[1], decimals)}


def _width(bounds: tuple[float, float] | None) -> float | None:
    return bounds[1] - bounds[0] if bounds else None


def _text(each: Expectation) -> str:
    lines = [each.period, translate("predictions", "predicted {energy}").format(energy=kwh(each.predicted))]
    if each.likely:
        lines.append(
            translate("predictions", "most likely between {lower} and {upper} kWh").format(
                **_ends(each.likely)
            )
        )
    elif each.nearly_sure:
        lines.append(
            translate("predictions", "nearly always between {lower} and {upper} kWh").format(
                **_ends(each.nearly_sure)
            )
        )
    if each.actual is not None:
        lines.append(translate("predictions", "actual {energy}").format(energy=kwh(each.actual)))
    return "\n".join(lines)


class State(StrEnum):
    LOADING = "loading"
    NO_READINGS = "no readings"
    UNTRAINED = "untrained"
    NO_PREDICTIONS = "no predictions"
    READY = "ready"


@dataclass(frozen=True)
class Choice:
    """``device_id`` None is the whole facility; ``model`` None the first there is."""

    period: Period = "daily"
    device_id: str | None = None
    model: str | None = None


@dataclass(frozen=True)
class Loaded:
    asked: Choice
    choice: Choice
    readings: bool
    devices: list[Device]
    reports: list[ModelReport]
    versions: list[Version]
    expected: list[Expectation]
    timezone: str
    outlook: Outlook = UNKNOWN
    retrains: bool = False
    """Whether models are trained anew after each import."""
    outdated: Outdated | None = None
    """What the models do not know, if they are to be trained again."""


def load(scope: Scope, settings: Settings, asked: Choice) -> Loaded:
    known = reports(scope, settings)
    devices = by_name(list_devices(scope), lambda device: device.name)
    gone = asked.device_id not in {device.id for device in devices}
    choice = replace(asked, device_id=None) if gone else asked
    model = chosen_model(choice, known)
    expected = _expected(scope, choice, model) if model else []
    kept = versions(scope, settings)
    return Loaded(
        asked,
        choice,
        span(scope) is not None,
        devices,
        known,
        kept,
        expected,
        scope.timezone,
        outlook(scope, choice.device_id, model) if model else UNKNOWN,
        retrains_after_imports(scope),
        outdated(scope, settings),
    )


def _expected(scope: Scope, choice: Choice, model: str) -> list[Expectation]:
    if choice.period == "hourly":
        devices = [choice.device_id] if choice.device_id else None
        return of_hours(hourly_forecast(scope, devices, DAYS_OF_HOURS))
    return [of_prediction(p) for p in list_predictions(scope, choice.period, choice.device_id, model)]


def chosen_model(choice: Choice, known: list[ModelReport]) -> str | None:
    names = [report.name for report in known]
    return choice.model if choice.model in names else next(iter(names), None)


def state_of(page: Loaded) -> State:
    if not page.readings:
        return State.NO_READINGS
    if not page.reports:
        return State.UNTRAINED
    return State.READY if page.expected else State.NO_PREDICTIONS
