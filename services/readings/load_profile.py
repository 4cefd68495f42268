"""Hold all readings of a facility as arrays: each meter's days, and what all meters draw step by step."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from math import gcd, lcm
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from bson import ObjectId

from services.local_times import day_starts, to_local
from services.readings.storage.monthly_blocks import Int64s, Meter, Run

Matrix = npt.NDArray[np.float64]
"""A row a run, a column a day."""


@dataclass(frozen=True)
class DailySums:
    """Each run on each local day, from the first with a reading to the last."""

    days: npt.NDArray[np.datetime64]
    """datetime64[D], one behind the other."""
    kwh: Matrix
    """0 on days without readings, as ``readings``."""
    readings: npt.NDArray[np.int32]
    peak: Matrix
    """The highest reading in kWh, NaN on days without readings."""
    peak_at: Int64s
    """When the first of the highest readings begins, milliseconds since 1970 UTC."""

    def between(self, start: date | None, end: date | None) -> slice:
        """Return where the days from ``start`` to ``end`` lie, both included."""
        first = int(np.searchsorted(self.days, np.datetime64(start))) if start else 0
        return slice(first, int(np.searchsorted(self.days, np.datetime64(end), "right")) if end else None)


def sum_days(runs: Sequence[Run], timezone: str) -> DailySums:
    """Return sums of runs, each of at least one reading; a reading counts on the day on which it begins."""
    if not runs:
        nothing = np.zeros((0, 0))
        return DailySums(
            np.array([], "datetime64[D]"), nothing, nothing.astype("i4"), nothing, nothing.astype("i8")
        )
    first = _local_day(min(run.at[0] for run in runs), timezone)
    last = _local_day(max(run.at[-1] for run in runs), timezone)
    days = np.arange(np.datetime64(first, "D"), np.datetime64(last, "D") + 1)
    begins = midnights(days, timezone)
    shape = (len(runs), len(days))
    found = DailySums(
        days, np.zeros(shape), np.zeros(shape, "i4"), np.full(shape, np.nan), np.zeros(shape, "i8")
    )
    for row, run in enumerate(runs):
        _sum_days(run, np.append(np.searchsorted(run.at, begins), len(run)), found, row)
    return found


def midnights(days: npt.NDArray[np.datetime64], timezone: str) -> Int64s:
    """Return when each local day begins (ms since 1970 UTC): after the gap where clocks skip midnight."""
    instants: Int64s = day_starts(days, timezone).astype("datetime64[ms]").astype("int64")
    return instants


def _local_day(millis: Any, timezone: str) -> date:
    return pd.Timestamp(int(millis), unit="ms", tz="UTC").tz_convert(timezone).date()


def _sum_days(run: Run, edges: npt.NDArray[np.intp], into: DailySums, row: int) -> None:
    counts = np.diff(edges)
    there = np.flatnonzero(counts)
    begins = edges[there]
    into.readings[row] = counts
    into.kwh[row, there] = np.add.reduceat(run.kwh, begins)
    peaks = np.maximum.reduceat(run.kwh, begins)
    into.peak[row, there] = peaks
    highest = np.flatnonzero(run.kwh == np.repeat(peaks, counts[there]))
    day, first = np.unique(np.searchsorted(begins, highest, "right") - 1, return_index=True)
    into.peak_at[row, there[day]] = run.at[highest[first]]


HOUR = 3600
FINEST = 60
"""Seconds; shorter intervals are added up to a minute."""
QUARTER = 900
RARE = 100
"""What one reading in so many does is no habit of the meter."""


@dataclass(frozen=True, eq=False)
class Grid:
    """The meters that are read at the same step, each from its first reading to its last, end to end."""

    step: int
    """Seconds; a part of an hour without rest."""
    rows: npt.NDArray[np.intp]
    """Which of all meters these are."""
    first: npt.NDArray[np.intp]
    """The step, counted from the beginning of all grids, with which each meter begins: a full hour."""
    bounds: npt.NDArray[np.intp]
    """Where each meter's steps begin, and where the last one's end."""
    kwh: npt.NDArray[np.float64]
    """In each step; 0 where nothing was read."""
    there: npt.NDArray[np.bool_]
    """Whether a reading covers the step."""


def make_grids(runs: Sequence[Run]) -> tuple[int, int, list[Grid]]:
    """Lay all runs on grids; return when these begin (s since 1970 UTC), their length (h), and they.

    A reading counts in the step in which it begins; one that is longer than its meter's step is spread
    evenly over the steps that it covers, the daily and monthly ones over hours.
    """
    if not runs:
        return 0, 0, []
    begins = np.array([run.at[0] // 1000 // HOUR for run in runs])
    ends = np.array([(run.at // 1000 + np.maximum(run.interval, 1)).max() for run in runs]) // -HOUR
    begin, hours = int(begins.min()), -ends - begins
    steps = np.array([step_of(run) for run in runs])
    made = []
    for step in np.unique(steps).tolist():
        rows = np.flatnonzero(steps == step)
        per_hour = HOUR // step
        bounds = np.append(0, np.cumsum(hours[rows] * per_hour))
        grid = Grid(
            step,
            rows,
            (begins[rows] - begin) * per_hour,
            bounds,
            np.zeros(bounds[-1]),
            np.zeros(bounds[-1], "bool"),
        )
        for row, low, high in zip(rows.tolist(), bounds[:-1], bounds[1:], strict=True):
            _lay(runs[row], int(begins[row]) * HOUR, step, grid.kwh[low:high], grid.there[low:high])
        made.append(grid)
    return begin * HOUR, int((-ends).max()) - begin, made


def step_of(run: Run) -> int:
    """The interval (s) in which a meter is read most often, or an hour if that is no part of an hour; less
    where its readings begin between such steps."""
    known = run.interval[run.interval > 0]
    lengths = known if len(known) else np.diff(run.at) // 1000
    if not len(lengths):
        return HOUR
    values, counts = np.unique(lengths, return_counts=True)
    usual = max(int(values[counts.argmax()]), FINEST)
    return gcd(usual if HOUR % usual == 0 else HOUR, *_quarter_hours(run))


def _quarter_hours(run: Run) -> list[int]:
    """Return the seconds of UTC's hour at which readings begin, where these are quarters of it.

    The full hours of India, Nepal or Lord Howe lie between those of UTC.
    """
    begins, counts = np.unique(run.at // 1000 % HOUR, return_counts=True)
    quarters = (begins % QUARTER == 0) & (counts * RARE >= len(run))
    common: list[int] = begins[quarters].tolist()
    return common if counts[quarters].sum() * 2 >= len(run) else []


def _lay(run: Run, begin: int, step: int, kwh: npt.NDArray[np.float64], there: npt.NDArray[np.bool_]) -> None:
    slots: Int64s = (run.at // 1000 - begin) // step
    values = run.kwh
    covered = np.maximum(run.interval // step, 1)
    if covered.max() > 1:
        slots = np.repeat(slots - np.cumsum(covered) + covered, covered) + np.arange(covered.sum())
        values = np.repeat(run.kwh / covered, covered)
    if (slots[1:] > slots[:-1]).all():
        kwh[slots] = values
    else:
        kwh += np.bincount(slots, values, len(kwh))
    there[slots] = True


Energy = npt.NDArray[np.float64]
Presence = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Clock:
    """What the facility's clock says when each step begins."""

    local: npt.NDArray[np.datetime64]
    """datetime64[s], without the hour that clocks skip in spring, with two of the one they repeat."""
    day: npt.NDArray[np.intp]
    """Position of the local day among the load's."""
    hour: npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Demand:
    """Energy of the chosen meters at the finest step that all of them share."""

    begin: int
    """Seconds since 1970 UTC."""
    step: int
    """Seconds."""
    kwh: Energy
    """In each step; 0 where nothing was read."""
    there: Presence
    """Whether any of the meters was read."""
    clock: Clock

    @property
    def hours(self) -> float:
        """The length of a step."""
        return self.step / HOUR

    def part(self, days: slice) -> "Demand":
        """Return the steps of these days, positions among the load's."""
        first, last = np.searchsorted(self.clock.day, [days.start, days.stop]).tolist()
        within = slice(first, last)
        clock = Clock(self.clock.local[within], self.clock.day[within], self.clock.hour[within])
        return Demand(self.begin + first * self.step, self.step, self.kwh[within], self.there[within], clock)


def make_clock(begin: int, step: int, count: int, first_day: np.datetime64, timezone: str) -> Clock:
    """Return the facility's clock at ``count`` steps from ``begin`` (seconds since 1970 UTC) on."""
    instants = (begin + step * np.arange(count)).astype("datetime64[s]")
    local = to_local(instants, timezone).astype("datetime64[s]")
    shown = local.astype("datetime64[D]")
    hour = (local - shown).astype("intp") // HOUR
    days = np.arange(shown.min() - 1, shown.max() + 2) if count else shown
    # Not the day that is shown: where clocks go back over midnight, it would return.
    day = np.searchsorted(day_starts(days, timezone), instants, "right") - 1
    return Clock(local, day + (days[:1] - first_day).astype("intp"), hour)


def sum_demand(grids: Sequence[Grid], hours: int, rows: npt.NDArray[np.intp]) -> tuple[int, Energy, Presence]:
    """Return the step (s) that these meters share, their kWh in each, and whether any of them was read."""
    chosen = [(grid, np.flatnonzero(np.isin(grid.rows, rows))) for grid in grids]
    step = lcm(*(grid.step for grid, places in chosen if len(places)))
    steps = hours * (HOUR // step)
    kwh, there = np.zeros(steps), np.zeros(steps, "bool")
    for grid, places in chosen:
        together = (steps, step // grid.step)
        if len(places):
            more, read = _sum_grid(grid, places, hours)
            kwh += more.reshape(together).sum(axis=1)
            there |= np.logical_or.reduce(read.reshape(together), axis=1)
    return step, kwh, there


def _sum_grid(grid: Grid, places: npt.NDArray[np.intp], hours: int) -> tuple[Energy, Presence]:
    steps = hours * (HOUR // grid.step)
    kwh, there = np.zeros(steps), np.zeros(steps, "bool")
    for place in places:
        low, high = grid.bounds[place], grid.bounds[place + 1]
        within = slice(grid.first[place], grid.first[place] + high - low)
        kwh[within] += grid.kwh[low:high]
        there[within] |= grid.there[low:high]
    return kwh, there


SUMS = 16
"""Choices of meters whose sums are kept: going through time changes no choice."""


@dataclass(frozen=True, eq=False)
class LoadProfile:
    """All readings of a user; where it stands in more than one place, a device is several meters."""

    revision: ObjectId | None
    timezone: str
    meters: list[Meter]
    begin: int
    """When the grids begin, seconds since 1970 UTC: a full hour."""
    hours: int
    """How long they are together."""
    days: DailySums
    grids: list[Grid]
    _sums: OrderedDict[tuple[int, ...], Demand] = field(default_factory=OrderedDict)
    _clocks: dict[int, Clock] = field(default_factory=dict)

    def demand(self, rows: npt.NDArray[np.intp]) -> Demand:
        """Return the summed load of these meters."""
        key = tuple(rows.tolist())
        found = self._sums.pop(key, None) or self._summed(rows)
        self._sums[key] = found
        while len(self._sums) > SUMS:
            self._sums.popitem(last=False)
        return found

    def _summed(self, rows: npt.NDArray[np.intp]) -> Demand:
        step, kwh, there = sum_demand(self.grids, self.hours, rows)
        if step not in self._clocks:
            self._clocks[step] = make_clock(self.begin, step, len(kwh), self.days.days[0], self.timezone)
        return Demand(self.begin, step, kwh, there, self._clocks[step])


def build_load_profile(
    revision: ObjectId | None, timezone: str, runs: Sequence[tuple[Meter, Run]]
) -> LoadProfile:
    """Return the load that these readings make."""
    readings = [run for _, run in runs]
    begin, hours, laid = make_grids(readings)
    meters = [meter for meter, _ in runs]
    return LoadProfile(revision, timezone, meters, begin, hours, sum_days(readings, timezone), laid)
