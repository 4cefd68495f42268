"""What may be stored of a device."""

from collections.abc import Sequence

from services.devices.devices import STATUSES, Device
from services.devices.names import DeviceRefused, given, gone, object_id
from services.names import name_fields
from services.scope import Document, Scope


def checked(scope: Scope, devices: Sequence[Device]) -> list[Document]:
    """The fields of each device as they stand in the database. Raises `DeviceRefused`."""
    documents = [_fields(device) for device in devices]
    wanted = {document["categoryId"] for document in documents} - {None}
    known = scope.db["categories"].count_documents(scope.owned({"_id": {"$in": list(wanted)}}))
    if known < len(wanted):
        raise gone("category")
    return documents


def power_complaint(watts: float | None) -> str | None:
    """Why these cannot be a rated power, as a template; None where they can."""
    if watts is None or 0 < watts < float("inf"):
        return None
    return "The rated power must be above 0 W, or empty when it is not known."


def hours_complaint(hours: float | None) -> str | None:
    """Why these cannot be the hours a day of a device, as a template; None where they can."""
    if hours is None or 0 <= hours <= 24:
        return None
    return "The average use must lie between 0 and 24 hours a day, or be empty."


def status_complaint(status: str) -> str | None:
    """Why this cannot be a status, as a template; None where it can."""
    return None if status in STATUSES else "The status must be active or inactive."


def _fields(device: Device) -> Document:
    complaint = (
        power_complaint(device.rated_power)
        or hours_complaint(device.avg_usage_hours)
        or status_complaint(device.status)
    )
    if complaint:
        raise DeviceRefused(complaint)
    return {
        **name_fields(given(device.name, "device")),
        "categoryId": object_id(device.category_id, "category") if device.category_id else None,
        "ratedPower": device.rated_power,
        "avgUsageHours": device.avg_usage_hours,
        "status": device.status,
    }
