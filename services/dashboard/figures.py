"""The figures of a period, each beside the same of the period before and of the year before."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from services.dashboard.comparison import Figure, compare
from services.dashboard.profiles import baseload, heat_map
from services.dashboard.selection import Period, Selection
from services.facility import Facility, Tariff, cost
from services.readings import Demand

DAYS_A_YEAR = 365.25
NAMES = (
    "total",
    "average_day",
    "peak_reading",
    "peak_demand",
    "baseload",
    "load_factor",
    "cost",
    "co2",
    "eui",
)


@dataclass(frozen=True)
class Figures:
    """Every figure over the chosen meters together."""

    total: Figure
    """kWh."""
    average_day: Figure
    """kWh a day with readings."""
    peak_reading: Figure
    """The highest single reading of one meter, kWh."""
    peak_demand: Figure
    """kW: the highest mean of the summed load over the finest interval that all the meters share."""
    baseload: Figure
    """kW, see `services.dashboard.profiles`."""
    load_factor: Figure
    """Mean over peak demand, 0..1."""
    cost: Figure
    """In the facility's currency; None without a tariff."""
    co2: Figure
    """kg; None without an emission factor."""
    eui: Figure
    """kWh/m² in a year at the rate of the days with readings; None without a floor area."""
    peak_reading_at: datetime | None
    """When the interval begins, in the facility's time zone, as ``peak_demand_at``."""
    peak_demand_at: datetime | None
    next_month: tuple[float, float, float] | None
    """kWh predicted for the calendar month after the last reading's; the interval's lower and upper end."""


def figures(
    selection: Selection, period: Period, facility: Facility, next_month: tuple[float, float, float] | None
) -> Figures:
    """Compute the figures of a period that lies within the readings."""
    found = compare(period, selection.covered, lambda of: _of(selection, of, facility))
    return Figures(
        **found,
        peak_reading_at=_peak_reading_at(selection, period),
        peak_demand_at=_peak_demand_at(selection, period),
        next_month=next_month,
    )


def no_figures() -> Figures:
    """Return the figures of no readings, none of which is known."""
    return Figures(
        **dict.fromkeys(NAMES, Figure(None, None, None)),
        peak_reading_at=None,
        peak_demand_at=None,
        next_month=None,
    )


def _of(selection: Selection, period: Period, facility: Facility) -> dict[str, float | None]:
    days = selection.days(period)
    demand = selection.demand.part(days)
    kwh = selection.kwh[days]
    if np.isnan(kwh).all():
        return dict.fromkeys(NAMES)
    total = float(np.nansum(kwh))
    covered = float(selection.days_covered[days].sum())
    average_day = total / covered if covered else None
    drawn = demand.kwh[demand.there] / demand.hours
    peak = float(drawn.max()) if len(drawn) else None
    hours = heat_map(selection.load.days.days[days], days.start, demand)
    return {
        "total": total,
        "average_day": average_day,
        "peak_reading": _peak_reading(selection, days),
        "peak_demand": peak,
        "baseload": baseload(hours),
        "load_factor": float(drawn.mean()) / peak if peak and peak > 0 else None,
        "cost": energy_and_demand_cost(facility.tariff, demand),
        "co2": facility.emission_factor and total * facility.emission_factor,
        "eui": facility.floor_area and average_day and average_day * DAYS_A_YEAR / facility.floor_area,
    }


def _peak_reading(selection: Selection, days: slice) -> float | None:
    peaks = selection.load.days.peak[selection.load.finest(selection.rows), days]
    return None if np.isnan(peaks).all() else float(np.nanmax(peaks))


def _peak_reading_at(selection: Selection, period: Period) -> datetime | None:
    days, rows = selection.days(period), selection.load.finest(selection.rows)
    peaks = selection.load.days.peak[rows, days]
    if np.isnan(peaks).all():
        return None
    row, day = np.unravel_index(np.nanargmax(peaks), peaks.shape)
    millis = selection.load.days.peak_at[rows[row], days.start + day]
    return _local(selection, float(millis) / 1000)


def _peak_demand_at(selection: Selection, period: Period) -> datetime | None:
    demand = selection.demand.part(selection.days(period))
    if not demand.there.any():
        return None
    highest = int(np.where(demand.there, demand.kwh, -np.inf).argmax())
    return _local(selection, demand.begin + highest * demand.step)


def _local(selection: Selection, seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(selection.load.timezone))


def energy_and_demand_cost(tariff: Tariff | None, demand: Demand) -> float | None:
    """Price the energy of each step, and each month's peak demand; None without a tariff.

    None, too, where demand is billed and no readings tell it.
    """
    if tariff is None or (tariff.demand_price and not demand.there.any()):
        return None
    kwh = demand.kwh + demand.long
    local = pd.DatetimeIndex(demand.clock.local)
    energy = cost(replace(tariff, demand_price=0.0), local, kwh, demand.hours)
    only_demand = Tariff(0.0, (), tariff.demand_price)
    return energy + cost(only_demand, local[demand.there], demand.kwh[demand.there], demand.hours)
