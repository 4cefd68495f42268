"""What meters measure, and which way it flows: one entry a utility and a direction, which all else reads."""

from dataclasses import dataclass
from typing import Literal

from services.messages import N_
from services.units import UNITS, Measure

Utility = Literal["electricity", "gas", "heat", "cooling", "steam", "fuel", "water", "temperature", "other"]
Direction = Literal["consumption", "generation", "export"]


@dataclass(frozen=True)
class UtilityKind:
    """What is known of a utility."""

    label: str
    """A message."""
    unit: str
    """In which its meters usually count, of `services.units.UNITS`."""
    measures: tuple[Measure, ...]
    """What its meters may measure."""
    is_energy: bool = True
    """Whether it is bought for its energy, so that it may count in totals of kWh."""
    by_calorific_value: bool = False
    """Whether a volume of it becomes kWh by a calorific value."""


UTILITIES: dict[Utility, UtilityKind] = {
    "electricity": UtilityKind(N_("Electricity"), "kWh", ("energy",)),
    "gas": UtilityKind(N_("Gas"), "m3", ("volume", "energy"), by_calorific_value=True),
    "heat": UtilityKind(N_("Heat"), "kWh", ("energy",)),
    "cooling": UtilityKind(N_("Cooling"), "kWh", ("energy",)),
    "steam": UtilityKind(N_("Steam"), "t", ("mass", "energy")),
    "fuel": UtilityKind(N_("Fuel"), "L", ("volume", "mass", "energy")),
    "water": UtilityKind(N_("Water"), "m3", ("volume",), is_energy=False),
    "temperature": UtilityKind(N_("Temperature"), "°C", ("temperature",), is_energy=False),
    "other": UtilityKind(N_("Other"), "kWh", ("energy", "volume", "mass", "temperature"), is_energy=False),
}
DIRECTIONS: dict[Direction, str] = {
    "consumption": N_("Consumption"),
    "generation": N_("Generation"),
    "export": N_("Export"),
}
"""The label of each direction."""


def is_by_calorific_value(utility: Utility, unit: str) -> bool:
    """Return whether kWh are made of readings of a utility in a unit by the facility's calorific values."""
    return UTILITIES[utility].by_calorific_value and UNITS[unit].measure == "volume"
