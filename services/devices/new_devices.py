"""Devices that an import names: those that are known, and those and the categories it has to make."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bson import ObjectId
from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from services.devices import parents
from services.devices.deletion import COLLECTIONS_OF_DEVICES
from services.devices.devices import remove_empty_categories
from services.devices.fields import DEFAULTS
from services.devices.names import DeviceRefused, index_of_duplicate
from services.names import find_by_name, name_fields, name_key
from services.scope import Document, Scope
from services.typed import typed


@dataclass(frozen=True)
class CreatedDevices:
    """The devices and categories that an import made, so that undoing it removes them."""

    device_ids: list[ObjectId]
    category_ids: list[ObjectId]
    numbered: list[ObjectId] = field(default_factory=list)
    """Devices that were known and got a meter number."""


@dataclass(frozen=True)
class DeviceMatch:
    """The ids of the devices that an import names, and the documents of what is new."""

    ids: dict[str, ObjectId]
    devices: list[Document]
    categories: list[Document]
    numbers: dict[ObjectId, str] = field(default_factory=dict)
    """Meter numbers for devices that are known and have none."""

    @property
    def created(self) -> CreatedDevices:
        """Return the ids of what is new."""
        return CreatedDevices(
            [d["_id"] for d in self.devices], [c["_id"] for c in self.categories], [*self.numbers]
        )

    @property
    def new_devices(self) -> list[str]:
        """Return the names of the new devices."""
        return [device["name"] for device in self.devices]

    @property
    def new_categories(self) -> list[str]:
        """Return the names of the new categories."""
        return [category["name"] for category in self.categories]


@typed
def match_devices(
    scope: Scope,
    categories: Mapping[str, str],
    numbers: Mapping[str, str] | None = None,
    measured: Mapping[str, Mapping[str, str]] | None = None,
) -> DeviceMatch:
    """Look up devices by name (``categories`` gives each its category's name); nothing is stored yet.

    Names are compared by `names.name_key`. A device that is known keeps the category it has.
    ``numbers`` gives meter numbers by the keys of names; a device that has one keeps it. ``measured`` gives
    what new ones measure (utility, direction, unit) by the keys of their names.
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
                    **DEFAULTS,
                    **(measured or {}).get(key, {}),
                    **name_fields(name),
                    "categoryId": category_id(category),
                    "createdAt": now,
                }
            )
        return found or new_devices[key]["_id"]

    ids = {name: device_id(name, category) for name, category in categories.items()}
    match = DeviceMatch(ids, list(new_devices.values()), list(new_categories.values()))
    return _with_numbers(scope, match, numbers or {})


@typed
def create_new_devices(scope: Scope, match: DeviceMatch) -> None:
    """Store what `match_devices` found to be new; called again, only what is not stored yet.

    Raises `DeviceRefused` where another program has made a device or category of that name meanwhile.
    """
    for collection, documents in (("categories", match.categories), ("devices", match.devices)):
        additions = [
            UpdateOne(
                scope.owned({"_id": new["_id"]}), {"$setOnInsert": _without_id_and_owner(new)}, upsert=True
            )
            for new in documents
        ]
        try:
            if additions:
                scope.db[collection].bulk_write(additions)
        except BulkWriteError as error:
            raise DeviceRefused(
                "“{name}” was made elsewhere while this file was being imported. Import it again.",
                name=documents[index_of_duplicate(error)]["name"],
            ) from None
    for device_id, number in match.numbers.items():
        of_device = scope.owned({"_id": device_id, "meterNumber": {"$exists": False}})
        scope.db["devices"].update_one(of_device, {"$set": {"meterNumber": number}})


@typed
def remove_created(scope: Scope, created: CreatedDevices) -> None:
    """Delete what `create_new_devices` stored, but not devices with readings of another import."""
    of_these = scope.owned({"deviceId": {"$in": created.device_ids}})
    used = set(scope.db["consumption_data"].distinct("deviceId", of_these))
    unused = [device for device in created.device_ids if device not in used]
    for collection in COLLECTIONS_OF_DEVICES:
        scope.db[collection].delete_many(scope.owned({"deviceId": {"$in": unused}}))
    parents.lift_children(scope, unused)
    scope.db["devices"].delete_many(scope.owned({"_id": {"$in": unused}}))
    numbered = scope.owned({"_id": {"$in": created.numbered}})
    scope.db["devices"].update_many(numbered, {"$unset": {"meterNumber": ""}})
    remove_empty_categories(scope, created.category_ids)


def _with_numbers(scope: Scope, match: DeviceMatch, numbers: Mapping[str, str]) -> DeviceMatch:
    """Add the meter numbers of devices that are new, and of those that have none."""
    wanted = {i: numbers[key] for name, i in match.ids.items() if (key := name_key(name)) in numbers}
    for device in match.devices:
        if device["_id"] in wanted:
            device["meterNumber"] = wanted[device["_id"]]
    without = scope.owned({"_id": {"$in": [*wanted]}, "meterNumber": {"$exists": False}})
    there = scope.db["devices"].find(without, {"_id": True}) if wanted else ()
    return replace(match, numbers={device["_id"]: wanted[device["_id"]] for device in there})


def _without_id_and_owner(document: Document) -> Document:
    return {field: value for field, value in document.items() if field not in ("_id", "userId")}


def _by_name(scope: Scope, collection: str) -> Callable[[str], ObjectId | None]:
    found = scope.db[collection].find(scope.owned(), {"name": True}).sort("_id")
    return find_by_name((document["name"], document["_id"]) for document in found)
