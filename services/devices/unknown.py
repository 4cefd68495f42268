"""Devices and categories that an import names for the first time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bson import ObjectId
from pymongo import UpdateOne

from services.devices.deletion import HANGING_ON_A_DEVICE
from services.scope import Document, Scope
from services.typed import typed


@dataclass(frozen=True)
class Created:
    """What an import made, so that it can be taken back."""

    device_ids: list[ObjectId]
    category_ids: list[ObjectId]


@dataclass(frozen=True)
class Known:
    """The id of every device named, and what has to be made for it."""

    ids: dict[str, ObjectId]
    devices: list[Document]
    categories: list[Document]

    @property
    def created(self) -> Created:
        """The ids of what is new."""
        return Created([d["_id"] for d in self.devices], [c["_id"] for c in self.categories])

    @property
    def new_devices(self) -> list[str]:
        """The names of the new devices."""
        return [device["name"] for device in self.devices]

    @property
    def new_categories(self) -> list[str]:
        """The names of the new categories."""
        return [category["name"] for category in self.categories]


@typed
def plan(scope: Scope, categories: Mapping[str, str]) -> Known:
    """Look up devices by name (``categories`` gives each its category's name); nothing is stored yet.

    Names are the same whatever their case. A device that is known keeps the category it has.
    """
    known_devices, known_categories = _by_name(scope, "devices"), _by_name(scope, "categories")
    now = datetime.now(UTC)
    new_devices: list[Document] = []
    new_categories: list[Document] = []
    ids: dict[str, ObjectId] = {}
    for name, category in categories.items():
        if name.casefold() not in known_devices:
            if category and category.casefold() not in known_categories:
                document = scope.owned({"_id": ObjectId(), "name": category, "createdAt": now})
                new_categories.append(document)
                known_categories[category.casefold()] = document["_id"]
            device: Document = {
                "_id": ObjectId(),
                "name": name,
                "categoryId": known_categories.get(category.casefold()) if category else None,
                "ratedPower": None,
                "avgUsageHours": None,
                "status": "active",
                "createdAt": now,
            }
            new_devices.append(scope.owned(device))
            known_devices[name.casefold()] = device["_id"]
        ids[name] = known_devices[name.casefold()]
    return Known(ids, new_devices, new_categories)


@typed
def create(scope: Scope, known: Known) -> None:
    """Store what `plan` found to be new; a second time, what is not there yet."""
    for collection, documents in (("categories", known.categories), ("devices", known.devices)):
        additions = [
            UpdateOne(scope.owned({"_id": new["_id"]}), {"$setOnInsert": _all_but_identity(new)}, upsert=True)
            for new in documents
        ]
        if additions:
            scope.db[collection].bulk_write(additions)


@typed
def remove_created(scope: Scope, created: Created) -> None:
    """Take back what `create` stored, unless readings of another import hang on it by now."""
    used = scope.db["consumption_data"].distinct(
        "deviceId", scope.owned({"deviceId": {"$in": created.device_ids}})
    )
    unused = [device for device in created.device_ids if device not in used]
    for collection in HANGING_ON_A_DEVICE:
        scope.db[collection].delete_many(scope.owned({"deviceId": {"$in": unused}}))
    scope.db["devices"].delete_many(scope.owned({"_id": {"$in": unused}}))
    held = scope.db["devices"].distinct("categoryId", scope.owned())
    empty = [category for category in created.category_ids if category not in held]
    scope.db["categories"].delete_many(scope.owned({"_id": {"$in": empty}}))


def _all_but_identity(document: Document) -> Document:
    return {field: value for field, value in document.items() if field not in ("_id", "userId")}


def _by_name(scope: Scope, collection: str) -> dict[str, ObjectId]:
    return {d["name"].casefold(): d["_id"] for d in scope.db[collection].find(scope.owned(), {"name": True})}
