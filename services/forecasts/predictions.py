"""Predictions in the database: stored, listed, and compared with what was metered.

`timestamp` is the period's first day as `day_label.as_label` writes it: midnight UTC of the
facility's calendar date. `deviceId` None is the whole facility.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
from bson import ObjectId
from pymongo import DeleteMany, UpdateOne

from ml.forecasting.forecast import last_known
from services import ids
from services.day_label import as_label
from services.devices import list_devices
from services.forecasts.coarse_periods import LONGEST
from services.forecasts.metered import LAST_DAYS, Metered, metered_of
from services.forecasts.periods import FACILITY, PERIODS, PeriodKind, period_sums
from services.scope import Document, Scope
from services.typed import typed

UNKNOWN = {"actualValue": None, "accuracy": None}
BOUNDS = {"lower_80": "lower80", "upper_80": "upper80", "lower_95": "lower95", "upper_95": "upper95"}
"""Columns of predictions about the future, and the fields they are kept in."""
LATEST_IMPORT = pd.Timedelta(days=60)
"""How long a facility's sums wait for a device that other devices' readings have overtaken: meters are
often imported one after the other, a month or two at a time."""
NOTHING = 0.0005
"""kWh that are shown as 0."""


def store_predictions(
    scope: Scope, model: str, predictions: pd.DataFrame, held_out: bool, origin: date | None = None
) -> None:
    """Store predictions (type, device, start, predicted) of a model in the place of its earlier ones.

    Bounds (`BOUNDS`) are stored where there are any. Those about the future that have come true are kept. Of
    a week or month that begins after ``origin``, the last day with readings, what is predicted is kept for
    good in `ahead`, whatever is predicted of it once it is under way. The new are there before the old go:
    whatever interrupts this, none is missing.
    """
    now = datetime.now(UTC)
    written = [
        UpdateOne(
            scope.owned(identity),
            {
                "$set": {**values, "createdAt": now, **_ahead(identity, values, origin, now)},
                "$setOnInsert": UNKNOWN,
            },
            upsert=True,
        )
        for identity, values in _rows(model, predictions, held_out)
    ]
    stale = scope.owned({"modelUsed": model, "heldOut": held_out, "createdAt": {"$ne": now}})
    if not held_out:
        stale["actualValue"] = None
    if origin is not None:
        stale["$nor"] = [{"ahead": {"$exists": True}, "timestamp": {"$lte": as_label(origin)}}]
    scope.db["predictions"].bulk_write([*written, DeleteMany(stale)], ordered=True)


def _ahead(identity: Document, values: dict[str, float], origin: date | None, now: datetime) -> Document:
    """Return what is kept of a prediction that is made before its week or month begins."""
    if origin is None or identity["type"] == "daily" or identity["timestamp"] <= as_label(origin):
        return {}
    return {"ahead": {**values, "origin": as_label(origin), "createdAt": now}}


def _rows(
    model: str, predictions: pd.DataFrame, held_out: bool
) -> Iterable[tuple[Document, dict[str, float]]]:
    fields = {"predicted": "predictedValue", **{name: BOUNDS[name] for name in BOUNDS if name in predictions}}
    values = predictions[list(fields)].rename(columns=fields).to_dict("records")
    columns = (predictions[name] for name in ("type", "device", "start"))
    for period, device, start, found in zip(*columns, values, strict=True):
        identity = {
            "deviceId": None if device == FACILITY else ObjectId(device),
            "type": period,
            "timestamp": as_label(start),
            "modelUsed": model,
            "heldOut": held_out,
        }
        yield identity, found


@dataclass(frozen=True)
class Prediction:
    """kWh predicted for a period, and what came; ``device_id`` None is the whole facility."""

    type: PeriodKind
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
    """Of days in the past that a model was tested on, rather than predicted."""
    lower_80: float | None = None
    """The interval that holds four in five; None where only the past was predicted."""
    upper_80: float | None = None
    lower_95: float | None = None
    """The interval that holds nineteen in twenty."""
    upper_95: float | None = None


@typed
def list_predictions(
    scope: Scope, period: PeriodKind, device_id: str | None = None, model: str | None = None
) -> list[Prediction]:
    """List predictions for days, weeks or months (`daily`, `weekly`, `monthly`), ascending by start.

    Of one device, or the whole facility (None); by one model, or all of them (None). Where a day of the
    test was also predicted before it came, the latter is given.
    """
    query = scope.owned({"type": period, "deviceId": ids.object_id(device_id) if device_id else None})
    if model is not None:
        query["modelUsed"] = model
    # Predicted before held out, and the later of two overwrites the earlier.
    documents = scope.db["predictions"].find(query).sort([("timestamp", 1), ("heldOut", -1)])
    once = {(d["timestamp"], d["modelUsed"]): d for d in documents}
    return list(_predictions(scope, once.values()))


def list_upcoming(scope: Scope, model: str) -> list[Prediction]:
    """List a model's predictions of periods that are not over yet, by type and start."""
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


def fill_actuals(scope: Scope) -> int:
    """Enter what was metered, and the accuracy, into predictions whose period is over; return how many.

    A device's period is over once every day of it was metered whole. The facility's is once no device
    lacks its last days, unless it has lacked them for long; then all that was metered in it counts.
    What was entered before is corrected where readings have changed.
    """
    fields = {"deviceId": 1, "type": 1, "timestamp": 1, "predictedValue": 1, "actualValue": 1, "accuracy": 1}
    predictions = pd.DataFrame(list(scope.db["predictions"].find(scope.owned(), fields)))
    if predictions.empty:
        return 0
    predictions["start"] = predictions["timestamp"].dt.tz_localize(None).astype("datetime64[us]")
    predictions["device"] = predictions["deviceId"].map(
        lambda i: str(i) if isinstance(i, ObjectId) else FACILITY
    )
    # By its last weeks a meter is seen to be coarse.
    first = predictions["start"].min().date() - timedelta(days=LAST_DAYS)
    actuals = _actuals(metered_of(scope, first))
    found = predictions.merge(actuals, on=["type", "device", "start"], how="left")
    found["now"] = accuracy(found["predictedValue"], found["actual"])
    # Whichever is not known is NaN, in the database null.
    columns = (("actualValue", "actual"), ("accuracy", "now"))
    before, after = (found[[pair[side] for pair in columns]].astype("float64").to_numpy() for side in (0, 1))
    changed = ~((before == after) | (np.isnan(before) & np.isnan(after))).all(axis=1)
    updates = [
        UpdateOne(
            scope.owned({"_id": _id}),
            {"$set": {"actualValue": None if np.isnan(actual) else actual, "accuracy": accurate}},
        )
        for _id, (actual, accurate) in zip(
            found["_id"][changed],
            ((actual, None if np.isnan(now) else now) for actual, now in after[changed].tolist()),
            strict=True,
        )
    ]
    if updates:
        scope.db["predictions"].bulk_write(updates, ordered=False)
    return len(updates)


def accuracy(predicted: pd.Series, actual: pd.Series) -> pd.Series:
    """Return max(0, 1 - |actual - predicted| / |actual|); of an actual 0, 1 if 0 was predicted, else 0."""
    error = (actual - predicted).abs()
    nothing = actual.abs() < NOTHING
    ratio = (1 - error / actual.abs().where(~nothing, 1.0)).clip(lower=0.0)
    return ratio.where(~nothing, np.where(error < NOTHING, 1.0, 0.0))


def _actuals(known: Metered) -> pd.DataFrame:
    """Return the kWh of every period that is over: type, device, start, actual.

    Of a meter only those that are no shorter than its readings, which could not tell them apart.
    """
    parts = [pd.DataFrame({"start": [], "device": [], "actual": [], "type": []})]
    if known.every.empty:
        return parts[0].astype({"start": "datetime64[us]", "device": "str", "type": "str"})
    for period in PERIODS:
        coarse = [key for key, meter in known.coarse.items() if meter.step <= LONGEST[period]]
        days = known.every[coarse].join(known.days).assign(**{FACILITY: _facility(known)})
        sums = period_sums(days, period).rename_axis(index="start")
        long = sums.melt(ignore_index=False, var_name="device", value_name="actual")
        parts.append(long.dropna().reset_index().assign(type=period))
    return pd.concat(parts[1:], ignore_index=True)


def _facility(known: Metered) -> pd.Series:
    """Sum the kWh metered on each day that no device is still waited for."""
    last = pd.concat([last_known(known.days), known.ends])
    complete_to = last[last >= last.max() - LATEST_IMPORT].min()
    metered_days = known.every[known.counting(known.every.columns)].sum(axis=1, min_count=1)
    return metered_days.where(metered_days.index <= complete_to)
