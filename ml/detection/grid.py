"""Lay out the readings of many meters alike, so that all are searched at once."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd

from ml.arrays import Bools, Floats, Ints

CELLS = 500_000
"""Readings looked at together: they fit the processor's cache and take some tenths of a second."""
MINUTE, DAY = 60_000_000, 86_400_000_000
"""Microseconds."""


@dataclass(frozen=True)
class Meters:
    """Readings sorted by meter and then by time: those of meter i at bounds[i]:bounds[i + 1]."""

    names: pd.Index
    rows: Ints
    """Where each stood in the frame they come from."""
    bounds: Ints
    kwh: Floats
    local: Ints
    """Local time, in microseconds."""
    intervals: Ints
    """Of each meter, in microseconds: its commonest step, zero where it has but one reading."""


@dataclass(frozen=True)
class Grid:
    """Readings of meters of one interval: kwh (meters, days, slots of the day), NaN where there is none.

    Each meter's first day is the Monday on or before its first reading.
    """

    kwh: Floats
    monday: Ints
    """The first day of each meter, counted from 1970."""
    begins: Ints
    """The cell of each meter's first reading."""
    cells: Ints
    """For each of the readings, meter by meter, the cell of the flattened grid that it stands in."""
    rows: Ints
    """For each of them, where it stands in `Meters`."""
    hours: float
    """The length of an interval."""

    @property
    def flat(self) -> Floats:
        """Return kwh as (meters, cells)."""
        return self.kwh.reshape(len(self.kwh), -1)

    def without(self, left_out: "Runs") -> "Grid":
        """Return the same grid without the readings of some runs."""
        if not len(left_out.meter):
            return self
        flat = self.flat.copy()
        for meter, begin, end in zip(left_out.meter, left_out.begin, left_out.end, strict=True):
            flat[meter, begin:end] = np.nan
        return replace(self, kwh=flat.reshape(self.kwh.shape))


@dataclass(frozen=True)
class ByDay:
    """Values (days,) of each day from ``first`` on, counted from 1970."""

    first: int
    figures: Floats

    def of(self, begins: Ints, days: int) -> Floats:
        """Return the values for meters whose days begin on ``begins``, (meters, days); zero where unknown."""
        place = begins[:, None] - self.first + np.arange(days)
        known = (place >= 0) & (place < len(self.figures))
        padded = np.append(self.figures, 0.0)
        return np.asarray(padded[np.where(known, place, -1)])


def sort_readings(readings: pd.DataFrame) -> Meters:
    """Sort readings (device; date, local and aware; consumption), without incomplete and repeated ones."""
    complete = (readings["date"].notna() & readings["consumption"].notna()).to_numpy()
    frame = readings if complete.all() else readings[complete]
    dates = pd.DatetimeIndex(frame["date"]).as_unit("us")
    codes, names = pd.factorize(frame["device"])
    instants = dates.asi8
    # Exports come by time, or by meter and then by time: then one stable sort of small numbers does.
    by_time = np.arange(len(frame)) if (np.diff(instants) >= 0).all() else np.argsort(instants, kind="stable")
    small = codes.astype(np.int16 if len(names) < 2**15 else np.int64)
    order = by_time[np.argsort(small[by_time], kind="stable")]
    order = order[~_repeated(codes[order], instants[order])]
    bounds = np.append(0, np.cumsum(np.bincount(codes[order], minlength=len(names))))
    ordered = instants[order]
    steps = [_commonest(np.diff(ordered[a:b])) for a, b in pairwise(bounds)]
    return Meters(
        names=pd.Index(names),
        rows=np.flatnonzero(complete)[order],
        bounds=bounds,
        kwh=frame["consumption"].to_numpy(dtype="float64")[order],
        local=dates.tz_localize(None).asi8[order],
        intervals=np.array(steps, np.int64),
    )


def grids(meters: Meters, chosen: Ints) -> Iterator[tuple[Ints, Grid]]:
    """Yield the chosen meters in groups of one interval and like spans: their numbers and their grid."""
    first = meters.local[meters.bounds[chosen]] // DAY
    last = meters.local[meters.bounds[chosen + 1] - 1] // DAY
    days = last - first + 1
    order = np.lexsort((days, meters.intervals[chosen]))
    chosen, days = chosen[order], days[order]
    slots = -(-DAY // meters.intervals[chosen])
    begin = 0
    while begin < len(chosen):
        alike = meters.intervals[chosen] == meters.intervals[chosen[begin]]
        # The longest of those that go together decides how much room each of them takes.
        room = (np.arange(len(chosen)) - begin + 1) * (days + 13) * np.maximum(slots, 24)
        fitting = int((alike & (room <= CELLS) & (np.arange(len(chosen)) >= begin)).sum())
        part = chosen[begin : begin + max(fitting, 1)]
        yield part, _laid_out(meters, part)
        begin += len(part)


def _laid_out(meters: Meters, part: Ints) -> Grid:
    begins, ends = meters.bounds[part], meters.bounds[part + 1]
    sizes = ends - begins
    rows = np.concatenate([np.arange(a, b) for a, b in zip(begins, ends, strict=True)])
    interval = int(meters.intervals[part[0]])
    slots = -(-DAY // interval)
    day, time = np.divmod(meters.local[rows], DAY)
    first = meters.local[begins] // DAY
    monday = first - (first + 3) % 7
    day -= monday.repeat(sizes)
    days = -(-(int(day.max()) + 1) // 7) * 7
    cells = np.arange(len(part)).repeat(sizes) * (days * slots) + day * slots + time // interval
    kwh = np.full(len(part) * days * slots, np.nan)
    kwh[cells] = meters.kwh[rows]
    return Grid(
        kwh=kwh.reshape(len(part), days, slots),
        monday=monday,
        begins=cells[np.append(0, np.cumsum(sizes)[:-1])] % (days * slots),
        cells=cells,
        rows=rows,
        hours=interval / (60 * MINUTE),
    )


def _repeated(codes: Ints, instants: Ints) -> Bools:
    """Tell whether the reading before is of the same meter and time, (n,)."""
    same = (np.diff(codes) == 0) & (np.diff(instants) == 0)
    return np.append(np.zeros(min(len(codes), 1), bool), same)


def _commonest(steps: Ints) -> int:
    if len(steps) == 0:
        return 0
    if (steps == steps[0]).all():
        return int(steps[0])
    values, counts = np.unique(steps, return_counts=True)
    return int(values[counts.argmax()])


@dataclass(frozen=True)
class Runs:
    """Runs of cells [begin, end) in meters' flattened days; each array (n,)."""

    meter: Ints
    begin: Ints
    end: Ints
    group: Ints | None = None
    """Runs of one number are one event; each is one of its own unless given."""

    def __getitem__(self, chosen: Bools | slice) -> "Runs":
        group = None if self.group is None else self.group[chosen]
        return Runs(self.meter[chosen], self.begin[chosen], self.end[chosen], group)

    def meeting(self, others: "Runs") -> "Runs":
        """Return those that share a cell with one of the others."""
        together = [
            bool(((others.meter == meter) & (others.begin < end) & (others.end > begin)).any())
            for meter, begin, end in zip(self.meter, self.begin, self.end, strict=True)
        ]
        return self[np.array(together, bool)]

    def days(self, grid: Grid) -> Floats:
        """Return how long each run is, (n,)."""
        return np.asarray((self.end - self.begin) / grid.kwh.shape[2])

    def reduce(self, how: np.ufunc, values: Floats) -> Floats:
        """Reduce the values (meters, cells) of each run by a sum, maximum or the like, (n,)."""
        if len(self.meter) == 0:
            return np.zeros(0)
        offset = self.meter * values.shape[1]
        padded = np.append(values.ravel(), 0)
        bounds = np.column_stack([offset + self.begin, offset + self.end]).ravel()
        return np.asarray(how.reduceat(padded, bounds)[::2])


def runs_of(mask: Bools, grid: Grid) -> Runs:
    """Return the runs of True in a mask (meters, cells); a missing reading is as the one before it."""
    if not mask.any():
        nothing = np.zeros(0, np.int64)
        return Runs(nothing, nothing, nothing)
    if mask.shape == grid.flat.shape:
        mask = forward_fill(np.where(np.isnan(grid.flat), np.nan, mask)) > 0
    edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    meter, begin = np.nonzero(edges == 1)
    return Runs(meter, begin, np.nonzero(edges == -1)[1])


def forward_fill(flat: Floats) -> Floats:
    """Put the reading before in place of a missing one, (meters, cells)."""
    there = ~np.isnan(flat)
    if there.all():
        return flat
    last = np.maximum.accumulate(np.where(there, np.arange(flat.shape[1]), 0), axis=1)
    return np.take_along_axis(flat, last, axis=1)
