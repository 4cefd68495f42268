"""Predictions in the database: stored, listed, summed, and compared with what was metered.

`timestamp` is the period's first day as `day_label.as_label` writes it: midnight UTC of the
facility's calendar date. `deviceId` None is the whole facility.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from bson import ObjectId
from pymongo import DeleteMany, UpdateOne
from pymongoarrow.api import Schema, find_pandas_all
from pymongoarrow.types import ObjectIdType

from ml.forecasting.forecast import last_known
from ml.forecasting.training import COMBINATION
from services import ids, readings
from services.day_label import as_label
from services.devices import list_devices
from services.forecasts.periods import FACILITY, PERIODS, PeriodKind, period_sums, whole_days
from services.scope import Document, Scope
from services.typed import typed

UNKNOWN = {"actualValue": None, "accuracy": None}
BOUNDS = {"lower_80": "lower80", "upper_80": "upper80", "lower_95": "lower95", "upper_95": "upper95"}
"""Columns of predictions about the future, and the fields they are kept in."""
COLUMNS = ["date", "consumption", "lower", "upper"]
FIELDS = {"predictedValue": "consumption", "lower95": "lower", "upper95": "upper"}
CACHED = 8
SCHEMA = Schema(
    {
        "deviceId": ObjectIdType(),
        "modelUsed": pa.string(),
        "createdAt": pa.timestamp("ms"),
        "timestamp": pa.timestamp("ms"),
        **dict.fromkeys(("predictedValue", "lower95", "upper95"), pa.float64()),
    }
)
LATEST_IMPORT = pd.Timedelta(days=60)
"""How long a facility's sums wait for a device that other devices' readings have overtaken: meters are
often imported one after the other, a month or two at a time."""
NOTHING = 0.0005
"""kWh that are shown as 0."""


def store_predictions(scope: Scope, model: str, predictions: pd.DataFrame, held_out: bool) -> None:
    """Store predictions (type, device, start, predicted) of a model in the place of its earlier ones.

    Bounds (`BOUNDS`) are stored where there are any. Those about the future that
    have come true are kept. The new are there before the old go: whatever interrupts this, none is missing.
    """
    now = datetime.now(UTC)
    written = [
        UpdateOne(
            scope.owned(identity),
            {"$set": {**values, "createdAt": now}, "$setOnInsert": UNKNOWN},
            upsert=True,
        )
        for identity, values in _rows(model, predictions, held_out)
    ]
    stale = scope.owned({"modelUsed": model, "heldOut": held_out, "createdAt": {"$ne": now}})
    if not held_out:
        stale["actualValue"] = None
    scope.db["predictions"].bulk_write([*written, DeleteMany(stale)], ordered=True)


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


def prediction_times(scope: Scope) -> frozenset[datetime]:
    """Return when predictions were stored: another set of times means other predictions.

    Not the last moment alone: those of a clock that was ahead would hide all others.
    """
    return frozenset(scope.db["predictions"].distinct("createdAt", scope.owned()))


def sum_predictions(
    scope: Scope, period: PeriodKind, device_ids: Sequence[str] | None, start: date, end: date
) -> pd.DataFrame:
    """Sum predictions of the periods that begin from ``start`` to ``end``, over all devices (None) or some.

    Those of the combination, else of the model that predicted last. Columns: date (the first day, naive),
    consumption, lower, upper (kWh; the interval holds 95 %), by date; empty where none are stored.
    """
    found = _read_predictions(scope, prediction_times(scope), device_ids is not None, period, start, end)
    if device_ids is not None:
        found = found[found["device"].isin(list(device_ids))]
    if found.empty:
        return pd.DataFrame(columns=COLUMNS)
    latest = found.groupby("modelUsed", observed=True)["createdAt"].max()
    found = found[found["modelUsed"] == (COMBINATION if COMBINATION in latest else latest.idxmax())]
    return _sum_devices(found.reindex(columns=COLUMNS))


@lru_cache(maxsize=CACHED)
def _read_predictions(
    scope: Scope, stored: frozenset[datetime], of_devices: bool, period: PeriodKind, start: date, end: date
) -> pd.DataFrame:
    """Read the predictions of every device, once for all choices of them, or those of the facility."""
    query = {
        "type": period,
        "heldOut": False,
        "deviceId": {"$ne": None} if of_devices else None,
        "timestamp": {"$gte": as_label(start), "$lte": as_label(end)},
    }
    found = find_pandas_all(scope.db["predictions"], scope.owned(query), schema=SCHEMA)
    device = [FACILITY if raw is None else str(ObjectId(raw)) for raw in found["deviceId"]]
    dates = found["timestamp"].astype("datetime64[us]")
    predictions: pd.DataFrame = found.drop(columns=["deviceId", "timestamp"]).rename(columns=FIELDS)
    named: pd.DataFrame = predictions.assign(device=device, date=dates).astype(
        {"device": "category", "modelUsed": "category"}
    )
    return named


def _sum_devices(found: pd.DataFrame) -> pd.DataFrame:
    """Sum all devices' predictions, one row a date.

    Their errors are taken to be independent by half: neither do they all rise and fall together, nor does
    nothing move them alike.
    """
    dates, number = np.unique(found["date"], return_inverse=True)
    value, lower, upper = (found[name].to_numpy() for name in COLUMNS[1:])

    def summed(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.bincount(number, np.nan_to_num(values), len(dates)).astype("float64")

    below, above = (
        np.sqrt((summed(side) ** 2 + summed(side**2)) / 2) for side in (value - lower, upper - value)
    )
    total = summed(value)
    return pd.DataFrame(dict(zip(COLUMNS, (dates, total, total - below, total + above), strict=True)))


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
    daily = readings.daily_consumption(scope, start=predictions["start"].min().date())
    if daily.empty:
        return 0
    found = predictions.merge(_actuals(daily), on=["type", "device", "start"])
    found["now"] = accuracy(found["predictedValue"], found["actual"])
    changed = found[(found["actualValue"] != found["actual"]) | (found["accuracy"] != found["now"])]
    updates = [
        UpdateOne(scope.owned({"_id": _id}), {"$set": {"actualValue": actual, "accuracy": now}})
        for _id, actual, now in zip(
            changed["_id"], changed["actual"].tolist(), changed["now"].tolist(), strict=True
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


def _actuals(daily: pd.DataFrame) -> pd.DataFrame:
    """Return the kWh of every period that is over: type, device, start, actual."""
    days = whole_days(daily)
    days[FACILITY] = _facility(daily, days)
    parts: list[pd.DataFrame] = []
    for period in PERIODS:
        sums = period_sums(days, period).rename_axis(index="start")
        long = sums.melt(ignore_index=False, var_name="device", value_name="actual")
        parts.append(long.dropna().reset_index().assign(type=period))
    return pd.concat(parts, ignore_index=True)


def _facility(daily: pd.DataFrame, whole: pd.DataFrame) -> pd.Series:
    """Sum the kWh metered on each day that no device is still waited for."""
    last = last_known(whole)
    complete_to = last[last >= last.max() - LATEST_IMPORT].min()
    metered: pd.Series = daily.groupby("date")["consumption"].sum()
    complete: pd.Series = metered[metered.index <= complete_to].reindex(whole.index)
    return complete
