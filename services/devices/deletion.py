"""Deleting devices, with all that hangs on them."""

from collections.abc import Sequence
from dataclasses import dataclass

from services import audit, revision
from services.database.turns import among_others
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

    The facility's own predictions go too: they counted these devices in. Devices go last, so that a
    deletion that was cut short can be asked for again.
    """
    hanging = _hanging(scope, device_ids)
    gone = {"_id": hanging["deviceId"]}
    names = [device["name"] for device in scope.db["devices"].find(scope.owned(gone)).sort("name")]
    with among_others(scope.db, user_id=scope.user_id), revision.changing(scope):
        for collection in HANGING_ON_A_DEVICE:
            scope.db[collection].delete_many(hanging)
    scope.db["predictions"].delete_many(scope.owned({"deviceId": None}))
    scope.db["devices"].delete_many(scope.owned(gone))
    if names:
        audit.record_for(scope, "device.deleted", ", ".join(names), {"devices": len(names)})


def _hanging(scope: Scope, device_ids: Sequence[str]) -> Document:
    return scope.owned({"deviceId": {"$in": [object_id(i, "device") for i in device_ids]}})
