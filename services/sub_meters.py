"""Propose which meters hang behind one: those of its utility whose readings add up to its own, for weeks.

A meter's load is regressed on those of all smaller ones; what is behind it has a coefficient of 1, what is
not has none. Only loads that vary of their own can be told apart, and a meter with a single one behind it
cannot be told from a second meter on the same line: neither is proposed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ml.arrays import Floats
from services import ids
from services.devices import Device, list_devices
from services.messages import N_, formats, gettext
from services.readings import LoadProfile, load_profile_of
from services.readings.load_profile import HOUR, sum_demand
from services.scope import Scope
from services.typed import typed
from services.units import is_energy

WITHIN = 0.02
"""By which part the sum may differ from the meter: losses, and what stands behind it unmetered."""
LEAST_DAYS = 14
HOURLY_WINDOW, DAILY_WINDOW = 56 * 24, 366
"""Steps that are looked at, the latest ones."""
LEAST_PRESENCE = 0.9
"""The part of a meter's steps at which another one has to be read to be compared with it."""
LEAST_EXPLAINED = 0.95
"""The part of the meter's variance that the sum has to explain."""
MOST_DEVIATION, MOST_UNCERTAINTY = 0.2, 0.1
"""Of a coefficient from 1, and its standard error."""
RIDGE = 1e-12
"""What keeps loads apart that are the same to the last digit, in parts of all variance."""
DAY = 86400
MOST_NAMED = 5
MORE = N_("{names} and {count} more")
SENTENCE = N_("“{parent}” is the sum of {children} within {percent} %: hang them behind it?")


@dataclass(frozen=True)
class Proposal:
    """Meters that seem to hang behind another."""

    parent: Device
    children: tuple[Device, ...]
    """By name, at least two."""
    difference: float
    """By which part the sum differs from the parent, over the time that was compared."""

    def __str__(self) -> str:
        """Return the question in the language in use."""
        named = ", ".join(f"“{child.name}”" for child in self.children[:MOST_NAMED])
        if more := len(self.children[MOST_NAMED:]):
            named = gettext(MORE, names=named, count=more)
        percent = formats().number(100 * self.difference, 1)
        return gettext(SENTENCE, parent=self.parent.name, children=named, percent=percent)


@typed
def propose_parents(scope: Scope) -> list[Proposal]:
    """Return what seems to hang behind what, but for what does already and what was declined; by parent."""
    from threadpoolctl import threadpool_limits

    devices = list_devices(scope)
    load = load_profile_of(scope)
    found: dict[str, Proposal] = {}
    with threadpool_limits(1):  # the matrices are small: threads would wait for each other
        for alike in _groups(devices):
            for resolution in (_hourly, _daily):
                for proposal in resolution(load, alike):
                    found.setdefault(proposal.parent.id, proposal)
    declined = {
        str(device["_id"]): set(map(str, device["declinedChildren"]))
        for device in scope.db["devices"].find(scope.owned({"declinedChildren": {"$exists": True}}))
    }
    wanted = [p for p in found.values() if not {c.id for c in p.children} <= declined.get(p.parent.id, set())]
    return sorted(wanted, key=lambda proposal: proposal.parent.name)


@typed
def decline(scope: Scope, parent_id: str, child_ids: Sequence[str]) -> None:
    """Propose these meters, or some of them, behind this one no more."""
    [parent] = ids.object_ids([parent_id])
    children = {"declinedChildren": {"$each": ids.object_ids(child_ids)}}
    scope.db["devices"].update_one(scope.owned({"_id": parent}), {"$addToSet": children})


def _groups(devices: Sequence[Device]) -> list[list[Device]]:
    """Return the meters that may be sums of one another: of one utility, direction and unit."""
    groups: dict[tuple[str, str, str], list[Device]] = {}
    for device in devices:
        unit = "kWh" if is_energy(device.unit) else device.unit
        groups.setdefault((device.utility, device.direction, unit), []).append(device)
    return [group for group in groups.values() if len(group) > 2]


def _rows(load: LoadProfile, devices: Sequence[Device], longest: int) -> Iterator[tuple[Device, list[int]]]:
    """Yield the meters that are read at least every ``longest`` seconds, and their rows in the load."""
    rows: dict[str, list[int]] = {}
    for row, meter in enumerate(load.meters):
        rows.setdefault(str(meter[0]), []).append(row)
    for device in devices:
        here = rows.get(device.id, [])
        if here and all(0 < load.intervals[row] <= longest for row in here):
            yield device, here


def _hourly(load: LoadProfile, devices: Sequence[Device]) -> list[Proposal]:
    known = list(_rows(load, devices, HOUR))
    sums = [sum_demand(load.grids, load.hours, np.array(rows), HOUR) for _, rows in known]
    kwh, there = [kwh for _, kwh, _, _ in sums], [there for _, _, there, _ in sums]
    return _search([device for device, _ in known], kwh, there, HOURLY_WINDOW, LEAST_DAYS * 24)


def _daily(load: LoadProfile, devices: Sequence[Device]) -> list[Proposal]:
    known = list(_rows(load, devices, DAY + HOUR))
    if all(load.intervals[row] <= HOUR for _, rows in known for row in rows):
        return []  # by the hour it was seen better
    kwh = [load.days.kwh[rows].sum(axis=0) for _, rows in known]
    there = [(load.days.covered[rows].sum(axis=0) > 0.99 * load.day_lengths) for _, rows in known]
    return _search([device for device, _ in known], kwh, there, DAILY_WINDOW, LEAST_DAYS)


def _search(
    devices: Sequence[Device],
    kwh: Sequence[Floats],
    there: Sequence[npt.NDArray[np.bool_]],
    window: int,
    least: int,
) -> list[Proposal]:
    """Find the sums among meters (``kwh`` and ``there`` of each at the same steps), the smallest first."""
    if len(devices) < 3:
        return []
    loads, read = np.array(kwh), np.array(there)
    means = np.where(read, loads, 0).sum(axis=1) / np.maximum(read.sum(axis=1), 1)
    has_children = {device.parent_id for device in devices}
    free = {place for place, device in enumerate(devices) if device.parent_id is None}
    found = []
    for place in np.argsort(means).tolist():
        steps = np.flatnonzero(read[place])[-window:]
        if devices[place].id in has_children or place not in free or len(steps) < least:
            continue
        smaller = np.array([c for c in sorted(free) if 0 < means[c] < means[place]], "intp")
        present = smaller[read[np.ix_(smaller, steps)].mean(axis=1) >= LEAST_PRESENCE]
        common = steps[read[np.ix_(present, steps)].all(axis=0)]
        if len(present) < 2 or len(common) < least:
            continue
        total, parts = loads[place, common], loads[np.ix_(present, common)]
        fitting = _fit_under(parts, total)
        members = fitting[_members(parts[fitting], total)]
        if len(members) < 2:
            continue
        behind = [devices[present[member]] for member in members]
        difference = abs(parts[members].sum() / total.sum() - 1)
        found.append(Proposal(devices[place], tuple(sorted(behind, key=lambda d: d.name)), float(difference)))
        free -= set(present[members].tolist())
    return found


def _fit_under(parts: Floats, total: Floats) -> npt.NDArray[np.intp]:
    """Return which parts are hardly ever more than the total."""
    above = (parts > total + WITHIN * np.abs(total).mean()).mean(axis=1)
    return np.flatnonzero(above <= WITHIN)


def _members(parts: Floats, total: Floats) -> npt.NDArray[np.intp]:
    """Return which parts (rows) the total is the sum of; none where it is not that of at least two."""
    chosen = np.arange(len(parts))
    centred, target = parts - parts.mean(axis=1, keepdims=True), total - total.mean()
    products, projected = centred @ centred.T, centred @ target
    while len(chosen) >= 2 and len(total) >= 2 * len(chosen):
        gram = products[np.ix_(chosen, chosen)]
        inverse = np.linalg.inv(gram + RIDGE * (np.trace(gram) + 1e-300) * np.eye(len(chosen)))
        weights = inverse @ projected[chosen]
        if weights @ projected[chosen] < LEAST_EXPLAINED * (target @ target):
            break  # whatever is behind it, these are not all
        low = np.argsort(weights)[: -(-np.count_nonzero(weights < 0.5) // 2)]
        if not len(low):
            rest = target - weights @ centred[chosen]
            variance = rest @ rest / max(len(total) - len(chosen), 1)
            uncertain = np.sqrt(np.maximum(variance * np.diag(inverse), 0))
            doubtful = (uncertain > MOST_UNCERTAINTY) | (np.abs(weights - 1) > MOST_DEVIATION)
            if not doubtful.any():
                return chosen if _is_sum(parts[chosen].sum(axis=0), total) else chosen[:0]
            low = np.array([np.argmax(np.where(doubtful, uncertain + np.abs(weights - 1), -1))])
        chosen = np.delete(chosen, low)
    return chosen[:0]


def _is_sum(added: Floats, total: Floats) -> bool:
    """Return whether the parts added up are the total, as a whole and step by step."""
    rest = total - added
    return bool(
        abs(rest.sum()) <= WITHIN * abs(total.sum()) and np.var(rest) <= (1 - LEAST_EXPLAINED) * np.var(total)
    )
