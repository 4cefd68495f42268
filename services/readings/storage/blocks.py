"""A month of the readings of one device in one place in one document, `load_blocks`: what all sums come from.

A block holds columns as `packing` packs them: ``at`` (milliseconds since the month began, ascending),
``kwh`` and ``interval`` (seconds, 0 where unknown). Months are those of UTC, so that a block does not depend
on where the facility stands. ``revision`` changes whenever the block does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt
from bson import ObjectId

from services.readings.storage.packing import pack, unpack
from services.scope import Document, Scope

Whole = npt.NDArray[np.int64]
Meter = tuple[ObjectId, str]
"""A device, and a place that its readings name."""


@dataclass(frozen=True)
class Run:
    """Readings, ascending; all columns of the same length."""

    at: Whole
    """Milliseconds since 1970, UTC."""
    kwh: npt.NDArray[np.float64]
    interval: Whole
    """Seconds, 0 where unknown."""

    def __len__(self) -> int:
        return len(self.at)

    def part(self, wanted: Any) -> "Run":
        """The readings at these positions."""
        return Run(self.at[wanted], self.kwh[wanted], self.interval[wanted])


def joined(runs: Sequence[Run]) -> Run:
    """One run behind the other."""
    if not runs:
        return Run(np.array([], "int64"), np.array([]), np.array([], "int64"))
    return Run(*(np.concatenate([getattr(run, f.name) for run in runs]) for f in fields(Run)))


def in_order(runs: Sequence[Run]) -> Run:
    """All readings of these runs, ascending."""
    both = joined(runs)
    return both if (both.at[1:] >= both.at[:-1]).all() else both.part(np.argsort(both.at, kind="stable"))


def between(run: Run, start: datetime | None, end: datetime | None) -> Run:
    """The readings from ``start`` to before ``end``."""
    first = np.searchsorted(run.at, np.ceil(start.timestamp() * 1000)) if start else 0
    return run.part(slice(first, np.searchsorted(run.at, np.ceil(end.timestamp() * 1000)) if end else None))


def months(meter: npt.NDArray[np.integer[Any]], run: Run) -> Iterator[tuple[int, datetime, Run]]:
    """The readings of each meter (a number) in each month of UTC; they are ascending by meter and time."""
    month = run.at.astype("datetime64[ms]").astype("datetime64[M]")
    changes = np.flatnonzero((month[1:] != month[:-1]) | (meter[1:] != meter[:-1])) + 1
    begin = 0
    for end in [*changes.tolist(), len(run)] if len(run) else []:
        at_first = month[begin].astype("datetime64[s]").item()
        yield int(meter[begin]), at_first.replace(tzinfo=UTC), run.part(slice(begin, end))
        begin = end


def document(scope: Scope, meter: Meter, month: datetime, run: Run) -> Document:
    """The block of a month's readings, at least one."""
    device_id, location = meter
    return scope.owned(
        {
            "deviceId": device_id,
            "location": location,
            "month": month,
            "revision": ObjectId(),
            "start": _moment(run.at[0]),
            "end": _moment(run.at[-1]),
            "readings": len(run),
            "at": pack(run.at - _millis(month)),
            "kwh": pack(run.kwh),
            "interval": pack(run.interval),
        }
    )


def run_of(block: Document) -> Run:
    """The readings of a block."""
    at, kwh, interval = (unpack(block[column], block["readings"]) for column in ("at", "kwh", "interval"))
    return Run(at + _millis(block["month"]), kwh, interval)


def find(scope: Scope, query: Document) -> Iterator[tuple[Meter, list[Document]]]:
    """The blocks that match, by device, place and month."""
    order = [("deviceId", 1), ("location", 1), ("month", 1)]
    found = scope.db["load_blocks"].find(scope.owned(query), {"userId": False}).sort(order)
    for meter, blocks in groupby(found, key=lambda block: (block["deviceId"], block["location"])):
        yield meter, list(blocks)


def _millis(moment: datetime) -> int:
    return round(moment.timestamp()) * 1000


def _moment(millis: np.int64) -> datetime:
    moment: datetime = millis.astype("datetime64[ms]").item()
    return moment.replace(tzinfo=UTC)
