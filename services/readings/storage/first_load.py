"""The first readings of a database: stored and then indexed aside, and put in place in one step."""

from collections.abc import Sequence

from bson import ObjectId
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import OperationFailure

from services.database import schema
from services.database.deployment import is_sharded
from services.database.schema import INCOMING
from services.readings.storage.encode import Ids
from services.scope import Document, Scope

READINGS = "consumption_data"
DISPLACED = f"{INCOMING}displaced."
WORTH_WHILE = 50_000
"""So many readings are stored in less than half the time when their index comes after them."""
NAMESPACE_NOT_FOUND = 26
NAMESPACE_EXISTS = 48

Readings = Collection[Document]


def aside(scope: Scope, import_id: ObjectId, count: int) -> Readings | None:
    """An empty collection of their own for so many readings; None if they had better join those that are
    there, or where readings are spread over shards, as a collection of their own would not be.
    """
    if count < WORTH_WHILE or is_sharded(scope.db) or scope.db[READINGS].estimated_document_count():
        return None
    incoming = _incoming(scope.db, import_id)
    incoming.drop()
    schema.create_collection(scope.db, READINGS, incoming.name)
    return incoming


def index(incoming: Readings) -> None:
    """Give the readings aside the index that readings have."""
    schema.create_indexes_of(incoming, READINGS)


def put_in_place(scope: Scope, import_id: ObjectId, ids: Ids, count: int) -> int:
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
    clear(scope.db, import_id)
    if alone:
        return 0
    ours = {"_id": {"$gte": ids.nth(0), "$lte": ids.nth(count)}, "importId": import_id}
    return count - scope.db[READINGS].count_documents(ours)


def _move_out(readings: Readings, name: str) -> None:
    try:
        readings.rename(name)
    except OperationFailure as error:
        if error.code != NAMESPACE_NOT_FOUND:
            raise
        # Another first import has moved them out just now, and gives them back when it is in.


def _move_in(incoming: Readings) -> None:
    readings = incoming.database[READINGS]
    try:
        incoming.rename(READINGS)
    except OperationFailure as error:
        if error.code != NAMESPACE_EXISTS:
            raise
        # Somebody stored a reading just now, and made a collection by that.
        index(readings)
        _join(incoming, [])


def clear(db: Database[Document], import_id: ObjectId) -> None:
    """Forget the readings aside, and give back what was displaced for them."""
    _incoming(db, import_id).drop()
    displaced = db[f"{DISPLACED}{import_id}"]
    existing = db.list_collection_names()
    if displaced.name not in existing:
        return
    if READINGS not in existing:
        displaced.rename(READINGS)
        return
    values = {field: f"$$new.{field}" for field in ("consumption", "seconds", "importId")}
    _join(displaced, [{"$set": values}])
    displaced.drop()


def _incoming(db: Database[Document], import_id: ObjectId) -> Readings:
    return db[f"{INCOMING}{import_id}"]


def _join(readings: Readings, when_matched: Sequence[Document]) -> None:
    """Add readings to those of the database; those that are there stay, but for what is said."""
    merge = {
        "into": READINGS,
        "on": list(schema.INDEXES[READINGS][0].document["key"]),
        "whenMatched": list(when_matched) or "keepExisting",
    }
    readings.aggregate([{"$merge": merge}])
