"""One function for each way in which a meter's readings can be out of order.

Each takes the readings of one meter (n,) in kWh, ascending in time, and their profile, and gives the
number of the event (1, 2, ...) that each reading belongs to, 0 for none, as (n,).
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.load_profile import NOTHING, WEEKS, Floats, Profile

SPIKE = 1.65
"""A spike surpasses what is expected by so many times what usual peaks do, ..."""
SPIKE_SHOULDER = 0.5
"""... and its neighbours belong to it from this part of that on."""
FLOOR = 0.3
"""Part of its mean consumption by which even the steadiest meter may stray."""

OUTAGE = 24.0
"""How improbable (minus log of the chance, summed over its hours) an outage is: six hours of a meter that
never stands still."""

STUCK_HOURS, STUCK_READINGS = 12, 4
STUCK_AGAINST_USUAL = 2
"""So many times longer than usual is a run of one value that is no steady load."""
STEADY = 0.95

SHIFT_DAYS = 5
SHIFT = 4.0
"""A shift surpasses so many times what the level of so many days usually strays by, ..."""
STRAY = 0.75
SHIFT_FLOOR = 0.1
"""... and by this much (natural log) even that of the steadiest meter may stray on top."""
SHIFT_SLACK = 0.05
"""Part of its mean day that keeps days of next to nothing from counting for much."""

Events = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def spikes(kwh: Floats, past: Profile) -> Events:
    """Readings far above what is expected, measured by how far usual peaks lie above it."""
    scale = np.fmax(past.top - past.expected, 0) + FLOOR * kwh.mean()
    height = (kwh - past.expected) / scale
    if not (height > SPIKE).any():
        return _none(kwh)
    runs = _runs(height > SPIKE_SHOULDER * SPIKE)
    return _kept(runs, pd.Series(height).groupby(runs).max() > SPIKE)


def outages(kwh: Floats, past: Profile, hours: float) -> Events:
    """Readings of nothing for so long as is improbable at these times of day."""
    runs = _runs((kwh <= NOTHING * kwh.mean()) & ~np.isnan(past.off))
    if not runs.any():
        return runs
    days = WEEKS * 7
    chance = (past.off * days + 1) / (days + 2)
    return _kept(runs, pd.Series(-np.log(chance) * hours).groupby(runs).sum() > OUTAGE)


def stuck(kwh: Floats, past: Profile, hours: float) -> Events:
    """Runs of one and the same value, longer than this meter's steady loads last."""
    runs = np.cumsum(np.diff(kwh, prepend=np.nan) != 0)
    least = max(STUCK_READINGS, STUCK_HOURS / hours)
    if np.bincount(runs).max() < least:
        return _none(kwh)
    running = kwh > NOTHING * kwh.mean()
    so_far = pd.Series(np.where(running, pd.Series(kwh).groupby(runs).cumcount() + 1.0, 0))
    usual = so_far.rolling(round(WEEKS * 7 * 24 / hours), min_periods=1).quantile(STEADY).shift(1)
    run = pd.DataFrame(
        {"length": so_far, "usual": usual, "known": running & ~np.isnan(past.expected)}
    ).groupby(runs)
    long = run["length"].max() >= least
    unusual = run["length"].max() > STUCK_AGAINST_USUAL * run["usual"].first()
    return _kept(runs, long & unusual & run["known"].first())


def shifts(kwh: Floats, past: Profile, dates: pd.DatetimeIndex) -> Events:
    """Days on end that use more, or less, than expected by more than such stretches usually stray."""
    daily = pd.DataFrame({"kwh": kwh, "expected": past.expected}).dropna()
    midnights = dates.tz_localize(None).normalize()
    daily = daily.groupby(midnights[daily.index]).sum().asfreq("D")
    slack = SHIFT_SLACK * daily["kwh"].mean()
    ratio = (daily["kwh"].clip(lower=0) + slack) / (daily["expected"].clip(lower=0) + slack)
    level = pd.Series(np.log(ratio), index=daily.index)
    stretch = level.rolling(SHIFT_DAYS).median()
    usual = stretch.abs().rolling(WEEKS * 7, min_periods=2 * 7).quantile(STRAY).shift(SHIFT_DAYS)
    bound = SHIFT * usual + SHIFT_FLOOR
    if not (stretch.abs() > bound).any():
        return _none(kwh)
    smooth = level.rolling(3, center=True, min_periods=1).median()
    events = pd.Series(0, index=daily.index)
    for sign in (1, -1):
        ends = (sign * stretch > bound).astype("float64")
        within = ends[::-1].rolling(SHIFT_DAYS, min_periods=1).max()[::-1] > 0
        runs = _runs((within & (sign * smooth > bound / 2)).to_numpy())
        events += np.where(runs > 0, runs + events.max(), 0)
    return events.reindex(midnights, fill_value=0).to_numpy().astype("int64")


def _none(kwh: Floats) -> Events:
    return np.zeros(len(kwh), np.int64)


def _runs(mask: Mask) -> Events:
    """Number the stretches of True from 1 on."""
    begins = mask & ~np.append(False, mask[:-1])
    return np.where(mask, np.cumsum(begins), 0)


def _kept(runs: Events, keep: pd.Series) -> Events:
    """The runs that ``keep``, by their number, says are events."""
    return np.where(np.isin(runs, keep.index[keep & (keep.index > 0)]), runs, 0)
