"""Readings as BSON in bulk: documents that differ in time and kWh alone are stamped from one template."""

import os
import struct
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import bson
import numpy as np
import numpy.typing as npt
import pandas as pd
from bson import Int64, ObjectId
from bson.raw_bson import RawBSONDocument

from services.readings.storage.arrangement import WORDS
from services.scope import Scope

Bytes = npt.NDArray[np.uint8]


class Encoder:
    """Makes the documents of `consumption_data` that one import adds, fewer than 2²⁴."""

    def __init__(self, scope: Scope, words: Sequence[tuple[str, ...]], import_id: ObjectId) -> None:
        self._owner = scope.owned()
        self._words = words
        self._tail = {"createdAt": datetime.now(UTC), "importId": import_id}
        # As the drivers make ids: seconds, five random bytes, a counter.
        self._ids = np.frombuffer(struct.pack(">I", int(datetime.now(UTC).timestamp())) + os.urandom(5), "u1")
        self._made = 0

    def documents(self, device_id: ObjectId, readings: pd.DataFrame) -> list[RawBSONDocument]:
        """A document for each reading (date, consumption, seconds, words) of one device."""
        made: list[RawBSONDocument] = []
        for words, part in readings.groupby("words", sort=False):
            made += self._stamped(device_id, self._words[int(str(words))], part)
        return made

    def _stamped(
        self, device_id: ObjectId, words: tuple[str, ...], readings: pd.DataFrame
    ) -> Iterator[RawBSONDocument]:
        head = {"_id": ObjectId(), **self._owner, "deviceId": device_id}
        varying = {"date": datetime.now(UTC), "consumption": 0.0, "seconds": Int64(0)}
        template = bson.encode({**head, **varying, **dict(zip(WORDS, words, strict=True)), **self._tail})
        date = _value_at(len(bson.encode(head)) - 1, "date")
        consumption = _value_at(date + 8, "consumption")
        values = {
            _value_at(4, "_id"): self._new_ids(len(readings)),
            date: _bytes(readings["date"].to_numpy().astype("int64"), "<i8"),
            consumption: _bytes(readings["consumption"].to_numpy(), "<f8"),
            _value_at(consumption + 8, "seconds"): _bytes(readings["seconds"].to_numpy(), "<i8"),
        }
        return _stamped(template, values)

    def _new_ids(self, count: int) -> Bytes:
        ids = np.empty((count, 12), np.uint8)
        ids[:, :9] = self._ids
        counter = np.arange(self._made, self._made + count, dtype=">u4")
        ids[:, 9:] = counter.view(np.uint8).reshape(count, 4)[:, 1:]
        self._made += count
        return ids


def _stamped(template: bytes, values: dict[int, Bytes]) -> Iterator[RawBSONDocument]:
    """Copies of a document with the bytes at each offset replaced, a row of the values in each copy."""
    rows = len(next(iter(values.values())))
    copies = np.tile(np.frombuffer(template, np.uint8), (rows, 1))
    for offset, value in values.items():
        copies[:, offset : offset + value.shape[1]] = value
    size, written = len(template), copies.tobytes()
    return (RawBSONDocument(written[at : at + size]) for at in range(0, len(written), size))


def _value_at(element: int, name: str) -> int:
    """Where the value of the element that begins there lies: behind its type and its name."""
    return element + 1 + len(name) + 1


def _bytes(values: npt.NDArray[np.generic], kind: str) -> Bytes:
    return values.astype(kind).view(np.uint8).reshape(len(values), -1)
