"""The settings of a sheet's mapping besides its columns, each with its choices in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QCoreApplication

from desktop.framework.formatting import number
from services.readings import ColumnMap, SheetMapping, columns_of_hours

POWERS = ("W", "kW", "MW")
ENERGIES = ("Wh", "kWh", "MWh")
INTERVALS = (1, 5, 10, 15, 30, 60, 1440, 10_080)
"""Minutes."""

translate = QCoreApplication.translate
Choices = list[tuple[str, Any]]


@dataclass(frozen=True)
class Setting:
    """A field of `Plan`; ``label`` holds a mnemonic, ``choices`` each a text and its value."""

    name: str
    label: str
    choices: Choices


def settings_of(mapping: SheetMapping) -> list[Setting]:
    """Those that matter for this mapping, in the order in which a person would say them."""
    return [
        Setting("layout", translate("PlanSettings", "Layout"), _layouts()),
        Setting("kind", translate("PlanSettings", "&Kind of number"), _kinds()),
        Setting("unit", translate("PlanSettings", "&Unit"), [(unit, unit) for unit in units_of(mapping)]),
        Setting("decimal", translate("PlanSettings", "Decimal mark"), _marks()),
        Setting("day_first", translate("PlanSettings", "Order of day and month"), _orders()),
        Setting("stamp", translate("PlanSettings", "Times stand for"), _stamps(mapping)),
        Setting("clock", translate("PlanSettings", "Clock"), _clocks()),
        Setting("interval_minutes", translate("PlanSettings", "Interval"), _intervals(mapping)),
    ]


def units_of(mapping: SheetMapping) -> tuple[str, ...]:
    return POWERS if mapping.kind == "demand" else ENERGIES


def with_setting(mapping: SheetMapping, name: str, value: object) -> SheetMapping:
    """Return the mapping with another value, and with what follows from it."""
    changed: SheetMapping = replace(mapping, **{name: value})  # type: ignore[arg-type]
    if name == "kind":
        return _with_unit_of_kind(changed)
    if name == "layout":
        return _with_columns_of_layout(changed)
    return changed


def _with_unit_of_kind(mapping: SheetMapping) -> SheetMapping:
    if mapping.unit in units_of(mapping):
        return mapping
    same_size = dict(zip(POWERS + ENERGIES, ENERGIES + POWERS, strict=True))
    return replace(mapping, unit=same_size[mapping.unit])  # type: ignore[arg-type]


def _with_columns_of_layout(mapping: SheetMapping) -> SheetMapping:
    """Wide: all columns that are nothing else are meters. Hours: those that are times of
    the day hold the numbers. Long: the first of them does."""
    if mapping.layout == "wide":
        said = set(mapping.map.chosen().values()) - {mapping.map.consumption}
        meters = mapping.meters or tuple(column for column in mapping.columns if column not in said)
        return replace(mapping, meters=meters, map=ColumnMap(date=mapping.map.date, time=mapping.map.time))
    if mapping.layout == "hours":
        hours = tuple(columns_of_hours(mapping.columns))
        return replace(
            mapping, meters=hours, map=replace(mapping.map, time=None, consumption=None), stamp="start"
        )
    first = mapping.meters[0] if mapping.meters else None
    return replace(mapping, map=replace(mapping.map, consumption=mapping.map.consumption or first))


def _layouts() -> Choices:
    return [
        (translate("PlanSettings", "A row for each reading"), "long"),
        (translate("PlanSettings", "A column for each meter"), "wide"),
        (translate("PlanSettings", "A row for each day, a column for each time of it"), "hours"),
    ]


def _kinds() -> Choices:
    return [
        (translate("PlanSettings", "Energy in the interval"), "energy"),
        (translate("PlanSettings", "Demand (power)"), "demand"),
        (translate("PlanSettings", "Register that counts on"), "register"),
    ]


def _marks() -> Choices:
    return [
        (translate("PlanSettings", "Point: 1.5"), "."),
        (translate("PlanSettings", "Comma: 1,5"), ","),
    ]


def _orders() -> Choices:
    return [
        (translate("PlanSettings", "– to be said –"), None),
        (translate("PlanSettings", "Day first: 31/12"), True),
        (translate("PlanSettings", "Month first: 12/31"), False),
    ]


def _stamps(mapping: SheetMapping) -> Choices:
    start, end = [
        (translate("PlanSettings", "The start of the interval"), "start"),
        (translate("PlanSettings", "The end of the interval"), "end"),
    ]
    return [start] if mapping.layout == "hours" else [start, end]


def _clocks() -> Choices:
    return [
        (translate("PlanSettings", "As the times tell"), None),
        (translate("PlanSettings", "Set forward in spring, back in autumn"), "local"),
        (translate("PlanSettings", "Standard time all year"), "standard"),
    ]


def _intervals(mapping: SheetMapping) -> Choices:
    known: Sequence[float] = INTERVALS
    if mapping.interval_minutes and mapping.interval_minutes not in known:
        known = sorted([*known, mapping.interval_minutes])
    return [
        (translate("PlanSettings", "As the times tell"), None),
        *((duration_text(minutes), float(minutes)) for minutes in known),
    ]


def duration_text(minutes: float) -> str:
    """Return a length of time in the largest unit that goes into it."""
    for size, text in (
        (1440, translate("PlanSettings", "{count} d")),
        (60, translate("PlanSettings", "{count} h")),
        (1, translate("PlanSettings", "{count} min")),
    ):
        if minutes >= size and minutes % size == 0:
            return text.format(count=number(minutes / size))
    return translate("PlanSettings", "{count} s").format(count=number(minutes * 60))
