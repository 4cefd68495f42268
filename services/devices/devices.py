"""Devices: the meters and machines whose readings are stored. List, add and edit them, all or none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bson import ObjectId
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from services.devices import parents, units
from services.devices.fields import FIELDS, units_of
from services.devices.names import (
    DeviceRefused,
    index_of_duplicate,
    missing,
    name_taken,
    object_id,
    valid_name,
)
from services.documents import from_document, to_document
from services.names import name_fields
from services.scope import Document, Scope
from services.typed import typed
from services.utilities import UTILITIES, Direction, Utility


@dataclass(frozen=True)
class Device:
    """A device; what of it can be edited is listed in `fields.FIELDS`."""

    id: str
    name: str
    category_id: str | None
    category: str
    """The category's name, empty where it has none."""
    rated_power: float | None
    """In W."""
    avg_usage_hours: float | None
    """In hours a day."""
    status: str
    created_at: datetime
    meter_number: str = ""
    utility: Utility = "electricity"
    direction: Direction = "consumption"
    unit: str = "kWh"
    """The unit of its readings, of `services.units.UNITS`."""
    parent_id: str | None = None
    """The meter of the same utility behind which it hangs."""
    counts_in_total: bool | None = None
    """Whether it counts in totals; None: unless its parent counts for it."""
    parent: str = ""
    """The parent's name, empty where it has none."""


def new_id() -> str:
    """Return the id of a device or category that is to be made."""
    return str(ObjectId())


def new_device(**fields: object) -> Device:
    """Return a device that is not stored yet, with these of its fields."""
    blank = {field.name: field.default for field in FIELDS}
    known = {"id": new_id(), "category": "", "created_at": datetime.now(UTC), **blank, **fields}
    return Device(**known)  # type: ignore[arg-type]


def revised(device: Device, **fields: object) -> Device:
    """Return the device with other values of some fields, and with what follows from them.

    Where it is given another utility but no unit, and its own unit is none of that utility, it gets the
    usual one.
    """
    changed: Device = replace(device, **fields)  # type: ignore[arg-type]
    if "unit" not in fields and changed.unit not in units_of(changed.utility):
        return replace(changed, unit=UTILITIES[changed.utility].unit)
    return changed


def list_devices(scope: Scope) -> list[Device]:
    """Return all devices by name."""
    categories = {c["_id"]: c["name"] for c in scope.db["categories"].find(scope.owned())}
    found = list(scope.db["devices"].find(scope.owned()).sort("name"))
    names = {document["_id"]: document["name"] for document in found}
    return [
        from_document(
            Device,
            document,
            category=categories.get(document["categoryId"], ""),
            parent=names.get(document.get("parentId"), ""),
        )
        for document in found
    ]


@typed
def find_device(scope: Scope, device_id: str) -> Device | None:
    """Return the device with this id, if there is one."""
    return next((device for device in list_devices(scope) if device.id == device_id), None)


@typed
def add_device(
    scope: Scope,
    name: str,
    category_id: str | None = None,
    rated_power: float | None = None,
    avg_usage_hours: float | None = None,
    status: str = "active",
    meter_number: str = "",
    utility: Utility = "electricity",
    direction: Direction = "consumption",
    unit: str | None = None,
    parent_id: str | None = None,
    counts_in_total: bool | None = None,
) -> str:
    """Make a device (rated power in W, average use in hours a day) and return its id.

    Without a unit it counts in the usual one of its utility. Raises `DeviceRefused`.
    """
    device = new_device(
        name=name,
        category_id=category_id,
        rated_power=rated_power,
        avg_usage_hours=avg_usage_hours,
        status=status,
        meter_number=meter_number,
        utility=utility,
        direction=direction,
        unit=unit or UTILITIES[utility].unit,
        parent_id=parent_id,
        counts_in_total=counts_in_total,
    )
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
    meter_number: str = "",
) -> None:
    """Replace a device's name, category, rating, use, status and number. Raises `DeviceRefused`."""
    device = find_device(scope, device_id)
    if device is None:
        raise missing("device")
    changed = replace(
        device,
        name=name,
        category_id=category_id,
        rated_power=rated_power,
        avg_usage_hours=avg_usage_hours,
        status=status,
        meter_number=meter_number,
    )
    edit_devices(scope, [changed])


@typed
def add_devices(scope: Scope, devices: Sequence[Device]) -> None:
    """Make devices with the ids they are given. Raises `DeviceRefused`, and then none is made."""
    documents = [
        scope.owned({"_id": object_id(device.id, "device"), **_known(fields), "createdAt": device.created_at})
        for device, fields in zip(devices, _checked(scope, devices), strict=True)
    ]
    made = [document["_id"] for document in documents]
    try:
        if documents:
            scope.db["devices"].insert_many(documents)
            parents.check_stored(scope, made)
    except BulkWriteError as error:
        second = index_of_duplicate(error)
        scope.db["devices"].delete_many(scope.owned({"_id": {"$in": made[:second]}}))
        raise name_taken(documents[second]["name"], "device") from None
    except DeviceRefused:
        scope.db["devices"].delete_many(scope.owned({"_id": {"$in": made}}))
        raise


@typed
def edit_devices(scope: Scope, devices: Sequence[Device]) -> None:
    """Store all fields of these devices but the names of their categories and when they were made.

    Readings follow another unit of energy. Raises `DeviceRefused`, and then all are as they were.
    """
    wanted = _checked(scope, devices)
    ids = [object_id(device.id, "device") for device in devices]
    found = scope.db["devices"].find(scope.owned({"_id": {"$in": ids}}))
    before: dict[ObjectId, Document] = {document["_id"]: document for document in found}
    if len(before) < len(set(ids)):
        raise missing("device")
    for device_id, fields in zip(ids, wanted, strict=True):
        if fields["name"] == before[device_id]["name"]:  # an old name may have a numbered key
            fields["nameKey"] = before[device_id]["nameKey"]
    converted = units.changed(scope, before, dict(zip(ids, wanted, strict=True)))

    def restore(edited: Sequence[ObjectId]) -> None:
        _update(scope, edited, [{field: before[i].get(field, "") for field in wanted[0]} for i in edited])

    try:
        _update(scope, ids, wanted)
        parents.check_stored(scope, ids)
    except BulkWriteError as error:
        second = index_of_duplicate(error)
        restore(ids[:second])
        raise name_taken(wanted[second]["name"], "device") from None
    except DeviceRefused:
        restore(ids)
        raise
    units.convert_readings(scope, converted)


@typed
def remove_unused(scope: Scope, device_ids: Sequence[str], category_ids: Sequence[str] = ()) -> None:
    """Delete devices and categories again that were added.

    Raises `DeviceRefused` when a device has readings by now, and then all stay.
    """
    devices = {"$in": [object_id(i, "device") for i in device_ids]}
    if used := scope.db["consumption_data"].find_one(scope.owned({"deviceId": devices})):
        device = scope.db["devices"].find_one(scope.owned({"_id": used["deviceId"]})) or {"name": ""}
        raise DeviceRefused(
            "“{name}” has readings by now and stays. Delete it if you do not want it.", name=device["name"]
        )
    parents.lift_children(scope, devices["$in"])
    scope.db["devices"].delete_many(scope.owned({"_id": devices}))
    remove_empty_categories(scope, [object_id(category, "category") for category in category_ids])


def remove_empty_categories(scope: Scope, category_ids: Sequence[ObjectId]) -> None:
    """Delete those of the categories that hold no device."""
    held = set(scope.db["devices"].distinct("categoryId", scope.owned()))
    empty = [category for category in category_ids if category not in held]
    scope.db["categories"].delete_many(scope.owned({"_id": {"$in": empty}}))


def _checked(scope: Scope, devices: Sequence[Device]) -> list[Document]:
    """Return the fields of each device as the database holds them. Raises `DeviceRefused`."""
    documents = [_to_fields(device) for device in devices]
    wanted = {document["categoryId"] for document in documents} - {None}
    known = scope.db["categories"].count_documents(scope.owned({"_id": {"$in": list(wanted)}}))
    if known < len(wanted):
        raise missing("category")
    ids = [object_id(device.id, "device") for device in devices]
    parents.check(scope, dict(zip(ids, documents, strict=True)))
    return documents


def _to_fields(device: Device) -> Document:
    for field in FIELDS:
        if not field.allows(getattr(device, field.name)):
            raise DeviceRefused(field.refusal)
    units.check(device.utility, device.unit)
    if device.category_id:
        object_id(device.category_id, "category")  # an id that is none has a refusal of its own
    if device.parent_id:
        object_id(device.parent_id, "device")
    document = to_document(device, leave_out=("id", "category", "parent", "created_at"))
    texts = {field.stored: document[field.stored].strip() for field in FIELDS if field.kind == "text"}
    return {**document, **texts, **name_fields(valid_name(device.name, "device"))}


def _known(fields: Document) -> Document:
    """Leave out the texts that are empty: they are not stored."""
    return {name: value for name, value in fields.items() if value != ""}


def _update(scope: Scope, ids: Sequence[ObjectId], fields: Sequence[Document]) -> None:
    updates = []
    for device_id, values in zip(ids, fields, strict=True):
        change: Document = {"$set": _known(values)}
        if empty := {name: "" for name, value in values.items() if value == ""}:
            change["$unset"] = empty
        updates.append(UpdateOne(scope.owned({"_id": device_id}), change))
    if updates:
        scope.db["devices"].bulk_write(updates)
