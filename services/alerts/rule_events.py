"""What the rules find in the readings."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from services.alerts.budget_pace import budget_events
from services.alerts.event import Event
from services.alerts.over_limit import limit_events
from services.alerts.rule import Rule
from services.alerts.silence import silent_devices
from services.devices import Device
from services.facility import Facility, facility_of
from services.readings.load import Load, load_of
from services.scope import Document, Scope


def broken(scope: Scope, rules: Iterable[Rule], devices: Mapping[str, Device]) -> list[Event]:
    """The events of the rules that are enabled; ``devices`` are all of the user's, by id."""
    load, facility = load_of(scope), facility_of(scope)
    wanted = [rule for rule in rules if rule.enabled]
    return [event for rule in wanted for event in _events(scope, rule, devices, load, facility)]


def _events(
    scope: Scope, rule: Rule, devices: Mapping[str, Device], load: Load, facility: Facility
) -> Iterator[Event]:
    chosen = [device for device in devices.values() if _is_about(rule, device)]
    rows = _rows(load, {device.id for device in chosen})
    if not len(rows):
        return
    if rule.kind == "no_data":
        yield from silent_devices(scope, rule, chosen, load)
        return
    first = int(np.searchsorted(load.days.days, np.datetime64(rule.since))) if rule.since else 0
    demand = load.demand(rows).part(slice(first, len(load.days.days)))
    facts: Document = {} if rule.device_id else {"category": _category(rule, chosen)}
    if rule.kind == "budget":
        all_of_them = rule.device_id is None and rule.category_id is None
        only = None if all_of_them else [device.id for device in chosen]
        yield from budget_events(scope, rule, demand, rule.limit or facility.monthly_budget, only, facts)
    else:
        yield from limit_events(scope, rule, demand, facility, facts)


def _rows(load: Load, device_ids: Collection[str]) -> npt.NDArray[np.intp]:
    """Which rows of the load are of these devices."""
    rows = [row for row, (device_id, _) in enumerate(load.meters) if str(device_id) in device_ids]
    return np.array(rows, "intp")


def _is_about(rule: Rule, device: Device) -> bool:
    if rule.device_id:
        return device.id == rule.device_id
    return rule.category_id is None or device.category_id == rule.category_id


def _category(rule: Rule, chosen: Sequence[Device]) -> str:
    return chosen[0].category if rule.category_id else ""
