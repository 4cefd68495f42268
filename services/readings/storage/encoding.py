"""Sort a file's readings in the order of the database's index, and encode them as BSON in bulk."""

import os
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import bson
import numpy as np
import numpy.typing as npt
import pandas as pd
from bson import Int64, ObjectId

from services import devices
from services.names import find_by_name, name_key
from services.readings.meter_names import Meter
from services.scope import Scope

WORDS = ["category", "location", "notes"]
Spellings = Mapping[str, Callable[[str], str]]


@dataclass(frozen=True)
class SortedReadings:
    """Readings by device and time.

    ``frame`` columns: device (position in ``ids``), date (datetime64[ms], UTC without saying so),
    consumption (kWh, NaN of what is no energy), quantity (in the meter's unit, NaN where that is kWh),
    estimated (bool), seconds (length of the interval), words (position in ``words``).
    """

    frame: pd.DataFrame
    ids: list[ObjectId]
    words: list[tuple[str, ...]]
    """Distinct (category, location, notes)."""
    repeated: int
    """Rows that were left out: their times are another's but for parts of a millisecond."""

    def parts(self) -> Iterator[tuple[ObjectId, pd.DataFrame]]:
        """Yield the readings of each device."""
        bounds = np.searchsorted(self.frame["device"], np.arange(len(self.ids) + 1))
        for number, device_id in enumerate(self.ids):
            yield device_id, self.frame.iloc[bounds[number] : bounds[number + 1]]


def plan_devices(scope: Scope, frame: pd.DataFrame, meters: Mapping[str, Meter]) -> devices.DeviceMatch:
    """Plan the devices that readings name, with what ``meters`` tells of them; nothing is stored yet."""
    named = frame.drop_duplicates("device")
    numbers = {key: meter.numbers[-1] for key, meter in meters.items() if meter.numbers}
    measured = {key: _measured(meter) for key, meter in meters.items()}
    categories = dict(zip(named["device"], named["category"], strict=True))
    return devices.match_devices(scope, categories, numbers, measured)


def _measured(meter: Meter) -> dict[str, str]:
    told = {"utility": meter.utility, "direction": meter.direction, "unit": meter.unit}
    return {field: value for field, value in told.items() if value}


def stored_spellings(scope: Scope) -> Spellings:
    """Return how categories and locations are spelled: as in the database, else as they were first met."""
    categories = scope.db["categories"].distinct("name", scope.owned())
    locations = scope.db["load_blocks"].distinct("location", scope.owned())
    return {"category": _spelling(categories), "location": _spelling(locations)}


def _spelling(stored: Sequence[str]) -> Callable[[str], str]:
    find = find_by_name((name, name) for name in stored)
    met = {"": ""}
    return lambda name: find(name) or met.setdefault(name_key(name), name)


def sort_readings(
    frame: pd.DataFrame, known: devices.DeviceMatch, spellings: Spellings | None = None
) -> SortedReadings:
    """Bring readings (device, date, consumption, seconds, category, location, notes) into order.

    ``frame`` may have quantity and estimated, too.
    """
    ids = sorted(set(known.ids.values()))
    places = {device_id: place for place, device_id in enumerate(ids)}
    named, names = pd.factorize(frame["device"])
    device = np.array([places[known.ids[name]] for name in names], dtype="int32")[named]
    millis = pd.DatetimeIndex(frame["date"]).tz_localize(None).as_unit("ms").to_numpy()
    words, distinct = _words(frame, spellings or {})
    order = np.lexsort((millis, device))
    arranged = pd.DataFrame(
        {
            "device": device[order],
            "date": millis[order],
            "consumption": frame["consumption"].to_numpy("float64")[order],
            "quantity": _column(frame, "quantity", np.nan, "float64")[order],
            "estimated": _column(frame, "estimated", False, "bool")[order],
            "seconds": _column(frame, "seconds", 0, "int32")[order],
            "words": words[order],
        }
    )
    again = _same_as_before(arranged["device"]) & _same_as_before(arranged["date"])
    once = arranged[~again] if again.any() else arranged
    return SortedReadings(once.reset_index(drop=True), ids, distinct, int(again.sum()))


def _column(frame: pd.DataFrame, name: str, missing: float, kind: str) -> npt.NDArray[Any]:
    return frame[name].to_numpy(kind) if name in frame else np.full(len(frame), missing, kind)


def _words(frame: pd.DataFrame, spellings: Spellings) -> tuple[npt.NDArray[np.int64], list[tuple[str, ...]]]:
    """Return each row's position of its words among the distinct ones, and these."""
    found = np.zeros(len(frame), "int64")
    distinct: list[tuple[str, ...]] = [()]
    for column in WORDS:
        codes, names = pd.factorize(frame[column])
        if column in spellings:
            places, names = pd.factorize(names.map(spellings[column]))
            codes = places[codes]
        found, pairs = pd.factorize(found * len(names) + codes)
        distinct = [(*distinct[p // len(names)], str(names[p % len(names)])) for p in map(int, pairs)]
    return found, distinct


def _same_as_before(values: pd.Series) -> npt.NDArray[np.bool_]:
    found = values.to_numpy()
    return np.append(False, found[1:] == found[:-1])


Bytes = npt.NDArray[np.uint8]

MOST = (1 << 24) - 1
"""Readings of one import: so many ids does a counter of three bytes give, and one more."""


@dataclass(frozen=True)
class IdRange:
    """The `_id` of every reading that one import adds: as drivers make them, but one after the other."""

    prefix: bytes
    """Seconds since 1970 and five random bytes."""

    @classmethod
    def new(cls) -> "IdRange":
        return cls(struct.pack(">I", int(datetime.now(UTC).timestamp())) + os.urandom(5))

    def nth(self, number: int) -> ObjectId:
        return ObjectId(self.prefix + struct.pack(">I", number)[1:])

    @staticmethod
    def number(of: ObjectId) -> int:
        return int.from_bytes(of.binary[9:])

    def stamp(self, first: int, count: int) -> Bytes:
        """Return the ids from the ``first`` on, one a row."""
        ids = np.empty((count, 12), np.uint8)
        ids[:, :9] = np.frombuffer(self.prefix, "u1")
        ids[:, 9:] = _bytes(np.arange(first, first + count), ">u4")[:, 1:]
        return ids


class Encoder:
    """Makes the documents of `consumption_data` that one import adds, fewer than `MOST`."""

    def __init__(self, scope: Scope, arranged: SortedReadings, import_id: ObjectId, ids: IdRange) -> None:
        self._owner = scope.owned()
        self._arranged = arranged
        self._devices = np.frombuffer(b"".join(i.binary for i in arranged.ids), np.uint8).reshape(-1, 12)
        self._tail = {"createdAt": datetime.now(UTC), "importId": import_id}
        self.import_id, self.ids = import_id, ids

    def documents(self, begin: int, end: int) -> list[bytes]:
        """The arranged readings from the position ``begin`` to before ``end``, as BSON one behind the other;
        those with the same words and fields stand together."""
        made: list[bytes] = []
        readings = self._arranged.frame.iloc[begin:end]
        fields = _fields_of(readings)
        alike = readings["words"].to_numpy() * FIELD_SETS + fields if fields.any() else readings["words"]
        for _, run in readings.groupby(alike, sort=False):
            made.append(self._stamped(run, begin))
            begin += len(run)
        return made

    def _stamped(self, readings: pd.DataFrame, first: int) -> bytes:
        """Return the documents of readings with the same words and fields."""
        blank, like = ObjectId(bytes(12)), readings.iloc[0]
        no_energy, in_another_unit = np.isnan(like["consumption"]), not np.isnan(like["quantity"])
        fields = {
            "_id": blank,
            **self._owner,
            "deviceId": blank,
            "date": datetime.now(UTC),
            "consumption": None if no_energy else 0.0,
            "interval": Int64(0),
            **({"quantity": 0.0} if in_another_unit else {}),
            **({"estimated": True} if like["estimated"] else {}),
            **dict(zip(WORDS, self._arranged.words[int(like["words"])], strict=True)),
            **self._tail,
        }
        values = {
            "_id": self.ids.stamp(first, len(readings)),
            "deviceId": self._devices[readings["device"].to_numpy()],
            "date": _bytes(readings["date"].to_numpy().astype("int64"), "<i8"),
            "interval": _bytes(readings["seconds"].to_numpy(), "<i8"),
        }
        if not no_energy:
            values["consumption"] = _bytes(readings["consumption"].to_numpy(), "<f8")
        if in_another_unit:
            values["quantity"] = _bytes(readings["quantity"].to_numpy(), "<f8")
        template = np.frombuffer(bson.encode(fields), np.uint8)
        copies = np.empty((len(readings), len(template)), np.uint8)
        copies[:] = template
        for name, offset in _offsets(fields):
            if name in values:
                copies[:, offset : offset + values[name].shape[1]] = values[name]
        return copies.tobytes()


FIELD_SETS = 8
"""How many sets of fields the documents of readings may have."""


def _fields_of(readings: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return a number below `FIELD_SETS` for the fields that each reading has."""
    no_energy = readings["consumption"].isna().to_numpy("int64")
    in_another_unit = readings["quantity"].notna().to_numpy("int64")
    found: npt.NDArray[np.int64] = (
        no_energy + 2 * in_another_unit + 4 * readings["estimated"].to_numpy("int64")
    )
    return found


def _offsets(fields: dict[str, object]) -> Iterator[tuple[str, int]]:
    """Yield where the value of each field begins in the encoded document: behind its type and its name."""
    before: dict[str, object] = {}
    for name, value in fields.items():
        yield name, len(bson.encode(before)) - 1 + 1 + len(name) + 1
        before[name] = value


def _bytes(values: npt.NDArray[np.generic], kind: str) -> Bytes:
    return values.astype(kind).view(np.uint8).reshape(len(values), -1)
