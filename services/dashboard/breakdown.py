"""Who took it: the shares of devices and of categories, the greatest first."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.dashboard.selection import Selection


@dataclass(frozen=True)
class Share:
    """kWh of one device or category, and its part (0..1) of the total."""

    id: str
    name: str
    kwh: float
    share: float


def by_device(selection: Selection, days: slice) -> list[Share]:
    """The devices with readings on these days."""
    found: dict[str, float] = {}
    for device_id, kwh in _metered(selection, days):
        found[device_id] = found.get(device_id, 0.0) + kwh
    return _shares((device_id, selection.devices[device_id].name, kwh) for device_id, kwh in found.items())


def by_category(selection: Selection, days: slice) -> list[Share]:
    """The categories of these devices; of those in none, under an empty id and name."""
    found: dict[tuple[str, str], float] = {}
    for device_id, kwh in _metered(selection, days):
        device = selection.devices[device_id]
        category = (device.category_id or "", device.category)
        found[category] = found.get(category, 0.0) + kwh
    return _shares((*category, kwh) for category, kwh in found.items())


def _metered(selection: Selection, days: slice) -> Iterable[tuple[str, float]]:
    kwh = selection.load.days.kwh[selection.rows, days].sum(axis=1)
    readings = selection.load.days.readings[selection.rows, days].sum(axis=1)
    return ((i, float(k)) for i, k, n in zip(selection.device_ids, kwh, readings, strict=True) if n)


def _shares(found: Iterable[tuple[str, str, float]]) -> list[Share]:
    ordered = sorted(found, key=lambda part: part[2], reverse=True)
    total = sum(kwh for *_, kwh in ordered)
    return [Share(i, name, kwh, kwh / total if total else 0.0) for i, name, kwh in ordered]
