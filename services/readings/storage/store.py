"""Readings into the database: all of a file, or nothing of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from bson import ObjectId
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError
from pymongoarrow.api import Schema, find_pandas_all

from services import devices
from services.progress import Progress
from services.readings.storage import history, rollup
from services.readings.storage.encode import documents
from services.readings.validate import Readings
from services.scope import Scope

BATCH = 5000
STAGE = "Storing readings"
DUPLICATE_KEY = 11000

VALUES = Schema({"date": datetime, "consumption": float})


@dataclass(frozen=True)
class Stored:
    """What became of a file's readings, and what they made known that was not."""

    import_id: str
    device_ids: list[str]
    added: int
    already_there: int
    changed: int
    new_devices: list[str]
    new_categories: list[str]


def store(scope: Scope, readings: Readings, file: str, progress: Progress) -> Stored:
    """Add the readings that are new and replace the values that differ, with the daily rollup.

    Unknown devices and categories are made. On any error, and when ``progress`` raises `Cancelled`,
    everything is taken back before the error goes on.
    """
    import_id = history.begin(scope, file)
    try:
        stored = _store(scope, readings.frame, import_id, progress)
    except BaseException:
        history.roll_back(scope, import_id)
        raise
    history.finish(
        scope,
        import_id,
        {
            "rows": readings.rows_read,
            "added": stored.added,
            "alreadyThere": stored.already_there + readings.repeated,
            "changed": stored.changed,
            "refused": len(readings.refused),
        },
    )
    return stored


def _store(scope: Scope, frame: pd.DataFrame, import_id: ObjectId, progress: Progress) -> Stored:
    if frame.empty:
        return Stored(str(import_id), [], 0, 0, 0, [], [])
    start, end = frame["date"].min().to_pydatetime(), frame["date"].max().to_pydatetime()
    named = frame.drop_duplicates("device")
    known = devices.plan(scope, dict(zip(named["device"], named["category"], strict=True)))
    history.note_extent(scope, import_id, known.created, list(known.ids.values()), start, end)
    devices.create(scope, known)
    # Two spellings of a name are one device.
    frame = frame.assign(deviceId=frame["device"].map(known.ids)).drop_duplicates(["deviceId", "date"])
    frame["before"] = _values_before(scope, frame, known.created.device_ids)
    new = frame[frame["before"].isna()]
    differing = frame[frame["before"].notna() & (frame["before"] != frame["consumption"])]
    _replace(scope, differing, import_id)
    raced = _add(scope, new, import_id, progress)
    progress("Summing days", 0, 1)
    rollup.refresh(scope, list(known.ids.values()), start, end)
    return Stored(
        str(import_id),
        [str(device_id) for device_id in known.ids.values()],
        added=len(new) - raced,
        already_there=len(frame) - len(new) - len(differing) + raced,
        changed=len(differing),
        new_devices=known.new_devices,
        new_categories=known.new_categories,
    )


def _values_before(scope: Scope, frame: pd.DataFrame, new_devices: list[ObjectId]) -> pd.Series:
    """The stored kWh of each reading of the frame, NaN where there is none."""
    before = pd.Series(float("nan"), index=frame.index)
    for device_id, part in frame.groupby("deviceId", sort=False):
        if device_id in new_devices:
            continue
        span = {"$gte": part["date"].min().to_pydatetime(), "$lte": part["date"].max().to_pydatetime()}
        query = scope.owned({"deviceId": device_id, "date": span})
        stored = find_pandas_all(scope.db["consumption_data"], query, schema=VALUES)
        if len(stored):
            instants = pd.DatetimeIndex(stored["date"]).as_unit("ms").tz_localize(None)
            values = pd.Series(stored["consumption"].to_numpy(), index=instants)
            wanted = pd.DatetimeIndex(part["date"]).tz_localize(None).as_unit("ms")
            before.loc[part.index] = values.reindex(wanted).to_numpy()
    return before


def _replace(scope: Scope, differing: pd.DataFrame, import_id: ObjectId) -> None:
    for batch in _batches(differing):
        identities = [
            scope.owned({"deviceId": device_id, "date": date})
            for device_id, date in zip(batch["deviceId"], batch["date"].dt.to_pydatetime(), strict=True)
        ]
        # The old values are safe before the first is overwritten.
        scope.db["replaced_readings"].insert_many(
            [
                {**identity, "importId": import_id, "consumption": value}
                for identity, value in zip(identities, batch["before"].tolist(), strict=True)
            ]
        )
        scope.db["consumption_data"].bulk_write(
            [
                UpdateOne(identity, {"$set": {"consumption": value}})
                for identity, value in zip(identities, batch["consumption"].tolist(), strict=True)
            ],
            ordered=False,
        )


def _add(scope: Scope, new: pd.DataFrame, import_id: ObjectId, progress: Progress) -> int:
    """Insert the readings; how many another program stored at the same moment."""
    raced = 0
    done = 0
    # In the order of the unique index, so that it grows at one end for each device.
    for batch in _batches(new.sort_values(["deviceId", "date"])):
        progress(STAGE, done, len(new))
        try:
            scope.db["consumption_data"].insert_many(documents(scope, batch, import_id), ordered=False)
        except BulkWriteError as error:
            failures = error.details["writeErrors"]
            if any(failure["code"] != DUPLICATE_KEY for failure in failures):
                raise
            raced += len(failures)
        done += len(batch)
    progress(STAGE, done, len(new))
    return raced


def _batches(frame: pd.DataFrame) -> Iterator[pd.DataFrame]:
    for begin in range(0, len(frame), BATCH):
        yield frame.iloc[begin : begin + BATCH]
