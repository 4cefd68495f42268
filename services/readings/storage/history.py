"""Imports as units: begun, finished, or rolled back as if they had never been."""

import socket
from collections.abc import Sequence
from datetime import UTC, datetime

import psutil
from bson import ObjectId
from pymongo import UpdateOne
from pymongo.database import Database

from services.database.processes import is_running
from services.devices import Created, remove_created
from services.readings.storage import rollup
from services.scope import Document, Scope


def begin(scope: Scope, file: str) -> ObjectId:
    """Note that an import runs, and in which process, so that a later start can tell if it died."""
    process = psutil.Process()
    document = scope.owned(
        {
            "file": file,
            "state": "running",
            "timezone": scope.timezone,
            "host": socket.gethostname(),
            "pid": process.pid,
            "processCreated": process.create_time(),
            "createdAt": datetime.now(UTC),
        }
    )
    import_id: ObjectId = scope.db["imports"].insert_one(document).inserted_id
    return import_id


def note_extent(
    scope: Scope,
    import_id: ObjectId,
    created: Created,
    device_ids: Sequence[ObjectId],
    start: datetime,
    end: datetime,
) -> None:
    """Write down what the import is about to touch, before it does."""
    extent = {
        "newDevices": created.device_ids,
        "newCategories": created.category_ids,
        "deviceIds": list(device_ids),
        "start": start,
        "end": end,
    }
    scope.db["imports"].update_one({"_id": import_id}, {"$set": extent})


def finish(scope: Scope, import_id: ObjectId, counts: Document) -> None:
    """The import is whole."""
    scope.db["imports"].update_one({"_id": import_id}, {"$set": {"state": "done", **counts}})
    scope.db["replaced_readings"].delete_many({"importId": import_id})


def roll_back(scope: Scope, import_id: ObjectId) -> None:
    """Take back all that an unfinished import did."""
    document = scope.db["imports"].find_one(scope.owned({"_id": import_id}))
    if document is None:
        return
    if "deviceIds" in document:
        _restore_replaced(scope, import_id)
        within = {"date": {"$gte": document["start"], "$lte": document["end"]}}
        devices = {"deviceId": {"$in": document["deviceIds"]}}
        scope.db["consumption_data"].delete_many(scope.owned({**devices, **within, "importId": import_id}))
        rollup.refresh(scope, document["deviceIds"], document["start"], document["end"])
        remove_created(scope, Created(document["newDevices"], document["newCategories"]))
    scope.db["imports"].delete_one({"_id": import_id})


def recover(db: Database[Document]) -> int:
    """Roll back the imports whose program died on this machine; how many there were."""
    unfinished = db["imports"].find({"state": "running", "host": socket.gethostname()})
    dead = [i for i in unfinished if not is_running(i["pid"], i["processCreated"])]
    for document in dead:
        roll_back(Scope(db, document["userId"], "user", document["timezone"]), document["_id"])
    return len(dead)


def _restore_replaced(scope: Scope, import_id: ObjectId) -> None:
    restored = [
        UpdateOne(
            scope.owned({"deviceId": old["deviceId"], "date": old["date"]}),
            {"$set": {"consumption": old["consumption"]}},
        )
        for old in scope.db["replaced_readings"].find({"importId": import_id})
    ]
    if restored:
        scope.db["consumption_data"].bulk_write(restored, ordered=False)
    scope.db["replaced_readings"].delete_many({"importId": import_id})
