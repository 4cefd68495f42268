"""The daily rollup: kWh, peak reading and number of readings of each device, place and local day."""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from math import isclose
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from bson import ObjectId

from services.readings.storage.arrangement import WORDS, Arrangement
from services.readings.storage.insertion import UNCONFIRMED, insert_new
from services.scope import Document, Scope

AT_ONCE = 20
"""Devices summed together, so that other threads get their turn in between."""


def refresh(scope: Scope, device_ids: Sequence[ObjectId], start: datetime, end: datetime) -> None:
    """Sum anew the local days of these devices from ``start`` to ``end`` (aware, both days included)."""
    if not device_ids:
        return
    zone = ZoneInfo(scope.timezone)
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    midnight = datetime.combine(first, time(), zone)
    next_midnight = datetime.combine(last + timedelta(days=1), time(), zone)
    days = {"$gte": as_label(first), "$lte": as_label(last)}
    devices = {"deviceId": {"$in": list(device_ids)}}
    scope.db["daily_consumption"].delete_many(scope.owned({**devices, "day": days}))
    readings = scope.owned({**devices, "date": {"$gte": midnight, "$lt": next_midnight}})
    scope.db["consumption_data"].aggregate(_pipeline(readings, scope.timezone))


def add(scope: Scope, arranged: Arrangement, device_ids: Collection[ObjectId]) -> None:
    """Sum the days of those devices among these that have no readings but the arranged ones."""
    days = scope.db["daily_consumption"].with_options(write_concern=UNCONFIRMED)
    wanted = np.isin(arranged.frame["device"], [i for i, d in enumerate(arranged.ids) if d in device_ids])
    new = arranged.frame[wanted]
    for _, part in new.groupby(new["device"] // AT_ONCE):
        documents = [
            scope.owned(
                {
                    "deviceId": arranged.ids[device],
                    "location": location,
                    "day": as_label(midnight),
                    "consumption": total,
                    "peak": peak,
                    "readings": count,
                }
            )
            for (device, location, midnight), total, peak, count in _sums(scope, arranged, part)
        ]
        insert_new(days, documents)


def _sums(scope: Scope, arranged: Arrangement, part: pd.DataFrame) -> Iterator[Any]:
    """(device, location, day), kWh, peak and number of readings of each day of a part."""
    instants, moments = pd.factorize(part["date"])
    midnights = pd.DatetimeIndex(moments, tz="UTC").tz_convert(scope.timezone).tz_localize(None).normalize()
    places = np.array([words[WORDS.index("location")] for words in arranged.words], dtype="object")
    keys = [part["device"], places[part["words"]], midnights.take(instants)]
    sums: pd.DataFrame = part["consumption"].groupby(keys).agg(["sum", "max", "size"])
    return sums.itertuples(name=None)


def agrees(scope: Scope) -> bool:
    """Whether the daily sums of every device add up to its readings, in number and kWh."""
    readings = _totals(scope, "consumption_data", {"$sum": 1})
    days = _totals(scope, "daily_consumption", {"$sum": "$readings"})
    return readings.keys() == days.keys() and all(
        readings[device][0] == days[device][0] and isclose(readings[device][1], days[device][1], abs_tol=1e-9)
        for device in readings
    )


def _totals(scope: Scope, collection: str, count: Document) -> dict[ObjectId, tuple[int, float]]:
    group = {"_id": "$deviceId", "count": count, "consumption": {"$sum": "$consumption"}}
    totals = scope.db[collection].aggregate([{"$match": scope.owned()}, {"$group": group}])
    return {total["_id"]: (total["count"], total["consumption"]) for total in totals}


def as_label(day: date) -> datetime:
    """A local day as it stands in `daily_consumption.day`: midnight UTC of the same calendar date."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _pipeline(readings: Document, timezone: str) -> list[Document]:
    local_midnight = {"$dateTrunc": {"date": "$date", "unit": "day", "timezone": timezone}}
    written = {"$dateToString": {"date": "$_id.day", "format": "%Y-%m-%d", "timezone": timezone}}
    return [
        {"$match": readings},
        {
            "$group": {
                "_id": {"deviceId": "$deviceId", "location": "$location", "day": local_midnight},
                "userId": {"$first": "$userId"},
                "consumption": {"$sum": "$consumption"},
                "peak": {"$max": "$consumption"},
                "readings": {"$sum": 1},
            }
        },
        {
            "$project": {
                "_id": False,
                "userId": True,
                "deviceId": "$_id.deviceId",
                "location": "$_id.location",
                "day": {"$dateFromString": {"dateString": written}},
                "consumption": True,
                "peak": True,
                "readings": True,
            }
        },
        {"$merge": {"into": "daily_consumption", "on": ["userId", "deviceId", "location", "day"]}},
    ]
