"""Pack each month of a device's readings in one place into one document, the source of all sums.

A block of `load_blocks` holds columns as `pack` packs them: ``at`` (milliseconds since the month began,
ascending), ``kwh`` (of a meter of what is no energy its quantity) and ``interval`` (seconds, 0 where
unknown). Months are those of UTC, so that a block does not depend on where the facility stands. ``revision``
changes whenever the block does.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import cached_property
from itertools import groupby
from typing import Any

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
from services.readings.parse_result import values_of
from services.readings.storage.bulk_insert import DUPLICATE_KEY, insert_new
from services.readings.storage.encoding import WORDS, SortedReadings
from services.scope import Document, Scope

Numbers = npt.NDArray[Any]

POWERS = 10.0 ** np.arange(7)
GLANCE = 16
"""So many values tell how many decimals the others are likely to have."""
WHOLE = {f"<i{size}": (-(1 << 8 * size - 1), (1 << 8 * size - 1) - 1) for size in (1, 2, 4, 8)}
MOST = WHOLE["<i4"][1]


def pack(values: Numbers) -> Document:
    """Return a column of at least one whole number or float64 as a document for the database.

    A column that goes up by the same step keeps its first value and the step. What meters say has few
    decimals: then the whole numbers are kept that a power of ten divides to the very same float64.
    """
    if (steady := _constant_step(values)) is not None:
        return {"first": values[0].item(), "step": steady}
    if values.dtype.kind == "i":
        return _pack_integers(values)
    decimals = _count_decimals(values)
    if decimals is None:
        return {"type": "<f8", "data": values.astype("<f8").tobytes()}
    return {**_pack_integers(np.rint(values * 10**decimals).astype("int64")), "decimals": decimals}


def unpack(packed: Document, count: int) -> Numbers:
    """Return the ``count`` numbers that `pack` packed; they may not be written to."""
    if "step" in packed:
        if packed["step"] == 0:
            return np.full(count, packed["first"])
        rising: Numbers = packed["first"] + packed["step"] * np.arange(count)
        return rising
    values: Numbers = np.frombuffer(packed["data"], packed["type"])
    if "decimals" in packed:
        exact: Numbers = values / 10 ** packed["decimals"]
        return exact
    return values if values.dtype.kind == "f" else values.astype("int64")


def _constant_step(values: Numbers) -> int | None:
    if values.dtype.kind == "f":
        return 0 if (values == values[0]).all() else None
    steps = np.diff(values)
    step = int(steps[0]) if len(steps) else 0
    return step if (steps == step).all() else None


def _pack_integers(values: Numbers) -> Document:
    least, most = int(values.min()), int(values.max())
    name = next(name for name, (lowest, highest) in WHOLE.items() if lowest <= least and most <= highest)
    return {"type": name, "data": values.astype(name).tobytes()}


def _count_decimals(values: Numbers) -> int | None:
    """Return how many decimals write all values exactly; None where they are too many."""
    glance = values[:GLANCE, np.newaxis]
    with np.errstate(over="ignore"):  # what grows beyond measure has no decimals
        likely = (np.rint(glance * POWERS) / POWERS == glance).all(axis=0)
    for decimals in np.flatnonzero(likely).tolist():
        whole = np.rint(values * 10**decimals)
        if (whole / 10**decimals == values).all() and np.abs(whole).max() < MOST:
            return int(decimals)
    return None


Int64s = npt.NDArray[np.int64]
Meter = tuple[ObjectId, str]
"""A device, and a place that its readings name."""


@dataclass(frozen=True)
class Run:
    """Readings, ascending; all columns of the same length."""

    at: Int64s
    """Milliseconds since 1970, UTC."""
    kwh: npt.NDArray[np.float64]
    """Of a meter of what is no energy: its quantity."""
    interval: Int64s
    """Seconds, 0 where unknown."""

    def __len__(self) -> int:
        return len(self.at)

    @cached_property
    def is_steady(self) -> bool:
        """Return whether all readings have one interval, be it unknown; at least one reading."""
        return bool(self.interval.min() == self.interval.max())

    def part(self, wanted: Any) -> "Run":
        """Return the readings at these positions."""
        return Run(self.at[wanted], self.kwh[wanted], self.interval[wanted])


def concatenate(runs: Sequence[Run]) -> Run:
    """Return one run behind the other."""
    if not runs:
        return Run(np.array([], "int64"), np.array([]), np.array([], "int64"))
    return Run(*(np.concatenate([getattr(run, f.name) for run in runs]) for f in fields(Run)))


def merge_runs(runs: Sequence[Run]) -> Run:
    """Return all readings of these runs, ascending."""
    both = concatenate(runs)
    return both if (both.at[1:] >= both.at[:-1]).all() else both.part(np.argsort(both.at, kind="stable"))


def between(run: Run, start: datetime | None, end: datetime | None) -> Run:
    """Return the readings from ``start`` to before ``end``."""
    first = np.searchsorted(run.at, np.ceil(start.timestamp() * 1000)) if start else 0
    return run.part(slice(first, np.searchsorted(run.at, np.ceil(end.timestamp() * 1000)) if end else None))


def split_by_month(meter: npt.NDArray[np.integer[Any]], run: Run) -> Iterator[tuple[int, datetime, Run]]:
    """Yield the readings of each meter (a number) in each month of UTC, sorted by meter and time."""
    month = run.at.astype("datetime64[ms]").astype("datetime64[M]")
    changes = np.flatnonzero((month[1:] != month[:-1]) | (meter[1:] != meter[:-1])) + 1
    begin = 0
    for end in [*changes.tolist(), len(run)] if len(run) else []:
        at_first = month[begin].astype("datetime64[s]").item()
        yield int(meter[begin]), at_first.replace(tzinfo=UTC), run.part(slice(begin, end))
        begin = end


def make_block(scope: Scope, meter: Meter, month: datetime, run: Run) -> Document:
    """Return the block of a month's readings, at least one."""
    device_id, location = meter
    return scope.owned(
        {
            "deviceId": device_id,
            "location": location,
            "month": month,
            "revision": ObjectId(),
            "start": _to_datetime(run.at[0]),
            "end": _to_datetime(run.at[-1]),
            "readings": len(run),
            "at": pack(run.at - _millis(month)),
            "kwh": pack(run.kwh),
            "interval": pack(run.interval),
        }
    )


def unpack_block(block: Document) -> Run:
    """Return the readings of a block."""
    at, kwh, interval = (unpack(block[column], block["readings"]) for column in ("at", "kwh", "interval"))
    return Run(at + _millis(block["month"]), kwh, interval)


def find_blocks(scope: Scope, query: Document) -> Iterator[tuple[Meter, list[Document]]]:
    """Yield the blocks that match, by device, place and month."""
    order = [("deviceId", 1), ("location", 1), ("month", 1)]
    found = scope.db["load_blocks"].find(scope.owned(query), {"userId": False}).sort(order)
    for meter, blocks in groupby(found, key=lambda block: (block["deviceId"], block["location"])):
        yield meter, list(blocks)


def _millis(moment: datetime) -> int:
    return round(moment.timestamp()) * 1000


def _to_datetime(millis: np.int64) -> datetime:
    moment: datetime = millis.astype("datetime64[ms]").item()
    return moment.replace(tzinfo=UTC)


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
        "quantity": pa.float64(),
        "interval": pa.float64(),
    }
)


def refresh_blocks(scope: Scope, device_ids: Sequence[ObjectId], start: datetime, end: datetime) -> None:
    """Pack anew what these devices have from ``start`` to ``end`` (aware, both included)."""
    if not device_ids:
        return
    with revision.changing(scope):
        for begin in range(0, len(device_ids), AT_ONCE):
            while not _refresh_once(scope, device_ids[begin : begin + AT_ONCE], start, end):
                pass  # another program has changed one of these blocks meanwhile


def add_blocks(scope: Scope, arranged: SortedReadings, device_ids: Collection[ObjectId]) -> None:
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
        for number, month, run in _split_frame(meter, frame):
            device, location = divmod(number, len(places))
            made.append(make_block(scope, (arranged.ids[device], places[location]), month, run))
            if len(made) == BATCH:
                insert_new(collection, made)
                made = []
        if made:
            insert_new(collection, made)


def rebuild_blocks(db: Database[Document]) -> None:
    """Pack the readings of all users, of which nothing was packed."""
    for user_id in db["consumption_data"].distinct("userId"):
        scope = Scope(db, user_id, "user", "UTC")
        device_ids = db["consumption_data"].distinct("deviceId", scope.owned())
        refresh_blocks(scope, device_ids, *ALWAYS)


def _refresh_once(scope: Scope, device_ids: Sequence[ObjectId], start: datetime, end: datetime) -> bool:
    """Return whether nobody came in between: a block that is not as it was found is not written over."""
    devices = {"deviceId": {"$in": list(device_ids)}}
    first = start.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    stored = {
        (meter, block["month"]): block
        for meter, found in find_blocks(scope, {**devices, "month": {"$gte": first, "$lte": end}})
        for block in found
    }
    readings = dict(_readings(scope, {**devices, "date": {"$gte": start, "$lte": end}}))
    bounds = (start.timestamp() * 1000, end.timestamp() * 1000)
    writes = [
        _block_update(scope, meter, month, stored.get((meter, month)), readings.get((meter, month)), bounds)
        for meter, month in stored.keys() | readings.keys()
    ]
    return _write_all(scope, writes)


def _readings(scope: Scope, query: Document) -> Iterator[tuple[tuple[Meter, datetime], Run]]:
    frame = find_pandas_all(scope.db["consumption_data"], scope.owned(query), schema=READING)
    frame["seconds"] = frame["interval"].fillna(0).astype("int64")
    device, devices = pd.factorize(frame["deviceId"])
    place, places = pd.factorize(frame["location"].fillna(""))
    order = np.lexsort((frame["date"], place, device))
    for number, month, run in _split_frame((device * len(places) + place)[order], frame.iloc[order]):
        at_device, at_place = divmod(number, len(places))
        yield ((ObjectId(devices[at_device]), places[at_place]), month), run


def _split_frame(meter: npt.NDArray[np.int64], frame: pd.DataFrame) -> Iterator[tuple[int, datetime, Run]]:
    """Yield the readings of each meter (a number) in each month; each meter's are ascending."""
    at = frame["date"].to_numpy().astype("datetime64[ms]").astype("int64")
    run = Run(at, values_of(frame).to_numpy(), frame["seconds"].to_numpy())
    if (meter[1:] < meter[:-1]).any():
        order = np.argsort(meter, kind="stable")
        meter, run = meter[order], run.part(order)
    return split_by_month(meter, run)


def _block_update(
    scope: Scope,
    meter: Meter,
    month: datetime,
    block: Document | None,
    readings: Run | None,
    bounds: tuple[float, float],
) -> Write:
    """Return the write by which the stored block holds exactly these readings within the bounds (ms)."""
    parts = [readings] if readings else []
    if block:
        before = unpack_block(block)
        parts.append(before.part((before.at < bounds[0]) | (before.at > bounds[1])))
    both = merge_runs(parts)
    as_found = {"_id": block["_id"], "revision": block["revision"]} if block else {}
    if not len(both):
        return DeleteOne(as_found)
    renewed = make_block(scope, meter, month, both)
    return UpdateOne(as_found, {"$set": renewed}) if block else InsertOne(renewed)


def _write_all(scope: Scope, writes: Sequence[Write]) -> bool:
    """Return whether every write found its block as it was."""
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
