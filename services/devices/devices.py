"""Devices: the meters and machines whose readings are stored."""

from dataclasses import dataclass
from datetime import datetime

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
    found = scope.db["devices"].find(scope.owned()).sort("name")
    return [_from_document(document, names.get(document["categoryId"], "")) for document in found]


def _from_document(document: Document, category: str) -> Device:
    return Device(
        id=str(document["_id"]),
        name=document["name"],
        category_id=str(document["categoryId"]) if document["categoryId"] else None,
        category=category,
        rated_power=document["ratedPower"],
        avg_usage_hours=document["avgUsageHours"],
        status=document["status"],
        created_at=document["createdAt"],
    )
