"""How a trained model did in its backtest, and what is known of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ml.forecasting.training import COMBINATION


@dataclass(frozen=True)
class ModelReport:
    """A trained model: on what, its test metrics, and what it rests on.

    ``metrics`` (see `ml.metrics.metrics`) are those of the backtest's last fold: forecasts of up to 28 days
    ahead, made from days before the fold by models that had seen none of the backtest, and where models
    were combined, by a choice that had not seen the fold. The model itself was then trained on all days.
    """

    name: str
    """One of `ml.models.NAMES`, or `combination`: what was chosen for each device and horizon."""
    trained_at: datetime
    trained_from: date
    trained_to: date
    held_out_from: date
    """The first day of the backtest."""
    country: str | None
    """Whose public holidays it knows."""
    devices: int
    rows: int
    """Device days."""
    metrics: dict[str, float]
    mattered: dict[str, float]
    """The share of each kind of knowledge in the forecasts: see `ml.importance.KINDS`."""


def from_metadata(metadata: dict[str, Any]) -> ModelReport:
    """The report that a model's metadata hold."""
    return ModelReport(
        name=metadata["name"],
        trained_at=datetime.fromisoformat(metadata["trainedAt"]),
        trained_from=date.fromisoformat(metadata["trainedFrom"]),
        trained_to=date.fromisoformat(metadata["trainedTo"]),
        held_out_from=date.fromisoformat(metadata["heldOutFrom"]),
        country=metadata["country"],
        devices=metadata["devices"],
        rows=metadata["rows"],
        metrics=metadata["metrics"],
        mattered=metadata["mattered"],
    )


def in_order(found: list[ModelReport]) -> list[ModelReport]:
    """The combination first, because it was chosen before the test; then by test error."""
    return sorted(found, key=lambda report: (report.name != COMBINATION, report.metrics["WAPE"]))
