"""The packed months of readings, kept equal to the readings themselves."""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from bson import ObjectId
from pymongo import DeleteOne, InsertOne, UpdateOne
from pymongo.database import Database
from pymongo.errors import BulkWriteError
from pymongoarrow.api import Schema, find_pandas_all
from pymongoarrow.types import ObjectIdType

from services import revision
from services.database import deployment
from services.readings.storage import blocks
from services.readings.storage.arrangement import WORDS, Arrangement
from services.readings.storage.blocks import Meter, Run
from services.readings.storage.insertion import DUPLICATE_KEY, insert_new
from services.scope import Document, Scope

Write = InsertOne[Document] | UpdateOne | DeleteOne

ALWAYS = (datetime(1, 2, 1, tzinfo=UTC), datetime(9999, 12, 1, tzinfo=UTC))
AT_ONCE = 10
"""Devices whose readings are in memory together."""
BATCH = 200
"""Blocks in one command."""
READING = Schema(
    {
        "deviceId": ObjectIdType(),
        "location": pa.string(),
        "date": pa.timestamp("ms"),
        "consumption": pa.float64(),
        "seconds": pa.float64(),
    }
)


def refresh(scope: Scope, device_ids: Sequence[ObjectId], start: datetime, end: datetime) -> None:
    """Pack anew what these devices have from ``start`` to ``end`` (aware, both included)."""
    if not device_ids:
        return
    with revision.changing(scope):
        for begin in range(0, len(device_ids), AT_ONCE):
            while not _refreshed(scope, device_ids[begin : begin + AT_ONCE], start, end):
                pass  # another program has changed one of these blocks meanwhile


def add(scope: Scope, arranged: Arrangement, device_ids: Collection[ObjectId]) -> None:
    """Pack the readings of those devices among these that have none but the arranged ones."""
    collection = deployment.bulk_collection(scope.db, "load_blocks")
    wanted = set(device_ids)
    new = np.array([device_id in wanted for device_id in arranged.ids])
    frame = arranged.frame if new.all() else arranged.frame[new[arranged.frame["device"]]]
    place, places = pd.factorize(
        np.array([words[WORDS.index("location")] for words in arranged.words], "object")
    )
    meter = frame["device"].to_numpy() * len(places) + place[frame["words"]]
    made: list[Document] = []
    with revision.changing(scope):
        for number, month, run in _months(meter, frame):
            device, location = divmod(number, len(places))
            made.append(blocks.document(scope, (arranged.ids[device], places[location]), month, run))
            if len(made) == BATCH:
                insert_new(collection, made)
                made = []
        if made:
            insert_new(collection, made)


def rebuild(db: Database[Document]) -> None:
    """Pack the readings of all users, of which nothing was packed."""
    for user_id in db["consumption_data"].distinct("userId"):
        scope = Scope(db, user_id, "user", "UTC")
        device_ids = db["consumption_data"].distinct("deviceId", scope.owned())
        refresh(scope, device_ids, *ALWAYS)


def _refreshed(scope: Scope, device_ids: Sequence[ObjectId], start: datetime, end: datetime) -> bool:
    """Whether nobody came in between: a block that is not as it was found is not written over."""
    devices = {"deviceId": {"$in": list(device_ids)}}
    first = start.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    stored = {
        (meter, block["month"]): block
        for meter, found in blocks.find(scope, {**devices, "month": {"$gte": first, "$lte": end}})
        for block in found
    }
    readings = dict(_readings(scope, {**devices, "date": {"$gte": start, "$lte": end}}))
    bounds = (start.timestamp() * 1000, end.timestamp() * 1000)
    writes = [
        _write(scope, meter, month, stored.get((meter, month)), readings.get((meter, month)), bounds)
        for meter, month in stored.keys() | readings.keys()
    ]
    return _written(scope, writes)


def _readings(scope: Scope, query: Document) -> Iterator[tuple[tuple[Meter, datetime], Run]]:
    frame = find_pandas_all(scope.db["consumption_data"], scope.owned(query), schema=READING)
    frame["seconds"] = frame["seconds"].fillna(0).astype("int64")
    device, devices = pd.factorize(frame["deviceId"])
    place, places = pd.factorize(frame["location"].fillna(""))
    order = np.lexsort((frame["date"], place, device))
    for number, month, run in _months((device * len(places) + place)[order], frame.iloc[order]):
        at_device, at_place = divmod(number, len(places))
        yield ((ObjectId(devices[at_device]), places[at_place]), month), run


def _months(meter: npt.NDArray[np.int64], frame: pd.DataFrame) -> Iterator[tuple[int, datetime, Run]]:
    """The readings of each meter (a number) in each month; each meter's are ascending."""
    at = frame["date"].to_numpy().astype("datetime64[ms]").astype("int64")
    run = Run(at, frame["consumption"].to_numpy(), frame["seconds"].to_numpy())
    if (meter[1:] < meter[:-1]).any():
        order = np.argsort(meter, kind="stable")
        meter, run = meter[order], run.part(order)
    return blocks.months(meter, run)


def _write(
    scope: Scope,
    meter: Meter,
    month: datetime,
    block: Document | None,
    readings: Run | None,
    bounds: tuple[float, float],
) -> Write:
    """What makes of the stored block one that holds these readings within the bounds (ms), and no others."""
    parts = [readings] if readings else []
    if block:
        before = blocks.run_of(block)
        parts.append(before.part((before.at < bounds[0]) | (before.at > bounds[1])))
    both = blocks.in_order(parts)
    as_found = {"_id": block["_id"], "revision": block["revision"]} if block else {}
    if not len(both):
        return DeleteOne(as_found)
    renewed = blocks.document(scope, meter, month, both)
    return UpdateOne(as_found, {"$set": renewed}) if block else InsertOne(renewed)


def _written(scope: Scope, writes: Sequence[Write]) -> bool:
    """Whether every write found its block as it was."""
    if not writes:
        return True
    collection = deployment.bulk_collection(scope.db, "load_blocks")
    try:
        done = collection.bulk_write(writes, ordered=False)
    except BulkWriteError as error:
        if any(failure["code"] != DUPLICATE_KEY for failure in error.details["writeErrors"]):
            raise
        return False
    return done.matched_count + done.inserted_count + done.deleted_count == len(writes)
