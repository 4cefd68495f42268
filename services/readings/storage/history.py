"""Imports as units: begun, finished, and listed."""

import os
import socket
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from bson import ObjectId

from services import audit, ids
from services.database.processes import is_running, process_identity
from services.devices import CreatedDevices
from services.errors import LoadlensError
from services.scope import Document, Scope
from services.typed import typed

COUNTS = ("added", "changed", "refused")
"""Which of an import's counts the audit log is told."""


class ImportRefused(LoadlensError):
    """An import cannot be undone, or is not there."""


@dataclass(frozen=True)
class ImportRecord:
    """One import as the history shows it."""

    id: str
    file: str
    created_at: datetime
    who: str
    """The email of the account that imported."""
    state: str
    """running, done, undoing or undone."""
    rows: int
    added: int
    already_there: int
    changed: int
    kept: int
    refused: int
    start: datetime | None
    """When the first of its readings begins; UTC, as ``end``. None without readings."""
    end: datetime | None


_owned_imports: set[ObjectId] = set()


@contextmanager
def own_import(import_id: ObjectId) -> Iterator[None]:
    """Mark the import as worked on by this program; those of it that are not marked are abandoned."""
    _owned_imports.add(import_id)
    try:
        yield
    finally:
        _owned_imports.discard(import_id)


def is_abandoned(found: Document) -> bool:
    """Return whether nobody on this machine is at work on a noted import any more."""
    if not is_running(found["pid"], found["processCreated"]):
        return True
    return found["pid"] == os.getpid() and found["_id"] not in _owned_imports


def begin(scope: Scope, import_id: ObjectId, file: str) -> None:
    """Note that an import runs, and in which process, so that a later start can tell if it died."""
    document = scope.owned(
        {
            "_id": import_id,
            "file": file,
            "state": "running",
            "timezone": scope.timezone,
            "createdAt": datetime.now(UTC),
            **this_process(),
        }
    )
    scope.db["imports"].insert_one(document)


def note_extent(
    scope: Scope,
    import_id: ObjectId,
    created: CreatedDevices,
    device_ids: Sequence[ObjectId],
    first_id: ObjectId,
    start: datetime,
    end: datetime,
) -> None:
    """Write down what the import is about to touch, before it does."""
    extent = {
        "newDevices": created.device_ids,
        "newCategories": created.category_ids,
        "numbered": created.numbered,
        "deviceIds": list(device_ids),
        "firstId": first_id,
        "start": start,
        "end": end,
    }
    scope.db["imports"].update_one({"_id": import_id}, {"$set": extent})


def touched_by_others(scope: Scope, import_id: ObjectId, device_ids: Collection[ObjectId]) -> list[ObjectId]:
    """Return which of the devices another import has noted, too."""
    theirs = {"_id": {"$ne": import_id}, "state": {"$ne": "undone"}, "deviceIds": {"$in": list(device_ids)}}
    found = {i for other in scope.db["imports"].find(scope.owned(theirs)) for i in other["deviceIds"]}
    return [device_id for device_id in device_ids if device_id in found]


def finish(scope: Scope, import_id: ObjectId, counts: Document) -> None:
    """Note that the import is whole; its alerts are still to be evaluated."""
    done = {"state": "done", **pending_finalization(), **counts}
    scope.db["imports"].update_one({"_id": import_id}, {"$set": done})


def pending_finalization() -> Document:
    """Return what is noted of an import that was done or undone just now, until `finalize_import`."""
    return {"alertsDue": True, "auditId": ObjectId()}


@typed
def finalize_import(scope: Scope, import_id: str) -> None:
    """Tell the audit log of an import that was done or undone, once; nothing remains to be done for it."""
    query = scope.owned({"_id": ids.object_id(import_id), "alertsDue": True})
    found = scope.db["imports"].find_one(query)
    if found is None:
        return
    counts = {name: found[name] for name in COUNTS} if found["state"] == "done" else {}
    audit.record_for(scope, f"import.{found['state']}", found["file"], counts, found.get("auditId"))
    scope.db["imports"].update_one(query, {"$unset": {"alertsDue": "", "auditId": ""}})


def list_imports(scope: Scope) -> list[ImportRecord]:
    """Return all imports, the newest first."""
    account = scope.db["users"].find_one({"_id": scope.user_id}) or {"email": ""}
    newest_first = [("createdAt", -1), ("_id", -1)]
    found = scope.db["imports"].find(scope.owned()).sort(newest_first)
    return [record_of(document, account["email"]) for document in found]


def record_of(document: Document, who: str) -> ImportRecord:
    """Return the import that a document of `imports` describes, of the account with that email."""
    return ImportRecord(
        id=str(document["_id"]),
        file=document["file"],
        created_at=document["createdAt"],
        who=who,
        state=document["state"],
        rows=document.get("rows", 0),
        added=document.get("added", 0),
        already_there=document.get("alreadyThere", 0),
        changed=document.get("changed", 0),
        kept=document.get("kept", 0),
        refused=document.get("refused", 0),
        start=document.get("start"),
        end=document.get("end"),
    )


def this_process() -> Document:
    """Return the process as a later start recognises it."""
    return {"host": socket.gethostname(), "pid": os.getpid(), "processCreated": process_identity(os.getpid())}
