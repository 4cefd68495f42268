"""What a facility's clock shows as instants: one mapping for every zone, whatever its clocks once did.

pandas places a time in a gap by the hour; there are gaps of half an hour (Lord Howe), two hours (Troll) and
a whole day (Samoa left out 30 December 2011), and days whose midnight there never was.
"""

from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

Moments = npt.NDArray[np.datetime64]
"""datetime64[us], of a local clock or of UTC; NaT stays NaT."""
DAY = np.timedelta64(1, "D")


class Instants(NamedTuple):
    """When a clock shows each of some times, datetime64[us] of UTC."""

    first: Moments
    """Of a time that it shows twice the earlier; one that it never shows goes by the offset before."""
    last: Moments
    """Of a time that it shows twice the later, else the same."""
    skipped: npt.NDArray[np.bool_]
    """Which times it never shows."""


def to_instants(wall: Moments, timezone: str | ZoneInfo) -> Instants:
    """Return when the clocks of a zone show local times, of any shape of one dimension."""
    wall = wall.astype("datetime64[us]")
    before, after = _offsets_around(wall, timezone)
    early, late = wall - np.maximum(before, after), wall - np.minimum(before, after)
    unsure = np.flatnonzero(before != after)
    first, skipped = early.copy(), np.zeros(len(wall), "bool")
    if len(unsure):
        at_early, at_late = (to_local(at[unsure], timezone) == wall[unsure] for at in (early, late))
        neither = ~at_early & ~at_late
        by_before = (wall - before)[unsure]
        first[unsure] = np.select([neither, at_early], [by_before, early[unsure]], late[unsure])
        late[unsure] = np.select([neither, at_late], [by_before, late[unsure]], early[unsure])
        skipped[unsure] = neither
    return Instants(first, late, skipped)


def to_local(instants: Moments, timezone: str | ZoneInfo) -> Moments:
    """Return what the clocks of a zone show, datetime64[us]."""
    shown = pd.DatetimeIndex(instants.astype("datetime64[us]"), tz="UTC").tz_convert(timezone)
    local: Moments = shown.tz_localize(None).to_numpy().astype("datetime64[us]")
    return local


def day_starts(days: Moments, timezone: str | ZoneInfo) -> Moments:
    """Return when each local day (datetime64[D]) begins, datetime64[us] of UTC.

    From then on no earlier day is shown. A day that was left out begins, and ends, with the next one.
    """
    found = to_instants(days.astype("datetime64[us]"), timezone)
    starts = found.first.copy()
    for odd in np.flatnonzero(found.skipped):
        starts[odd] = _end_of_gap(starts[odd], timezone)
    twice = np.flatnonzero(found.last > found.first)
    # Clocks that were set back over a midnight show it twice, and the end of the day before in between.
    returned = to_local(found.last[twice] - np.timedelta64(1, "us"), timezone).astype("datetime64[D]")
    back = twice[returned < days[twice]]
    starts[back] = found.last[back]
    return starts


def day_start(day: date, timezone: str | ZoneInfo) -> datetime:
    """Return when a local day begins, in that zone."""
    start = day_starts(np.array([day], "datetime64[D]"), timezone)[0]
    zone = timezone if isinstance(timezone, ZoneInfo) else ZoneInfo(timezone)
    moment: datetime = pd.Timestamp(start, tz="UTC").tz_convert(zone).to_pydatetime()
    return moment


def _offsets_around(wall: Moments, timezone: str | ZoneInfo) -> tuple[Any, Any]:
    """Return the offsets from UTC more than half a day before and after each time, timedelta64[us].

    No zone changes its clocks twice within three days.
    """
    days, place = np.unique(wall.astype("datetime64[D]"), return_inverse=True)
    around = (days - DAY, days + 2 * DAY)
    before, after = (to_local(at.astype("datetime64[us]"), timezone) - at for at in around)
    return before[place], after[place]


def _end_of_gap(within: Any, timezone: str | ZoneInfo) -> Any:
    """Return when clocks were set forward over a local time that they never showed.

    ``within`` is when they would have shown it by the offset before.
    """
    low, high = within - 2 * DAY, within
    offset = np.diff(np.array([low, to_local(np.array([low]), timezone)[0]]))[0]
    while high - low > np.timedelta64(1, "us"):
        middle = low + (high - low) // 2
        if to_local(np.array([middle]), timezone)[0] - middle == offset:
            low = middle
        else:
            high = middle
    return high
