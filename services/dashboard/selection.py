"""Which days, devices, categories and places the figures are about."""

from dataclasses import dataclass
from datetime import date

from bson import ObjectId

from services.devices import Device, list_devices
from services.scope import Scope


@dataclass(frozen=True)
class Filter:
    """``start`` and ``end`` are included; None means all, of ids and places as well."""

    start: date | None = None
    end: date | None = None
    device_ids: tuple[str, ...] | None = None
    category_ids: tuple[str, ...] | None = None
    locations: tuple[str, ...] | None = None

    @property
    def whole_facility(self) -> bool:
        """Whether no device is left out."""
        return self.device_ids is None and self.category_ids is None and self.locations is None


def selected_devices(scope: Scope, chosen: Filter) -> list[Device]:
    """The devices that are named, of the categories and in the places that are; by name."""
    found = list_devices(scope)
    if chosen.device_ids is not None:
        found = [device for device in found if device.id in chosen.device_ids]
    if chosen.category_ids is not None:
        found = [device for device in found if device.category_id in chosen.category_ids]
    if chosen.locations is not None:
        there = _devices_at(scope, chosen.locations)
        found = [device for device in found if ObjectId(device.id) in there]
    return found


def _devices_at(scope: Scope, locations: tuple[str, ...]) -> set[ObjectId]:
    query = scope.owned({"location": {"$in": list(locations)}})
    return set(scope.db["load_blocks"].distinct("deviceId", query))
