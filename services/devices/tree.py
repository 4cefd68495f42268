"""Which meters count in a total: those of one direction, in kWh, behind none that counts already."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.devices import parents
from services.devices.devices import Device, list_devices
from services.facility import Facility, facility_of
from services.messages import N_, gettext
from services.scope import Scope
from services.typed import typed
from services.units import is_energy
from services.utilities import UTILITIES, Direction, Utility, is_by_calorific_value

LEFT_OUT = {
    "utility": N_("It is no energy."),
    "unit": N_("Its readings are in {unit}, and nothing tells how many kWh that is."),
    "direction": N_("It is no consumption."),
    "parent": N_("“{parent}” counts for it."),
    "override": N_("It is set not to count."),
}
"""Why a meter does not count in a total of consumption."""


@dataclass(frozen=True)
class LeftOut:
    """A meter that does not count; ``reason`` is a message with the places {parent} and {unit}."""

    device: Device
    reason: str
    parent: Device | None = None
    """The meter that counts for it: of those chosen the nearest that it hangs behind."""

    @property
    def sentence(self) -> str:
        """Return the reason in the language in use."""
        parent = self.parent.name if self.parent else ""
        return gettext(self.reason, parent=parent, unit=self.device.unit)


def in_kwh(device: Device, facility: Facility) -> bool:
    """Return whether the readings of a device are known in kWh."""
    converted = bool(facility.calorific_values) and is_by_calorific_value(device.utility, device.unit)
    return is_energy(device.unit) or converted


@typed
def counted_devices(
    scope: Scope,
    chosen: Sequence[Device] | None = None,
    utility: Utility | None = None,
    direction: Direction = "consumption",
) -> list[Device]:
    """List those of the chosen devices (None: all) that count in their total.

    That is the total kWh of what flows in one direction: of all energy, or of one utility.
    """
    everything = list_devices(scope)
    wanted = everything if chosen is None else chosen
    counts, _ = divide(everything, wanted, facility_of(scope), utility, direction)
    return counts


def divide(
    everything: Sequence[Device],
    chosen: Sequence[Device],
    facility: Facility,
    utility: Utility | None = None,
    direction: Direction = "consumption",
) -> tuple[list[Device], list[LeftOut]]:
    """Divide the chosen devices into those that count in their total, and those that do not."""
    candidates: list[Device] = []
    left_out: list[LeftOut] = []
    for device in chosen:
        if reason := _unlike(device, facility, utility, direction):
            left_out.append(LeftOut(device, LEFT_OUT[reason]))
        else:
            candidates.append(device)
    parents = {device.id: device for device in everything}
    ids = {device.id for device in candidates if device.counts_in_total is not False}

    def counting_ancestor(device: Device) -> Device | None:
        return next((above for above in ancestors(device, parents) if above.id in ids), None)

    counts = []
    for device in candidates:
        above = counting_ancestor(device)
        if device.counts_in_total or (device.counts_in_total is None and above is None):
            counts.append(device)
        elif device.counts_in_total is None and above:
            left_out.append(LeftOut(device, LEFT_OUT["parent"], above))
        else:
            left_out.append(LeftOut(device, LEFT_OUT["override"]))
    return counts, left_out


def ancestors(device: Device, by_id: Mapping[str, Device]) -> Iterator[Device]:
    """Yield the meters that a device hangs behind, the nearest first."""
    return parents.walk_up(device, lambda below: by_id.get(below.parent_id or ""))


def _unlike(device: Device, facility: Facility, utility: Utility | None, direction: Direction) -> str | None:
    """Return the key of `LEFT_OUT` by which a device is not of the kind that is summed."""
    if device.utility != utility and (utility or not UTILITIES[device.utility].is_energy):
        return "utility"
    if device.direction != direction:
        return "direction"
    return None if in_kwh(device, facility) else "unit"
