"""What the predictions page shows, read for a choice of period, device and model."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from desktop.features.predictions.model import Expectation, of_hours, of_prediction
from desktop.framework.ordering import by_name
from services.devices import Device, list_devices
from services.forecasts import (
    ModelReport,
    Outlook,
    PeriodKind,
    Version,
    hourly_forecast,
    list_predictions,
    outlook,
    reports,
    retrains_after_imports,
    versions,
)
from services.readings import span
from services.scope import Scope
from services.settings import Settings

Period = PeriodKind | Literal["hourly"]
DAYS_OF_HOURS = 7
UNKNOWN = Outlook(None)


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
