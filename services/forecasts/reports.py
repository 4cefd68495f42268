"""The models that a user has trained, and how each did in its test."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ml import artifacts
from ml.models import NAMES, Model
from services.forecasts.refused import ForecastRefused
from services.scope import Scope
from services.settings import Settings


@dataclass(frozen=True)
class ModelReport:
    """A trained model: on what, and its test metrics.

    ``metrics`` (see `ml.metrics.metrics`) are those of forecasts one day ahead over the last fifth of the
    days, by a model that had not seen them; the model itself was then trained on all of the days.
    """

    name: str
    trained_at: datetime
    trained_from: date
    trained_to: date
    devices: int
    rows: int
    """Device days."""
    metrics: dict[str, float]


def reports(scope: Scope, settings: Settings) -> list[ModelReport]:
    """The models that can be used, the best first; one whose file was tampered with is none."""
    found = []
    for name in NAMES:
        try:
            metadata = artifacts.read(models_folder(scope, settings), name, settings.signing_key)
        except artifacts.ArtifactRefused:
            continue
        if metadata is not None:
            found.append(from_metadata(metadata))
    return sorted(found, key=lambda report: report.metrics["WAPE"])


def trained_model(scope: Scope, settings: Settings, name: str | None) -> tuple[str, Model]:
    """The model of that name, else the one with the least test WAPE. Raises `ForecastRefused`."""
    if name is not None and name not in NAMES:
        raise ForecastRefused(
            "There is no model “{name}”. Choose one of: {names}.", name=name, names=", ".join(NAMES)
        )
    known = [report.name for report in reports(scope, settings)]
    chosen = name or next(iter(known), NAMES[0])
    try:
        loaded = artifacts.load(models_folder(scope, settings), chosen, settings.signing_key)
    except artifacts.ArtifactRefused as refused:
        raise ForecastRefused(
            "The model is not used: {reason} Train the models again.", reason=refused
        ) from None
    if loaded is None:
        raise ForecastRefused("No model has been trained yet. Train the models first.")
    return chosen, loaded[0]


def models_folder(scope: Scope, settings: Settings) -> Path:
    """Where this user's models lie."""
    return settings.models_dir / str(scope.user_id)


def from_metadata(metadata: dict[str, Any]) -> ModelReport:
    """The report that a model's metadata hold."""
    return ModelReport(
        name=metadata["name"],
        trained_at=datetime.fromisoformat(metadata["trainedAt"]),
        trained_from=date.fromisoformat(metadata["trainedFrom"]),
        trained_to=date.fromisoformat(metadata["trainedTo"]),
        devices=metadata["devices"],
        rows=metadata["rows"],
        metrics=metadata["metrics"],
    )
