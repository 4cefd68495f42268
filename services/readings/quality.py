"""Assess the data quality of each meter's readings, and say what is remarkable about them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from services.messages import N_, formats, gettext
from services.readings import irregularities
from services.readings.irregularities import Runs, usual_intervals


@dataclass(frozen=True)
class Finding:
    """What was found of one kind at one meter: how many spells, and the worst of them."""

    count: int
    readings: int
    """In all spells together; of a gap, those that are missing."""
    worst: int
    """Readings in the longest spell, or in the most extreme one."""
    start: datetime | None
    """When the worst one begins (UTC); None where nothing was found."""


def summarize(spells: Runs, meters: int) -> list[Finding]:
    """Return a finding for each meter, numbered from 0."""
    count = np.bincount(spells.meter, minlength=meters)
    readings = np.bincount(spells.meter, spells.readings, minlength=meters)
    # Each meter's worst comes last, the earliest among equals.
    order = np.lexsort((-spells.start, spells.badness, spells.meter))
    worst = order[np.cumsum(count) - 1] if len(order) else np.zeros(meters, "int64")
    return [
        Finding(int(n), int(readings[m]), int(spells.readings[worst[m]]), to_datetime(spells.start[worst[m]]))
        if n
        else Finding(0, 0, 0, None)
        for m, n in enumerate(count)
    ]


def to_datetime(microseconds: int) -> datetime:
    """Return microseconds since 1970 as an instant in UTC."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(microseconds))


@dataclass(frozen=True)
class MeterQuality:
    """One meter's interval data, and what is remarkable about it."""

    device: str
    readings: int
    """Each interval counted once."""
    start: datetime
    end: datetime
    """When the last interval ends; UTC, as the start."""
    interval_minutes: float | None
    """The usual length of an interval; None where a single reading does not tell."""
    gaps: Finding
    duplicates: Finding
    """Readings that another one with the same time precedes."""
    zero_runs: Finding
    """Nothing used for longer than a day, and for longer than this meter is used to."""
    negative: Finding
    stuck_runs: Finding
    """One value other than zero, reported more often in a row than chance would have it."""
    outliers: Finding
    """Demand far beyond all but the highest hundredth of this meter's, or far below its lowest."""
    interval_changes: Finding

    @property
    def missing_readings(self) -> int:
        """How many readings the gaps would hold."""
        return self.gaps.readings

    @property
    def completeness(self) -> float:
        """The share of the intervals from start to end that have a reading, 0 to 1."""
        return self.readings / (self.readings + self.missing_readings)


def assess_quality(frame: pd.DataFrame) -> list[MeterQuality]:
    """Examine interval data of any number of meters; one verdict a meter, by name.

    Columns: device, date (aware start of the interval), consumption (kWh in it), in any order of rows.
    """
    if frame.empty:
        return []
    meter, names = pd.factorize(frame["device"], sort=True)
    time = frame["date"].dt.tz_convert("UTC").dt.as_unit("us").astype("int64").to_numpy()
    order = np.lexsort((time, meter))
    meter, time = meter[order].astype("int64"), time[order]
    kwh = frame["consumption"].to_numpy("float64")[order]
    again = np.flatnonzero((np.diff(meter) == 0) & (np.diff(time) == 0)) + 1
    repeated = irregularities.single_readings(meter[again], time[again])
    meter, time, kwh = np.delete(meter, again), np.delete(time, again), np.delete(kwh, again)
    usual = usual_intervals(meter, time)
    zero, stuck = irregularities.find_constant_runs(meter, time, kwh, usual)
    found = {
        "gaps": irregularities.find_gaps(meter, time, usual),
        "duplicates": repeated,
        "zero_runs": zero,
        "negative": irregularities.single_readings(meter[kwh < 0], time[kwh < 0], -kwh[kwh < 0]),
        "stuck_runs": stuck,
        "outliers": irregularities.find_outliers(meter, time, kwh / usual.each),
        "interval_changes": irregularities.single_readings(meter[usual.changes], time[usual.changes]),
    }
    verdicts = {kind: summarize(of_kind, len(names)) for kind, of_kind in found.items()}
    first = irregularities.first_positions(meter)
    last = np.append(first[1:], len(meter)) - 1
    return [
        MeterQuality(
            device=str(name),
            readings=int(last[m] - first[m] + 1),
            start=to_datetime(time[first[m]]),
            end=to_datetime(time[last[m]] + (usual.each[last[m]] if usual.of_meter[m] else 0)),
            interval_minutes=usual.of_meter[m] / 60e6 if usual.of_meter[m] else None,
            **{kind: of_meters[m] for kind, of_meters in verdicts.items()},
        )
        for m, name in enumerate(names)
    ]


SENTENCES = {
    "gaps": N_("{device} lacks {count} of {readings} readings; the longest gap begins on {start}."),
    "stuck_runs": N_(
        "{device} reported one and the same value {worst} times in a row from {start} on. Check the meter."
    ),
    "outliers": N_(
        "{device} reported far more or far less than it usually does in {count} of {readings} "
        "readings, most of all on {start}."
    ),
    "negative": N_(
        "{device} reported less than zero in {count} of {readings} readings, the least on {start}."
    ),
    "zero_runs": N_("{device} used nothing at all for {worst} readings in a row from {start} on."),
    "interval_changes": N_("{device} reads in another interval than before from {start} on."),
    "duplicates": N_("{device} has {count} of its readings more than once, the first on {start}."),
}
"""The gravest first."""
SOUND = N_("{device} is complete: {readings} readings, one every {minutes} minutes, nothing to remark.")
SINGLE = N_("{device} has a single reading.")


@dataclass(frozen=True)
class Remark:
    """A template with named fields, and what to fill in: text, whole numbers, local times."""

    sentence: str
    details: dict[str, str | int | float | datetime]

    def __str__(self) -> str:
        """Return the sentence in the language that is shown."""
        return gettext(self.sentence, **{name: _format(value) for name, value in self.details.items()})


def remarks(meter: MeterQuality, timezone: str) -> list[Remark]:
    """Return all that is remarkable about a meter, the gravest first; that it is sound, where nothing is.

    Times are those of the time zone (IANA name).
    """
    return list(_found(meter, ZoneInfo(timezone))) or [_sound(meter)]


def _found(meter: MeterQuality, zone: ZoneInfo) -> Iterator[Remark]:
    for kind, sentence in SENTENCES.items():
        finding: Finding = getattr(meter, kind)
        if finding.start is not None:
            yield Remark(
                sentence,
                {
                    "device": meter.device,
                    "count": finding.readings,
                    "readings": meter.readings + (meter.missing_readings if kind == "gaps" else 0),
                    "worst": finding.worst,
                    "start": finding.start.astimezone(zone),
                },
            )


def _sound(meter: MeterQuality) -> Remark:
    if meter.interval_minutes is None:
        return Remark(SINGLE, {"device": meter.device})
    details: dict[str, str | int | float | datetime] = {
        "device": meter.device,
        "readings": meter.readings,
        "minutes": meter.interval_minutes,
    }
    return Remark(SOUND, details)


def _format(value: str | int | float | datetime) -> str:
    if isinstance(value, datetime):
        return gettext("{day} at {time}", day=formats().day(value), time=formats().time(value))
    return value if isinstance(value, str) else formats().number(value, len(f"{value:g}".partition(".")[2]))
