"""The edits of devices: what each does, how it is undone, and what it is called."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QCoreApplication

from desktop.features.devices.edit_history import Edit
from desktop.framework.formatting import number
from services.device_lists import ListPlan, import_list, undo_list
from services.devices import Device, add_devices, edit_devices, new_id, remove_unused

translate = QCoreApplication.translate


@dataclass(frozen=True)
class DeviceFields:
    """What the user fills in for a device; ``rated_power`` in W, ``avg_usage_hours`` in h/day."""

    name: str
    category_id: str | None
    rated_power: float | None
    avg_usage_hours: float | None
    status: str

    @staticmethod
    def of(device: Device) -> "DeviceFields":
        return DeviceFields(
            device.name, device.category_id, device.rated_power, device.avg_usage_hours, device.status
        )


def addition(fields: DeviceFields) -> Edit:
    """A new device; that it is added is undone as long as it has no readings."""
    blank = Device(new_id(), "", None, "", None, None, "active", datetime.now(UTC))
    device = replace(blank, **_values(fields))
    return Edit(
        translate("devices", "Add “{name}”").format(name=device.name),
        lambda scope: add_devices(scope, [device]),
        lambda scope: remove_unused(scope, [device.id]),
    )


def change(before: Sequence[Device], **fields: Any) -> Edit:
    """Other values of some fields for all of these devices."""
    after = [replace(device, **fields) for device in before]
    touched = any(
        (b.rated_power, b.avg_usage_hours) != (a.rated_power, a.avg_usage_hours)
        for b, a in zip(before, after, strict=True)
    )
    return Edit(
        _called(before, fields),
        lambda scope: edit_devices(scope, after),
        lambda scope: edit_devices(scope, before),
        tuple(device.id for device in before) if touched else (),
    )


def whole_change(before: Device, fields: DeviceFields) -> Edit:
    """All fields of one device."""
    return change([before], **_values(fields))


def list_import(plan: ListPlan) -> Edit:
    """What a list of devices changes."""
    return Edit(
        translate("devices", "Import “{file}”").format(file=plan.file),
        lambda scope: import_list(scope, plan),
        lambda scope: undo_list(scope, plan),
        tuple(c.after.id for c in plan.changed if {"rated_power", "avg_usage_hours"} & set(c.fields)),
    )


def _called(before: Sequence[Device], fields: dict[str, Any]) -> str:
    if len(before) > 1:
        return translate("devices", "Edit {count} devices").format(count=number(len(before)))
    template = (
        translate("devices", "Rename “{name}”")
        if set(fields) == {"name"}
        else translate("devices", "Edit “{name}”")
    )
    return template.format(name=before[0].name)


def _values(fields: DeviceFields) -> dict[str, Any]:
    return {**vars(fields), "name": fields.name.strip()}
