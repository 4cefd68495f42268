"""Interval data and daily consumption out of the database."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
import pyarrow as pa
from bson import ObjectId
from pymongoarrow.api import Schema, find_arrow_all, find_pandas_all
from pymongoarrow.types import ObjectIdType

from services.readings.storage.rollup import as_label
from services.scope import Document, Scope

READING = Schema({"date": pa.timestamp("ms"), "consumption": pa.float64()})
DAY = Schema(
    {
        "deviceId": ObjectIdType(),
        "day": pa.timestamp("ms"),
        "consumption": pa.float64(),
        "readings": pa.int64(),
        "peak": pa.float64(),
    }
)


def interval_data(
    scope: Scope,
    start: datetime | None = None,
    end: datetime | None = None,
    device_ids: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Readings from ``start`` to before ``end`` (aware), by device and time.

    Columns: deviceId (text), device (name), date (start of the interval in the facility's time zone),
    consumption (kWh in the interval).
    """
    names = _names(scope, device_ids)
    within = _between(start, end, "$lt")
    parts = []
    for device_id, name in names.items():
        query = scope.owned({"deviceId": ObjectId(device_id), **({"date": within} if within else {})})
        table = find_arrow_all(scope.db["consumption_data"], query, schema=READING, sort=[("date", 1)])
        parts.append(table.to_pandas().assign(deviceId=device_id, device=name))
    if not parts:
        parts = [pd.DataFrame({"date": [], "consumption": [], "deviceId": [], "device": []})]
    frame = pd.concat(parts, ignore_index=True)
    instants = frame["date"].astype("datetime64[ms]").dt.tz_localize("UTC")
    frame["date"] = instants.dt.tz_convert(scope.timezone)
    wanted: pd.DataFrame = frame[["deviceId", "device", "date", "consumption"]]
    return wanted


def daily_consumption(
    scope: Scope,
    start: date | None = None,
    end: date | None = None,
    device_ids: Sequence[str] | None = None,
    locations: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Consumption of each device on each local day from ``start`` to ``end`` (both included).

    Columns: deviceId (text), device (name), date (the day, naive), consumption (kWh), readings (how
    many), peak (highest reading, kWh); by device and day.
    """
    names = _names(scope, device_ids)
    query: Document = {"deviceId": {"$in": [ObjectId(device_id) for device_id in names]}}
    if within := _between(start and as_label(start), end and as_label(end), "$lte"):
        query["day"] = within
    if locations:
        query["location"] = {"$in": list(locations)}
    frame = find_pandas_all(scope.db["daily_consumption"], scope.owned(query), schema=DAY)
    frame["deviceId"] = [str(ObjectId(raw)) for raw in frame["deviceId"]]
    # A device that stands in two places on one day is one device.
    days = frame.groupby(["deviceId", "day"], as_index=False).agg(
        consumption=("consumption", "sum"), readings=("readings", "sum"), peak=("peak", "max")
    )
    days["device"] = days["deviceId"].map(names)
    days["date"] = days["day"].astype("datetime64[ms]")
    columns = ["deviceId", "device", "date", "consumption", "readings", "peak"]
    ordered: pd.DataFrame = days.sort_values(["device", "date"], ignore_index=True)[columns]
    return ordered


def span(scope: Scope) -> tuple[date, date] | None:
    """The first and the last local day with readings, or None without any."""
    days = scope.db["daily_consumption"]
    first = days.find_one(scope.owned(), sort=[("day", 1)])
    last = days.find_one(scope.owned(), sort=[("day", -1)])
    return (first["day"].date(), last["day"].date()) if first and last else None


def locations(scope: Scope) -> list[str]:
    """The places that readings name, in alphabetical order."""
    named = scope.db["daily_consumption"].distinct("location", scope.owned())
    return sorted(place for place in named if place)


def _names(scope: Scope, device_ids: Sequence[str] | None) -> dict[str, str]:
    query: Document = {} if device_ids is None else {"_id": {"$in": [ObjectId(i) for i in device_ids]}}
    found = scope.db["devices"].find(scope.owned(query), {"name": True}).sort("name")
    return {str(device["_id"]): device["name"] for device in found}


def _between(start: Any, end: Any, upper: str) -> Document:
    return {**({"$gte": start} if start else {}), **({upper: end} if end else {})}
