"""New readings into the database: encoded here while the server stores the batch before."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pandas as pd
from bson import ObjectId
from bson.raw_bson import RawBSONDocument
from pymongo import WriteConcern
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

from services.progress import Progress
from services.readings.storage.encode import Encoder
from services.scope import Document, Scope

BATCH = 10_000
"""Readings in one command: some 2 MB, which take the server a tenth of a second."""
STAGE = "Storing readings"
DUPLICATE_KEY = 11000

UNCONFIRMED = WriteConcern(w=1, j=False)
"""For what the note of an import covers: whatever is lost with the server is lost from the end, so that
the journaled note that the import is whole, written last, proves all that came before it."""


def insert(
    scope: Scope,
    parts: Iterable[tuple[ObjectId, pd.DataFrame]],
    total: int,
    encoder: Encoder,
    progress: Progress,
) -> int:
    """Insert the readings of each device; how many another program stored at the same moment."""
    collection = scope.db["consumption_data"].with_options(write_concern=UNCONFIRMED)
    waiting: deque[Future[int]] = deque()
    done = raced = 0
    with ThreadPoolExecutor(1) as beside:
        try:
            for batch in _batches(parts, encoder):
                progress(STAGE, done, total)
                waiting.append(beside.submit(insert_new, collection, batch))
                done += len(batch)
                if len(waiting) > 1:
                    raced += waiting.popleft().result()
            raced += sum(future.result() for future in waiting)
        finally:
            for future in waiting:
                future.cancel()
    progress(STAGE, done, total)
    return raced


def insert_new(collection: Collection[Document], documents: Sequence[Any]) -> int:
    """Insert what is not there yet; how many were."""
    try:
        collection.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        failures = error.details["writeErrors"]
        if any(failure["code"] != DUPLICATE_KEY for failure in failures):
            raise
        return len(failures)
    return 0


def _batches(
    parts: Iterable[tuple[ObjectId, pd.DataFrame]], encoder: Encoder
) -> Iterator[list[RawBSONDocument]]:
    batch: list[RawBSONDocument] = []
    for device_id, part in parts:
        for begin in range(0, len(part), BATCH):
            batch += encoder.documents(device_id, part.iloc[begin : begin + BATCH])
            if len(batch) >= BATCH:
                yield batch
                batch = []
    if batch:
        yield batch
