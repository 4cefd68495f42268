"""All devices and imports of all users, for an administrator."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.accounts import require_admin
from services.names import name_key
from services.readings import ImportRecord
from services.readings.storage.history import record_of
from services.scope import Document, Scope
from services.typed import typed


def matches(text: str, *fields: str) -> bool:
    """Return whether each word of the text is in one of the fields, however spelled; no words are in all.

    What cannot be seen is in none.
    """
    there = "\n".join(map(name_key, fields))
    words = name_key(text).split()
    return all(word in there for word in words) if words else not text.strip()


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
    """Return every user's devices, by owner and name, in which the text is found. Raises `NotAllowed`."""
    require_admin(scope)
    owners = emails(scope)
    categories = {c["_id"]: c["name"] for c in scope.db["categories"].find({}, {"name": True})}
    measured = _measured(scope)
    found = [
        _from_document(document, owners, categories, measured.get(document["_id"], {}))
        for document in scope.db["devices"].find({})
    ]
    wanted = [device for device in found if matches(text, device.name, device.owner, device.category)]
    return sorted(wanted, key=lambda device: (device.owner.casefold(), device.name.casefold()))


def emails(scope: Scope) -> dict[Any, str]:
    """Return the email of every account by its id."""
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


LISTS = {"deviceIds": False, "newDevices": False, "newCategories": False}
"""Of every import they are as long as there are devices, and nobody looks at them here."""


@typed
def all_imports(scope: Scope, text: str = "") -> list[ImportRecord]:
    """Return every user's imports in whose file's name or owner the text is found, the newest first.

    Raises `NotAllowed`.
    """
    require_admin(scope)
    owners = emails(scope)
    newest_first = [("createdAt", -1), ("_id", -1)]
    found = [
        record_of(document, owners.get(document["userId"], ""))
        for document in scope.db["imports"].find({}, LISTS).sort(newest_first)
    ]
    return [record for record in found if matches(text, record.file, record.who)]
