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
from services.readings.calendarise import regularize, spread, usual_interval
from services.readings.storage.monthly_blocks import Int64s, Meter, Run

Matrix = npt.NDArray[np.float64]
"""A row a run, a column a day."""


@dataclass(frozen=True)
class DailySums:
    """Each run on each local day, from the first with a reading to the last."""

    days: npt.NDArray[np.datetime64]
    """datetime64[D], one behind the other."""
    kwh: Matrix
    """Calendarised; 0 on days without readings."""
    covered: Matrix
    """Seconds of the day that readings cover."""
    readings: npt.NDArray[np.int32]
    """How many begin on the day."""
    peak: Matrix
    """The highest of the readings of the run's usual interval in kWh, NaN on days on which none begins."""
    peak_at: Int64s
    """When the first of the highest readings begins, milliseconds since 1970 UTC."""

    def between(self, start: date | None, end: date | None) -> slice:
        """Return where the days from ``start`` to ``end`` lie, both included."""
        first = int(np.searchsorted(self.days, np.datetime64(start))) if start else 0
        return slice(first, int(np.searchsorted(self.days, np.datetime64(end), "right")) if end else None)


def sum_days(runs: Sequence[Run], timezone: str) -> DailySums:
    """Sum runs, each of at least one reading, by local day; what reaches over midnight is spread evenly."""
    if not runs:
        nothing = np.zeros((0, 0))
        days = np.array([], "datetime64[D]")
        return DailySums(days, nothing, nothing, nothing.astype("i4"), nothing, nothing.astype("i8"))
    first = _local_day(min(run.at[0] for run in runs), timezone)
    last = _local_day(max((run.at + np.maximum(run.interval * 1000, 1)).max() for run in runs) - 1, timezone)
    days = np.arange(np.datetime64(first, "D"), np.datetime64(last, "D") + 1)
    edges = midnights(np.append(days, days[-1] + 1), timezone)
    shape = (len(runs), len(days))
    kwh, covered, readings = np.zeros(shape), np.zeros(shape), np.zeros(shape, "i4")
    found = DailySums(days, kwh, covered, readings, np.full(shape, np.nan), np.zeros(shape, "i8"))
    for row, run in enumerate(runs):
        places = np.searchsorted(run.at, edges)
        _sum_days(run, edges, places, found, row)
        if not run.is_steady:
            usual = usual_interval(run)
            run = run.part(np.abs(run.interval - usual) <= ALIKE * usual)
            places = np.searchsorted(run.at, edges)
        _find_peaks(run, places, found, row)
    return found


def midnights(days: npt.NDArray[np.datetime64], timezone: str) -> Int64s:
    """Return when each local day begins, ms since 1970 UTC: where clocks skip midnight, after the gap."""
    instants: Int64s = day_starts(days, timezone).astype("datetime64[ms]").astype("int64")
    return instants


def _local_day(millis: Any, timezone: str) -> date:
    return pd.Timestamp(int(millis), unit="ms", tz="UTC").tz_convert(timezone).date()


def _sum_days(run: Run, edges: Int64s, places: npt.NDArray[np.intp], into: DailySums, row: int) -> None:
    counts = np.diff(places)
    there = np.flatnonzero(counts)
    into.readings[row] = counts
    if _reaches_over(run, edges, places):
        into.kwh[row], into.covered[row] = spread(run, edges)
        return
    into.kwh[row, there] = np.add.reduceat(run.kwh, places[there])
    seconds = (
        counts[there] * run.interval[0] if run.is_steady else np.add.reduceat(run.interval, places[there])
    )
    into.covered[row, there] = np.minimum(seconds, np.diff(edges)[there] / 1000)


def _reaches_over(run: Run, edges: Int64s, places: npt.NDArray[np.intp]) -> bool:
    """Return whether a reading reaches over an edge, or nobody knows how far."""
    if run.is_steady:  # then the last one before each edge reaches farthest
        last = places[1:] - 1
        begun = last >= 0
        ends = run.at[last[begun]] + run.interval[0] * 1000
        over = (ends > edges[1:][begun]) & (run.at[last[begun]] < edges[1:][begun])
        return bool(over.any()) or not run.interval[0]
    ends = run.at + run.interval * 1000
    return bool((ends > np.repeat(edges[1:], np.diff(places))).any()) or not run.interval.all()


def _find_peaks(run: Run, places: npt.NDArray[np.intp], into: DailySums, row: int) -> None:
    counts = np.diff(places)
    there = np.flatnonzero(counts)
    begins = places[there]
    peaks = np.maximum.reduceat(run.kwh, begins)
    into.peak[row, there] = peaks
    highest = np.flatnonzero(run.kwh == np.repeat(peaks, counts[there]))
    day, first = np.unique(np.searchsorted(begins, highest, "right") - 1, return_index=True)
    into.peak_at[row, there[day]] = run.at[highest[first]]


HOUR = 3600
FINEST = 60
"""Seconds; shorter intervals are added up to a minute."""
QUARTER = 900
ALIKE = 0.15
"""Intervals that differ by less than this part are of one length: the months of a year are."""
RARE = 100
"""What one reading in so many does is no habit of the meter."""


@dataclass(frozen=True, eq=False)
class Grid:
    """The meters that are read at the same step, each from its first reading to its last, end to end."""

    step: int
    """Seconds; a part of an hour without rest."""
    coarse: bool
    """Whether it holds the readings of more than an hour, which tell no demand."""
    rows: npt.NDArray[np.intp]
    """Which of all meters these are."""
    first: npt.NDArray[np.intp]
    """The step, counted from the beginning of all grids, with which each meter begins: a full hour."""
    bounds: npt.NDArray[np.intp]
    """Where each meter's steps begin, and where the last one's end."""
    kwh: npt.NDArray[np.float64]
    """In each step; 0 where nothing was read."""
    there: npt.NDArray[np.bool_]
    """Whether readings cover the whole step."""


def make_grids(runs: Sequence[Run]) -> tuple[int, int, list[Grid]]:
    """Lay all runs on grids; return when these begin (s since 1970 UTC), their length (h), and they.

    Readings of at most an hour lie on the grid of their meter's step, longer ones on one of hours, each
    spread evenly over its interval.
    """
    if not runs:
        return 0, 0, []
    begins = np.array([run.at[0] // 1000 // HOUR for run in runs])
    ends = -(np.array([(run.at // 1000 + np.maximum(run.interval, 1)).max() for run in runs]) // -HOUR)
    begin = int(begins.min())
    layers: dict[tuple[int, bool], list[tuple[int, Run]]] = {}
    for row, run in enumerate(runs):
        long = run.interval > HOUR
        for coarse, wanted in ((False, ~long), (True, long)):
            if wanted.any():
                part = run if wanted.all() else run.part(wanted)
                step = HOUR if coarse else step_of(part)
                layers.setdefault((step, coarse), []).append((row, part))
    made = [_make_grid(step, coarse, layer, begins, ends) for (step, coarse), layer in _sorted_layers(layers)]
    return begin * HOUR, int(ends.max()) - begin, made


def _sorted_layers(
    layers: dict[tuple[int, bool], list[tuple[int, Run]]],
) -> list[tuple[tuple[int, bool], list[tuple[int, Run]]]]:
    """Return the layers by their step, those of long readings last."""
    return sorted(layers.items(), key=lambda layer: (layer[0][1], layer[0][0]))


def _make_grid(
    step: int, coarse: bool, layer: Sequence[tuple[int, Run]], begins: Int64s, ends: Int64s
) -> Grid:
    rows = np.array([row for row, _ in layer])
    per_hour = HOUR // step
    bounds = np.append(0, np.cumsum((ends - begins)[rows] * per_hour))
    first = (begins[rows] - begins.min()) * per_hour
    grid = Grid(step, coarse, rows, first, bounds, np.zeros(bounds[-1]), np.zeros(bounds[-1], "bool"))
    for (row, run), low, high in zip(layer, bounds[:-1], bounds[1:], strict=True):
        _lay(run, int(begins[row]) * HOUR, step, grid.kwh[low:high], grid.there[low:high])
    return grid


def step_of(run: Run) -> int:
    """Return the longest step (s) of which both an hour and the meter's usual interval, of at most an hour,
    are whole numbers; less where its readings begin between such steps, at least a minute."""
    known = run.interval[run.interval > 0]
    lengths = known if len(known) else np.diff(run.at) // 1000
    if not len(lengths):
        return HOUR
    values, counts = np.unique(lengths, return_counts=True)
    usual = max(int(values[counts.argmax()]), FINEST)
    regular = counts.max() * 2 >= len(lengths)
    return max(gcd(usual if regular else HOUR, HOUR, *_quarter_hours(run)), FINEST)


def _quarter_hours(run: Run) -> list[int]:
    """The seconds of UTC's hour at which readings begin, where these are quarters of it.

    The full hours of India, Nepal or Lord Howe lie between those of UTC.
    """
    begins, counts = np.unique(run.at // 1000 % HOUR, return_counts=True)
    quarters = (begins % QUARTER == 0) & (counts * RARE >= len(run))
    common: list[int] = begins[quarters].tolist()
    return common if counts[quarters].sum() * 2 >= len(run) else []


def _lay(run: Run, begin: int, step: int, kwh: npt.NDArray[np.float64], there: npt.NDArray[np.bool_]) -> None:
    slots, rest = np.divmod(run.at - begin * 1000, step * 1000)
    if not rest.any() and (run.interval == step).all() and (slots[1:] > slots[:-1]).all():
        kwh[slots], there[slots] = run.kwh, True
        return
    edges = (begin + step * np.arange(len(kwh) + 1)) * 1000
    kwh[:], covered = spread(run, edges)
    there[:] = covered >= step


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
    """In each step, of readings of at most an hour; 0 where nothing was read."""
    there: Presence
    """Whether such readings of any of the meters cover the step, and no longer ones."""
    long: Energy
    """In each step, of longer readings, spread evenly: for sums, not for demand."""
    clock: Clock

    @property
    def energy(self) -> Energy:
        """Return the kWh in each step of all readings, however long."""
        return self.kwh + self.long

    @property
    def read(self) -> Presence:
        """Return whether any reading, however long, gives a step its energy."""
        read: Presence = self.there | (self.long != 0)
        return read

    @property
    def hours(self) -> float:
        """The length of a step."""
        return self.step / HOUR

    def part(self, days: slice) -> "Demand":
        """Return the steps of these days, positions among the load's."""
        first, last = np.searchsorted(self.clock.day, [days.start, days.stop]).tolist()
        within = slice(first, last)
        clock = Clock(self.clock.local[within], self.clock.day[within], self.clock.hour[within])
        begin = self.begin + first * self.step
        return Demand(begin, self.step, self.kwh[within], self.there[within], self.long[within], clock)


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


def sum_demand(
    grids: Sequence[Grid], hours: int, rows: npt.NDArray[np.intp], at_least: int
) -> tuple[int, Energy, Presence, Energy]:
    """Return the step (s) that these meters share, and in each step their kWh of readings of at most an
    hour, whether these alone tell of it, and the kWh of longer ones.

    The step is ``at_least`` (s) long, a part of an hour without rest.
    """
    chosen = [(grid, np.flatnonzero(np.isin(grid.rows, rows))) for grid in grids]
    fine = [grid.step for grid, places in chosen if len(places) and not grid.coarse]
    step = lcm(*fine, at_least) if fine else HOUR
    steps = hours * (HOUR // step)
    kwh, long, there = np.zeros(steps), np.zeros(steps), np.zeros(steps, "bool")
    for grid, places in chosen:
        if not len(places):
            continue
        more, read = _sum_grid(grid, places, hours)
        if grid.coarse:
            long += np.repeat(more, HOUR // step) / (HOUR // step)
        else:
            together = (steps, step // grid.step)
            kwh += more.reshape(together).sum(axis=1)
            there |= np.logical_and.reduce(read.reshape(together), axis=1)
    return step, kwh, there & (long == 0), long


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
HOURLY = 256
"""Meters whose hours are kept."""


@dataclass(frozen=True, eq=False)
class LoadProfile:
    """All readings of a user; where it stands in more than one place, a device is several meters."""

    revision: ObjectId | None
    timezone: str
    meters: list[Meter]
    intervals: npt.NDArray[np.int64]
    """The usual interval (s) of each meter, 0 where none is known."""
    begin: int
    """When the grids begin, seconds since 1970 UTC: a full hour."""
    hours: int
    """How long they are together."""
    days: DailySums
    grids: list[Grid]
    _sums: OrderedDict[tuple[int, tuple[int, ...]], Demand] = field(default_factory=OrderedDict)
    _clocks: dict[int, Clock] = field(default_factory=dict)
    _hourly: OrderedDict[tuple[int, ...], tuple[Energy, Presence]] = field(default_factory=OrderedDict)

    def finest(self, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
        """Return those of the meters that are read at the shortest interval: readings compare only there."""
        known = self.intervals[rows] > 0
        shortest = self.intervals[rows][known].min(initial=np.iinfo("int64").max)
        found: npt.NDArray[np.intp] = rows[self.intervals[rows] <= (1 + ALIKE) * shortest]
        return found

    @property
    def day_lengths(self) -> npt.NDArray[np.float64]:
        """Return the seconds of each of the days: 23 or 25 hours where clocks change."""
        days = self.days.days
        return np.diff(midnights(np.append(days, days[-1:] + 1), self.timezone)) / 1000

    def demand(self, rows: npt.NDArray[np.intp], at_least: int = FINEST) -> Demand:
        """Return the summed load of these meters, in steps of at least so many seconds."""
        key = (at_least, tuple(rows.tolist()))
        found = self._sums.pop(key, None) or self._summed(rows, at_least)
        self._sums[key] = found
        while len(self._sums) > SUMS:
            self._sums.popitem(last=False)
        return found

    def hourly(self, rows: npt.NDArray[np.intp]) -> tuple[Energy, Presence]:
        """Return the kWh of these meters in each hour of the clock, and whether readings cover it all.

        Both are [days, 24], of all days. The hour that clocks repeat holds both, the one that they skip none.
        """
        key = tuple(rows.tolist())
        found = self._hourly.pop(key, None) or self._sum_hours(rows)
        self._hourly[key] = found
        while len(self._hourly) > HOURLY:
            self._hourly.popitem(last=False)
        return found

    def _sum_hours(self, rows: npt.NDArray[np.intp]) -> tuple[Energy, Presence]:
        cells = len(self.days.days) * 24
        kwh, covered = np.zeros(cells), np.zeros(cells)
        for grid in self.grids:
            places = np.flatnonzero(np.isin(grid.rows, rows))
            if len(places):
                more, read = _sum_grid(grid, places, self.hours)
                clock = self._clock(grid.step)
                cell = clock.day * 24 + clock.hour
                known = (cell >= 0) & (cell < cells)
                kwh += np.bincount(cell[known], more[known], cells)
                covered += np.bincount(cell[known], read[known], cells) * grid.step
        return kwh.reshape(-1, 24), (covered >= HOUR).reshape(-1, 24)

    def _summed(self, rows: npt.NDArray[np.intp], at_least: int) -> Demand:
        step, kwh, there, long = sum_demand(self.grids, self.hours, rows, at_least)
        return Demand(self.begin, step, kwh, there, long, self._clock(step))

    def _clock(self, step: int) -> Clock:
        if step not in self._clocks:
            steps = self.hours * (HOUR // step)
            self._clocks[step] = make_clock(self.begin, step, steps, self.days.days[0], self.timezone)
        return self._clocks[step]


def build_load_profile(
    revision: ObjectId | None, timezone: str, runs: Sequence[tuple[Meter, Run]]
) -> LoadProfile:
    """Return the load that these readings make."""
    readings = [regularize(run) for _, run in runs]
    begin, hours, laid = make_grids(readings)
    meters = [meter for meter, _ in runs]
    intervals = np.array([usual_interval(run) for run in readings], "int64")
    return LoadProfile(
        revision, timezone, meters, intervals, begin, hours, sum_days(readings, timezone), laid
    )
