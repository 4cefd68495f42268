"""Keep readings that are not plausible aside: out of all sums, until somebody keeps them.

They lie in `implausible_readings` as they would in `consumption_data`, with ``reason``, ``state``
(left out or kept) and the import that brought them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from bson import ObjectId
from pymongo import UpdateOne

from services import devices, ids
from services.database.locks import shared_lock
from services.messages import formats, gettext
from services.names import name_key
from services.readings.parse_result import Readings
from services.readings.plausibility import REASONS, Known, find_implausible, robust_demand
from services.readings.storage import monthly_blocks
from services.scope import Document, Scope
from services.typed import typed

State = Literal["left out", "kept"]
COLLECTION = "implausible_readings"
FEW = 200
"""Readings of a meter in a file that tell little of what it usually reads."""
RECENT = 13
"""Months of readings that tell what a meter usually reads."""
OF_A_READING = ("date", "consumption", "quantity", "interval", "category", "location", "notes", "estimated")


@dataclass(frozen=True)
class ImplausibleReading:
    """A reading that is not plausible, and what became of it."""

    id: str
    device_id: str
    device: str
    start: datetime
    """UTC, as ``end``."""
    end: datetime
    consumption: float | None
    """kWh; None of what is no energy."""
    quantity: float | None
    """In the meter's unit, None where that is kWh."""
    unit: str
    """The meter's."""
    reason: str
    """A key of `plausibility.REASONS`."""
    state: State


def describe_implausible(reading: ImplausibleReading, zone: str) -> str:
    """Return a reading and why it is not plausible, in a line; ``zone`` is the time zone of its date."""
    when = reading.start.astimezone(ZoneInfo(zone))
    value = reading.quantity if reading.consumption is None else reading.consumption
    return gettext(
        "{date} {time}, {value} {unit}: {reason}",
        date=formats().day(when.date()),
        time=formats().time(when),
        value=formats().number(value or 0.0, 1),
        unit="kWh" if reading.consumption is not None else reading.unit,
        reason=gettext(reading.reason),
    )


@typed
def set_implausible_aside(scope: Scope, readings: Readings) -> Readings:
    """Return the readings without those that are not plausible, which are in its ``implausible``.

    What is stored with the same value, be it that somebody kept it, stays.
    """
    found = find_implausible(readings.frame)
    known = _known(scope, readings.frame, found)
    if known:
        of_known = readings.frame["device"].isin(list(known))
        anew = find_implausible(readings.frame[of_known], known)
        others = found[~found.index.isin(readings.frame.index[of_known])]
        found = pd.concat([others, anew]).sort_index()
    aside = readings.frame.loc[found.index].assign(reason=found)
    aside = aside[~_stored(scope, aside)]
    if aside.empty:
        return readings
    return replace(readings, frame=readings.frame.drop(aside.index), implausible=aside)


def _known(scope: Scope, frame: pd.DataFrame, found: pd.Series) -> dict[str, Known]:
    """Return what is known of the meters that have such readings, or too few to tell; by their names."""
    counts = frame["device"].value_counts()
    names = {*frame["device"].loc[found.index].unique(), *counts.index[counts < FEW]}
    stored = {name_key(device.name): device for device in devices.list_devices(scope)} if names else {}
    there = {str(name): stored[name_key(name)] for name in names if name_key(name) in stored}
    highest = _stored_highest(scope, [ObjectId(device.id) for device in there.values()])
    return {
        name: Known(
            highest.get(device.id, 0.0),
            device.rated_power / 1000 if device.rated_power and device.utility == "electricity" else None,
        )
        for name, device in there.items()
    }


def _stored_highest(scope: Scope, device_ids: Sequence[ObjectId]) -> dict[str, float]:
    """Return the robust maximum of devices' stored readings, per hour."""
    if not device_ids:
        return {}
    found: dict[str, float] = {}
    for (device_id, _), blocks in monthly_blocks.find_blocks(scope, {"deviceId": {"$in": list(device_ids)}}):
        run = monthly_blocks.concatenate([monthly_blocks.unpack_block(block) for block in blocks[-RECENT:]])
        timed = run.part(run.interval > 0)
        demand = timed.kwh / timed.interval * 3600
        high = float(robust_demand(np.zeros(len(demand), "int64"), demand, 1)[1][0])
        found[str(device_id)] = float(np.fmax(found.get(str(device_id), 0.0), np.nan_to_num(high)))
    return found


def _stored(scope: Scope, aside: pd.DataFrame) -> np.ndarray:
    """Return which readings are stored with the same value."""
    there = np.zeros(len(aside), bool)
    if aside.empty:
        return there
    by_name = {name_key(device.name): ObjectId(device.id) for device in devices.list_devices(scope)}
    for at, (name, date, kwh) in enumerate(
        zip(aside["device"], aside["date"], aside["consumption"], strict=True)
    ):
        if device_id := by_name.get(name_key(name)):
            same = {"deviceId": device_id, "date": date.to_pydatetime(), "consumption": float(kwh)}
            there[at] = scope.db["consumption_data"].find_one(scope.owned(same)) is not None
    return there


def note_implausible(
    scope: Scope, aside: pd.DataFrame, device_ids: Mapping[str, ObjectId], import_id: ObjectId
) -> None:
    """Store the readings of an import that are set aside; what an earlier one brought stays as it is."""
    writes = []
    for row in aside.to_dict("records"):
        if row["device"] not in device_ids:
            continue
        key = scope.owned({"deviceId": device_ids[row["device"]], "date": row["date"].to_pydatetime()})
        told: Document = {
            "consumption": _number(row["consumption"]),
            "interval": int(row["seconds"]),
            **{word: row[word] for word in ("category", "location", "notes")},
            "reason": row["reason"],
            "state": "left out",
            "importId": import_id,
        }
        if (quantity := _number(row.get("quantity"))) is not None:
            told["quantity"] = quantity
        if row.get("estimated"):
            told["estimated"] = True
        writes.append(UpdateOne(key, {"$setOnInsert": told}, upsert=True))
    if writes:
        scope.db[COLLECTION].bulk_write(writes, ordered=False)


def forget_implausible(scope: Scope, import_id: ObjectId) -> None:
    """Take back what an import set aside, and what of it was kept."""
    of_import = scope.owned({"importId": import_id})
    for found in list(scope.db[COLLECTION].find({**of_import, "state": "kept"})):
        scope.db["consumption_data"].delete_one({**_key(scope, found), "importId": import_id})
        monthly_blocks.refresh_blocks(scope, [found["deviceId"]], found["date"], found["date"])
    scope.db[COLLECTION].delete_many(of_import)


@typed
def list_implausible(scope: Scope, device_ids: Sequence[str] | None = None) -> list[ImplausibleReading]:
    """Return the readings found not to be plausible, of these devices or all, by device and time."""
    query: Document = {} if device_ids is None else {"deviceId": {"$in": ids.object_ids(device_ids)}}
    by_id = {device.id: device for device in devices.list_devices(scope)}
    found = scope.db[COLLECTION].find(scope.owned(query)).sort([("deviceId", 1), ("date", 1)])
    return [
        ImplausibleReading(
            id=str(document["_id"]),
            device_id=str(document["deviceId"]),
            device=by_id[str(document["deviceId"])].name,
            start=document["date"],
            end=document["date"] + timedelta(seconds=document["interval"]),
            consumption=document["consumption"],
            quantity=document.get("quantity"),
            unit=by_id[str(document["deviceId"])].unit,
            reason=REASONS[document["reason"]],
            state=document["state"],
        )
        for document in found
        if str(document["deviceId"]) in by_id
    ]


@typed
def set_implausible_state(scope: Scope, reading_ids: Sequence[str], state: State) -> list[str]:
    """Keep readings, so that they count as all others, or leave them out; return the devices concerned.

    One that another reading has replaced since stays left out.
    """
    wanted = {"_id": {"$in": ids.object_ids(reading_ids)}, "state": {"$ne": state}}
    with shared_lock(scope.db, user_id=scope.user_id):
        found = list(scope.db[COLLECTION].find(scope.owned(wanted)))
        for reading in found:
            _move(scope, reading, state)
    return sorted({str(reading["deviceId"]) for reading in found})


def _move(scope: Scope, reading: Document, state: State) -> None:
    stored, key = scope.db["consumption_data"], _key(scope, reading)
    if state == "kept":
        fields = {name: reading[name] for name in OF_A_READING if name in reading}
        told = {**fields, "createdAt": reading["_id"].generation_time, "importId": reading["importId"]}
        stored.update_one(key, {"$setOnInsert": told}, upsert=True)
    else:
        stored.delete_one({**key, "consumption": reading["consumption"]})
    monthly_blocks.refresh_blocks(scope, [reading["deviceId"]], reading["date"], reading["date"])
    scope.db[COLLECTION].update_one({"_id": reading["_id"]}, {"$set": {"state": state}})


def _key(scope: Scope, reading: Document) -> Document:
    return scope.owned({"deviceId": reading["deviceId"], "date": reading["date"]})


def _number(value: float | None) -> float | None:
    return None if value is None or np.isnan(value) else float(value)
