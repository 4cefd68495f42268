"""Categories that devices are grouped by."""

from dataclasses import dataclass
from datetime import UTC, datetime

from services.devices.names import missing, object_id, unique_name, valid_name
from services.names import name_fields
from services.scope import Scope
from services.typed import typed


@dataclass(frozen=True)
class Category:
    """A category, and how many devices it holds."""

    id: str
    name: str
    devices: int


def list_categories(scope: Scope) -> list[Category]:
    """Return all categories by name."""
    counts = {
        group["_id"]: group["devices"]
        for group in scope.db["devices"].aggregate(
            [{"$match": scope.owned()}, {"$group": {"_id": "$categoryId", "devices": {"$sum": 1}}}]
        )
    }
    found = scope.db["categories"].find(scope.owned()).sort("name")
    return [Category(str(c["_id"]), c["name"], counts.get(c["_id"], 0)) for c in found]


@typed
def add_category(scope: Scope, name: str) -> Category:
    """Make a category. Raises `DeviceRefused`."""
    name = valid_name(name, "category")
    document = scope.owned({**name_fields(name), "createdAt": datetime.now(UTC)})
    with unique_name(name, "category"):
        inserted = scope.db["categories"].insert_one(document)
    return Category(str(inserted.inserted_id), name, 0)


@typed
def rename_category(scope: Scope, category_id: str, name: str) -> None:
    """Give a category another name. Raises `DeviceRefused`."""
    name = valid_name(name, "category")
    query = scope.owned({"_id": object_id(category_id, "category")})
    with unique_name(name, "category"):
        renamed = scope.db["categories"].update_one(query, {"$set": name_fields(name)})
    if not renamed.matched_count:
        raise missing("category")


@typed
def delete_category(scope: Scope, category_id: str) -> None:
    """Delete a category; its devices stay, without one. Raises `DeviceRefused`."""
    category = object_id(category_id, "category")
    scope.db["devices"].update_many(scope.owned({"categoryId": category}), {"$set": {"categoryId": None}})
    if not scope.db["categories"].delete_one(scope.owned({"_id": category})).deleted_count:
        raise missing("category")
