"""Recognise files whose clock kept standard time all year, or UTC, and read their times so.

A clock that follows the zone leaves out an hour in spring and shows one twice in autumn. One that keeps
standard time does neither. An exporter of local time that writes 24 rows on every day fills spring's hour
with zeros or with its neighbours, and drops one of autumn's two: only what it wrote there tells it apart.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from services.local_times import Moments, to_instants, to_local
from services.messages import gettext

Flags = npt.NDArray[np.bool_]

HOUR, DAY = np.timedelta64(1, "h"), np.timedelta64(1, "D")
AROUND = 3 * HOUR
"""What is looked at before and after a change of the clocks."""
WEEKS = 14 * DAY
LEAST_DAYS = 7
"""So many days on both sides of a change tell whether what people do moved with it."""
LEAST = 4
"""So many readings around a change tell whether it was made."""
METERS = 200
"""So many meters of a file tell how its clock goes."""
MOST_DAYS = 10 * 366
JITTER = 0.1
"""Of a step: stamps that are off by less are on time."""
CLEARLY = 0.7
"""A profile that is moved fits so much better, in squares, or does not tell."""

NAMED_OFFSET = re.compile(
    r"(?<![A-Za-z])(?:UTC|utc|Utc|GMT)(?:\s*(?P<sign>[+\-−±])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?)?(?![A-Za-z])"
)


def named_offset(heading: str | None) -> timedelta | None:
    """Return the offset from UTC that a heading names: "Time (UTC)", "Start (UTC+1)"; None without one."""
    found = NAMED_OFFSET.search((heading or "").replace("_", " "))
    if found is None:
        return None
    size = timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
    if size > timedelta(hours=14):
        return None
    return -size if found["sign"] in ("-", "−") else size


def describe_clock(utc_offset_minutes: int) -> str:
    """Return the sentence about the clock of a file that was not changed in spring and autumn."""
    sign, minutes = "+" if utc_offset_minutes >= 0 else "−", abs(utc_offset_minutes)
    return gettext(
        "The file’s clock was not changed in spring and autumn: its times were read as UTC{offset}.",
        offset=f"{sign}{minutes // 60:02}:{minutes % 60:02}",
    )


def to_utc(wall: pd.Series, offset: timedelta) -> pd.Series:
    """Return the times of a clock that is always ``offset`` from UTC as instants."""
    found: pd.Series = (
        wall.dt.tz_localize(timezone(offset)).dt.tz_convert("UTC").astype("datetime64[us, UTC]")
    )
    return found


def of_zone(wall: pd.Series, zone: ZoneInfo) -> timedelta:
    """Return the offset from UTC of a zone's standard time in the year of the last of these times."""
    year = int(wall.max().year)
    offsets = (datetime(year, month, 1, tzinfo=zone).utcoffset() for month in (1, 7))
    return min(offset or timedelta(0) for offset in offsets)


@dataclass
class _Votes:
    """How many meters speak for a clock of standard time, and against it, at the changes of the clocks."""

    spring: int = 0
    autumn: int = 0
    against: int = 0


@dataclass(frozen=True)
class _Readings:
    """Naive times, the codes of their meters, and energy or demand."""

    times: Moments
    device: npt.NDArray[np.integer]
    value: npt.NDArray[np.float64]

    def part(self, rows: npt.NDArray[np.generic]) -> "_Readings":
        return _Readings(self.times[rows], self.device[rows], self.value[rows])

    def meters(self, first: np.datetime64, last: np.datetime64) -> Iterator["_Readings"]:
        """Yield the readings of each meter near ``first`` to ``last``, ascending, if hourly."""
        near = self.part((self.times >= first - AROUND) & (self.times < last + AROUND))
        for meter in np.unique(near.device)[:METERS]:
            of = near.part(near.device == meter)
            of = of.part(np.argsort(of.times, kind="stable"))
            if len(of.times) >= LEAST and np.median(np.diff(of.times)) <= HOUR:
                yield of

    @property
    def steady(self) -> bool:
        """Return whether each reading follows the one before by the same step, but for jitter."""
        steps = np.diff(self.times).astype("int64")
        usual = np.median(steps)
        return bool((np.abs(steps - usual) <= JITTER * usual).all())


def recognize(
    wall: pd.Series, device: npt.NDArray[np.integer], value: pd.Series, zone: ZoneInfo
) -> timedelta | None:
    """Return the offset of the standard time that naive times were written in; None where it was local time.

    ``device`` are codes. Readings in the hour that spring skips and none twice in autumn tell. Where only
    one of the two changes is in the file, the profile of the days has to have moved against the clock with
    it, too: then people lived by another clock than the file's.
    """
    times = wall.to_numpy().astype("datetime64[us]")
    whole = _Readings(times, device, value.to_numpy("float64"))
    votes, offsets, moved = _Votes(), set(), []
    for day, before, after in _changes(times.min(), times.max(), zone):
        near = whole.part((times >= day - DAY) & (times < day + 2 * DAY))
        if len(near.times):
            (_ask_spring if after > before else _ask_autumn)(votes, near, zone)
            offsets.add(int(min(before, after).astype("int64")))
            moved.append((day, bool(after > before)))
    if votes.against >= max(votes.spring, votes.autumn) or len(offsets) != 1:
        return None
    if not (votes.spring and votes.autumn) and not any(_profile_moved(whole, *change) for change in moved):
        return None
    return timedelta(microseconds=offsets.pop())


def _changes(
    first: np.datetime64, last: np.datetime64, zone: ZoneInfo
) -> list[tuple[np.datetime64, np.timedelta64, np.timedelta64]]:
    """Return the days on which clocks change, and the offsets from UTC (µs) before and after."""
    days = np.arange(first.astype("datetime64[D]"), last.astype("datetime64[D]") + 2 * DAY)
    if len(days) > MOST_DAYS:
        days = days[-MOST_DAYS:]
    midnights = days.astype("datetime64[us]")
    offsets = to_local(midnights, zone) - midnights
    changed = np.flatnonzero(np.diff(offsets) != np.timedelta64(0))
    return [(days[at], offsets[at], offsets[at + 1]) for at in changed.tolist()]


def _quarters(times: Moments) -> Moments:
    """Return the quarters of an hour from the first to the last of these times."""
    first, last = (at.astype("datetime64[D]").astype("datetime64[us]") for at in (times.min(), times.max()))
    return np.arange(first, last + DAY, np.timedelta64(15, "m")).astype("datetime64[us]")


def _ask_spring(votes: _Votes, near: _Readings, zone: ZoneInfo) -> None:
    """Count the meters that read on through the hour that clocks skip, and those that do not."""
    quarters = _quarters(near.times)
    gap = quarters[to_instants(quarters, zone).skipped]
    if not len(gap):
        return
    for meter in near.meters(gap[0], gap[-1]):
        skipped = to_instants(meter.times, zone).skipped
        if skipped.any() and meter.steady and not _is_filled(meter.value, skipped):
            votes.spring += 1
        else:
            votes.against += 1


def _ask_autumn(votes: _Votes, near: _Readings, zone: ZoneInfo) -> None:
    """Count the meters that write times around the change twice, and those that write each once."""
    quarters = _quarters(near.times)
    shown = to_instants(quarters, zone)
    twice = quarters[shown.last > shown.first]
    if not len(twice):
        return
    for meter in near.meters(twice[0], twice[-1]):
        if meter.times[0] > twice[0] or meter.times[-1] < twice[-1]:
            continue
        if meter.steady:
            votes.autumn += 1
        else:
            votes.against += 1


def _is_filled(value: npt.NDArray[np.float64], skipped: Flags) -> bool:
    """Return whether readings of the skipped hour are zeros, copies or means between readings that differ."""
    at = np.flatnonzero(skipped)
    inside, before, after = value[at], value[max(at[0] - 1, 0)], value[min(at[-1] + 1, len(value) - 1)]
    if not inside.any():
        return bool(before or after)
    return before != after and bool(
        (inside == before).all() or (inside == after).all() or np.allclose(inside, (before + after) / 2, 1e-9)
    )


def _profile_moved(whole: _Readings, day: np.datetime64, forward: bool) -> bool:
    """Return whether days look as before the change of the clocks but for the hour that they moved by.

    By a clock that was not set forward, what people do in summer comes an hour earlier.
    """
    profiles = []
    for first, end in ((day - WEEKS, day), (day + DAY, day + DAY + WEEKS)):
        side = whole.part((whole.times >= first) & (whole.times < end) & np.isfinite(whole.value))
        hour = side.times.astype("datetime64[h]")
        sums = np.bincount(hour.astype("int64") % 24, side.value, minlength=24)
        if len(np.unique(hour.astype("datetime64[D]"))) < LEAST_DAYS or not (sums > 0).all():
            return False
        profiles.append(sums / sums.sum())
    before, after = profiles
    still = float(((after - before) ** 2).sum())
    moved = float(((np.roll(after, 1 if forward else -1) - before) ** 2).sum())
    return moved < CLEARLY * still
