"""Delete devices, with their readings, predictions and alerts."""

from collections.abc import Sequence
from dataclasses import dataclass

from pymongo.database import Database

from services import audit, revision
from services.database.locks import shared_lock
from services.devices import parents
from services.devices.names import object_id
from services.scope import Document, Scope
from services.typed import typed

COLLECTIONS_OF_DEVICES = (
    "consumption_data",
    "load_blocks",
    "predictions",
    "alerts",
    "alert_rules",
    "normal_events",
    "replaced_readings",
    "implausible_readings",
)

STARTED: Document = {"deleting": True}
"""Marks a device whose deletion has started."""


@dataclass(frozen=True)
class DeletionEffect:
    """How much is deleted with some devices."""

    devices: int
    readings: int
    predictions: int
    alerts: int
    rehung: tuple[tuple[str, str], ...] = ()
    """The name of each meter that hangs behind one of them, and of the one that it will hang behind; empty
    where it will hang behind none."""


@typed
def deletion_effect(scope: Scope, device_ids: Sequence[str]) -> DeletionEffect:
    """Count what would be deleted with these devices."""
    of_devices = _of_devices(scope, device_ids)
    return DeletionEffect(
        devices=scope.db["devices"].count_documents(scope.owned({"_id": of_devices["deviceId"]})),
        readings=scope.db["consumption_data"].count_documents(of_devices),
        predictions=scope.db["predictions"].count_documents(of_devices),
        alerts=scope.db["alerts"].count_documents(of_devices),
        rehung=parents.rehung(scope, of_devices["deviceId"]["$in"]),
    )


@typed
def delete_devices(scope: Scope, device_ids: Sequence[str]) -> None:
    """Delete devices with their readings, predictions and alerts.

    What hung behind them hangs behind their own parents then. The facility's own predictions are deleted
    too: they counted these devices in. A deletion that is interrupted is finished by `finish_deletions`.
    """
    devices = {"_id": _of_devices(scope, device_ids)["deviceId"]}
    with shared_lock(scope.db, user_id=scope.user_id):
        scope.db["devices"].update_many(scope.owned(devices), {"$set": STARTED})
        _delete(scope, device_ids)


def finish_deletions(db: Database[Document]) -> None:
    """Finish the deletions that were interrupted when a program died."""
    for user_id in db["devices"].distinct("userId", STARTED):
        scope = Scope(db, user_id, "user", "UTC")
        with shared_lock(db):
            _delete(scope, [str(device["_id"]) for device in db["devices"].find(scope.owned(STARTED))])


def _delete(scope: Scope, device_ids: Sequence[str]) -> None:
    """Delete the devices last: they say that their deletion has started."""
    of_devices = _of_devices(scope, device_ids)
    devices = scope.owned({"_id": of_devices["deviceId"]})
    names = [device["name"] for device in scope.db["devices"].find(devices).sort("name")]
    with revision.changing(scope):
        for collection in COLLECTIONS_OF_DEVICES:
            scope.db[collection].delete_many(of_devices)
    scope.db["predictions"].delete_many(scope.owned({"deviceId": None}))
    parents.lift_children(scope, of_devices["deviceId"]["$in"])
    scope.db["devices"].delete_many(devices)
    if names:
        audit.record_for(scope, "device.deleted", ", ".join(names), {"devices": len(names)})


def _of_devices(scope: Scope, device_ids: Sequence[str]) -> Document:
    return scope.owned({"deviceId": {"$in": [object_id(i, "device") for i in device_ids]}})
