"""Add devices and edit them, one or many: all that are given, or none."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bson import ObjectId
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from services.devices.devices import Device
from services.devices.fields import checked
from services.devices.names import DeviceRefused, gone, object_id, taken
from services.scope import Document, Scope
from services.typed import typed


def new_id() -> str:
    """The id of a device or category that is to be made."""
    return str(ObjectId())


@typed
def add_device(
    scope: Scope,
    name: str,
    category_id: str | None = None,
    rated_power: float | None = None,
    avg_usage_hours: float | None = None,
    status: str = "active",
) -> str:
    """Make a device (rated power in W, average use in hours a day); its id. Raises `DeviceRefused`."""
    device = Device(new_id(), name, category_id, "", rated_power, avg_usage_hours, status, datetime.now(UTC))
    add_devices(scope, [device])
    return device.id


@typed
def edit_device(
    scope: Scope,
    device_id: str,
    name: str,
    category_id: str | None = None,
    rated_power: float | None = None,
    avg_usage_hours: float | None = None,
    status: str = "active",
) -> None:
    """Replace all that can be edited of a device. Raises `DeviceRefused`."""
    fields = (name, category_id, "", rated_power, avg_usage_hours, status)
    edit_devices(scope, [Device(device_id, *fields, created_at=datetime.now(UTC))])


@typed
def add_devices(scope: Scope, devices: Sequence[Device]) -> None:
    """Make devices with the ids they are given. Raises `DeviceRefused`, and then none is made."""
    documents = [
        scope.owned({"_id": object_id(device.id, "device"), **fields, "createdAt": device.created_at})
        for device, fields in zip(devices, checked(scope, devices), strict=True)
    ]
    try:
        if documents:
            scope.db["devices"].insert_many(documents)
    except BulkWriteError as error:
        made = [document["_id"] for document in documents[: failed_at(error)]]
        scope.db["devices"].delete_many(scope.owned({"_id": {"$in": made}}))
        raise taken(documents[failed_at(error)]["name"], "device") from None


@typed
def edit_devices(scope: Scope, devices: Sequence[Device]) -> None:
    """Store of each device what is given of it, but the name of its category and when it was made.

    Raises `DeviceRefused`, and then all are as they were.
    """
    wanted = checked(scope, devices)
    ids = [object_id(device.id, "device") for device in devices]
    found = scope.db["devices"].find(scope.owned({"_id": {"$in": ids}}))
    before: dict[ObjectId, Document] = {document["_id"]: document for document in found}
    if len(before) < len(set(ids)):
        raise gone("device")
    for device_id, fields in zip(ids, wanted, strict=True):
        if fields["name"] == before[device_id]["name"]:  # an old name may have a numbered key
            fields["nameKey"] = before[device_id]["nameKey"]
    try:
        _set(scope, ids, wanted)
    except BulkWriteError as error:
        edited = ids[: failed_at(error)]
        _set(scope, edited, [{field: before[i][field] for field in wanted[0]} for i in edited])
        raise taken(wanted[failed_at(error)]["name"], "device") from None


@typed
def remove_unused(scope: Scope, device_ids: Sequence[str], category_ids: Sequence[str] = ()) -> None:
    """Take back devices and categories that were added.

    Raises `DeviceRefused` when readings hang on one by now, and then all stay.
    """
    devices = {"$in": [object_id(i, "device") for i in device_ids]}
    if used := scope.db["consumption_data"].find_one(scope.owned({"deviceId": devices})):
        device = scope.db["devices"].find_one(scope.owned({"_id": used["deviceId"]})) or {"name": ""}
        raise DeviceRefused(
            "“{name}” has readings by now and stays. Delete it if you do not want it.", name=device["name"]
        )
    scope.db["devices"].delete_many(scope.owned({"_id": devices}))
    held = scope.db["devices"].distinct("categoryId", scope.owned())
    empty = [i for category in category_ids if (i := object_id(category, "category")) not in held]
    scope.db["categories"].delete_many(scope.owned({"_id": {"$in": empty}}))


def _set(scope: Scope, ids: Sequence[ObjectId], fields: Sequence[Document]) -> None:
    if ids:
        updates = [UpdateOne(scope.owned({"_id": i}), {"$set": f}) for i, f in zip(ids, fields, strict=True)]
        scope.db["devices"].bulk_write(updates)


def failed_at(error: BulkWriteError) -> int:
    """The position of the device whose name another one has; any other failure is raised again."""
    failure = (error.details or {}).get("writeErrors", [{}])[0]
    if failure.get("code") != 11000:
        raise error
    return int(failure["index"])
