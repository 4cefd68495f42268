"""Readings that are there already, and those whose value an import replaces."""

from collections.abc import Collection
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd
from bson import ObjectId
from pymongo import UpdateOne
from pymongoarrow.api import Schema, find_pandas_all

from services.database.patience import patiently
from services.errors import LoadlensError
from services.progress import Progress
from services.readings.storage.arrangement import Arrangement
from services.scope import Document, Scope

Lengths = npt.NDArray[np.float64]

BATCH = 2000
OF_A_VALUE = ("consumption", "seconds", "importId")
"""The fields of a reading that a replacement changes, and that are kept to change them back."""

VALUES = Schema({"date": datetime, "consumption": float, "seconds": float})
ANOTHER_LENGTH = 1.5
"""Intervals so many times as long are of another kind; months and late registers differ by less."""


class OverlapRefused(LoadlensError):
    """A device has readings of another interval length at the same times."""


def values_before(scope: Scope, arranged: Arrangement, new_devices: Collection[ObjectId]) -> pd.Series:
    """The stored kWh of each reading of the arrangement, NaN where there is none.

    Raises `OverlapRefused` for a device most of whose stored readings at these times are of another
    interval length: to replace them would lose the energy of the others, or count it twice.
    """
    before = pd.Series(float("nan"), index=arranged.frame.index)
    for device_id, part in arranged.parts():
        if device_id in new_devices or part.empty:
            continue
        span = {"$gte": part["date"].iloc[0].to_pydatetime(), "$lte": part["date"].iloc[-1].to_pydatetime()}
        query = scope.owned({"deviceId": device_id, "date": span})
        stored = find_pandas_all(scope.db["consumption_data"], query, schema=VALUES)
        if len(stored):
            instants = pd.DatetimeIndex(stored["date"]).as_unit("ms").tz_localize(None)
            found = stored.set_index(instants).reindex(pd.DatetimeIndex(part["date"]))
            _check_lengths(scope, device_id, found["seconds"].to_numpy(), part["seconds"].to_numpy())
            before.loc[part.index] = found["consumption"].to_numpy()
    return before


def replace(scope: Scope, differing: Arrangement, import_id: ObjectId, progress: Progress) -> None:
    """Give stored readings the values of these; the old ones are kept under the import."""
    done = 0
    for device_id, part in differing.parts():
        for begin in range(0, len(part), BATCH):
            progress("Replacing values", done, len(differing.frame))
            some = part.iloc[begin : begin + BATCH]
            patiently(_replace, scope, device_id, some, import_id, progress=progress)
            done += len(part.iloc[begin : begin + BATCH])


def restore(scope: Scope, import_id: ObjectId) -> None:
    """Give readings that the import replaced their old values back, and forget these."""
    replaced = scope.db["replaced_readings"]
    while kept := list(replaced.find(scope.owned({"importId": import_id})).limit(BATCH)):
        scope.db["consumption_data"].bulk_write(
            [
                UpdateOne(
                    scope.owned({"deviceId": k["deviceId"], "date": k["date"], "importId": import_id}),
                    {"$set": k["old"]},
                )
                for k in kept
            ],
            ordered=False,
        )
        replaced.delete_many({"_id": {"$in": [k["_id"] for k in kept]}})


def _check_lengths(scope: Scope, device_id: ObjectId, stored: Lengths, given: Lengths) -> None:
    both = (stored > 0) & (given > 0)
    if not both.any():
        return
    was, would_be = float(np.median(stored[both])), float(np.median(given[both]))
    if max(was, would_be) < ANOTHER_LENGTH * min(was, would_be):
        return
    device = scope.db["devices"].find_one(scope.owned({"_id": device_id})) or {}
    raise OverlapRefused(
        "{device} has readings of {was} minutes at times for which this file has readings of {would_be} "
        "minutes; both would count its energy twice. Undo the import of the others, or name the meter "
        "differently.",
        device=device.get("name", ""),
        was=f"{was / 60:g}",
        would_be=f"{would_be / 60:g}",
    )


def _replace(scope: Scope, device_id: ObjectId, part: pd.DataFrame, import_id: ObjectId) -> None:
    dates = [date.to_pydatetime() for date in part["date"].dt.tz_localize("UTC")]
    of_device = scope.owned({"deviceId": device_id})
    # Done again after a lost connection, it finds values that are replaced already: those are not the old.
    old = {**of_device, "date": {"$in": dates}, "importId": {"$ne": import_id}}
    stored = scope.db["consumption_data"].find(old)
    kept: list[Document] = [
        {
            **of_device,
            "date": reading["date"],
            "importId": import_id,
            "old": {field: reading.get(field) for field in OF_A_VALUE},
        }
        for reading in stored
    ]
    # The old values are safe before the first is overwritten.
    if kept:
        scope.db["replaced_readings"].insert_many(kept)
    scope.db["consumption_data"].bulk_write(
        [
            UpdateOne(
                {**of_device, "date": date},
                {"$set": {"consumption": kwh, "seconds": seconds, "importId": import_id}},
            )
            for date, kwh, seconds in zip(
                dates, part["consumption"].tolist(), part["seconds"].tolist(), strict=True
            )
        ],
        ordered=False,
    )
