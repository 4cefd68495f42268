"""A device as a row: what is stored of it, what it used, and how that stands to its nameplate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.framework.formatting import NOTHING, number
from desktop.framework.record_table import Column, natural
from services.devices import STATUSES, Device
from services.nameplate import Measured, Nameplate, check_nameplates

translate = QCoreApplication.translate

EDITABLE = ("name", "category_id", "rated_power", "avg_usage_hours", "status")
"""The fields of the first columns, which can be typed over."""
FIELD_NAMES = {
    "name": str(QT_TRANSLATE_NOOP("devices", "Name")),
    "category": str(QT_TRANSLATE_NOOP("devices", "Category")),
    "category_id": str(QT_TRANSLATE_NOOP("devices", "Category")),
    "rated_power": str(QT_TRANSLATE_NOOP("devices", "Rated power (W)")),
    "avg_usage_hours": str(QT_TRANSLATE_NOOP("devices", "Average use (h/day)")),
    "status": str(QT_TRANSLATE_NOOP("devices", "Status")),
}


@dataclass(frozen=True)
class DeviceRow:
    device: Device
    used: Measured | None
    nameplate: Nameplate | None
    """None as long as the readings were not looked at."""


def rows(devices: Sequence[Device], used: Mapping[str, Measured] | None) -> list[DeviceRow]:
    """``used`` by the id of the device; None as long as it is not known."""
    if used is None:
        return [DeviceRow(device, None, None) for device in devices]
    checks = check_nameplates(devices, used)
    return [DeviceRow(d, used.get(d.id), c) for d, c in zip(devices, checks, strict=True)]


def columns() -> list[Column[DeviceRow]]:
    """The columns of the table of devices; the first are those of `EDITABLE`."""
    return [
        Column(field_name("name"), lambda row: row.device.name, lambda row: natural(row.device.name)),
        Column(field_name("category"), lambda row: row.device.category),
        Column(
            translate("devices", "Rated W"),
            lambda row: short(row.device.rated_power),
            lambda row: row.device.rated_power,
            numeric=True,
        ),
        Column(
            translate("devices", "h/day"),
            lambda row: short(row.device.avg_usage_hours),
            lambda row: row.device.avg_usage_hours,
            numeric=True,
        ),
        Column(field_name("status"), lambda row: status_name(row.device.status)),
        Column(
            translate("devices", "kWh/day"),
            lambda row: number(row.used.per_day, 1) if row.used else NOTHING,
            lambda row: row.used.per_day if row.used else None,
            numeric=True,
        ),
        Column(
            translate("devices", "Nameplate"),
            lambda row: ratio(row.nameplate),
            lambda row: row.nameplate.ratio if row.nameplate else None,
            numeric=True,
        ),
    ]


def explained(column: int) -> str:
    """What stands in a column of the table, in full."""
    if column < len(EDITABLE):
        return field_name(EDITABLE[column])
    return [
        translate("devices", "Mean of the days with readings, kWh"),
        translate("devices", "Measured, as a multiple of rated power × hours a day"),
    ][column - len(EDITABLE)]


def field_name(field: str) -> str:
    return translate("devices", FIELD_NAMES[field])


def status_name(status: str) -> str:
    return translate("devices", "Active") if status == "active" else translate("devices", "Inactive")


def statuses() -> list[tuple[str, str]]:
    """(name, status) of every status."""
    return [(status_name(status), status) for status in STATUSES]


def written(device: Device, field: str) -> str:
    """A field of `Device` in words."""
    value = getattr(device, field)
    if field == "status":
        return status_name(value)
    return short(value) if field in ("rated_power", "avg_usage_hours") else value or NOTHING


def short(value: float | None) -> str:
    """A number with a decimal only where it has one."""
    return number(value, 0 if value is None or float(value).is_integer() else 1)


def ratio(nameplate: Nameplate | None) -> str:
    """How many times what is expected was measured; a warning sign where that is suspicious."""
    if nameplate is None:
        return NOTHING
    if nameplate.ratio is None:
        return translate("devices", "idle?") if nameplate.suspicious else NOTHING
    return translate("devices", "{ratio} ×").format(ratio=number(nameplate.ratio, 2))


def verdict(nameplate: Nameplate | None) -> str:
    """What the nameplate check says, in a sentence; empty as long as it is not known."""
    return str(nameplate) if nameplate else ""
