"""Figures with their units, as a report writes them in the language that is shown."""

from collections.abc import Callable
from dataclasses import dataclass

from services.messages import N_, NOT_KNOWN, formats, gettext

MINUS = "\N{MINUS SIGN}"
SAME = 0.005
"""A change below half a per cent reads as none."""
NBSP = "\N{NO-BREAK SPACE}"


def kwh(value: float | None) -> str:
    """Write energy, with decimals only where they say something."""
    return NOT_KNOWN if value is None else f"{formats().rounded(value)}{NBSP}kWh"


def kw(value: float | None) -> str:
    """Write demand."""
    return NOT_KNOWN if value is None else f"{formats().rounded(value)}{NBSP}kW"


def co2(kilograms: float | None) -> str:
    """Write emissions, in tonnes from one tonne on."""
    if kilograms is None:
        return NOT_KNOWN
    if abs(kilograms) >= 1000:
        return f"{formats().rounded(kilograms / 1000)}{NBSP}t"
    return f"{formats().rounded(kilograms)}{NBSP}kg"


def money(value: float, currency: str) -> str:
    """Write an amount; cents only where it is small."""
    return formats().money(value, currency, 0 if abs(value) >= 1000 else 2)


def percent(share: float, decimals: int = 0) -> str:
    """Write a share of 1 as per cent."""
    return f"{formats().number(share * 100, decimals)}{NBSP}%"


def change(value: float | None, other: float | None) -> float | None:
    """Return by which part of ``other`` the value is more, or less if below zero; None if one is unknown."""
    return None if value is None or not other else value / other - 1


def signed_percent(share: float | None) -> str:
    """Write a change with its sign: +12 %, −5 %, ±0 %."""
    if share is None:
        return NOT_KNOWN
    if abs(share) < SAME:
        return f"±0{NBSP}%"
    return f"{'+' if share > 0 else MINUS}{percent(abs(share))}"


def signed_points(difference: float) -> str:
    """Write the difference of two shares in percentage points: +1.5 points."""
    sign = "+" if difference > 0 else MINUS
    return gettext("{change} points", change=f"{sign}{formats().number(abs(difference) * 100, 1)}")


@dataclass(frozen=True)
class ReportFigure:
    """A figure of the dashboard as a report shows it."""

    label: str
    unit: str
    """In the workbook; the facility's currency where it is empty."""
    write: Callable[[float, str], str]
    """On paper; takes the value and the currency."""
    is_sum: bool = False
    """Whether it grows with the days."""
    is_share: bool = False
    """Whether it is a share of 1, which is the better the higher, and is compared in points."""


FIGURES: dict[str, ReportFigure] = {
    "total": ReportFigure(N_("Consumption"), "kWh", lambda value, _: kwh(value), is_sum=True),
    "average_day": ReportFigure(N_("Average day"), "kWh", lambda value, _: kwh(value)),
    "peak_demand": ReportFigure(N_("Peak demand"), "kW", lambda value, _: kw(value)),
    "baseload": ReportFigure(N_("Baseload"), "kW", lambda value, _: kw(value)),
    "load_factor": ReportFigure(N_("Load factor"), "", lambda value, _: percent(value), is_share=True),
    "cost": ReportFigure(N_("Cost"), "", money, is_sum=True),
    "co2": ReportFigure(N_("CO₂"), "kg", lambda value, _: co2(value), is_sum=True),
    "eui": ReportFigure(
        N_("Energy use intensity"), "kWh/m²", lambda value, _: f"{formats().number(value, 1)} kWh/m²"
    ),
}
"""By their names in `dashboard.Figures`, in the order of the report."""
