"""What is metered: devices and their categories."""

from services.devices.categories import (
    Category,
    add_category,
    delete_category,
    list_categories,
    rename_category,
)
from services.devices.deletion import DeletionEffect, delete_devices, deletion_effect
from services.devices.devices import Device, add_device, edit_device, list_devices
from services.devices.names import DeviceRefused
from services.devices.unknown import Created, Known, create, plan, remove_created

__all__ = [
    "Category",
    "Created",
    "DeletionEffect",
    "Device",
    "DeviceRefused",
    "Known",
    "add_category",
    "add_device",
    "create",
    "delete_category",
    "delete_devices",
    "deletion_effect",
    "edit_device",
    "list_categories",
    "list_devices",
    "plan",
    "remove_created",
    "rename_category",
]
