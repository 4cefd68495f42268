"""Which meters sent no readings while others did: found unasked, whatever the rules say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from services import devices
from services.alerts.records import Event
from services.devices import Device
from services.local_times import day_start
from services.readings import LoadProfile, load_profile_of
from services.scope import Scope
from services.typed import typed

SILENT = "silent"
"""The kind of its events."""
DAY = 24 * 3600
LATE = 2.0
"""A reading arrives when its interval is over, bills some time after: so many intervals may pass."""
LOST = 0.75
"""Between two readings this part of an interval is one; less is a month that is shorter than others."""
STRAY, ALONE = 3, 30
"""Fewer readings than this, so many intervals from all others, are a wrong date and no sign of life; a meter
that has no more than these has not begun to send."""
HABIT, HABIT_DAYS = 3, 56
"""What happened so often in so many days before is how the meter sends, and no silence."""
GRAVE = 7
"""Days of silence that make it grave."""

Spans = npt.NDArray[np.int64]
"""(n, 2): from when to when, seconds since 1970 UTC, ascending and apart."""


@dataclass(frozen=True)
class SilentMeter:
    """A meter without readings for longer than its interval explains, while other meters went on."""

    device_id: str
    device: str
    """Its name."""
    since: datetime
    """When its last reading ended; in the facility's time zone, as the other times."""
    until: datetime | None
    """When its next reading begins; None where there is none yet."""
    newest: datetime
    """When the newest reading of the facility begins."""
    interval: timedelta
    """How long its readings usually last."""

    @property
    def end(self) -> datetime:
        """Return until when it is known to be silent."""
        return self.until or self.newest


@typed
def silent_meters(
    scope: Scope,
    start: date | None = None,
    end: date | None = None,
    device_ids: Sequence[str] | None = None,
) -> list[SilentMeter]:
    """List the silences of active meters that reach into these local days (both included), by their begin.

    Of all days and devices unless said. One that lasts (``until`` is None, or lies after ``end``) is that
    of a meter that is silent at the end of the days. A meter is silent when more than a day and two of its
    intervals lie between its last reading and the newest one of the facility, or more than a day and most
    of an interval between two of its readings. Inactive devices are planned to be silent.
    """
    zone, load = ZoneInfo(scope.timezone), load_profile_of(scope)
    first = day_start(start, zone) if start else None
    last = day_start(end + timedelta(days=1), zone) if end else None
    found = [
        silent
        for silent in _find(load, devices.list_devices(scope), zone)
        if (device_ids is None or silent.device_id in device_ids)
        and (first is None or silent.end > first)
        and (last is None or silent.since < last)
    ]
    return sorted(found, key=lambda silent: silent.since)


def find_silences(scope: Scope) -> list[Event]:
    """Return each silence of each active meter as an event."""
    return [
        Event(
            silent.device_id,
            SILENT,
            "high" if silent.end - silent.since >= max(timedelta(GRAVE), 2 * silent.interval) else "medium",
            silent.since,
            silent.end,
            None,
            None,
            facts={"last": _last_day(silent.since).isoformat(), "lasts": silent.until is None},
        )
        for silent in silent_meters(scope)
    ]


def _last_day(since: datetime) -> date:
    """Return the day that the last reading before a silence was about."""
    return (since - timedelta(seconds=1)).date()


def _find(load: LoadProfile, listed: Sequence[Device], zone: ZoneInfo) -> Iterator[SilentMeter]:
    spans, intervals = _spans_by_device(load), _intervals_by_device(load)
    kept = {device_id: _without_strays(of, intervals[device_id]) for device_id, of in spans.items()}
    kept = {device_id: of for device_id, of in kept.items() if len(of)}
    # What lasts longest begins first: a yearly bill says nothing of the days that it covers in advance.
    newest = max((int(of[-1, 1]) - intervals[device_id] for device_id, of in kept.items()), default=0)

    def local(seconds: int) -> datetime:
        return datetime.fromtimestamp(seconds, UTC).astimezone(zone)

    for device in listed:
        if device.status != "active" or device.id not in kept:
            continue
        interval = intervals[device.id]
        for begin, end in _gaps(kept[device.id], interval):
            yield SilentMeter(
                device.id, device.name, local(begin), local(end), local(newest), timedelta(seconds=interval)
            )
        stopped = int(kept[device.id][-1, 1])
        if newest - stopped > max(DAY, LATE * interval):
            yield SilentMeter(
                device.id, device.name, local(stopped), None, local(newest), timedelta(seconds=interval)
            )


def _gaps(spans: Spans, interval: int) -> Iterator[tuple[int, int]]:
    """Yield the unusual ones of the gaps between spans, from when to when."""
    shortest = max(DAY, LOST * interval)
    gaps = [(int(a[1]), int(b[0])) for a, b in pairwise(spans) if b[0] - a[1] > shortest]
    for number, (begin, end) in enumerate(gaps):
        alike = [
            before
            for before in gaps[:number]
            if begin - before[1] <= HABIT_DAYS * DAY and 2 * (before[1] - before[0]) >= end - begin
        ]
        if len(alike) < HABIT:
            yield begin, end


def _without_strays(spans: Spans, interval: int) -> Spans:
    """Leave out the few readings that lie far from all others."""
    before = np.append(np.inf, spans[1:, 0] - spans[:-1, 1])
    after = np.append(before[1:], np.inf)
    alone = np.minimum(before, after) > ALONE * interval
    kept: Spans = spans[~alone | (spans[:, 1] - spans[:, 0] >= STRAY * interval)]
    return kept


def _intervals_by_device(load: LoadProfile) -> dict[str, int]:
    """Return the usual interval of each device (s): the longest of the places where it stands."""
    found: dict[str, int] = {}
    for (device_id, _), interval in zip(load.meters, load.intervals.tolist(), strict=True):
        found[str(device_id)] = max(found.get(str(device_id), 0), interval)
    return found


def _spans_by_device(load: LoadProfile) -> dict[str, Spans]:
    """Return when each device has readings; none of one whose readings do not tell how long they last."""
    parts: dict[str, list[Spans]] = {}
    for grid in load.grids:
        for row, low, high, first in zip(grid.rows, grid.bounds, grid.bounds[1:], grid.first, strict=False):
            edges = np.diff(np.pad(grid.there[low:high].astype("int8"), 1))
            steps = np.column_stack([np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)])
            if len(steps):
                of = parts.setdefault(str(load.meters[row][0]), [])
                of.append(load.begin + (int(first) + steps) * grid.step)
    return {device_id: _merge(np.concatenate(of)) for device_id, of in parts.items()}


def _merge(spans: Spans) -> Spans:
    """Join spans that overlap or touch."""
    spans = spans[np.argsort(spans[:, 0], kind="stable")]
    reach = np.maximum.accumulate(spans[:, 1])
    apart = np.flatnonzero(spans[1:, 0] > reach[:-1]) + 1
    begins = np.append(0, apart)
    return np.column_stack([spans[begins, 0], reach[np.append(apart, len(spans)) - 1]])
