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
    list_devices,
    new_device,
    new_id,
    remove_unused,
)
from services.devices.fields import FIELDS, STATUSES, DeviceField
from services.devices.names import DeviceRefused
from services.devices.new_devices import (
    CreatedDevices,
    DeviceMatch,
    create_new_devices,
    match_devices,
    remove_created,
)

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
    "add_category",
    "add_device",
    "add_devices",
    "create_new_devices",
    "delete_category",
    "delete_devices",
    "deletion_effect",
    "edit_device",
    "edit_devices",
    "finish_deletions",
    "list_categories",
    "list_devices",
    "match_devices",
    "new_device",
    "new_id",
    "remove_created",
    "remove_unused",
    "rename_category",
]
