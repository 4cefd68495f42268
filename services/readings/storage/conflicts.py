"""Find stored readings that a file contradicts, ask what becomes of them, and replace their values."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

import numpy as np
import pandas as pd
from bson import ObjectId
from pymongo import UpdateOne
from pymongoarrow.api import Schema, find_pandas_all

from services.database.errors import retry_on_disconnect
from services.errors import LoadlensError
from services.messages import N_
from services.progress import Progress
from services.readings.parse_result import values_of
from services.readings.storage.encoding import SortedReadings
from services.scope import Document, Scope

OnConflict = Literal["replace", "keep", "new"]
"""Readings with other values than the stored ones of their meter replace them, are left out, or are taken for
those of another meter under a new name."""
OnDuplicate = Literal["same", "new", "skip"]
"""Readings that are stored under another name are taken for the same meter's or another's, or left out."""

CONFLICTS = (
    N_(
        "“{device}” has other values stored at {count} of {common} times: say with --on-conflict replace, "
        "keep or new whether to replace them, to keep them, or that the file's are those of another meter."
    ),
    N_(
        "“{device}” has other values stored at {count} of {common} times, and {more} more of the file's "
        "meters are like it: say with --on-conflict replace, keep or new whether to replace them, to keep "
        "them, or that the file's are those of other meters."
    ),
)
DUPLICATES = (
    N_(
        "The readings of “{device}” are those of “{other}”, equal at {count} of {common} times: say with "
        "--on-duplicate same, new or skip whether it is the same meter, another one, or not to be imported."
    ),
    N_(
        "The readings of “{device}” are those of “{other}”, equal at {count} of {common} times, and {more} "
        "more of the file's meters are stored under other names: say with --on-duplicate same, new or skip "
        "whether they are the same meters, others, or not to be imported."
    ),
)
"""Of one meter, and of the first of several."""


@dataclass(frozen=True)
class Conflict:
    """A meter most of whose stored readings are others than the file's, at ``count`` of ``common`` times."""

    device: str
    count: int
    common: int


@dataclass(frozen=True)
class Duplicate:
    """A meter whose readings are stored as ``other``'s: ``count`` of ``common`` at the same times."""

    device: str
    other: str
    count: int
    common: int


class MeterUnclear(LoadlensError):
    """Nothing tells whose readings these are; ``first`` of the meters in question and how many ``more``."""

    def __init__(self, first: Conflict | Duplicate, more: int) -> None:
        one, several = CONFLICTS if isinstance(first, Conflict) else DUPLICATES
        sentence = several if more else one
        super().__init__(sentence, **asdict(first), more=more)
        self.first = first
        self.more = more


BATCH = 2000
OF_A_VALUE = ("consumption", "quantity", "estimated", "interval", "importId")
"""The fields of a reading that a replacement changes, and that are kept to change them back."""

VALUES = Schema({"date": datetime, "consumption": float, "quantity": float, "interval": float})
ANOTHER_LENGTH = 1.5
"""Intervals so many times as long are of another kind; months and late registers differ by less."""

MANY = 6
"""So many other values are no corrections any more, if they are most of a meter's."""
CORRECTION = 0.05
"""Share of a value by which a correction may change it."""


class OverlapRefused(LoadlensError):
    """A device has readings of another interval length at the same times."""


def values_before(scope: Scope, arranged: SortedReadings, new_devices: Collection[ObjectId]) -> pd.Series:
    """Return the stored value (kWh or quantity) of each reading of the arrangement, NaN where there is none.

    Raises `OverlapRefused` for a device most of whose stored readings at these times are of another
    interval length: to replace them would lose the energy of the others, or count it twice.
    """
    before = pd.Series(float("nan"), index=arranged.frame.index)
    for device_id, part in arranged.parts():
        if device_id in new_devices or part.empty:
            continue
        found = _stored_at(scope, device_id, part)
        if was := _another_length(found, part):
            raise _overlap(scope, device_id, *was)
        before.loc[part.index] = found["value"].to_numpy()
    return before


def check_contradictions(scope: Scope, arranged: SortedReadings, before: pd.Series) -> None:
    """Raise `MeterUnclear` for devices most of whose stored readings (``before``) these contradict."""
    if before.isna().all():
        return
    values = values_of(arranged.frame)
    found = [
        (device_id, contradiction)
        for device_id, part in arranged.parts()
        if (contradiction := _contradiction(before.loc[part.index], values.loc[part.index]))
    ]
    if found:
        device_id, (differing, common) = found[0]
        conflict = Conflict(_name(scope, device_id), differing, common)
        raise MeterUnclear(first=conflict, more=len(found) - 1)


def contradicts(scope: Scope, device_id: ObjectId, part: pd.DataFrame) -> bool:
    """Return whether readings of a device (a part of `SortedReadings`) contradict its stored ones."""
    found = _stored_at(scope, device_id, part)
    if _another_length(found, part):
        return True
    return _contradiction(found["value"], values_of(part)) is not None


def _stored_at(scope: Scope, device_id: ObjectId, part: pd.DataFrame) -> pd.DataFrame:
    """Return a device's stored value (kWh or quantity) and seconds at these readings' times, NaN if none."""
    span = {"$gte": part["date"].iloc[0].to_pydatetime(), "$lte": part["date"].iloc[-1].to_pydatetime()}
    query = scope.owned({"deviceId": device_id, "date": span})
    stored = find_pandas_all(scope.db["consumption_data"], query, schema=VALUES)
    instants = pd.DatetimeIndex(stored["date"]).as_unit("ms").tz_localize(None)
    stored = stored.assign(value=values_of(stored), seconds=stored["interval"])
    found: pd.DataFrame = stored.set_index(instants).reindex(pd.DatetimeIndex(part["date"]))
    return found


def _contradiction(before: pd.Series, now: pd.Series) -> tuple[int, int] | None:
    """How many stored values others contradict, and how many there are; None if these may be corrections.

    Corrections are few, or change values little; and what never changes, such as the zeros of a meter that
    stood still, was no measurement to begin with.
    """
    old, new = before.to_numpy("float64"), now.to_numpy("float64")
    both = ~np.isnan(old)
    old, new = old[both], new[both]
    if not len(old) or (old == old[0]).all():
        return None
    differing = int((np.abs(new - old) > CORRECTION * np.maximum(np.abs(new), np.abs(old))).sum())
    return (differing, len(old)) if differing >= MANY and differing > len(old) / 2 else None


def replace_values(scope: Scope, differing: SortedReadings, import_id: ObjectId, progress: Progress) -> None:
    """Give stored readings the values of these; the old ones are kept under the import."""
    done = 0
    for device_id, part in differing.parts():
        for begin in range(0, len(part), BATCH):
            progress("Replacing values", done, len(differing.frame))
            some = part.iloc[begin : begin + BATCH]
            retry_on_disconnect(_replace_batch, scope, device_id, some, import_id, progress=progress)
            done += len(part.iloc[begin : begin + BATCH])


def restore_values(scope: Scope, import_id: ObjectId) -> None:
    """Give readings that the import replaced their old values back, and forget these."""
    replaced = scope.db["replaced_readings"]
    while kept := list(replaced.find(scope.owned({"importId": import_id})).limit(BATCH)):
        scope.db["consumption_data"].bulk_write(
            [
                UpdateOne(
                    scope.owned({"deviceId": k["deviceId"], "date": k["date"], "importId": import_id}),
                    _change(k["old"]),
                )
                for k in kept
            ],
            ordered=False,
        )
        replaced.delete_many({"_id": {"$in": [k["_id"] for k in kept]}})


def _values(part: pd.DataFrame) -> list[Document]:
    """Return the fields of `OF_A_VALUE` that readings bring, None for what they have not."""
    columns = part[["consumption", "quantity", "estimated", "seconds"]].to_numpy("object").tolist()
    return [
        {
            "consumption": None if kwh != kwh else kwh,
            "quantity": None if quantity != quantity else quantity,
            "estimated": estimated or None,
            "interval": seconds,
        }
        for kwh, quantity, estimated, seconds in columns
    ]


def _change(values: Document) -> Document:
    """Return the update that gives a reading these values, and takes away those that it is not to have."""
    absent = {field: "" for field in ("quantity", "estimated") if values.get(field) is None}
    kept = {field: value for field, value in values.items() if field not in absent}
    return {"$set": kept} | ({"$unset": absent} if absent else {})


def _another_length(stored: pd.DataFrame, given: pd.DataFrame) -> tuple[float, float] | None:
    """Return the usual lengths (s) of the intervals of stored readings and of those given, where they are of
    different kinds."""
    lengths, others = stored["seconds"].to_numpy(), given["seconds"].to_numpy()
    both = (lengths > 0) & (others > 0)
    if not both.any():
        return None
    was, would_be = float(np.median(lengths[both])), float(np.median(others[both]))
    return (was, would_be) if max(was, would_be) >= ANOTHER_LENGTH * min(was, would_be) else None


def _overlap(scope: Scope, device_id: ObjectId, was: float, would_be: float) -> OverlapRefused:
    return OverlapRefused(
        "{device} has readings of {was} minutes at times for which this file has readings of {would_be} "
        "minutes; both would count its energy twice. Undo the import of the others, or name the meter "
        "differently.",
        device=_name(scope, device_id),
        was=f"{was / 60:g}",
        would_be=f"{would_be / 60:g}",
    )


def _name(scope: Scope, device_id: ObjectId) -> str:
    device = scope.db["devices"].find_one(scope.owned({"_id": device_id})) or {"name": ""}
    return str(device["name"])


def _replace_batch(scope: Scope, device_id: ObjectId, part: pd.DataFrame, import_id: ObjectId) -> None:
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
            UpdateOne({**of_device, "date": date}, _change({**values, "importId": import_id}))
            for date, values in zip(dates, _values(part), strict=True)
        ],
        ordered=False,
    )
