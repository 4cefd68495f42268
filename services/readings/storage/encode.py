"""Readings as BSON in bulk: documents that differ in time and kWh alone are stamped from one template."""

import os
import struct
from collections.abc import Iterator
from datetime import UTC, datetime

import bson
import numpy as np
import numpy.typing as npt
import pandas as pd
from bson import ObjectId
from bson.raw_bson import RawBSONDocument

from services.scope import Scope

Bytes = npt.NDArray[np.uint8]

SAME = ["deviceId", "category", "location", "notes"]


def documents(scope: Scope, frame: pd.DataFrame, import_id: ObjectId) -> list[RawBSONDocument]:
    """A document of `consumption_data` for each row of the frame, fewer than 2²⁴, grouped by device.

    Columns: deviceId, date (UTC), consumption (kWh), category, location, notes.
    """
    now = datetime.now(UTC)
    ids = _object_ids(len(frame))
    stamped: list[RawBSONDocument] = []
    for key, part in frame.groupby(SAME, sort=False):
        new_ids, ids = ids[: len(part)], ids[len(part) :]
        head = {"_id": ObjectId(), **scope.owned(), "deviceId": key[0]}
        tail = dict(zip(SAME[1:], key[1:], strict=True)) | {"createdAt": now, "importId": import_id}
        template = bson.encode({**head, "date": now, "consumption": 0.0, **tail})
        at = len(bson.encode(head)) - 1
        stamped += _stamped(
            template,
            {
                _value_at(4, "_id"): new_ids,
                _value_at(at, "date"): _bytes(part["date"].dt.as_unit("ms").astype("int64"), "<i8"),
                _value_at(_value_at(at, "date") + 8, "consumption"): _bytes(part["consumption"], "<f8"),
            },
        )
    return stamped


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


def _bytes(values: pd.Series, kind: str) -> Bytes:
    return values.to_numpy().astype(kind).view(np.uint8).reshape(len(values), -1)


def _object_ids(count: int) -> Bytes:
    """As the drivers make them: seconds, five random bytes, a counter."""
    ids = np.empty((count, 12), np.uint8)
    ids[:, :4] = np.frombuffer(struct.pack(">I", int(datetime.now(UTC).timestamp())), np.uint8)
    ids[:, 4:9] = np.frombuffer(os.urandom(5), np.uint8)
    ids[:, 9:] = np.arange(count, dtype=">u4").view(np.uint8).reshape(count, 4)[:, 1:]
    return ids
