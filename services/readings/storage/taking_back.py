"""Imports taken back: those cut short, as if they had never been, and those that somebody regrets."""

import socket
from contextlib import suppress

from bson import ObjectId
from pymongo.database import Database

from services import audit
from services.database.processes import is_running
from services.devices import Created, remove_created
from services.progress import Cancelled, Progress, silent
from services.readings.storage import conflicts, first_load, rollup
from services.readings.storage.encode import MOST, Ids
from services.readings.storage.history import ImportRefused, this_process
from services.readings.storage.insertion import UNCONFIRMED
from services.scope import Document, Scope

STAGE = "Taking readings back"
AT_ONCE = 20_000
"""Readings removed by one command, which takes a fraction of a second."""


def undo(scope: Scope, import_id: str, progress: Progress = silent) -> list[str]:
    """Take back an import that was finished; the devices whose readings it had touched.

    What it added goes, what it replaced returns.

    Devices and categories that it made go, too, unless something else hangs on them. Once begun it is
    not cancelled, and a program that dies is finished by the next that starts.
    Raises `ImportRefused` when a later import has replaced values of this one.
    """
    imports = scope.db["imports"]
    found = imports.find_one(scope.owned({"_id": _object_id(import_id)}))
    if found is None or found["state"] != "done":
        raise ImportRefused("This import is not there any more, or is being undone. Refresh the list.")
    _check_undoable(scope, found)
    claimed = imports.update_one(
        {"_id": found["_id"], "state": "done"}, {"$set": {"state": "undoing", **this_process()}}
    )
    if claimed.modified_count:
        _finish_undoing(scope, found, progress)
        audit.record_for(scope, "import.undone", found["file"])
    return [str(device_id) for device_id in found.get("deviceIds", [])]


def roll_back(scope: Scope, import_id: ObjectId, progress: Progress = silent) -> None:
    """Take back all that an unfinished import did, and that it was."""
    found = scope.db["imports"].find_one(scope.owned({"_id": import_id}))
    if found is not None:
        _take_back(scope, found, progress)
        scope.db["imports"].delete_one({"_id": import_id})


def recover(db: Database[Document]) -> int:
    """Roll back the imports, and finish the undoings, whose program died on this machine; how many."""
    dead = _of_dead_programs(db, {"state": {"$in": ["running", "undoing"]}})
    for scope, found in dead:
        if found["state"] == "undoing":
            _finish_undoing(scope, found, silent)
        else:
            roll_back(scope, found["_id"])
    return len(dead)


def without_alerts(db: Database[Document]) -> list[tuple[Scope, str, list[str]]]:
    """The imports and undoings whose program died before it looked for alerts, with their devices."""
    return [
        (scope, str(found["_id"]), [str(device_id) for device_id in found.get("deviceIds", [])])
        for scope, found in _of_dead_programs(db, {"alertsDue": True})
    ]


def _of_dead_programs(db: Database[Document], query: Document) -> list[tuple[Scope, Document]]:
    """The imports that programs of this machine had in hand when they died."""
    return [
        (Scope(db, found["userId"], "user", found["timezone"]), found)
        for found in db["imports"].find({**query, "host": socket.gethostname()})
        if not is_running(found["pid"], found["processCreated"])
    ]


def _finish_undoing(scope: Scope, found: Document, progress: Progress) -> None:
    _take_back(scope, found, progress)
    scope.db["imports"].update_one({"_id": found["_id"]}, {"$set": {"state": "undone", "alertsDue": True}})


def _take_back(scope: Scope, found: Document, progress: Progress) -> None:
    if "deviceIds" not in found:
        return
    conflicts.restore(scope, found["_id"])
    first_load.clear(scope.db, found["_id"])
    _remove_added(scope, found, progress)
    rollup.refresh(scope, found["deviceIds"], found["start"], found["end"])
    remove_created(scope, Created(found["newDevices"], found["newCategories"]))


def _remove_added(scope: Scope, found: Document, progress: Progress) -> None:
    """By the ids that the import gave, which lie one behind the other and need no other index."""
    readings = scope.db["consumption_data"].with_options(write_concern=UNCONFIRMED)
    if "firstId" not in found:  # an earlier Loadlens gave ids as they came
        within = {"$gte": found["start"], "$lte": found["end"]}
        devices = {"$in": found["deviceIds"]}
        readings.delete_many(scope.owned({"deviceId": devices, "date": within, "importId": found["_id"]}))
        return
    ids = Ids(found["firstId"].binary[:9])
    last = readings.find_one(
        {"_id": {"$gte": ids.nth(0), "$lte": ids.nth(MOST)}}, {"_id": True}, sort=[("_id", -1)]
    )
    total = ids.number(last["_id"]) + 1 if last else 0
    for begin in range(0, total, AT_ONCE):
        _tell(progress, begin, total)
        within = {"$gte": ids.nth(begin), "$lt": ids.nth(min(begin + AT_ONCE, MOST))}
        readings.delete_many(scope.owned({"_id": within, "importId": found["_id"]}))
    _tell(progress, total, total)


def _tell(progress: Progress, done: int, total: int) -> None:
    with suppress(Cancelled):  # half of it taken back would be worse than either
        progress(STAGE, done, total)


def _check_undoable(scope: Scope, found: Document) -> None:
    if not found.get("undoable", True):
        raise ImportRefused(
            "{file} was imported by an earlier Loadlens, which did not keep what it replaced.",
            file=found["file"],
        )
    later = scope.db["replaced_readings"].find_one(scope.owned({"old.importId": found["_id"]}))
    if later is not None:
        newer = scope.db["imports"].find_one({"_id": later["importId"]}) or {"file": ""}
        raise ImportRefused(
            "{file} cannot be undone: {newer}, imported later, has replaced values of it. Undo that first.",
            file=found["file"],
            newer=newer["file"],
        )


def _object_id(text: str) -> ObjectId:
    if not ObjectId.is_valid(text):
        raise ImportRefused("This import is not there any more. Refresh the list.")
    return ObjectId(text)
