"""Insert new readings: encoded here while the server stores the batch before; the first ones of a database
are stored and indexed aside, and put in place in one step."""

from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from bson import ObjectId
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import BulkWriteError, OperationFailure, PyMongoError

from services.database import schema
from services.database.deployment import is_sharded
from services.database.errors import is_disconnect, retry_on_disconnect
from services.database.raw_batch import insert_raw
from services.database.schema import INCOMING
from services.messages import N_
from services.progress import Progress
from services.readings.storage.encoding import Encoder, IdRange
from services.scope import Document, Scope

BATCH_READINGS = 10_000
"""Readings in one command: some 2 MB, which take the server less than a tenth of a second."""
SENDERS = 2
"""Commands under way at once: the server works on each with a processor of its own."""
STAGE = N_("Storing readings")
DUPLICATE_KEY = 11000


@dataclass(frozen=True)
class Batch:
    """Readings that are sent together: positions in the arrangement, and a document for each."""

    begin: int
    end: int
    runs: Sequence[bytes]


def insert_readings(
    collection: Collection[Document], total: int, encoder: Encoder, progress: Progress
) -> int:
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

    with ThreadPoolExecutor(SENDERS) as executor:
        for begin in range(0, total, BATCH_READINGS):
            progress(STAGE, begin, total)
            end = min(begin + BATCH_READINGS, total)
            batch = Batch(begin, end, encoder.documents(begin, end))
            if len(sending) == SENDERS:
                raced += settle()
            sending.append((batch, executor.submit(_send, collection, batch)))
        while sending:
            raced += settle()
    progress(STAGE, total, total)
    return raced


def insert_new(collection: Collection[Document], documents: Sequence[Any]) -> int:
    """Insert what is not there yet; how many were."""
    try:
        collection.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        return _count_duplicates(error.details)
    return 0


def _send(collection: Collection[Document], batch: Batch) -> int:
    """Insert what is not there yet; how many were."""
    result = insert_raw(collection, batch.runs)
    return _count_duplicates(result)


def _send_again(collection: Collection[Document], batch: Batch, ids: IdRange) -> int:
    """Send a batch that may have been stored already, which its ids tell; return as `_send` does."""
    _send(collection, batch)
    ours = {"_id": {"$gte": ids.nth(batch.begin), "$lte": ids.nth(batch.end - 1)}}
    return batch.end - batch.begin - collection.count_documents(ours)


def _count_duplicates(answer: Mapping[str, Any]) -> int:
    """Return how many documents the server refused because they are there; raises for any other reason."""
    failures = answer.get("writeErrors", [])
    unsure = answer.get("writeConcernErrors") or [e for e in [answer.get("writeConcernError")] if e]
    if unsure or any(failure["code"] != DUPLICATE_KEY for failure in failures):
        raise BulkWriteError({**answer, "writeErrors": failures, "writeConcernErrors": unsure})
    return len(failures)


READINGS = "consumption_data"
DISPLACED = f"{INCOMING}displaced."
LEAST_INITIAL_LOAD = 50_000
"""So many readings are stored in less than half the time when their index comes after them."""
NAMESPACE_NOT_FOUND = 26
NAMESPACE_EXISTS = 48

ReadingsCollection = Collection[Document]


def create_incoming(scope: Scope, import_id: ObjectId, count: int) -> ReadingsCollection | None:
    """An empty collection of their own for so many readings; None if they had better join those that are
    there, or where readings are spread over shards, as a collection of their own would not be.
    """
    if count < LEAST_INITIAL_LOAD or is_sharded(scope.db) or scope.db[READINGS].estimated_document_count():
        return None
    incoming = _incoming(scope.db, import_id)
    incoming.drop()
    schema.create_collection(scope.db, READINGS, incoming.name)
    return incoming


def index_incoming(incoming: ReadingsCollection) -> None:
    """Give the readings aside the index that readings have."""
    schema.create_indexes_of(incoming, READINGS)


def publish_incoming(scope: Scope, import_id: ObjectId, ids: IdRange, count: int) -> int:
    """Make the readings aside those of the database; how many of them another program stored meanwhile.

    What others stored meanwhile joins them, and what both have stored is theirs. May be called again when
    a connection was lost in it, wherever that was.
    """
    incoming, displaced = _incoming(scope.db, import_id), scope.db[f"{DISPLACED}{import_id}"]
    existing = scope.db.list_collection_names()
    if incoming.name in existing:
        if displaced.name not in existing:
            _move_out(scope.db[READINGS], displaced.name)
        _move_in(incoming)
    alone = displaced.name in scope.db.list_collection_names() and not displaced.estimated_document_count()
    clear_incoming(scope.db, import_id)
    if alone:
        return 0
    ours = {"_id": {"$gte": ids.nth(0), "$lte": ids.nth(count)}, "importId": import_id}
    return count - scope.db[READINGS].count_documents(ours)


def _move_out(readings: ReadingsCollection, name: str) -> None:
    try:
        readings.rename(name)
    except OperationFailure as error:
        if error.code != NAMESPACE_NOT_FOUND:
            raise
        # Another first import has moved them out just now, and gives them back when it is in.


def _move_in(incoming: ReadingsCollection) -> None:
    readings = incoming.database[READINGS]
    try:
        incoming.rename(READINGS)
    except OperationFailure as error:
        if error.code != NAMESPACE_EXISTS:
            raise
        # Somebody stored a reading just now, and made a collection by that.
        index_incoming(readings)
        _merge_into_readings(incoming, [])


def clear_incoming(db: Database[Document], import_id: ObjectId) -> None:
    """Forget the readings aside, and give back what was displaced for them."""
    _incoming(db, import_id).drop()
    displaced = db[f"{DISPLACED}{import_id}"]
    existing = db.list_collection_names()
    if displaced.name not in existing:
        return
    if READINGS not in existing:
        displaced.rename(READINGS)
        return
    values = {field: f"$$new.{field}" for field in ("consumption", "quantity", "interval", "importId")}
    _merge_into_readings(displaced, [{"$set": values}])
    displaced.drop()


def _incoming(db: Database[Document], import_id: ObjectId) -> ReadingsCollection:
    return db[f"{INCOMING}{import_id}"]


def _merge_into_readings(readings: ReadingsCollection, when_matched: Sequence[Document]) -> None:
    """Add readings to those of the database; those that are there stay, but for what is said."""
    merge = {
        "into": READINGS,
        "on": list(schema.INDEXES[READINGS][0].document["key"]),
        "whenMatched": list(when_matched) or "keepExisting",
    }
    readings.aggregate([{"$merge": merge}])
