"""Whether the packed readings are the readings."""

from math import isclose

from bson import ObjectId

from services.readings.storage import blocks
from services.scope import Scope


def agrees(scope: Scope) -> bool:
    """Whether the packed readings of every device add up to its readings, in number and kWh."""
    group = {"_id": "$deviceId", "count": {"$sum": 1}, "kwh": {"$sum": "$consumption"}}
    stored = scope.db["consumption_data"].aggregate([{"$match": scope.owned()}, {"$group": group}])
    readings = {total["_id"]: (total["count"], total["kwh"]) for total in stored}
    packed: dict[ObjectId, tuple[int, float]] = {}
    for (device_id, _), found in blocks.find(scope, {}):
        count, kwh = packed.get(device_id, (0, 0.0))
        run = blocks.joined([blocks.run_of(block) for block in found])
        packed[device_id] = (count + len(run), kwh + float(run.kwh.sum()))
    return readings.keys() == packed.keys() and all(
        readings[device][0] == packed[device][0]
        and isclose(readings[device][1], packed[device][1], abs_tol=1e-9)
        for device in readings
    )
