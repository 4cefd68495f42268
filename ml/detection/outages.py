"""Find outages and stuck values: nothing, or one and the same value, for longer than is usual."""

import numpy as np

from ml.arrays import Bools
from ml.detection.grid import Grid, Runs, forward_fill, runs_of
from ml.detection.profile import WEEKS, Profile

OUTAGE = 24.0
"""How improbable (minus log of the chance, summed over its hours) an outage is: six hours of a meter that
never stands still."""

HABIT = 3
"""What happened so often in the weeks before is no outage, but how the meter is used."""

STUCK_HOURS, STUCK_READINGS = 12, 4
STUCK_AGAINST_USUAL = 1.5
"""So many times longer than ever before is a run of one value that is no steady load."""


def find_outages(grid: Grid, past: Profile) -> Runs:
    """Find runs of no consumption that are improbably long at these times of day."""
    known = ~np.isnan(past.off)
    found = runs_of((past.idle & known).reshape(len(grid.kwh), -1), grid)
    days = WEEKS * 7
    chance = (np.where(known, past.off, 1) * days + 1) / (days + 2)
    improbable = np.where(np.isnan(grid.kwh), 0, -np.log(chance) * grid.hours)
    found = found[found.reduce(np.add, improbable.reshape(len(grid.kwh), -1)) > OUTAGE]
    return found[~_is_habit(found, 7 * WEEKS * grid.kwh.shape[2])]


def _is_habit(found: Runs, cells: int) -> Bools:
    """Tell whether several runs at least half as long began in so many cells before each run."""
    length = found.end - found.begin
    since = found.begin - np.minimum(found.begin, cells)
    return np.array(
        [
            (
                (found.meter == meter)
                & (found.begin >= since[i])
                & (found.begin < begin)
                & (2 * length >= length[i])
            ).sum()
            >= HABIT
            for i, (meter, begin) in enumerate(zip(found.meter, found.begin, strict=True))
        ],
        dtype=bool,
    )


def find_stuck(grid: Grid, past: Profile) -> Runs:
    """Find runs of one and the same value, longer than any before of this meter."""
    least = max(STUCK_READINGS, STUCK_HOURS / grid.hours)
    values = forward_fill(grid.flat)
    same = (values[:, 1:] == values[:, :-1]) & ~past.idle.reshape(values.shape)[:, 1:]
    runs = runs_of(np.pad(same, ((0, 0), (1, 0))), grid)
    runs = Runs(runs.meter, runs.begin - 1, runs.end)
    lengths = runs.reduce(np.add, ~np.isnan(grid.flat) * 1.0)
    known = ~np.isnan(past.expected.reshape(values.shape)[runs.meter, runs.begin])
    chosen = np.zeros(len(lengths), bool)
    for meter in np.unique(runs.meter[(lengths >= least) & known]):
        longest = 0.0
        for run in np.flatnonzero(runs.meter == meter):
            chosen[run] = known[run] and lengths[run] >= max(least, STUCK_AGAINST_USUAL * longest)
            longest = longest if chosen[run] else max(longest, lengths[run])
    return runs[chosen]
