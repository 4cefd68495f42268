"""Predictions in the database.

`timestamp` is the period's first day as `day_label.as_label` writes it: midnight UTC of the
facility's calendar date. `deviceId` None is the whole facility.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

import pandas as pd
from bson import ObjectId
from pymongo import DeleteMany, UpdateOne

from services.day_label import as_label
from services.forecasts.periods import FACILITY
from services.scope import Document, Scope

UNKNOWN = {"actualValue": None, "accuracy": None}
BOUNDS = {"lower_80": "lower80", "upper_80": "upper80", "lower_95": "lower95", "upper_95": "upper95"}
"""Columns of predictions about the future, and the fields they are kept in."""


def replace(scope: Scope, model: str, predictions: pd.DataFrame, held_out: bool) -> None:
    """Store predictions (type, device, start, predicted) of a model in the place of its earlier ones.

    Bounds (`BOUNDS`) are stored where there are any.

    Those about the future that have come true are kept. The new are there before the old go, so that
    whatever interrupts this, none is missing.
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
    for period, device, start, told in zip(*columns, values, strict=True):
        identity = {
            "deviceId": None if device == FACILITY else ObjectId(device),
            "type": period,
            "timestamp": as_label(start),
            "modelUsed": model,
            "heldOut": held_out,
        }
        yield identity, told
