"""Indexes and schema version: what the services rely on being there."""

import hashlib
from contextlib import suppress
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import OperationFailure

from services.database.topology import is_replicated
from services.scope import Document

VERSION = 5


def _unique(*fields: str) -> IndexModel:
    return IndexModel([(field, ASCENDING) for field in fields], unique=True)


def _unique_name(*fields: str) -> IndexModel:
    """The last field holds a `services.names.name_key`, which documents of earlier backups do not have."""
    keys = [(field, ASCENDING) for field in fields]
    return IndexModel(keys, unique=True, partialFilterExpression={fields[-1]: {"$type": "string"}})


def _forgotten(field: str, after_seconds: int) -> IndexModel:
    """Documents are deleted by the server itself, so long after the time in the field."""
    return IndexModel([(field, ASCENDING)], expireAfterSeconds=after_seconds)


INDEXES: dict[str, list[IndexModel]] = {
    "users": [_unique_name("emailKey")],
    "sessions": [IndexModel([("userId", ASCENDING)]), _forgotten("expiresAt", after_seconds=0)],
    "sign_in_failures": [
        _unique("email"),
        _forgotten("last", after_seconds=24 * 3600),
    ],
    "categories": [_unique_name("userId", "nameKey")],
    "devices": [
        _unique_name("userId", "nameKey"),
        IndexModel([("userId", ASCENDING), ("categoryId", ASCENDING)]),
    ],
    "consumption_data": [_unique("userId", "deviceId", "date")],
    "load_blocks": [
        _unique("userId", "deviceId", "location", "month"),
        IndexModel([("userId", ASCENDING), ("start", ASCENDING)]),
        IndexModel([("userId", ASCENDING), ("end", ASCENDING)]),
        IndexModel([("userId", ASCENDING), ("location", ASCENDING)]),
        IndexModel([("deviceId", ASCENDING), ("end", ASCENDING), ("readings", ASCENDING)]),
    ],
    "revisions": [_unique("userId")],
    "audit_log": [
        IndexModel([("at", DESCENDING), ("_id", DESCENDING)]),
        IndexModel([("action", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)]),
        IndexModel([("userId", ASCENDING), ("at", DESCENDING), ("_id", DESCENDING)]),
        IndexModel([("action", ASCENDING), ("userId", ASCENDING), ("at", DESCENDING)]),
    ],
    "imports": [IndexModel([("userId", ASCENDING), ("createdAt", DESCENDING)])],
    "replaced_readings": [
        IndexModel([("importId", ASCENDING)]),
        IndexModel([("userId", ASCENDING), ("old.importId", ASCENDING)]),
        IndexModel([("userId", ASCENDING), ("deviceId", ASCENDING)]),
    ],
    "mappings": [_unique("userId", "layout")],
    "watched_folders": [_unique("userId", "host")],
    "facilities": [_unique("userId")],
    "forecast_settings": [_unique("userId")],
    "views": [_unique_name("userId", "nameKey")],
    "report_schedules": [IndexModel([("userId", ASCENDING), ("host", ASCENDING)])],
    "predictions": [
        _unique("userId", "deviceId", "type", "timestamp", "modelUsed", "heldOut"),
        IndexModel([("userId", ASCENDING), ("createdAt", DESCENDING)]),
    ],
    "alerts": [
        _unique("userId", "deviceId", "ruleId", "type", "start"),
        IndexModel([("userId", ASCENDING), ("read", ASCENDING), ("start", DESCENDING)]),
        IndexModel([("userId", ASCENDING), ("mailDue", ASCENDING), ("tellAt", ASCENDING)]),
    ],
    "alert_rules": [IndexModel([("userId", ASCENDING)])],
    "normal_events": [_unique("userId", "deviceId", "start", "end")],
    "quiet_hours": [_unique("userId")],
    "mail_settings": [_unique("userId")],
    "outbox": [
        _unique("userId", "about"),
        IndexModel([("userId", ASCENDING), ("state", ASCENDING), ("dueAt", ASCENDING)]),
    ],
}

CLUSTERED = {"consumption_data"}

INCOMING = "incoming_"
"""Begins the names of collections whose readings are not the database's yet."""


def fingerprint() -> str:
    """Changes with the indexes, so that those which a version has gained are made at the next start."""
    wanted = [(name, [index.document for index in indexes]) for name, indexes in sorted(INDEXES.items())]
    return hashlib.sha256(repr(wanted).encode()).hexdigest()


def create_ordered(database: Database[Document]) -> None:
    """Make the collections of a new database that have to lie on the disk in an order."""
    for collection in CLUSTERED.difference(database.list_collection_names()):
        create(database, collection)


def create_indexes(database: Database[Document]) -> None:
    """Make the indexes that are not there."""
    for collection in INDEXES:
        index(database[collection], collection)


def index(collection: Collection[Document], like: str) -> None:
    """Give a collection the indexes of the one called ``like``.

    A member of a replica set that is away does not hold it up: without saying so, all would be waited for.
    """
    quorum: dict[str, Any] = {"commitQuorum": "majority"} if is_replicated(collection.database) else {}
    collection.create_indexes(INDEXES[like], **quorum)


def create(database: Database[Document], collection: str, name: str | None = None) -> None:
    """Make a collection, under another name if one is given, as it has to lie on the disk.

    Readings lie in the order of their ids, which spares them an index and half the time to write. A server
    before MongoDB 5.3 does not know how; there they lie like all others.
    """
    if collection in CLUSTERED:
        with suppress(OperationFailure):
            database.create_collection(
                name or collection, clusteredIndex={"key": {"_id": ASCENDING}, "unique": True}
            )
            return
    database.create_collection(name or collection)


def missing_indexes(database: Database[Document]) -> list[str]:
    """The indexes that are not there, as ``collection.name``."""
    return [
        f"{collection}.{index.document['name']}"
        for collection, indexes in INDEXES.items()
        for index in indexes
        if index.document["name"] not in database[collection].index_information()
    ]
