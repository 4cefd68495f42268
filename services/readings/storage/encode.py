"""Readings as BSON in bulk: documents that differ in a few fields alone are stamped from one template."""

import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import bson
import numpy as np
import numpy.typing as npt
import pandas as pd
from bson import Int64, ObjectId

from services.readings.storage.arrangement import WORDS, Arrangement
from services.scope import Scope

Bytes = npt.NDArray[np.uint8]

MOST = (1 << 24) - 1
"""Readings of one import: so many ids does a counter of three bytes give, and one more."""


@dataclass(frozen=True)
class Ids:
    """The `_id` of every reading that one import adds: as drivers make them, but one after the other."""

    prefix: bytes
    """Seconds since 1970 and five random bytes."""

    @classmethod
    def new(cls) -> "Ids":
        return cls(struct.pack(">I", int(datetime.now(UTC).timestamp())) + os.urandom(5))

    def nth(self, number: int) -> ObjectId:
        return ObjectId(self.prefix + struct.pack(">I", number)[1:])

    @staticmethod
    def number(of: ObjectId) -> int:
        return int.from_bytes(of.binary[9:])

    def stamp(self, first: int, count: int) -> Bytes:
        """The ids from the ``first`` on, one a row."""
        ids = np.empty((count, 12), np.uint8)
        ids[:, :9] = np.frombuffer(self.prefix, "u1")
        ids[:, 9:] = _bytes(np.arange(first, first + count), ">u4")[:, 1:]
        return ids


class Encoder:
    """Makes the documents of `consumption_data` that one import adds, fewer than `MOST`."""

    def __init__(self, scope: Scope, arranged: Arrangement, import_id: ObjectId, ids: Ids) -> None:
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
    """Where the value of each field begins in the encoded document: behind its type and its name."""
    before: dict[str, object] = {}
    for name, value in fields.items():
        yield name, len(bson.encode(before)) - 1 + 1 + len(name) + 1
        before[name] = value


def _bytes(values: npt.NDArray[np.generic], kind: str) -> Bytes:
    return values.astype(kind).view(np.uint8).reshape(len(values), -1)
