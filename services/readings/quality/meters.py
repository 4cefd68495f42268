"""How sound the interval data of each meter is, for a whole file of meters at once."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from services.readings.quality import spells
from services.readings.quality.finding import Finding, findings, moment
from services.readings.quality.regularity import intervals


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


def quality(frame: pd.DataFrame) -> list[MeterQuality]:
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
    repeated = spells.single(meter[again], time[again])
    meter, time, kwh = np.delete(meter, again), np.delete(time, again), np.delete(kwh, again)
    usual = intervals(meter, time)
    zero, stuck = spells.runs(meter, time, kwh, usual)
    found = {
        "gaps": spells.gaps(meter, time, usual),
        "duplicates": repeated,
        "zero_runs": zero,
        "negative": spells.single(meter[kwh < 0], time[kwh < 0], -kwh[kwh < 0]),
        "stuck_runs": stuck,
        "outliers": spells.outliers(meter, time, kwh / usual.each),
        "interval_changes": spells.single(meter[usual.changes], time[usual.changes]),
    }
    verdicts = {kind: findings(of_kind, len(names)) for kind, of_kind in found.items()}
    first = spells.firsts(meter)
    last = np.append(first[1:], len(meter)) - 1
    return [
        MeterQuality(
            device=str(name),
            readings=int(last[m] - first[m] + 1),
            start=moment(time[first[m]]),
            end=moment(time[last[m]] + (usual.each[last[m]] if usual.of_meter[m] else 0)),
            interval_minutes=usual.of_meter[m] / 60e6 if usual.of_meter[m] else None,
            **{kind: of_meters[m] for kind, of_meters in verdicts.items()},
        )
        for m, name in enumerate(names)
    ]
