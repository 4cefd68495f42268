"""The summed load of some meters, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm

import numpy as np
import numpy.typing as npt

from services.local_times import day_starts, to_local
from services.readings.load.grid import HOUR, Grid

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
        """The steps of these days, positions among the load's."""
        first, last = np.searchsorted(self.clock.day, [days.start, days.stop]).tolist()
        within = slice(first, last)
        clock = Clock(self.clock.local[within], self.clock.day[within], self.clock.hour[within])
        return Demand(self.begin + first * self.step, self.step, self.kwh[within], self.there[within], clock)


def clock(begin: int, step: int, count: int, first_day: np.datetime64, timezone: str) -> Clock:
    """The facility's clock at ``count`` steps from ``begin`` (seconds since 1970 UTC) on."""
    instants = (begin + step * np.arange(count)).astype("datetime64[s]")
    local = to_local(instants, timezone).astype("datetime64[s]")
    shown = local.astype("datetime64[D]")
    hour = (local - shown).astype("intp") // HOUR
    days = np.arange(shown.min() - 1, shown.max() + 2) if count else shown
    # Not the day that is shown: where clocks go back over midnight, it would return.
    day = np.searchsorted(day_starts(days, timezone), instants, "right") - 1
    return Clock(local, day + (days[:1] - first_day).astype("intp"), hour)


def summed(grids: Sequence[Grid], hours: int, rows: npt.NDArray[np.intp]) -> tuple[int, Energy, Presence]:
    """The step (s) that these meters share, their kWh in each, and whether any of them was read."""
    chosen = [(grid, np.flatnonzero(np.isin(grid.rows, rows))) for grid in grids]
    step = lcm(*(grid.step for grid, places in chosen if len(places)))
    steps = hours * (HOUR // step)
    kwh, there = np.zeros(steps), np.zeros(steps, "bool")
    for grid, places in chosen:
        together = (steps, step // grid.step)
        if len(places):
            more, read = _sum(grid, places, hours)
            kwh += more.reshape(together).sum(axis=1)
            there |= np.logical_or.reduce(read.reshape(together), axis=1)
    return step, kwh, there


def _sum(grid: Grid, places: npt.NDArray[np.intp], hours: int) -> tuple[Energy, Presence]:
    steps = hours * (HOUR // grid.step)
    kwh, there = np.zeros(steps), np.zeros(steps, "bool")
    for place in places:
        low, high = grid.bounds[place], grid.bounds[place + 1]
        within = slice(grid.first[place], grid.first[place] + high - low)
        kwh[within] += grid.kwh[low:high]
        there[within] |= grid.there[low:high]
    return kwh, there
