"""What is to be said about the quality of a meter's readings, in words that its facility manager uses."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from services.readings.quality.finding import Finding
from services.readings.quality.meters import MeterQuality

SENTENCES = {
    "gaps": "{device} lacks {count} of {readings} readings; the longest gap begins on {start}.",
    "stuck_runs": "{device} reported one and the same value {worst} times in a row from {start} on. "
    "Check the meter.",
    "outliers": "{device} reported far more or far less than it usually does in {count} of {readings} "
    "readings, most of all on {start}.",
    "negative": "{device} reported less than zero in {count} of {readings} readings, the least on {start}.",
    "zero_runs": "{device} used nothing at all for {worst} readings in a row from {start} on.",
    "interval_changes": "{device} reads in another interval than before from {start} on.",
    "duplicates": "{device} has {count} of its readings more than once, the first on {start}.",
}
"""The gravest first."""
SOUND = "{device} is complete: {readings} readings, one every {minutes} minutes, nothing to remark."
SINGLE = "{device} has a single reading."


@dataclass(frozen=True)
class Remark:
    """A template with named fields, and what to fill in: text, whole numbers, local times."""

    sentence: str
    details: dict[str, str | int | float | datetime]

    def __str__(self) -> str:
        """The English sentence, as reports and the command line have it."""
        return self.sentence.format(**{name: _written(value) for name, value in self.details.items()})


def remarks(meter: MeterQuality, timezone: str) -> list[Remark]:
    """All that is remarkable about a meter, the gravest first; that it is sound, where nothing is.

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


def _written(value: str | int | float | datetime) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return f"{value:,g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else value
