"""Sort a file's readings in the order of the database's index, and encode them as BSON in bulk."""

import os
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

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
    consumption (kWh), seconds (length of the interval), words (position in ``words``).
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
    """Plan the devices that readings name, with the numbers that ``meters`` gives; nothing is stored yet."""
    named = frame.drop_duplicates("device")
    numbers = {key: meter.numbers[-1] for key, meter in meters.items() if meter.numbers}
    return devices.match_devices(scope, dict(zip(named["device"], named["category"], strict=True)), numbers)


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
    """Bring readings (device, date, consumption, seconds, category, location, notes) into order."""
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
            "seconds": _seconds(frame)[order],
            "words": words[order],
        }
    )
    again = _same_as_before(arranged["device"]) & _same_as_before(arranged["date"])
    once = arranged[~again] if again.any() else arranged
    return SortedReadings(once.reset_index(drop=True), ids, distinct, int(again.sum()))


def _seconds(frame: pd.DataFrame) -> npt.NDArray[np.int32]:
    return frame["seconds"].to_numpy("int32") if "seconds" in frame else np.zeros(len(frame), "int32")


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
        those with the same words stand together."""
        made: list[bytes] = []
        for words, run in self._arranged.frame.iloc[begin:end].groupby("words", sort=False):
            made.append(self._stamped(self._arranged.words[int(str(words))], run, begin))
            begin += len(run)
        return made

    def _stamped(self, words: Sequence[str], readings: pd.DataFrame, first: int) -> bytes:
        blank = ObjectId(bytes(12))
        fields = {
            "_id": blank,
            **self._owner,
            "deviceId": blank,
            "date": datetime.now(UTC),
            "consumption": 0.0,
            "seconds": Int64(0),
            **dict(zip(WORDS, words, strict=True)),
            **self._tail,
        }
        values = {
            "_id": self.ids.stamp(first, len(readings)),
            "deviceId": self._devices[readings["device"].to_numpy()],
            "date": _bytes(readings["date"].to_numpy().astype("int64"), "<i8"),
            "consumption": _bytes(readings["consumption"].to_numpy(), "<f8"),
            "seconds": _bytes(readings["seconds"].to_numpy(), "<i8"),
        }
        template = np.frombuffer(bson.encode(fields), np.uint8)
        copies = np.empty((len(readings), len(template)), np.uint8)
        copies[:] = template
        for name, offset in _offsets(fields):
            if name in values:
                copies[:, offset : offset + values[name].shape[1]] = values[name]
        return copies.tobytes()


def _offsets(fields: dict[str, object]) -> Iterator[tuple[str, int]]:
    """Yield where the value of each field begins in the encoded document: behind its type and its name."""
    before: dict[str, object] = {}
    for name, value in fields.items():
        yield name, len(bson.encode(before)) - 1 + 1 + len(name) + 1
        before[name] = value


def _bytes(values: npt.NDArray[np.generic], kind: str) -> Bytes:
    return values.astype(kind).view(np.uint8).reshape(len(values), -1)
