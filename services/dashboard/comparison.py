"""What figures are compared with: the same meters at the same hours of the period before, or a year before.

Days stand beside each other by their place in the period, those of whole months by their day of the month.
Of each meter what counts are the hours that have readings on both sides. So a late starter, a meter that
stopped and a gap drop out of both, and the part to date is compared with the part to date. Where nothing is
lacking, whole months are compared as they are, however long.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.arrays import Floats
from services.dashboard.selection import Period, Selection
from services.local_times import Moments

LEAST = 0.5
"""Less than this part of the readings that could be there on both sides bears no comparison."""
WHOLE = 0.999
"""From this part of a day on it is there as a whole, for the stamps of meters jitter by a second or two."""

Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Comparison:
    """A figure on both sides, over what both have."""

    now: float
    then: float

    @property
    def change(self) -> float | None:
        """Return by which part of ``then`` it is more now, less if below zero; None where that is 0."""
        return self.now / self.then - 1 if self.then else None


@dataclass(frozen=True)
class Figure:
    """A figure of the period, and how it compares with that of two others.

    None where it is not known; a comparison also where readings of too little stand on both sides.
    """

    value: float | None
    before: Comparison | None = None
    """With the period just before."""
    year_before: Comparison | None = None

    @property
    def previous(self) -> float | None:
        """Return what it was in the period before, over what both have."""
        return self.before.then if self.before else None

    @property
    def last_year(self) -> float | None:
        """Return what it was a year before, over what both have."""
        return self.year_before.then if self.year_before else None

    @property
    def change(self) -> float | None:
        """Return by which part it is more than in the period before."""
        return self.before.change if self.before else None


@dataclass(frozen=True)
class Basis:
    """On what the comparisons with another period rest."""

    other: Period
    meters: int
    """That are compared, of ``all_meters`` with readings in either period."""
    all_meters: int
    days: int
    """That are compared, in part or as a whole, of ``all_days`` of the period."""
    all_days: int
    elapsed: float
    """Days that could be compared until now."""
    share: float
    """Which part (0..1) of the meters' time until now is compared."""
    covered: float
    """Days that are compared, a part of a day as that part."""
    until: datetime | None
    """When what is compared ends, on the facility's clock (naive); None where the period is over."""
    whole: bool
    """Whether nothing is lacking on either side."""

    @property
    def enough(self) -> bool:
        """Whether that bears a comparison."""
        return self.whole or self.share >= LEAST


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two periods, as far as it is compared."""

    days: Places
    """Among the load's days, [n]."""
    kwh: Floats
    """Of all compared meters together in each hour of the clock, [n, 24]."""
    by_device: Floats
    """kWh of each device with readings on each day, over what is compared, [devices, n]."""


@dataclass(frozen=True, eq=False)
class Common:
    """What two periods have in common."""

    basis: Basis
    now: Side
    then: Side
    enough: Mask
    """Which of the devices with readings have enough of them on both sides."""
    rows: Places
    """The meters that are compared."""
    covered: Floats
    """Which part (0..1) of each day is compared: that of the meter of which most is, [n]."""
    whole: Mask
    """Which days of which rows are compared as a whole, [rows, n]."""
    together: Mask
    """In which hours all these meters are compared, [n, 24]."""


def find_common(selection: Selection, period: Period, other: Period) -> Common:
    """Find what both periods have readings of, the later period as far as there are readings at all."""
    now, then, alone = _pair_days(selection, period, other)
    share = selection.covered_by_device / selection.load.day_lengths
    share = np.pad(share, ((0, 0), (0, 1)))  # for days that the load does not reach
    whole: Mask = (share[:, now] >= WHOLE) & (share[:, then] >= WHOLE)
    partial: Mask = (share[:, now] > 0) & (share[:, then] > 0) & ~whole
    active = np.flatnonzero(((share[:, now] > 0) | (share[:, then] > 0)).any(axis=1))
    compared = np.flatnonzero((whole | partial).any(axis=1))
    parts = whole.astype("float64")
    hours = np.repeat(np.all((whole | partial)[compared], axis=0)[:, np.newaxis], 24, axis=1)
    sides = _hours_of_day(selection, now), _hours_of_day(selection, then)
    daily = [_sum_devices(selection, days) for days in (now, then)]
    for device in active[~whole[active].all(axis=1)].tolist():
        rows = _rows_of(selection, device)
        kwh, read = selection.load.hourly(rows)
        both = read[now] & read[then] & partial[device][:, np.newaxis]
        both |= whole[device][:, np.newaxis]
        for side, sums, days in zip(sides, daily, (now, then), strict=True):
            side -= np.where(both, 0.0, kwh[days])
            sums[device] = np.where(whole[device], sums[device], np.where(both, kwh[days], 0.0).sum(axis=1))
        parts[device] = np.where(whole[device], 1.0, both.mean(axis=1))
        if (whole | partial)[device].any():
            hours &= both
    lone = share[active][:, alone]
    full = parts[active].min(initial=1) >= WHOLE and lone.min(initial=1) >= WHOLE
    basis = _basis(selection, period, other, parts[active], bool(full))
    of_row = np.searchsorted(compared, selection.device_places)
    rows = np.flatnonzero(np.isin(selection.device_places, compared))
    return Common(
        basis=basis,
        now=Side(now, sides[0], daily[0]),
        then=Side(then, sides[1], daily[1]),
        enough=parts.sum(axis=1) >= LEAST * basis.elapsed,
        rows=selection.rows[rows],
        covered=parts.max(axis=0, initial=0.0),
        whole=whole[compared][of_row[rows]],
        together=hours,
    )


def _sum_devices(selection: Selection, days: Places) -> Floats:
    """Return the kWh of each device with readings on these days, [devices, n]."""
    found = np.zeros((len(selection.covered_by_device), len(days)))
    np.add.at(found, selection.device_places, selection.load.days.kwh[np.ix_(selection.rows, days)])
    return found


def _rows_of(selection: Selection, device: int) -> Places:
    found: Places = selection.rows[selection.device_places == device]
    return found


def _hours_of_day(selection: Selection, days: Places) -> Floats:
    """Return the kWh of all chosen meters in each hour of these days, [n, 24]."""
    if not len(days):
        return np.zeros((0, 24))
    first, last = int(days.min()), int(days.max())
    demand = selection.demand.part(slice(first, last + 1))
    cell = (demand.clock.day - first) * 24 + demand.clock.hour
    kwh = np.bincount(cell, demand.energy, (last - first + 1) * 24)
    found: Floats = kwh.astype("float64").reshape(-1, 24)[days - first]
    return found


def _pair_days(selection: Selection, period: Period, other: Period) -> tuple[Places, Places, Places]:
    """Return where the days that stand beside each other lie among the load's, as far as its readings go,
    and where those of either period lie that stand alone: -1 outside."""
    days, count = period.days, len(selection.load.days.days)
    by_date = period.is_months or (not period.by_weekday and other == period.year_before)
    beside = _same_dates(days, other) if by_date else other.days
    known = ~np.isnat(beside)
    now, then = _places(selection, days[known]), _places(selection, beside[known])
    end = _places(selection, np.array([selection.covered.end], "datetime64[D]"))[0]
    there = (now >= 0) & (now <= end) & (then >= 0) & (then < count)
    now, then = now[there], then[there]
    pairs = ((period, now), (other, then))
    alone = np.concatenate([np.setdiff1d(_places(selection, of.days), side) for of, side in pairs])
    inside: Places = np.where((alone >= 0) & (alone < count), alone, -1)
    return now, then, inside


def _places(selection: Selection, days: Moments) -> Places:
    found: Places = (days - selection.load.days.days[0]).astype("intp")
    return found


def _same_dates(days: Moments, other: Period) -> Moments:
    """Return the days of the same dates in the other period, NaT where there is none."""
    month: Moments = days.astype("datetime64[M]")
    target: Moments = month - (month[0] - np.datetime64(other.start, "M"))
    beside: Moments = target.astype("datetime64[D]") + (days - month.astype("datetime64[D]"))
    beside[beside.astype("datetime64[M]") != target] = np.datetime64("NaT")
    return beside


def _basis(selection: Selection, period: Period, other: Period, parts: Floats, full: bool) -> Basis:
    """Say what is compared.

    ``parts`` are those (0..1) of each day that are, for each device that has readings in either period,
    ``full`` says whether nothing of them lacks.
    """
    until = _end_of_readings(selection)
    begin, end = (np.datetime64(day, "s") for day in (period.start, period.end + timedelta(days=1)))
    over = until >= end
    elapsed = float((min(until, end) - begin) / np.timedelta64(1, "D"))
    elapsed = min(elapsed, period.length, other.length)
    possible = len(parts) * elapsed
    return Basis(
        other=other,
        meters=int((parts > 0).any(axis=1).sum()),
        all_meters=len(parts),
        days=int((parts > 0).any(axis=0).sum()),
        all_days=period.length,
        elapsed=elapsed,
        share=float(parts.sum()) / possible if possible > 0 else 0.0,
        covered=float(parts.max(axis=0, initial=0.0).sum()),
        until=None if over else until.astype("datetime64[s]").item(),
        whole=full and len(parts) > 0 and bool(over),
    )


def _end_of_readings(selection: Selection) -> Any:
    """Return until when the chosen meters have readings, on the facility's clock."""
    place = int(_places(selection, np.array([selection.covered.end], "datetime64[D]"))[0])
    demand = selection.demand.part(slice(place, place + 1))
    read = np.flatnonzero(demand.read)
    if not len(read):
        return np.datetime64(selection.covered.end + timedelta(days=1), "s")
    return demand.clock.local[read[-1]] + np.timedelta64(demand.step, "s")
