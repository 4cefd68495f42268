"""Which meter hangs behind which: one of its utility, never itself, however far."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from bson import ObjectId
from pymongo import UpdateOne

from services.devices.names import DeviceRefused
from services.messages import N_, gettext
from services.scope import Document, Scope
from services.utilities import UTILITIES

UNKNOWN = N_("The meter behind which “{child}” is to hang is not there any more. Choose another one.")
ITSELF = N_("“{child}” cannot hang behind itself.")
CYCLE = N_("“{child}” cannot hang behind “{parent}”: “{parent}” hangs behind “{child}”.")
OTHER_UTILITY = N_(
    "“{child}” ({utility}) cannot hang behind “{parent}” ({other}): both must measure the same utility."
)

Documents = Mapping[ObjectId, Document]
Key = TypeVar("Key", bound=Hashable)


def check(scope: Scope, wanted: Documents) -> None:
    """Raise `DeviceRefused` unless the devices, had they these fields, would stand in a tree."""
    check_documents({**_stored(scope), **wanted}, wanted)


def check_stored(scope: Scope, ids: Iterable[ObjectId]) -> None:
    """Raise `DeviceRefused` unless these devices stand in a tree as the database has them now.

    Of two programs that hang two meters behind each other, the later one finds it.
    """
    check_documents(_stored(scope), ids)


def check_documents(devices: Documents, ids: Iterable[ObjectId]) -> None:
    """Raise `DeviceRefused` where one of these devices, or one behind them, does not stand in a tree."""
    checked = set(ids)
    for device_id, device in sorted(devices.items(), key=lambda known: known[0] not in checked):
        parent_id = device.get("parentId")
        if parent_id is None or not ({device_id, parent_id} & checked):
            continue
        if refusal := _refusal(devices, device_id, parent_id):
            raise refusal


def _refusal(devices: Documents, device_id: ObjectId, parent_id: ObjectId) -> DeviceRefused | None:
    device, parent = devices[device_id], devices.get(parent_id)
    if parent is None:
        return DeviceRefused(UNKNOWN, child=device["name"])
    names = {"child": device["name"], "parent": parent["name"]}
    if device_id == parent_id:
        return DeviceRefused(ITSELF, child=device["name"])
    if device_id in _ancestors(devices, parent_id):
        return DeviceRefused(CYCLE, **names)
    if device["utility"] != parent["utility"]:
        utility, other = (gettext(UTILITIES[d["utility"]].label) for d in (device, parent))
        return DeviceRefused(OTHER_UTILITY, **names, utility=utility, other=other)
    return None


def walk_up(device: Key, parent_of: Callable[[Key], Key | None]) -> Iterator[Key]:
    """Yield what a device hangs behind, the nearest first; each once, also where they go around."""
    seen = {device}
    while (above := parent_of(device)) is not None and above not in seen:
        seen.add(above)
        yield above
        device = above


def _ancestors(devices: Documents, device_id: ObjectId) -> Iterator[ObjectId]:
    def parent_of(below: ObjectId) -> ObjectId | None:
        parent_id = devices[below].get("parentId")
        return parent_id if parent_id in devices else None

    return walk_up(device_id, parent_of)


def rehung(scope: Scope, ids: Sequence[ObjectId]) -> tuple[tuple[str, str], ...]:
    """Return the name of each device that hangs behind one of these, and of the one behind which it will hang
    without them; empty for none."""
    devices = _stored(scope)
    return tuple(
        (devices[child]["name"], devices[parent]["name"] if parent else "")
        for child, parent in sorted(_new_parents(devices, ids).items(), key=lambda c: devices[c[0]]["name"])
    )


def lift_children(scope: Scope, ids: Sequence[ObjectId]) -> None:
    """Hang what hangs behind these devices, which are to be deleted, behind their own parents."""
    moved = _new_parents(_stored(scope), ids)
    updates = [
        UpdateOne(scope.owned({"_id": child}), {"$set": {"parentId": parent}})
        for child, parent in moved.items()
    ]
    if updates:
        scope.db["devices"].bulk_write(updates)


def _new_parents(devices: Documents, ids: Sequence[ObjectId]) -> dict[ObjectId, ObjectId | None]:
    gone = set(ids)
    return {
        child: next((above for above in _ancestors(devices, child) if above not in gone), None)
        for child, device in devices.items()
        if child not in gone and device.get("parentId") in gone
    }


def _stored(scope: Scope) -> dict[ObjectId, Document]:
    fields = {"name": True, "parentId": True, "utility": True}
    return {document["_id"]: document for document in scope.db["devices"].find(scope.owned(), fields)}
