"""What each figure is, computed with pandas and numpy from readings that are laid on the year's minutes.

Nothing of Loadlens is used. A reading is spread evenly over its interval; what follows from that is a figure
only where the readings allow it, and None where they do not. A figure that the rules leave open is not given
at all: the load of meters that do not all cover the same minutes, the peak demand of several meters whose
intervals fit into no hour, the cost of a month that is not known whole or of more than electricity, changes
of whole calendar months (on the month before, or on as many days) and over the nights on which clocks change.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from figures_facility import (
    DAY,
    HOUR,
    WEEKDAY,
    YEAR,
    Facility,
    Meter,
    Minutes,
    Period,
    Values,
)

DAYS_A_YEAR = 365.25
LEAST_DEMAND = 15
"""Minutes over which demand is a mean at least."""
BASELOAD = 0.05
FOUR_WEEKS = 28
Figure = float | Values | dict[str, float] | None
Figures = dict[str, Figure]
NEED_HOURS = (
    "peak demand",
    "baseload",
    "load factor",
    "profile",
    "heat map",
    "duration",
)


@dataclass
class Truth:
    """The figures of a facility's meters."""

    facility: Facility
    kwh: dict[str, Values] = field(init=False)
    longest: dict[str, Minutes] = field(init=False)

    def __post_init__(self) -> None:
        self.kwh = {name: meter.kwh for name, meter in self.facility.meters.items()}
        self.longest = {name: meter.longest for name, meter in self.facility.meters.items()}

    def counting(self, names: Sequence[str], utility: str | None = None) -> list[Meter]:
        """Choose what counts in a total: consumers of energy whose parent is not among them."""
        meters = [self.facility.meters[name] for name in names]
        return [
            meter
            for meter in meters
            if meter.counts and meter.parent not in names and utility in (None, meter.utility)
        ]

    def figures(self, names: Sequence[str], period: Period) -> Figures:
        """Compute all that is to be known of these meters in a period."""
        meters = self.counting(names)
        part = self._minutes([meter.name for meter in meters], period)
        kwh = np.vstack([self.kwh[meter.name][part] for meter in meters])
        read = ~np.isnan(kwh)
        if not read.any():
            return {"total": None}
        found: Figures = {"total": float(np.nansum(kwh)), "coverage": float(read.mean())}
        found["shares"] = self._shares(names, meters, kwh)
        found |= self._change(meters, period)
        if (read == read[0]).all():
            found |= self._of_sum(meters, kwh.sum(axis=0), part)
        return found

    def statistics(self, names: Sequence[str], utility: str | None, period: Period) -> Figures:
        """Compute what `loadlens stats` says: total, days, weeks and highest reading."""
        meters = self.counting(names, utility)
        part = self._minutes([meter.name for meter in meters], period)
        kwh = np.vstack([self.kwh[meter.name][part] for meter in meters])
        each = pd.Series(np.nansum(kwh, axis=0))
        read = ~np.isnan(kwh).all(axis=0)
        day = YEAR[part].tz_localize(None).normalize()
        week = day - pd.to_timedelta(day.day_of_week, unit="D")
        return {
            "total": float(np.nansum(kwh)),
            "coverage": float((~np.isnan(kwh)).mean()),
            "days": each[read].groupby(day[read]).sum().to_numpy(),
            "weeks": each[read].groupby(week[read]).sum().to_numpy(),
            "highest reading": self._highest_reading(meters, part),
        }

    def _minutes(self, names: Sequence[str], period: Period) -> slice:
        """Find the period's minutes, or without one those from the first to the last reading."""
        if period.start:
            return period.minutes
        read = np.flatnonzero(np.any([self.longest[name] > 0 for name in names], axis=0))
        return slice(int(read[0]), int(read[-1]) + 1)

    def _of_sum(self, meters: Sequence[Meter], kwh: Values, part: slice) -> Figures:
        """Compute what rests on the load of all meters together."""
        days = covered_days(kwh, part)
        found: Figures = {
            "average day": float(np.nansum(kwh) / days),
            "EUI": float(np.nansum(kwh) / days * DAYS_A_YEAR / self.facility.floor_area),
        }
        hourly = all(self.longest[meter.name][part].max() <= 60 for meter in meters)
        if not hourly:
            cost = {"cost": None} if all(meter.utility == "electricity" for meter in meters) else {}
            return found | dict.fromkeys(NEED_HOURS) | cost
        found |= of_hours(kwh, part)
        demand = self._demand(meters, kwh, part)
        if demand is not None and len(demand):
            mean = float(np.nanmean(kwh)) * 60
            found |= {"peak demand": float(demand.max()), "load factor": mean / float(demand.max())}
            if _fit_an_hour(meters):
                found["duration"] = np.sort(demand)[::-1]
        return found | self._cost(meters, kwh, part)

    def _demand(self, meters: Sequence[Meter], kwh: Values, part: slice) -> Values | None:
        """Compute the mean demand (kW) of each whole interval that the meters share; None without such."""
        if _fit_an_hour(meters):
            step = max(LEAST_DEMAND, *(meter.step or 0 for meter in meters))
            means = kwh[: len(kwh) // step * step].reshape(-1, step).sum(axis=1) * 60 / step
            return means[~np.isnan(means)]
        if len(meters) == 1 and meters[0].step:
            meter = meters[0]
            within = (meter.start >= part.start) & (meter.end <= part.stop)
            return (meter.quantity * (meter.kwh_per_unit or np.nan) * 60 / meter.step)[within]
        return None

    def _cost(self, meters: Sequence[Meter], kwh: Values, part: slice) -> Figures:
        """Sum energy by its price, and of each month's demand charge what falls to the days of the period."""
        whole = sum(self.kwh[meter.name] for meter in meters)
        if any(meter.utility != "electricity" for meter in meters) or not _fit_an_hour(meters):
            return {}
        if np.isnan(whole).any():
            return {}
        base, day_price, demand_price = self.facility.prices
        dear = (WEEKDAY < 5) & (HOUR >= 8) & (HOUR < 20)
        energy = float((kwh * np.where(dear, day_price, base)[part]).sum())
        month = np.asarray(YEAR.month)
        charges = 0.0
        for number in np.unique(month[part]):
            of = np.flatnonzero(month == number)
            demand = self._demand(meters, whole[of], slice(int(of[0]), int(of[-1]) + 1))
            share = len(np.unique(DAY[part][month[part] == number])) / len(np.unique(DAY[of]))
            charges += demand_price * float(demand.max()) * share if demand is not None else np.nan
        return {"cost": energy + charges}

    def _shares(self, names: Sequence[str], meters: Sequence[Meter], kwh: Values) -> dict[str, float]:
        """Compute each counting meter's part of the total; 0 of what is not consumed."""
        sums = np.nansum(kwh, axis=1)
        other = [name for name in names if not self.facility.meters[name].counts]
        shares = {meter.name: float(s / sums.sum()) for meter, s in zip(meters, sums, strict=True)}
        return shares | dict.fromkeys(other, 0.0)

    def _change(self, meters: Sequence[Meter], period: Period) -> Figures:
        """Compare with the period before: the same meters at the same hours."""
        before = before_of(period)
        if before is None or _whole_months(period):
            return {}
        now, then = (np.vstack([self.kwh[m.name][of.minutes] for m in meters]) for of in (period, before))
        if now.shape != then.shape or _clocks_change(period) or _clocks_change(before):
            return {}
        common = ~np.isnan(now) & ~np.isnan(then)
        return {"change": float(now[common].sum() / then[common].sum()) - 1 if common.any() else None}

    def _highest_reading(self, meters: Sequence[Meter], part: slice) -> float:
        """Find the highest reading (kWh) within the minutes, of the meters that are read most often."""
        finest = min(meter.step for meter in meters if meter.step)
        highest = 0.0
        for meter in meters:
            if meter.step == finest:
                within = (meter.start >= part.start) & (meter.end <= part.stop)
                highest = max(highest, float(meter.quantity[within].max()) * (meter.kwh_per_unit or np.nan))
        return highest


def before_of(period: Period) -> Period | None:
    """Find the period before: under four weeks on the same weekdays, else just before."""
    if not (period.start and period.end):
        return None
    length = (period.end - period.start).days + 1
    shift = -(-length // 7) * 7 if length < FOUR_WEEKS else length
    start, end = (pd.Timestamp(day) - pd.Timedelta(days=shift) for day in (period.start, period.end))
    return Period("before", start.date(), end.date()) if start >= pd.Timestamp("2024-01-01") else None


def covered_days(kwh: Values, part: slice) -> float:
    """Count the days that readings cover; a day of which they cover a part counts as that part."""
    lengths = np.bincount(DAY)
    read = np.bincount(DAY[part], ~np.isnan(kwh), len(lengths))
    return float((read / lengths).sum())


def of_hours(kwh: Values, part: slice) -> Figures:
    """Compute baseload, profile and heat map from the hours of the clock; the one that it repeats is one."""
    day = DAY[part] - DAY[part][0]
    cells = (day[-1] + 1) * 24
    cell = day * 24 + HOUR[part]
    read = np.bincount(cell, ~np.isnan(kwh), cells).astype("float64")
    energy = np.where(read > 0, np.bincount(cell, np.nan_to_num(kwh), cells), np.nan).reshape(-1, 24)
    demand = pd.DataFrame(energy / np.where(read > 0, read / 60, np.nan).reshape(-1, 24))
    weekend = WEEKDAY[part][np.searchsorted(day, np.arange(len(demand)))] >= 5
    return {
        "baseload": float(np.nanquantile(demand.to_numpy(), BASELOAD)),
        "profile": np.concatenate([demand[~weekend].mean().to_numpy(), demand[weekend].mean().to_numpy()]),
        "heat map": energy,
    }


def _fit_an_hour(meters: Sequence[Meter]) -> bool:
    return all(meter.step and 60 % meter.step == 0 for meter in meters)


def _whole_months(period: Period) -> bool:
    start, end = pd.Timestamp(period.start), pd.Timestamp(period.end)
    return start.is_month_start and end.is_month_end


def _clocks_change(period: Period) -> bool:
    part = YEAR[period.minutes]
    return part[0].utcoffset() != (part[-1] + pd.Timedelta(minutes=1)).utcoffset()
