"""What can be said about a sheet besides its columns: each setting of a plan with its choices, in words."""

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


def settings_of(plan: SheetMapping) -> list[Setting]:
    """Those that matter for this plan, in the order in which a person would say them."""
    return [
        Setting("layout", translate("PlanSettings", "Layout"), _layouts()),
        Setting("kind", translate("PlanSettings", "&Kind of number"), _kinds()),
        Setting("unit", translate("PlanSettings", "&Unit"), [(unit, unit) for unit in units_of(plan)]),
        Setting("decimal", translate("PlanSettings", "Decimal mark"), _marks()),
        Setting("day_first", translate("PlanSettings", "Order of day and month"), _orders()),
        Setting("stamp", translate("PlanSettings", "Times stand for"), _stamps(plan)),
        Setting("interval_minutes", translate("PlanSettings", "Interval"), _intervals(plan)),
    ]


def units_of(plan: SheetMapping) -> tuple[str, ...]:
    return POWERS if plan.kind == "demand" else ENERGIES


def with_setting(plan: SheetMapping, name: str, value: object) -> SheetMapping:
    """The plan with another value, and with what follows from it."""
    changed: SheetMapping = replace(plan, **{name: value})  # type: ignore[arg-type]
    if name == "kind":
        return _with_unit_of_kind(changed)
    if name == "layout":
        return _with_columns_of_layout(changed)
    return changed


def _with_unit_of_kind(plan: SheetMapping) -> SheetMapping:
    if plan.unit in units_of(plan):
        return plan
    same_size = dict(zip(POWERS + ENERGIES, ENERGIES + POWERS, strict=True))
    return replace(plan, unit=same_size[plan.unit])  # type: ignore[arg-type]


def _with_columns_of_layout(plan: SheetMapping) -> SheetMapping:
    """Wide: all columns that are nothing else are meters. Hours: those that are times of
    the day hold the numbers. Long: the first of them does."""
    if plan.layout == "wide":
        said = set(plan.map.chosen().values()) - {plan.map.consumption}
        meters = plan.meters or tuple(column for column in plan.columns if column not in said)
        return replace(plan, meters=meters, map=ColumnMap(date=plan.map.date, time=plan.map.time))
    if plan.layout == "hours":
        hours = tuple(columns_of_hours(plan.columns))
        return replace(plan, meters=hours, map=replace(plan.map, time=None, consumption=None), stamp="start")
    first = plan.meters[0] if plan.meters else None
    return replace(plan, map=replace(plan.map, consumption=plan.map.consumption or first))


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


def _stamps(plan: SheetMapping) -> Choices:
    start, end = [
        (translate("PlanSettings", "The start of the interval"), "start"),
        (translate("PlanSettings", "The end of the interval"), "end"),
    ]
    return [start] if plan.layout == "hours" else [start, end]


def _intervals(plan: SheetMapping) -> Choices:
    known: Sequence[float] = INTERVALS
    if plan.interval_minutes and plan.interval_minutes not in known:
        known = sorted([*known, plan.interval_minutes])
    return [
        (translate("PlanSettings", "As the times tell"), None),
        *((in_words(minutes), float(minutes)) for minutes in known),
    ]


def in_words(minutes: float) -> str:
    """A length of time in the largest unit that goes into it."""
    for size, text in (
        (1440, translate("PlanSettings", "{count} d")),
        (60, translate("PlanSettings", "{count} h")),
        (1, translate("PlanSettings", "{count} min")),
    ):
        if minutes >= size and minutes % size == 0:
            return text.format(count=number(minutes / size))
    return translate("PlanSettings", "{count} s").format(count=number(minutes * 60))
