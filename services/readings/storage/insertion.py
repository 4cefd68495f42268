"""New readings into the database: encoded here while the server stores the batch before."""

from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, PyMongoError

from services.database.deployment import bulk_write_concern
from services.database.errors import is_disconnect, retry_on_disconnect
from services.database.raw_batch import RawBatch
from services.progress import Progress
from services.readings.storage.encode import Encoder, Ids
from services.scope import Document

BATCH = 10_000
"""Readings in one command: some 2 MB, which take the server less than a tenth of a second."""
SENDERS = 2
"""Commands under way at once: the server works on each with a processor of its own."""
STAGE = "Storing readings"
DUPLICATE_KEY = 11000


@dataclass(frozen=True)
class Batch:
    """Readings that are sent together: positions in the arrangement, and a document for each."""

    begin: int
    end: int
    runs: Sequence[bytes]


def insert(collection: Collection[Document], total: int, encoder: Encoder, progress: Progress) -> int:
    """Insert so many encoded readings; how many of them another program stored at the same moment.

    What a lost connection swallowed is sent again when it is back.
    """
    raced = 0
    sending: deque[tuple[Batch, Future[int]]] = deque()

    def settle() -> int:
        batch, sent = sending.popleft()
        try:
            return sent.result()
        except PyMongoError as error:
            if not is_disconnect(error):
                raise
        return retry_on_disconnect(_send_again, collection, batch, encoder.ids, progress=progress)

    with ThreadPoolExecutor(SENDERS) as beside:
        for begin in range(0, total, BATCH):
            progress(STAGE, begin, total)
            end = min(begin + BATCH, total)
            batch = Batch(begin, end, encoder.documents(begin, end))
            if len(sending) == SENDERS:
                raced += settle()
            sending.append((batch, beside.submit(_send, collection, batch)))
        while sending:
            raced += settle()
    progress(STAGE, total, total)
    return raced


def insert_new(collection: Collection[Document], documents: Sequence[Any]) -> int:
    """Insert what is not there yet; how many were."""
    try:
        collection.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        return _already_there(error.details)
    return 0


def _send(collection: Collection[Document], batch: Batch) -> int:
    """Insert what is not there yet; how many were."""
    result = collection.database.command(
        "insert",
        collection.name,
        documents=[RawBatch(documents) for documents in batch.runs],
        ordered=False,
        writeConcern=bulk_write_concern(collection.database).document,
    )
    return _already_there(result)


def _send_again(collection: Collection[Document], batch: Batch, ids: Ids) -> int:
    """Like `_send`, of what may have been stored already: that is known by its ids, which are ours alone."""
    _send(collection, batch)
    ours = {"_id": {"$gte": ids.nth(batch.begin), "$lte": ids.nth(batch.end - 1)}}
    return batch.end - batch.begin - collection.count_documents(ours)


def _already_there(answer: Mapping[str, Any]) -> int:
    """How many documents the server refused because they are there; raises for any other reason."""
    failures = answer.get("writeErrors", [])
    unsure = answer.get("writeConcernErrors") or [e for e in [answer.get("writeConcernError")] if e]
    if unsure or any(failure["code"] != DUPLICATE_KEY for failure in failures):
        raise BulkWriteError({**answer, "writeErrors": failures, "writeConcernErrors": unsure})
    return len(failures)
