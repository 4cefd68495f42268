"""The first readings of a database: the index of their identity is made when they are there."""

from bson import ObjectId
from pymongo.errors import DuplicateKeyError, OperationFailure

from services.database.schema import INDEXES
from services.scope import Document, Scope

[IDENTITY] = INDEXES["consumption_data"]
WORTH_WHILE = 50_000
"""So many readings are stored in less than half the time when the index comes after them."""


def without_index(scope: Scope, count: int) -> bool:
    """Drop the index if that hastens the storing of so many readings: nobody has any yet. Whether it did."""
    collection = scope.db["consumption_data"]
    if count < WORTH_WHILE or collection.estimated_document_count():
        return False
    try:
        collection.drop_index(IDENTITY.document["name"])
    except OperationFailure:  # not there, or a sharded collection's key
        return False
    return True


def index(scope: Scope, import_id: ObjectId | None = None) -> int:
    """Make the index of the readings' identity, if it is not there.

    How many readings of the import had to go for it: another program stored the same at the same moment.
    """
    collection = scope.db["consumption_data"]
    removed = 0
    try:
        collection.create_indexes([IDENTITY])
    except DuplicateKeyError:
        for ids in _doubled(scope, import_id):
            removed += collection.delete_many({"_id": {"$in": ids}}).deleted_count
        collection.create_indexes([IDENTITY])
    return removed


def _doubled(scope: Scope, import_id: ObjectId | None) -> list[list[ObjectId]]:
    """The ids of all readings but one of each identity; that one is rather another import's."""
    group: Document = {
        "_id": {field: f"${field}" for field in IDENTITY.document["key"]},
        "ids": {"$push": "$_id"},
        "imports": {"$push": "$importId"},
    }
    found = scope.db["consumption_data"].aggregate(
        [{"$group": group}, {"$match": {"ids.1": {"$exists": True}}}], allowDiskUse=True
    )
    return [_ours_first(each["ids"], each["imports"], import_id)[:-1] for each in found]


def _ours_first(ids: list[ObjectId], imports: list[ObjectId], import_id: ObjectId | None) -> list[ObjectId]:
    return [i for i, _ in sorted(zip(ids, imports, strict=True), key=lambda pair: pair[1] != import_id)]
