"""What the services rely on: indexes, keys of names, and the steps from one schema version to the next."""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel, UpdateOne
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import OperationFailure

from services.database.deployment import is_replicated
from services.names import name_fields, name_key
from services.scope import Document

VERSION = 6

log = logging.getLogger(__name__)


def _unique(*fields: str) -> IndexModel:
    return IndexModel([(field, ASCENDING) for field in fields], unique=True)


def _unique_name(*fields: str) -> IndexModel:
    """The last field holds a `services.names.name_key`, which documents of earlier backups do not have."""
    keys = [(field, ASCENDING) for field in fields]
    return IndexModel(keys, unique=True, partialFilterExpression={fields[-1]: {"$type": "string"}})


def _expiring(field: str, after_seconds: int) -> IndexModel:
    """Documents are deleted by the server itself, so long after the time in the field."""
    return IndexModel([(field, ASCENDING)], expireAfterSeconds=after_seconds)


INDEXES: dict[str, list[IndexModel]] = {
    "users": [_unique_name("emailKey")],
    "sessions": [IndexModel([("userId", ASCENDING)]), _expiring("expiresAt", after_seconds=0)],
    "sign_in_failures": [
        _unique("email"),
        _expiring("last", after_seconds=24 * 3600),
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
    "implausible_readings": [
        _unique("userId", "deviceId", "date"),
        IndexModel([("userId", ASCENDING), ("importId", ASCENDING)]),
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
    """Return a checksum of the indexes: those which a version has gained are made at the next start."""
    wanted = [(name, [index.document for index in indexes]) for name, indexes in sorted(INDEXES.items())]
    return hashlib.sha256(repr(wanted).encode()).hexdigest()


def create_clustered(database: Database[Document]) -> None:
    """Create the collections of a new database that have to lie on the disk in an order."""
    for collection in CLUSTERED.difference(database.list_collection_names()):
        create_collection(database, collection)


def create_indexes(database: Database[Document]) -> None:
    """Create the indexes that are not there."""
    for collection in INDEXES:
        create_indexes_of(database[collection], collection)


def create_indexes_of(collection: Collection[Document], like: str) -> None:
    """Give a collection the indexes of the one called ``like``.

    A member of a replica set that is away does not hold it up: without saying so, all would be waited for.
    """
    quorum: dict[str, Any] = {"commitQuorum": "majority"} if is_replicated(collection.database) else {}
    collection.create_indexes(INDEXES[like], **quorum)


def create_collection(database: Database[Document], collection: str, name: str | None = None) -> None:
    """Create a collection, under another name if one is given, as it has to lie on the disk.

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
    """Return the indexes that are not there, as ``collection.name``."""
    return [
        f"{collection}.{index.document['name']}"
        for collection, indexes in INDEXES.items()
        for index in indexes
        if index.document["name"] not in database[collection].index_information()
    ]


NAME_KEYS_SINCE = 5
"""The version of the schema that has keys."""
NAME_FIELDS = {"users": "email", "categories": "name", "devices": "name", "views": "name"}
"""The field of each collection that is unique by its key: for a user, but emails for all."""


def assign_name_keys(db: Database[Document]) -> None:
    """Give every name its key. Of several with the same key the oldest gets it, the others a numbered one.

    No name has such a key itself, for it holds a line end; the next new name gives such a document its own.
    """
    for collection, field in NAME_FIELDS.items():
        updates = []
        for documents in _same_names(db, collection, field):
            for number, document in enumerate(documents, 1):
                fields = name_fields(document[field], field)
                if number > 1:
                    fields[f"{field}Key"] = f"{fields[f'{field}Key']}\n{number}"
                updates.append(UpdateOne({"_id": document["_id"]}, {"$set": fields}))
        if updates:
            db[collection].bulk_write(updates)
    if found := name_clashes(db):
        log.warning("%d names are the same name as an earlier one; “doctor” tells which", len(found))


def has_valid_name_key(collection: str, document: Document) -> bool:
    """Return whether the document has the key of its name, as it is or numbered, if it needs one."""
    field = NAME_FIELDS.get(collection)
    if field is None:
        return True
    key: str = document.get(f"{field}Key") or ""
    return f"{field}Key" in document and key.partition("\n")[0] == name_key(document.get(field) or "")


def name_clashes(db: Database[Document]) -> list[tuple[str, str, str]]:
    """Return (collection, name, later name) of each name that is the same as that of an older document."""
    return [
        (collection, documents[0][field], document[field])
        for collection, field in NAME_FIELDS.items()
        for documents in _same_names(db, collection, field)
        for document in documents[1:]
    ]


def _same_names(db: Database[Document], collection: str, field: str) -> Iterator[list[Document]]:
    """Yield the documents of each name, the oldest first."""
    groups: defaultdict[tuple[object, str], list[Document]] = defaultdict(list)
    for document in db[collection].find({}, {"userId": True, field: True}).sort("_id", ASCENDING):
        groups[document.get("userId"), name_key(document[field] or "")].append(document)
    yield from groups.values()


def version_of(db: Database[Document]) -> int:
    """Return the schema version of the database; 0 for a new one."""
    stored = db["settings"].find_one({"_id": "schema"})
    return int(stored["version"]) if stored else 0


def is_current(db: Database[Document]) -> bool:
    """Return whether the database has this version and all its indexes."""
    stored = db["settings"].find_one({"_id": "schema"})
    return stored is not None and stored["version"] == VERSION and stored.get("indexes") == fingerprint()


def migrate(db: Database[Document]) -> None:
    """Bring a database that is new or of an earlier version to this one, with all its indexes.

    Each step may be killed and taken again; it is noted when it is done.
    """
    version = version_of(db)
    if version == 0:
        create_clustered(db)
    elif version < VERSION:
        for step in range(version + 1, VERSION + 1):
            STEPS.get(step, _only_indexes)(db)
            if step < VERSION:
                _save_version(db, {"version": step})
    create_indexes(db)
    _save_version(db, {"version": VERSION, "indexes": fingerprint()})


def _save_version(db: Database[Document], fields: Document) -> None:
    db["settings"].update_one({"_id": "schema"}, {"$set": fields}, upsert=True)


def _close_first_imports(db: Database[Document]) -> None:
    """They forgot what they had replaced."""
    db["imports"].update_many({"state": "done"}, {"$set": {"undoable": False}})


def _pack_readings_and_key_alerts_by_rule(db: Database[Document]) -> None:
    """Let a rule find what another has found, notify of what is unread, and sum monthly blocks."""
    with suppress(OperationFailure):
        db["alerts"].drop_index("userId_1_deviceId_1_type_1_start_1")
    db["alerts"].update_many({"tellAt": None}, [{"$set": {"tellAt": "$createdAt"}}])
    _rename_seconds(db)
    # What packs readings rests on this package.
    from services.readings.storage import monthly_blocks

    create_indexes(db)
    monthly_blocks.rebuild_blocks(db)
    db["daily_consumption"].drop()


def _key_mail_by_user(db: Database[Document]) -> None:
    """What is in the mail of one user kept another from mailing about it.

    Since this version backups and changes of readings hold locks, too, which earlier programs do not.
    """
    with suppress(OperationFailure):
        db["outbox"].drop_index("about_1")


def _store_keys_of_names(db: Database[Document]) -> None:
    """What the same name is was decided by the server's collation; failed sign-ins are counted anew."""
    with suppress(OperationFailure):
        db["users"].drop_index("email_1")
    for collection in ("categories", "devices", "views"):
        with suppress(OperationFailure):
            db[collection].drop_index("userId_1_name_1")
    db["sign_in_failures"].drop()
    assign_name_keys(db)


def _give_meters_a_utility(db: Database[Document]) -> None:
    """All that was read before was taken for electricity that is consumed, in kWh; lengths were `seconds`."""
    told = {"utility": "electricity", "direction": "consumption", "unit": "kWh"}
    blank = {"parentId": None, "countsInTotal": None}
    db["devices"].update_many({"utility": {"$exists": False}}, {"$set": {**told, **blank}})
    _rename_seconds(db)
    db["replaced_readings"].update_many(
        {"old.seconds": {"$exists": True}}, {"$rename": {"old.seconds": "old.interval"}}
    )


def _rename_seconds(db: Database[Document]) -> None:
    """Blocks are packed from `interval`, whichever version they are packed for."""
    db["consumption_data"].update_many({"seconds": {"$exists": True}}, {"$rename": {"seconds": "interval"}})


def _only_indexes(db: Database[Document]) -> None:
    """A version that later programs alone have to know of."""


STEPS: dict[int, Callable[[Database[Document]], None]] = {
    2: _close_first_imports,
    3: _pack_readings_and_key_alerts_by_rule,
    4: _key_mail_by_user,
    5: _store_keys_of_names,
    6: _give_meters_a_utility,
}
"""By the version that a step leads to, from the one before it."""
