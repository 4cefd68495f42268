"""Devices on screen: what their fields are called and how they are written, and the rows of the list.

`services.devices.FIELDS` lists the fields; `TEXTS` has the words of each. Table, tree, dialogs and the
import of a list read both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QSortFilterProxyModel, Qt

from desktop.framework.formatting import NOTHING, number
from desktop.framework.record_table import RECORD_ROLE, SORT_ROLE, Column, Index, natural
from services.devices import FIELDS, Device, DeviceField, divide, units_of
from services.facility import Facility
from services.messages import N_, gettext
from services.nameplate import Measured, Nameplate, check_nameplates
from services.names import name_key
from services.units import is_energy
from services.utilities import DIRECTIONS, UTILITIES, Utility

translate = QCoreApplication.translate


@dataclass(frozen=True)
class FieldText:
    """The messages of one field."""

    label: str
    """Its name in full."""
    form_label: str
    """Its name in a form, with a mnemonic."""
    title: str = ""
    """Its name over a column, where the label is too long."""
    fact: str = "{value}"
    """Its value in a line of all that is known of a device."""
    unknown: str = ""
    """Stands in that line where the value is not known; empty to leave it out."""
    default_unsaid: bool = False
    """Whether the default goes without saying: in that line, and in the table while all devices have it."""


TEXTS = {
    "name": FieldText(N_("Name"), N_("&Name")),
    "category_id": FieldText(N_("Category"), N_("&Category"), unknown=N_("no category")),
    "rated_power": FieldText(
        N_("Rated power (W)"),
        N_("&Rated power (W)"),
        N_("Rated W"),
        N_("{value} W"),
        N_("rated power not known"),
    ),
    "avg_usage_hours": FieldText(
        N_("Average use (h/day)"),
        N_("&Average use (hours per day)"),
        N_("h/day"),
        N_("{value} h/day"),
        N_("hours a day not known"),
    ),
    "status": FieldText(N_("Status"), N_("&Status")),
    "meter_number": FieldText(N_("Meter number"), N_("&Meter number"), fact=N_("meter number {value}")),
    "utility": FieldText(N_("Utility"), N_("&Utility"), default_unsaid=True),
    "direction": FieldText(N_("Direction"), N_("&Direction"), default_unsaid=True),
    "unit": FieldText(N_("Unit"), N_("Un&it"), fact=N_("counts in {value}"), default_unsaid=True),
    "parent_id": FieldText(
        N_("Behind meter"), N_("&Behind meter"), fact=N_("behind {value}"), default_unsaid=True
    ),
    "counts_in_total": FieldText(
        N_("Counts in totals"),
        N_("C&ounts in totals"),
        N_("In totals"),
        N_("counts in totals: {value}"),
        default_unsaid=True,
    ),
}
"""By the attribute of `Device`."""
CHOICES: dict[tuple[str, Any], str] = {
    **{("status", "active"): N_("Active"), ("status", "inactive"): N_("Inactive")},
    **{("utility", utility): kind.label for utility, kind in UTILITIES.items()},
    **{("direction", direction): label for direction, label in DIRECTIONS.items()},
    **{("unit", "m3"): "m³", ("unit", "ft3"): "ft³"},
    ("counts_in_total", None): N_("Automatic"),
    **{("counts_in_total", True): N_("Yes"), ("counts_in_total", False): N_("No")},
}
"""The names of the values to choose from, by field; a symbol of a unit is its own."""

_BY_NAME = {name: field for field in FIELDS for name in (field.name, field.shown)}
EDITABLE = tuple(field.name for field in FIELDS)
"""The fields of the first columns of the table, which can be edited in place."""
NAMEPLATE_COLUMN = len(EDITABLE) + 1
EDITED_TOGETHER = tuple(field.name for field in FIELDS if not field.individual)
"""The fields that several devices can be given at once."""
UNSAID = {number: field for number, field in enumerate(FIELDS) if TEXTS[field.name].default_unsaid}
"""The fields whose columns tell nothing as long as all devices have the default, by column."""
CHANGES_ALERTS = frozenset(field.name for field in FIELDS if field.changes_alerts)
"""The fields on which alerts depend."""

Choices = Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class DeviceRow:
    """A device as a row: what is stored of it, what it used, and how that compares with its nameplate."""

    device: Device
    used: Measured | None
    nameplate: Nameplate | None
    """None until its readings are known."""

    @property
    def suspicious(self) -> bool:
        """Whether it used far more or far less than its nameplate says."""
        return self.nameplate is not None and self.nameplate.suspicious


def rows(devices: Sequence[Device], used: Mapping[str, Measured] | None) -> list[DeviceRow]:
    """Return a row for each device; ``used`` by the id of the device, None as long as it is not known."""
    if used is None:
        return [DeviceRow(device, None, None) for device in devices]
    checks = check_nameplates(devices, used)
    return [DeviceRow(d, used.get(d.id), c) for d, c in zip(devices, checks, strict=True)]


def columns() -> list[Column[DeviceRow]]:
    """Return the columns of the table of devices; the first are those of `EDITABLE`."""
    return [
        *map(_column, FIELDS),
        Column(
            translate("devices", "kWh/day"),
            lambda row: quantity(row.device, row.used.per_day) if row.used else NOTHING,
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


def _column(field: DeviceField) -> Column[DeviceRow]:
    text = TEXTS[field.name]
    title = gettext(text.title) if text.title else gettext(text.label)
    if field.kind == "number":
        return Column(
            title,
            lambda row: field_text(row.device, field.name),
            lambda row: getattr(row.device, field.name),
            numeric=True,
        )
    if field.kind == "choice":
        return Column(title, lambda row: field_text(row.device, field.name))
    return Column(
        title,
        lambda row: getattr(row.device, field.shown),
        lambda row: natural(getattr(row.device, field.shown)),
    )


def column_hint(column: int) -> str:
    """Return what stands in a column of the table, in full."""
    if column < len(EDITABLE):
        return field_label(EDITABLE[column])
    return [
        translate("devices", "Mean of the days with readings, in kWh where no other unit is said"),
        translate("devices", "Measured, as a multiple of rated power × hours a day"),
    ][column - len(EDITABLE)]


def field_label(name: str) -> str:
    """Return the label of a field, by the attribute that is edited or shown."""
    return gettext(TEXTS[_BY_NAME[name].name].label)


def form_label(name: str) -> str:
    """Return the label of a field in a form, with its mnemonic."""
    return gettext(TEXTS[name].form_label)


def field_kind(name: str) -> str:
    """Return the kind of a field."""
    return _BY_NAME[name].kind


def field_choices(name: str) -> Choices:
    """Return (text, value) of each value that a field can have; none where anything can be entered."""
    return [(_choice_text(name, value), value) for value in _BY_NAME[name].choices]


def unit_choices(utility: Utility) -> Choices:
    """Return (text, value) of the units that meters of a utility count in, the usual one first."""
    return [(_choice_text("unit", unit), unit) for unit in units_of(utility)]


def _choice_text(name: str, value: Any) -> str:
    return gettext(CHOICES[name, value]) if (name, value) in CHOICES else str(value)


def quantity(device: Device, measured: float) -> str:
    """Write what a device has measured: kWh without the unit, anything else with it."""
    if is_energy(device.unit):
        return number(measured, 1)
    return f"{number(measured, 1)} {_choice_text('unit', device.unit)}"


def refusal(name: str, value: Any) -> str:
    """Return why a field cannot have this value, as a sentence; empty where it can."""
    field = _BY_NAME[name]
    return "" if field.allows(value) else gettext(field.refusal)


def field_values(device: Device) -> dict[str, Any]:
    """Return what can be edited of a device, by attribute."""
    return {name: getattr(device, name) for name in EDITABLE}


def field_text(device: Device, name: str) -> str:
    """Write a field of a device, by the attribute that is edited or shown."""
    field = _BY_NAME[name]
    value = getattr(device, field.shown)
    if field.kind == "choice":
        return _choice_text(field.name, value)
    return short_number(value) if field.kind == "number" else value or NOTHING


def facts(device: Device, with_unknown: bool) -> list[str]:
    """Return what is known of a device beside its name, and with ``with_unknown`` what is not."""
    found = []
    for name in EDITABLE[1:]:
        text, field = TEXTS[name], _BY_NAME[name]
        if text.default_unsaid and getattr(device, name) == field.default:
            continue
        if getattr(device, field.shown) not in (None, ""):
            found.append(gettext(text.fact, value=field_text(device, name)))
        elif with_unknown and text.unknown:
            found.append(gettext(text.unknown))
    return found


def short_number(value: float | None) -> str:
    """Write a number with a decimal only where it has one."""
    return number(value, 0 if value is None or float(value).is_integer() else 1)


def ratio(nameplate: Nameplate | None) -> str:
    """Write how many times what is expected was measured."""
    if nameplate is None:
        return NOTHING
    if nameplate.ratio is None:
        return translate("devices", "idle?") if nameplate.suspicious else NOTHING
    return translate("devices", "{ratio} ×").format(ratio=number(nameplate.ratio, 2))


def verdict(nameplate: Nameplate | None) -> str:
    """Return the result of the nameplate check, as a sentence; empty as long as it is not known."""
    return str(nameplate) if nameplate else ""


@dataclass(frozen=True)
class DeviceFilter:
    """Which devices are shown; None means any."""

    text: str = ""
    """To be found in any column, however it is spelled."""
    category_id: str | None = None
    """Empty for devices without one."""
    status: str | None = None
    suspicious_only: bool = False


class FilteredDevices(QSortFilterProxyModel):
    """The rows of a `DevicesTable` that a `DeviceFilter` lets through."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._filter = DeviceFilter()
        self.setSortRole(SORT_ROLE)
        self.setSortLocaleAware(True)
        self.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    @property
    def rows(self) -> list[DeviceRow]:
        """Return what is shown, in the order of the table."""
        return [self.index(row, 0).data(RECORD_ROLE) for row in range(self.rowCount())]

    def set_filter(self, chosen: DeviceFilter) -> None:
        """Show what this filter lets through."""
        self._filter = chosen
        self.setFilterFixedString(chosen.text)  # which filters every row again

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        shown: DeviceRow = self.sourceModel().index(row, 0, parent).data(RECORD_ROLE)
        chosen, device = self._filter, shown.device
        return (
            (chosen.category_id is None or chosen.category_id == (device.category_id or ""))
            and chosen.status in (None, device.status)
            and (not chosen.suspicious_only or shown.suspicious)
            and self._has_text(row, parent)
        )

    def _has_text(self, row: int, parent: Index) -> bool:
        text, table = name_key(self._filter.text), self.sourceModel()
        columns = range(table.columnCount(parent)) if text else ()
        return not text or any(text in name_key(table.index(row, c, parent).data() or "") for c in columns)


def counted(devices: Sequence[Device]) -> set[str]:
    """Return the ids of those that make up the energy that they consume together."""
    counting, _ = divide(devices, devices, Facility())
    return {device.id for device in counting}


def measures_energy(device: Device) -> bool:
    """Return whether its readings are energy, and not a volume."""
    return is_energy(device.unit)
