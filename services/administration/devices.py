"""All devices of all users, for an administrator."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.accounts import require_admin
from services.administration.search import finds
from services.scope import Document, Scope
from services.typed import typed


@dataclass(frozen=True)
class OwnedDevice:
    """One device with whose it is, and how much is known of it."""

    id: str
    name: str
    owner: str
    """The email of the account."""
    category: str
    status: str
    readings: int
    last: datetime | None
    """When its last reading begins, UTC; None without readings."""


@typed
def all_devices(scope: Scope, text: str = "") -> list[OwnedDevice]:
    """Every user's devices, by owner and name, in which the text is found. Raises `NotAllowed`."""
    require_admin(scope)
    owners = emails(scope)
    categories = {c["_id"]: c["name"] for c in scope.db["categories"].find({}, {"name": True})}
    measured = _measured(scope)
    found = [
        _from_document(document, owners, categories, measured.get(document["_id"], {}))
        for document in scope.db["devices"].find({})
    ]
    wanted = [device for device in found if finds(text, device.name, device.owner, device.category)]
    return sorted(wanted, key=lambda device: (device.owner.casefold(), device.name.casefold()))


def emails(scope: Scope) -> dict[Any, str]:
    """The email of every account by its id."""
    return {user["_id"]: user["email"] for user in scope.db["users"].find({}, {"email": True})}


def _measured(scope: Scope) -> dict[Any, Document]:
    """How many readings each device has, and when its last one begins."""
    by_device: list[Document] = [
        {"$sort": {"deviceId": 1, "end": 1, "readings": 1}},  # as an index has them, so no block is read
        {"$group": {"_id": "$deviceId", "readings": {"$sum": "$readings"}, "last": {"$max": "$end"}}},
    ]
    return {found["_id"]: found for found in scope.db["load_blocks"].aggregate(by_device)}


def _from_document(
    document: Document, owners: dict[Any, str], categories: dict[Any, str], measured: Document
) -> OwnedDevice:
    return OwnedDevice(
        id=str(document["_id"]),
        name=document["name"],
        owner=owners.get(document["userId"], ""),
        category=categories.get(document["categoryId"], ""),
        status=document["status"],
        readings=measured.get("readings", 0),
        last=measured.get("last"),
    )
