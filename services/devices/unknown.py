"""Devices and categories that an import names for the first time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bson import ObjectId
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from services.devices.deletion import HANGING_ON_A_DEVICE
from services.devices.editing import failed_at
from services.devices.names import DeviceRefused
from services.names import find_by_name, name_fields, name_key
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

    Names are the same as `names.name_key` says. A device that is known keeps the category it has.
    """
    now = datetime.now(UTC)
    known_device, known_category = _by_name(scope, "devices"), _by_name(scope, "categories")
    new_devices: dict[str, Document] = {}
    new_categories: dict[str, Document] = {}

    def category_id(name: str) -> ObjectId | None:
        key = name_key(name)
        if not key:
            return None
        if (found := known_category(name)) is None and key not in new_categories:
            new_categories[key] = scope.owned({"_id": ObjectId(), **name_fields(name), "createdAt": now})
        return found or new_categories[key]["_id"]

    def device_id(name: str, category: str) -> ObjectId:
        key = name_key(name)
        if (found := known_device(name)) is None and key not in new_devices:
            new_devices[key] = scope.owned(
                {
                    "_id": ObjectId(),
                    **name_fields(name),
                    "categoryId": category_id(category),
                    "ratedPower": None,
                    "avgUsageHours": None,
                    "status": "active",
                    "createdAt": now,
                }
            )
        return found or new_devices[key]["_id"]

    ids = {name: device_id(name, category) for name, category in categories.items()}
    return Known(ids, list(new_devices.values()), list(new_categories.values()))


@typed
def create(scope: Scope, known: Known) -> None:
    """Store what `plan` found to be new; a second time, what is not there yet.

    Raises `DeviceRefused` where another program has made a device or category of that name meanwhile.
    """
    for collection, documents in (("categories", known.categories), ("devices", known.devices)):
        additions = [
            UpdateOne(scope.owned({"_id": new["_id"]}), {"$setOnInsert": _all_but_identity(new)}, upsert=True)
            for new in documents
        ]
        try:
            if additions:
                scope.db[collection].bulk_write(additions)
        except BulkWriteError as error:
            raise DeviceRefused(
                "“{name}” was made elsewhere while this file was being imported. Import it again.",
                name=documents[failed_at(error)]["name"],
            ) from None


@typed
def remove_created(scope: Scope, created: Created) -> None:
    """Take back what `create` stored, unless readings of another import hang on it by now."""
    of_these = scope.owned({"deviceId": {"$in": created.device_ids}})
    used = set(scope.db["consumption_data"].distinct("deviceId", of_these))
    unused = [device for device in created.device_ids if device not in used]
    for collection in HANGING_ON_A_DEVICE:
        scope.db[collection].delete_many(scope.owned({"deviceId": {"$in": unused}}))
    scope.db["devices"].delete_many(scope.owned({"_id": {"$in": unused}}))
    held = set(scope.db["devices"].distinct("categoryId", scope.owned()))
    empty = [category for category in created.category_ids if category not in held]
    scope.db["categories"].delete_many(scope.owned({"_id": {"$in": empty}}))


def _all_but_identity(document: Document) -> Document:
    return {field: value for field, value in document.items() if field not in ("_id", "userId")}


def _by_name(scope: Scope, collection: str) -> Callable[[str], ObjectId | None]:
    found = scope.db[collection].find(scope.owned(), {"name": True}).sort("_id")
    return find_by_name((document["name"], document["_id"]) for document in found)
