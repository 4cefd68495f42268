"""Devices and their categories: list, add, edit, delete; and the devices that an import names."""

from services.devices.categories import (
    Category,
    add_category,
    delete_category,
    list_categories,
    rename_category,
)
from services.devices.deletion import DeletionEffect, delete_devices, deletion_effect, finish_deletions
from services.devices.devices import (
    Device,
    add_device,
    add_devices,
    edit_device,
    edit_devices,
    find_device,
    list_devices,
    new_device,
    new_id,
    remove_unused,
    revised,
)
from services.devices.fields import FIELDS, STATUSES, DeviceField, units_of
from services.devices.names import DeviceRefused
from services.devices.new_devices import (
    CreatedDevices,
    DeviceMatch,
    create_new_devices,
    match_devices,
    remove_created,
)
from services.devices.tree import LeftOut, ancestors, counted_devices, divide, in_kwh

__all__ = [
    "FIELDS",
    "STATUSES",
    "Category",
    "CreatedDevices",
    "DeletionEffect",
    "Device",
    "DeviceField",
    "DeviceMatch",
    "DeviceRefused",
    "LeftOut",
    "add_category",
    "add_device",
    "add_devices",
    "ancestors",
    "counted_devices",
    "create_new_devices",
    "delete_category",
    "delete_devices",
    "deletion_effect",
    "divide",
    "edit_device",
    "edit_devices",
    "find_device",
    "finish_deletions",
    "in_kwh",
    "list_categories",
    "list_devices",
    "match_devices",
    "new_device",
    "new_id",
    "remove_created",
    "remove_unused",
    "rename_category",
    "revised",
    "units_of",
]
