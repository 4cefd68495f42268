"""Deleting devices, with all that hangs on them."""

from collections.abc import Sequence
from dataclasses import dataclass

from pymongo.database import Database

from services import audit, revision
from services.database.locks import shared_lock
from services.devices.names import object_id
from services.scope import Document, Scope
from services.typed import typed

HANGING_ON_A_DEVICE = (
    "consumption_data",
    "load_blocks",
    "predictions",
    "alerts",
    "alert_rules",
    "normal_events",
    "replaced_readings",
)

BEGUN: Document = {"deleting": True}
"""Of a device whose deletion has begun."""


@dataclass(frozen=True)
class DeletionEffect:
    """What deleting devices takes along."""

    devices: int
    readings: int
    predictions: int
    alerts: int


@typed
def deletion_effect(scope: Scope, device_ids: Sequence[str]) -> DeletionEffect:
    """How much would go with these devices."""
    hanging = _hanging(scope, device_ids)
    return DeletionEffect(
        devices=scope.db["devices"].count_documents(scope.owned({"_id": hanging["deviceId"]})),
        readings=scope.db["consumption_data"].count_documents(hanging),
        predictions=scope.db["predictions"].count_documents(hanging),
        alerts=scope.db["alerts"].count_documents(hanging),
    )


@typed
def delete_devices(scope: Scope, device_ids: Sequence[str]) -> None:
    """Delete devices with their readings, predictions and alerts.

    The facility's own predictions go too: they counted these devices in. Once begun, what is cut short is
    finished by `finish_deletions`.
    """
    gone = {"_id": _hanging(scope, device_ids)["deviceId"]}
    with shared_lock(scope.db, user_id=scope.user_id):
        scope.db["devices"].update_many(scope.owned(gone), {"$set": BEGUN})
        _delete(scope, device_ids)


def finish_deletions(db: Database[Document]) -> None:
    """Delete what a program was deleting when it died: half of it would be neither there nor gone."""
    for user_id in db["devices"].distinct("userId", BEGUN):
        scope = Scope(db, user_id, "user", "UTC")
        with shared_lock(db):
            _delete(scope, [str(device["_id"]) for device in db["devices"].find(scope.owned(BEGUN))])


def _delete(scope: Scope, device_ids: Sequence[str]) -> None:
    """The devices go last, because they say that the deletion has begun."""
    hanging = _hanging(scope, device_ids)
    gone = scope.owned({"_id": hanging["deviceId"]})
    names = [device["name"] for device in scope.db["devices"].find(gone).sort("name")]
    with revision.changing(scope):
        for collection in HANGING_ON_A_DEVICE:
            scope.db[collection].delete_many(hanging)
    scope.db["predictions"].delete_many(scope.owned({"deviceId": None}))
    scope.db["devices"].delete_many(gone)
    if names:
        audit.record_for(scope, "device.deleted", ", ".join(names), {"devices": len(names)})


def _hanging(scope: Scope, device_ids: Sequence[str]) -> Document:
    return scope.owned({"deviceId": {"$in": [object_id(i, "device") for i in device_ids]}})
