"""Devices and categories that an import names for the first time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
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
    numbered: list[ObjectId] = field(default_factory=list)
    """Devices that were there and got a meter's number."""


@dataclass(frozen=True)
class Known:
    """The id of every device named, and what has to be made for it."""

    ids: dict[str, ObjectId]
    devices: list[Document]
    categories: list[Document]
    numbers: dict[ObjectId, str] = field(default_factory=dict)
    """Meters' numbers of devices that are there and have none."""

    @property
    def created(self) -> Created:
        """The ids of what is new."""
        return Created([d["_id"] for d in self.devices], [c["_id"] for c in self.categories], [*self.numbers])

    @property
    def new_devices(self) -> list[str]:
        """The names of the new devices."""
        return [device["name"] for device in self.devices]

    @property
    def new_categories(self) -> list[str]:
        """The names of the new categories."""
        return [category["name"] for category in self.categories]


@typed
def plan(scope: Scope, categories: Mapping[str, str], numbers: Mapping[str, str] | None = None) -> Known:
    """Look up devices by name (``categories`` gives each its category's name); nothing is stored yet.

    Names are the same as `names.name_key` says. A device that is known keeps the category it has.
    ``numbers`` gives meters' numbers by the keys of names; a device that has one keeps it.
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
    known = Known(ids, list(new_devices.values()), list(new_categories.values()))
    return _numbered(scope, known, numbers or {})


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
    for device_id, number in known.numbers.items():
        of_device = scope.owned({"_id": device_id, "meterNumber": {"$exists": False}})
        scope.db["devices"].update_one(of_device, {"$set": {"meterNumber": number}})


@typed
def remove_created(scope: Scope, created: Created) -> None:
    """Take back what `create` stored, unless readings of another import hang on it by now."""
    of_these = scope.owned({"deviceId": {"$in": created.device_ids}})
    used = set(scope.db["consumption_data"].distinct("deviceId", of_these))
    unused = [device for device in created.device_ids if device not in used]
    for collection in HANGING_ON_A_DEVICE:
        scope.db[collection].delete_many(scope.owned({"deviceId": {"$in": unused}}))
    scope.db["devices"].delete_many(scope.owned({"_id": {"$in": unused}}))
    numbered = scope.owned({"_id": {"$in": created.numbered}})
    scope.db["devices"].update_many(numbered, {"$unset": {"meterNumber": ""}})
    held = set(scope.db["devices"].distinct("categoryId", scope.owned()))
    empty = [category for category in created.category_ids if category not in held]
    scope.db["categories"].delete_many(scope.owned({"_id": {"$in": empty}}))


def _numbered(scope: Scope, known: Known, numbers: Mapping[str, str]) -> Known:
    """The same with the meters' numbers of devices that are new, and of those that have none."""
    wanted = {i: numbers[key] for name, i in known.ids.items() if (key := name_key(name)) in numbers}
    for device in known.devices:
        if device["_id"] in wanted:
            device["meterNumber"] = wanted[device["_id"]]
    without = scope.owned({"_id": {"$in": [*wanted]}, "meterNumber": {"$exists": False}})
    there = scope.db["devices"].find(without, {"_id": True}) if wanted else ()
    return replace(known, numbers={device["_id"]: wanted[device["_id"]] for device in there})


def _all_but_identity(document: Document) -> Document:
    return {field: value for field, value in document.items() if field not in ("_id", "userId")}


def _by_name(scope: Scope, collection: str) -> Callable[[str], ObjectId | None]:
    found = scope.db[collection].find(scope.owned(), {"name": True}).sort("_id")
    return find_by_name((document["name"], document["_id"]) for document in found)
