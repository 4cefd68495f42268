"""Imports taken back: those cut short, as if they had never been, and those that somebody regrets."""

import socket
from contextlib import suppress
from functools import partial
from threading import Lock

from bson import ObjectId
from pymongo.database import Database

from services import ids
from services.database import deployment
from services.database.deployment import journaled
from services.database.errors import retry_on_disconnect
from services.database.locks import shared_lock
from services.devices import CreatedDevices, remove_created
from services.messages import N_
from services.progress import Cancelled, Progress, silent
from services.readings.storage import bulk_insert, conflicts, implausible, monthly_blocks
from services.readings.storage.encoding import MOST, IdRange
from services.readings.storage.history import (
    ImportRefused,
    is_abandoned,
    own_import,
    pending_finalization,
    this_process,
)
from services.scope import Document, Scope
from services.typed import typed

STAGE = N_("Taking readings back")
AT_ONCE = 20_000
"""Readings removed by one command, which takes a fraction of a second."""

_recovering = Lock()


@typed
def undo(scope: Scope, import_id: str, progress: Progress = silent) -> list[str]:
    """Take back an import that was finished; the devices whose readings it had touched.

    What it added goes, what it replaced returns.

    Devices and categories that it made go, too, unless something else hangs on them. Once begun it is
    not cancelled, and a program that dies is finished by the next that starts.
    Raises `ImportRefused` when a later import has replaced values of this one.
    """
    imports = scope.db["imports"]
    found = imports.find_one(scope.owned({"_id": _import_id(import_id)}))
    if found is None or found["state"] != "done":
        raise ImportRefused("This import is not there any more, or is being undone. Refresh the list.")
    _check_undoable(scope, found)
    with own_import(found["_id"]):
        claimed = imports.update_one(
            {"_id": found["_id"], "state": "done"}, {"$set": {"state": "undoing", **this_process()}}
        )
        if claimed.modified_count:
            retry_on_disconnect(_finish_undoing, scope, found, progress, progress=partial(_report, progress))
    return [str(device_id) for device_id in found.get("deviceIds", [])]


def roll_back(scope: Scope, import_id: ObjectId, progress: Progress = silent) -> None:
    """Take back all that an unfinished import did, and that it was."""
    # Noted as whole it may be all the same, if no answer came to that; it is not any more.
    unfinished = {"$set": {"state": "running"}}
    found = scope.db["imports"].find_one_and_update(scope.owned({"_id": import_id}), unfinished)
    if found is not None:
        with journaled(scope.db):
            _take_back(scope, found, progress)
        scope.db["imports"].delete_one({"_id": import_id})


def recover(db: Database[Document]) -> int:
    """Roll back the imports, and finish the undoings, that nobody on this machine works at; how many.

    Their program died, or lost the connection for so long that it gave up.
    """
    with _recovering:
        abandoned = _abandoned(db, {"state": {"$in": ["running", "undoing"]}})
        if not abandoned:
            return 0
        with shared_lock(db):
            for scope, found in abandoned:
                if found["state"] == "undoing":
                    _finish_undoing(scope, found, silent)
                else:
                    roll_back(scope, found["_id"])
    return len(abandoned)


def imports_without_alerts(db: Database[Document]) -> list[tuple[Scope, str, list[str]]]:
    """Return the imports and undoings abandoned before alerts were evaluated, with their devices."""
    return [
        (scope, str(found["_id"]), [str(device_id) for device_id in found.get("deviceIds", [])])
        for scope, found in _abandoned(db, {"alertsDue": True})
    ]


def _abandoned(db: Database[Document], query: Document) -> list[tuple[Scope, Document]]:
    """Return the imports that programs of this machine had in hand when they died or lost hold of them."""
    return [
        (Scope(db, found["userId"], "user", found["timezone"]), found)
        # The newest first: it may have replaced values of those before it.
        for found in db["imports"].find({**query, "host": socket.gethostname()}).sort("_id", -1)
        if is_abandoned(found)
    ]


def _finish_undoing(scope: Scope, found: Document, progress: Progress) -> None:
    with journaled(scope.db):
        _take_back(scope, found, progress)
    undone = {"state": "undone", **pending_finalization()}
    scope.db["imports"].update_one({"_id": found["_id"]}, {"$set": undone})


def _take_back(scope: Scope, found: Document, progress: Progress) -> None:
    implausible.forget_implausible(scope, found["_id"])
    if "deviceIds" not in found:
        return
    conflicts.restore_values(scope, found["_id"])
    bulk_insert.clear_incoming(scope.db, found["_id"])
    _remove_added(scope, found, progress)
    monthly_blocks.refresh_blocks(scope, found["deviceIds"], found["start"], found["end"])
    created = CreatedDevices(found["newDevices"], found["newCategories"], found.get("numbered", []))
    remove_created(scope, created)


def _remove_added(scope: Scope, found: Document, progress: Progress) -> None:
    """Remove what the import added, by its ids, which are consecutive and need no other index."""
    readings = deployment.bulk_collection(scope.db, "consumption_data")
    if "firstId" not in found:  # an earlier Loadlens gave ids as they came
        within = {"$gte": found["start"], "$lte": found["end"]}
        devices = {"$in": found["deviceIds"]}
        readings.delete_many(scope.owned({"deviceId": devices, "date": within, "importId": found["_id"]}))
        return
    ids = IdRange(found["firstId"].binary[:9])
    last = readings.find_one(
        {"_id": {"$gte": ids.nth(0), "$lte": ids.nth(MOST)}}, {"_id": True}, sort=[("_id", -1)]
    )
    total = ids.number(last["_id"]) + 1 if last else 0
    for begin in range(0, total, AT_ONCE):
        _report(progress, STAGE, begin, total)
        within = {"$gte": ids.nth(begin), "$lt": ids.nth(min(begin + AT_ONCE, MOST))}
        readings.delete_many(scope.owned({"_id": within, "importId": found["_id"]}))
    _report(progress, STAGE, total, total)


def _report(progress: Progress, stage: str, done: int, total: int) -> None:
    with suppress(Cancelled):  # half of it taken back would be worse than either
        progress(stage, done, total)


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


def _import_id(text: str) -> ObjectId:
    return ids.object_id(text, ImportRefused("This import is not there any more. Refresh the list."))
