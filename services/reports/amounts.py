"""Figures with their units, as a report writes them."""

from services.reports.wording import NOTHING, Wording

MINUS = "\N{MINUS SIGN}"
SAME = 0.005
"""A change below half a per cent reads as none."""
NBSP = "\N{NO-BREAK SPACE}"


def kwh(wording: Wording, value: float | None) -> str:
    """Energy, with decimals only where they say something."""
    return NOTHING if value is None else f"{_rounded(wording, value)}{NBSP}kWh"


def kw(wording: Wording, value: float | None) -> str:
    """Demand."""
    return NOTHING if value is None else f"{_rounded(wording, value)}{NBSP}kW"


def co2(wording: Wording, kilograms: float | None) -> str:
    """Emissions, in tonnes from one tonne on."""
    if kilograms is None:
        return NOTHING
    if abs(kilograms) >= 1000:
        return f"{_rounded(wording, kilograms / 1000)}{NBSP}t"
    return f"{_rounded(wording, kilograms)}{NBSP}kg"


def money(wording: Wording, value: float, currency: str) -> str:
    """An amount; cents only where it is small."""
    return wording.money(value, currency, 0 if abs(value) >= 1000 else 2)


def percent(wording: Wording, share: float, decimals: int = 0) -> str:
    return f"{wording.number(share * 100, decimals)}{NBSP}%"


def change(value: float | None, other: float | None) -> float | None:
    """By which part of ``other`` the value is more (or less, below zero); None without a comparison."""
    return None if value is None or not other else value / other - 1


def signed_percent(wording: Wording, share: float | None) -> str:
    """A change with its sign: +12 %, −5 %, ±0 %."""
    if share is None:
        return NOTHING
    if abs(share) < SAME:
        return f"±0{NBSP}%"
    return f"{'+' if share > 0 else MINUS}{percent(wording, abs(share))}"


def signed_points(wording: Wording, difference: float) -> str:
    """The difference of two shares in percentage points: +1.5 points."""
    sign = "+" if difference > 0 else MINUS
    return wording.say("{change} points", change=f"{sign}{wording.number(abs(difference) * 100, 1)}")


def _rounded(wording: Wording, value: float) -> str:
    size = abs(value)
    return wording.number(value, 0 if size >= 1000 else 1 if size >= 10 else 2)
