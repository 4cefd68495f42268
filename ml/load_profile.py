"""What a meter's own past leads one to expect of each of its readings."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.typing import Rolling

WEEKS = 8
"""How far back a reading is compared."""
NEIGHBOURHOOD = pd.Timedelta(hours=2)
"""A usual peak may come this much earlier or later than on other days."""
TOP = 0.98
REST_DAY = 0.75
"""A weekday that uses less than this share of a usual day is a day of rest."""
NOTHING = 0.02
"""Up to this share of its mean consumption a meter counts as off."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Profile:
    """For each of n readings of one meter, from the days before it alone; NaN where these are too few.

    All have shape (n,). ``expected`` and ``top`` are kWh an interval, ``off`` is a share of days.
    """

    expected: Floats
    """The median at this time of day, on days of work or of rest as this one is."""
    top: Floats
    """What is seldom surpassed around this time of day."""
    off: Floats
    """How often the meter stood at nothing at this time of day."""


def interval_of(dates: pd.DatetimeIndex) -> pd.Timedelta:
    """How long the intervals last that begin at these ascending times: the commonest step, zero without."""
    return pd.Timedelta(min((dates[1:] - dates[:-1]).to_series().mode(), default=pd.Timedelta(0)))


def ends(dates: pd.DatetimeIndex, interval: pd.Timedelta) -> pd.DatetimeIndex:
    """When the intervals end that begin at these local times."""
    # The day on which clocks change ends at midnight, too, though it has 23 or 25 hours.
    return dates + (pd.DateOffset(days=1) if interval == pd.Timedelta(days=1) else interval)


def profile(dates: pd.DatetimeIndex, kwh: Floats, interval: pd.Timedelta) -> Profile:
    """The profile of one meter's readings (n,), ascending by local start of interval.

    Only earlier days speak, so that what was found once stays found when later readings come.
    """
    wall = dates.tz_localize(None)
    day = (wall.normalize() - wall[0].normalize()).days.to_numpy()
    slot = ((wall - wall.normalize()) // interval).to_numpy()
    grid = np.full((day[-1] + 1, int(np.ceil(pd.Timedelta(days=1) / interval))), np.nan)
    grid[day, slot] = kwh
    weekdays = (wall[0].weekday() + np.arange(len(grid))) % 7
    resting = _rests(grid, weekdays)
    standing = grid <= NOTHING * np.nanmean(kwh)
    off = np.where(np.isnan(grid), np.nan, standing)
    around = _highest_around(grid, int(NEIGHBOURHOOD / interval))
    return Profile(
        expected=_before(grid, resting, lambda past: past.median())[day, slot],
        top=_before(around, resting, lambda past: past.quantile(TOP))[day, slot],
        # A meter that never stands still has no hours of which to tell how often it does.
        off=(_before(off, resting, lambda past: past.mean()) if standing.any() else off)[day, slot],
    )


def _rests(grid: Floats, weekdays: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """For each day, whether its weekday is one on which this meter usually rests."""
    usual = pd.DataFrame(grid).mean(axis=1).groupby(weekdays).median().reindex(range(7))
    return (usual < REST_DAY * usual.median()).to_numpy()[weekdays]


def _before(
    grid: Floats,
    resting: npt.NDArray[np.bool_],
    summary: "Callable[[Rolling[pd.DataFrame]], pd.DataFrame]",
) -> Floats:
    """For each day (row) and time (column), the summary of the last weeks' earlier days of its kind."""
    found = np.full_like(grid, np.nan)
    for days in (resting, ~resting):
        window = round(WEEKS * 7 * days.mean())
        if window:
            past = pd.DataFrame(grid[days]).rolling(window, min_periods=-(-window // 4))
            found[days] = summary(past).shift(1)
    return found


def _highest_around(grid: Floats, slots: int) -> Floats:
    """Each value's maximum with its neighbours up to so many slots away, midnight or not."""
    flat = pd.Series(grid.ravel())
    return flat.rolling(2 * slots + 1, center=True, min_periods=1).max().to_numpy().reshape(grid.shape)
