"""The figures of a period, each beside the same of the period before and of the year before."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import isclose
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.arrays import Floats
from services.dashboard.comparison import LEAST, Basis, Common, Comparison, Figure, Side
from services.dashboard.profiles import BASELOAD_SHARE, heat_map, quantile
from services.dashboard.selection import DEMAND_INTERVAL, Period, Selection
from services.facility import Facility, Tariff, cost
from services.readings import Demand

DAYS_A_YEAR = 365.25
HOUR = 3600
REGULAR = 1e-3
"""Part of the time by which the readings of a regular meter cover more or less than their number says."""
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
    """kWh a day that readings cover, a part of a day as that part."""
    peak_reading: Figure
    """The highest single reading of one meter, kWh."""
    peak_demand: Figure
    """kW: the highest mean of the summed load over the shortest interval, of at least 15 minutes, that all
    the meters share; None, as baseload and load factor, where one of them is read less often than hourly."""
    baseload: Figure
    """kW, see `services.dashboard.profiles`."""
    load_factor: Figure
    """Mean over peak demand, 0..1."""
    cost: Figure
    """In the facility's currency; None without a tariff."""
    co2: Figure
    """kg; None without an emission factor."""
    eui: Figure
    """kWh/m² in a year at the rate of the average day; None without a floor area."""
    coverage: float | None
    """Which part (0..1) of the period has readings, counted over all meters."""
    before: Basis | None
    """On what the comparisons with the period before rest."""
    year_before: Basis | None
    """On what those with the year before rest."""
    peak_reading_at: datetime | None
    """When the interval begins, in the facility's time zone, as ``peak_demand_at``."""
    peak_demand_at: datetime | None
    next_month: tuple[float, float, float] | None
    """kWh predicted for the calendar month after the last reading's; the interval's lower and upper end."""


Values = dict[str, float | None]


def figures(
    selection: Selection,
    read: Period,
    facility: Facility,
    next_month: tuple[float, float, float] | None,
    coverage: float,
    commons: tuple[Common, Common],
) -> Figures:
    """Compute the figures of a period, all days of which lie within the readings.

    ``commons`` are what it has in common with the period before and with that of a year before.
    """
    now = _of(selection, read, facility)
    compared = [_compare(selection, common, now, facility) for common in commons]
    return Figures(
        **{name: Figure(now[name], *(found[name] for found in compared)) for name in NAMES},
        coverage=coverage,
        before=commons[0].basis,
        year_before=commons[1].basis,
        peak_reading_at=_peak_reading_at(selection, read),
        peak_demand_at=_peak_demand_at(selection, read),
        next_month=next_month,
    )


def no_figures() -> Figures:
    """Return the figures of no readings, none of which is known."""
    return Figures(
        **dict.fromkeys(NAMES, Figure(None)),
        coverage=None,
        before=None,
        year_before=None,
        peak_reading_at=None,
        peak_demand_at=None,
        next_month=None,
    )


def _compare(
    selection: Selection, common: Common, now: Values, facility: Facility
) -> dict[str, Comparison | None]:
    """Compare each figure over what both sides have."""
    if not common.basis.enough:
        return dict.fromkeys(NAMES)
    if common.basis.whole:
        then = _of(selection, common.basis.other, facility)
    else:
        now, then = (_of_side(selection, common, side, facility) for side in (common.now, common.then))
    pairs = {name: (now[name], then[name]) for name in NAMES}
    return {n: None if a is None or b is None else Comparison(a, b) for n, (a, b) in pairs.items()}


def _of_side(selection: Selection, common: Common, side: Side, facility: Facility) -> Values:
    """Compute the figures of one side over the hours that both have."""
    total, covered = float(side.kwh.sum()), float(common.covered.sum())
    return _of_sums(selection, total, covered, facility) | {
        "peak_reading": _peak_of_days(selection, common, side),
        "cost": _energy_cost(selection, side, facility.tariff),
        **_demand_of_side(selection, common, side),
    }


def _of_sums(selection: Selection, total: float, covered: float, facility: Facility) -> Values:
    """Compute what rests on energy and the days that readings cover."""
    average_day = total / covered if covered else None
    electric = is_electricity(selection)
    return {
        "total": total,
        "average_day": average_day,
        "co2": total * facility.emission_factor if facility.emission_factor and electric else None,
        "eui": facility.floor_area and average_day and average_day * DAYS_A_YEAR / facility.floor_area,
    }


def _peak_of_days(selection: Selection, common: Common, side: Side) -> float | None:
    """Return the highest reading on the days that are compared as a whole."""
    finest = np.isin(common.rows, selection.load.finest(common.rows))
    peaks = selection.load.days.peak[np.ix_(common.rows[finest], side.days)]
    known = common.whole[finest] & ~np.isnan(peaks)
    return float(peaks[known].max()) if known.any() else None


def _energy_cost(selection: Selection, side: Side, tariff: Tariff | None) -> float | None:
    """Price the compared hours; None without a tariff, and where demand is billed, which is a month's."""
    if tariff is None or tariff.demand_price or not is_electricity(selection):
        return None
    days = selection.load.days.days[side.days][:, np.newaxis]
    local = pd.DatetimeIndex((days + np.arange(24).astype("timedelta64[h]")).ravel().astype("datetime64[s]"))
    return cost(tariff, local, side.kwh.ravel(), 1.0)


def _demand_of_side(selection: Selection, common: Common, side: Side) -> Values:
    """Compute what rests on demand over the hours that all compared meters have on both sides."""
    unknown: Values = dict.fromkeys(("peak_demand", "baseload", "load_factor"))
    if common.together.sum() < LEAST * 24 * common.covered.sum():
        return unknown
    first, last = int(side.days.min()), int(side.days.max())
    demand = selection.load.demand(common.rows, DEMAND_INTERVAL).part(slice(first, last + 1))
    if demand.long.any():
        return unknown
    chosen = np.zeros((last - first + 1, 24), "bool")
    chosen[side.days - first] = common.together
    known = demand.there & chosen[demand.clock.day - first, demand.clock.hour]
    hours = heat_map(selection.load.days.days[first : last + 1], first, demand).demand[chosen]
    return _of_demand(demand.kwh[known] / demand.hours, hours)


def _of_demand(drawn: Floats, hours: Floats) -> Values:
    """Compute what rests on the demand in kW of each step, and of each hour (NaN where nothing was read)."""
    if not len(drawn):
        return dict.fromkeys(("peak_demand", "baseload", "load_factor"))
    peak = float(drawn.max())
    level = float(quantile(hours.reshape(-1, 1), BASELOAD_SHARE)[0])
    return {
        "peak_demand": peak,
        "baseload": None if np.isnan(level) else level,
        "load_factor": float(drawn.mean()) / peak if peak > 0 else None,
    }


def _of(selection: Selection, period: Period, facility: Facility) -> Values:
    days = selection.days(period)
    demand = selection.demand.part(days)
    kwh = selection.kwh[days]
    if np.isnan(kwh).all():
        return dict.fromkeys(NAMES)
    known = _known(demand)
    hours = heat_map(selection.load.days.days[days], days.start, demand).demand
    total, covered = float(np.nansum(kwh)), float(selection.days_covered[days].sum())
    return _of_sums(selection, total, covered, facility) | {
        "peak_reading": _peak_reading(selection, days),
        "cost": _cost(selection, period, facility.tariff),
        **_of_demand(demand.kwh[known] / demand.hours, hours),
        **_of_own_interval(selection, days, total),
    }


def _own_interval(selection: Selection) -> int:
    """Return the interval (s) of a single regular meter whose readings fit no hour, nor a grid; else 0."""
    if len(selection.rows) > 1:
        return 0
    row = selection.rows[0]
    interval = int(selection.load.intervals[row])
    if not DEMAND_INTERVAL <= interval <= HOUR or HOUR % interval == 0:
        return 0
    read, covered = selection.load.days.readings[row].sum(), selection.load.days.covered[row].sum()
    return interval if isclose(read * interval, covered, rel_tol=REGULAR) else 0


def _of_own_interval(selection: Selection, days: slice, total: float) -> Values:
    """Return what rests on the peak demand of a meter with an `_own_interval`, of its readings as such."""
    interval, peak = _own_interval(selection), _peak_reading(selection, days)
    covered = float(selection.covered_by_device[:, days].sum())
    if not interval or peak is None or peak <= 0 or not covered:
        return {}
    demand = peak * HOUR / interval
    return {"peak_demand": demand, "load_factor": total * HOUR / covered / demand}


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
    if _own_interval(selection):
        return _peak_reading_at(selection, period)
    demand = selection.demand.part(selection.days(period))
    known = _known(demand)
    if not known.any():
        return None
    highest = int(np.where(known, demand.kwh, -np.inf).argmax())
    return _local(selection, demand.begin + highest * demand.step)


def _local(selection: Selection, seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(selection.load.timezone))


def _known(demand: Demand) -> npt.NDArray[np.bool_]:
    """Return the steps whose demand is known: none where readings of more than an hour are among them."""
    return np.zeros_like(demand.there) if demand.long.any() else demand.there


def _cost(selection: Selection, period: Period, tariff: Tariff | None) -> float | None:
    """Price the energy of each step, and the demand of each month by the part of its days that are chosen.

    None without a tariff, of what is not electricity, and where demand is billed and not known.
    """
    if tariff is None or not is_electricity(selection):
        return None
    demand = selection.demand.part(selection.days(period))
    local = pd.DatetimeIndex(demand.clock.local)
    energy: float = cost(replace(tariff, demand_price=0.0), local, demand.energy, demand.hours)
    if not tariff.demand_price:
        return energy
    charged = 0.0
    for month in _months(period):
        peak, chosen = _month_peak(selection, month), month.overlap(period)
        if peak is None or chosen is None:
            return None
        charged += peak * chosen.length / month.length
    return energy + tariff.demand_price * charged


def is_electricity(selection: Selection) -> bool:
    """Return whether the facility's prices and emission factor hold for all that is counted."""
    return all(device.utility == "electricity" for device in selection.devices.values())


def _months(period: Period) -> list[Period]:
    """Return the calendar months in which the period lies."""
    months = pd.period_range(period.start, period.end, freq="M")
    return [Period(month.start_time.date(), month.end_time.date()) for month in months]


def _month_peak(selection: Selection, month: Period) -> float | None:
    """Return a month's peak demand in kW, 0 where nothing was read; None where it is not known."""
    demand = selection.demand.part(selection.days(month))
    if not demand.read.any():
        return 0.0
    if (interval := _own_interval(selection)) and (peak := _peak_reading(selection, selection.days(month))):
        return peak * HOUR / interval
    known = _known(demand)
    return float(demand.kwh[known].max()) / demand.hours if known.any() else None
