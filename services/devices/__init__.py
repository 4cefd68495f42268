"""What is metered: devices and their categories."""

from services.devices.categories import (
    Category,
    add_category,
    delete_category,
    list_categories,
    rename_category,
)
from services.devices.deletion import DeletionEffect, delete_devices, deletion_effect, finish_deletions
from services.devices.devices import STATUSES, Device, list_devices
from services.devices.editing import (
    add_device,
    add_devices,
    edit_device,
    edit_devices,
    new_id,
    remove_unused,
)
from services.devices.names import DeviceRefused
from services.devices.unknown import Created, Known, create, plan, remove_created

__all__ = [
    "STATUSES",
    "Category",
    "Created",
    "DeletionEffect",
    "Device",
    "DeviceRefused",
    "Known",
    "add_category",
    "add_device",
    "add_devices",
    "create",
    "delete_category",
    "delete_devices",
    "deletion_effect",
    "edit_device",
    "edit_devices",
    "finish_deletions",
    "list_categories",
    "list_devices",
    "new_id",
    "plan",
    "remove_created",
    "remove_unused",
    "rename_category",
]
