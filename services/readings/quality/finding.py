"""What was found of one kind at one meter."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from services.readings.quality.spells import Spells


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


def findings(spells: Spells, meters: int) -> list[Finding]:
    """A finding for each meter, numbered from 0."""
    count = np.bincount(spells.meter, minlength=meters)
    readings = np.bincount(spells.meter, spells.readings, minlength=meters)
    # Each meter's worst comes last, the earliest among equals.
    order = np.lexsort((-spells.start, spells.badness, spells.meter))
    worst = order[np.cumsum(count) - 1] if len(order) else np.zeros(meters, "int64")
    return [
        Finding(int(n), int(readings[m]), int(spells.readings[worst[m]]), moment(spells.start[worst[m]]))
        if n
        else Finding(0, 0, 0, None)
        for m, n in enumerate(count)
    ]


def moment(microseconds: int) -> datetime:
    """Microseconds since 1970 as an instant in UTC."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(microseconds))
