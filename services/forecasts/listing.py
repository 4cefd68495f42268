"""Predictions as they are shown."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from services import ids
from services.devices import list_devices
from services.forecasts.stored import BOUNDS
from services.scope import Document, Scope
from services.typed import typed


@dataclass(frozen=True)
class Prediction:
    """kWh predicted for a period, and what came; ``device_id`` None is the whole facility."""

    type: str
    device_id: str | None
    device: str
    """Its name; empty for the whole facility."""
    start: date
    predicted_value: float
    actual_value: float | None
    accuracy: float | None
    """From 0 to 1."""
    model_used: str
    held_out: bool
    """Of days in the past that a model was tested on, rather than foretold."""
    lower_80: float | None = None
    """The interval that holds four in five; None where only the past was foretold."""
    upper_80: float | None = None
    lower_95: float | None = None
    """The interval that holds nineteen in twenty."""
    upper_95: float | None = None


@typed
def list_predictions(
    scope: Scope, period: str, device_id: str | None = None, model: str | None = None
) -> list[Prediction]:
    """Predictions for days, weeks or months (`daily`, `weekly`, `monthly`), ascending by start.

    Of one device, or the whole facility (None); by one model, or all of them (None). Where a day of the
    test was also foretold in earnest, the latter is given.
    """
    query = scope.owned({"type": period, "deviceId": ids.object_id(device_id) if device_id else None})
    if model is not None:
        query["modelUsed"] = model
    # In earnest before held out, and the later of two overwrites the earlier.
    documents = scope.db["predictions"].find(query).sort([("timestamp", 1), ("heldOut", -1)])
    once = {(d["timestamp"], d["modelUsed"]): d for d in documents}
    return list(_predictions(scope, once.values()))


def to_come(scope: Scope, model: str) -> list[Prediction]:
    """All of a model's predictions of periods that are not over yet, by type and start."""
    query = scope.owned({"modelUsed": model, "heldOut": False, "actualValue": None})
    return list(
        _predictions(scope, scope.db["predictions"].find(query).sort([("type", 1), ("timestamp", 1)]))
    )


def _predictions(scope: Scope, documents: Iterable[Document]) -> Iterator[Prediction]:
    names = {device.id: device.name for device in list_devices(scope)}
    for document in documents:
        device_id = None if document["deviceId"] is None else str(document["deviceId"])
        yield Prediction(
            type=document["type"],
            device_id=device_id,
            device=names.get(device_id, "") if device_id else "",
            start=document["timestamp"].date(),
            predicted_value=document["predictedValue"],
            actual_value=document["actualValue"],
            accuracy=document["accuracy"],
            model_used=document["modelUsed"],
            held_out=document["heldOut"],
            **{column: document.get(name) for column, name in BOUNDS.items()},
        )
