"""Units that meters count in: what each measures, and its factor to the unit that figures are in."""

from dataclasses import dataclass
from typing import Literal

Measure = Literal["energy", "power", "volume", "mass", "temperature"]


@dataclass(frozen=True)
class Unit:
    """One unit, under the symbol that is stored."""

    symbol: str
    measure: Measure
    factor: float
    """By which a number in this unit is multiplied to be in the base unit of its measure: kWh, kW, m³, kg or
    °C."""


def _table(measure: Measure, factors: dict[str, float]) -> dict[str, Unit]:
    return {symbol: Unit(symbol, measure, factor) for symbol, factor in factors.items()}


JOULES = 1 / 3.6e6
BTU = 1055.05585262 * JOULES
"""The international table British thermal unit, kWh."""
CUBIC_FOOT = 0.3048**3

UNITS: dict[str, Unit] = {
    **_table(
        "energy",
        {
            **{"Wh": 1e-3, "kWh": 1.0, "MWh": 1e3, "GWh": 1e6},
            **{"J": JOULES, "kJ": 1e3 * JOULES, "MJ": 1e6 * JOULES, "GJ": 1e9 * JOULES, "TJ": 1e12 * JOULES},
            **{"Btu": BTU, "kBtu": 1e3 * BTU, "MMBtu": 1e6 * BTU},
            # The therm that gas is sold by in the United States, 105,480,400 J.
            **{"therm": 105_480_400 * JOULES, "Dth": 1_054_804_000 * JOULES},
            **{"kcal": 4186.8 * JOULES, "Mcal": 4_186_800 * JOULES, "Gcal": 4_186_800_000 * JOULES},
            "ton-hour": 12e3 * BTU,
        },
    ),
    **_table("power", {"W": 1e-3, "kW": 1.0, "MW": 1e3, "GW": 1e6}),
    **_table(
        "volume",
        {
            **{"m3": 1.0, "L": 1e-3, "hL": 0.1, "ft3": CUBIC_FOOT, "CCF": 100 * CUBIC_FOOT},
            **{"MCF": 1e3 * CUBIC_FOOT, "gal": 231 * 0.0254**3, "kgal": 231e3 * 0.0254**3},
            "imp gal": 4.54609e-3,
        },
    ),
    **_table("mass", {"g": 1e-3, "kg": 1.0, "t": 1e3, "lb": 0.45359237, "klb": 453.59237}),
    "°C": Unit("°C", "temperature", 1.0),
    "°F": Unit("°F", "temperature", 5 / 9),
}
"""By symbol. Of °F the factor holds for differences alone."""


def is_energy(symbol: str) -> bool:
    """Return whether the unit is one of energy, so that its numbers are kWh by a factor."""
    return symbol in UNITS and UNITS[symbol].measure == "energy"


def kwh_per_unit(symbol: str) -> float | None:
    """Return how many kWh one of the unit is; None for what is no energy."""
    return UNITS[symbol].factor if is_energy(symbol) else None
