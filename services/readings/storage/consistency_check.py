"""Whether the packed readings are the readings."""

from collections.abc import Sequence
from math import isclose

from bson import ObjectId

from services import revision
from services.messages import N_
from services.progress import Progress, silent
from services.readings.storage import monthly_blocks
from services.scope import Scope

STAGE = N_("Comparing packed readings")
AT_ONCE = 5
"""Devices whose readings are summed by one command, which nobody can cancel."""

Totals = dict[ObjectId, tuple[int, float]]


def is_consistent(scope: Scope, progress: Progress = silent) -> bool:
    """Return whether the packed readings of every device add up to its readings, in number and kWh.

    Raises whatever ``progress`` raises.
    """
    devices = sorted(
        {
            device_id
            for collection in ("consumption_data", "load_blocks")
            for device_id in scope.db[collection].distinct("deviceId", scope.owned())
        },
        key=str,
    )
    for begin in range(0, len(devices), AT_ONCE):
        progress(STAGE, begin, len(devices))
        if not _devices_agree(scope, devices[begin : begin + AT_ONCE]):
            return False
    progress(STAGE, len(devices), len(devices))
    return True


def _devices_agree(scope: Scope, devices: Sequence[ObjectId]) -> bool:
    """Return whether blocks and readings have the same totals; anew if the readings changed meanwhile."""
    while True:
        before = revision.current(scope)
        readings, packed = _totals(scope, devices), _packed_totals(scope, devices)
        same = readings.keys() == packed.keys() and all(
            readings[device][0] == packed[device][0]
            and isclose(readings[device][1], packed[device][1], abs_tol=1e-9)
            for device in readings
        )
        if same or revision.current(scope) == before:
            return same


def _totals(scope: Scope, devices: Sequence[ObjectId]) -> Totals:
    match = {"$match": scope.owned({"deviceId": {"$in": list(devices)}})}
    group = {
        "_id": "$deviceId",
        "count": {"$sum": 1},
        "kwh": {"$sum": {"$ifNull": ["$consumption", "$quantity"]}},
    }
    stored = scope.db["consumption_data"].aggregate([match, {"$group": group}])
    return {total["_id"]: (total["count"], total["kwh"]) for total in stored}


def _packed_totals(scope: Scope, devices: Sequence[ObjectId]) -> Totals:
    packed: Totals = {}
    for (device_id, _), found in monthly_blocks.find_blocks(scope, {"deviceId": {"$in": list(devices)}}):
        count, kwh = packed.get(device_id, (0, 0.0))
        run = monthly_blocks.concatenate([monthly_blocks.unpack_block(block) for block in found])
        packed[device_id] = (count + len(run), kwh + float(run.kwh.sum()))
    return packed
