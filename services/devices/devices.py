"""Devices: the meters and machines whose readings are stored."""

from dataclasses import dataclass
from datetime import UTC, datetime

from services.devices.names import DeviceRefused, given, gone, object_id, unique
from services.scope import Document, Scope

STATUSES = ("active", "inactive")


@dataclass(frozen=True)
class Device:
    """A device with the name of its category, empty where it has none."""

    id: str
    name: str
    category_id: str | None
    category: str
    rated_power: float | None
    """In W."""
    avg_usage_hours: float | None
    """In hours a day."""
    status: str
    created_at: datetime


def list_devices(scope: Scope) -> list[Device]:
    """All devices by name."""
    names = {c["_id"]: c["name"] for c in scope.db["categories"].find(scope.owned())}
    return [
        Device(
            id=str(document["_id"]),
            name=document["name"],
            category_id=str(document["categoryId"]) if document["categoryId"] else None,
            category=names.get(document["categoryId"], ""),
            rated_power=document["ratedPower"],
            avg_usage_hours=document["avgUsageHours"],
            status=document["status"],
            created_at=document["createdAt"],
        )
        for document in scope.db["devices"].find(scope.owned()).sort("name")
    ]


def add_device(
    scope: Scope,
    name: str,
    category_id: str | None = None,
    rated_power: float | None = None,
    avg_usage_hours: float | None = None,
    status: str = "active",
) -> str:
    """Make a device (rated power in W, average use in hours a day); its id. Raises `DeviceRefused`."""
    fields = _fields(scope, name, category_id, rated_power, avg_usage_hours, status)
    with unique(fields["name"], "device"):
        document = scope.owned({**fields, "createdAt": datetime.now(UTC)})
        return str(scope.db["devices"].insert_one(document).inserted_id)


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
    fields = _fields(scope, name, category_id, rated_power, avg_usage_hours, status)
    query = scope.owned({"_id": object_id(device_id, "device")})
    with unique(fields["name"], "device"):
        edited = scope.db["devices"].update_one(query, {"$set": fields})
    if not edited.matched_count:
        raise gone("device")


def _fields(
    scope: Scope,
    name: str,
    category_id: str | None,
    rated_power: float | None,
    avg_usage_hours: float | None,
    status: str,
) -> Document:
    if rated_power is not None and not 0 < rated_power < float("inf"):
        raise DeviceRefused("The rated power must be above 0 W, or empty when it is not known.")
    if avg_usage_hours is not None and not 0 <= avg_usage_hours <= 24:
        raise DeviceRefused("The average use must lie between 0 and 24 hours a day, or be empty.")
    if status not in STATUSES:
        raise DeviceRefused("The status must be active or inactive.")
    category = object_id(category_id, "category") if category_id else None
    if category and not scope.db["categories"].find_one(scope.owned({"_id": category})):
        raise gone("category")
    return {
        "name": given(name, "device"),
        "categoryId": category,
        "ratedPower": rated_power,
        "avgUsageHours": avg_usage_hours,
        "status": status,
    }
