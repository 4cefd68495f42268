"""The load of a facility: every meter's days, and what all meters draw step by step."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from bson import ObjectId

from services.readings.days import Days, day_sums
from services.readings.load.demand import Clock, Demand, clock, summed
from services.readings.load.grid import Grid, grids
from services.readings.storage.blocks import Meter, Run

SUMS = 16
"""Choices of meters whose sums are kept: going through time changes no choice."""


@dataclass(frozen=True, eq=False)
class Load:
    """All readings of a user; where it stands in more than one place, a device is several meters."""

    revision: ObjectId | None
    timezone: str
    meters: list[Meter]
    begin: int
    """When the grids begin, seconds since 1970 UTC: a full hour."""
    hours: int
    """How long they are together."""
    days: Days
    grids: list[Grid]
    _sums: OrderedDict[tuple[int, ...], Demand] = field(default_factory=OrderedDict)
    _clocks: dict[int, Clock] = field(default_factory=dict)

    def demand(self, rows: npt.NDArray[np.intp]) -> Demand:
        """The summed load of these meters."""
        key = tuple(rows.tolist())
        found = self._sums.pop(key, None) or self._summed(rows)
        self._sums[key] = found
        while len(self._sums) > SUMS:
            self._sums.popitem(last=False)
        return found

    def _summed(self, rows: npt.NDArray[np.intp]) -> Demand:
        step, kwh, there = summed(self.grids, self.hours, rows)
        if step not in self._clocks:
            self._clocks[step] = clock(self.begin, step, len(kwh), self.days.days[0], self.timezone)
        return Demand(self.begin, step, kwh, there, self._clocks[step])


def built(revision: ObjectId | None, timezone: str, runs: Sequence[tuple[Meter, Run]]) -> Load:
    """The load that these readings make."""
    readings = [run for _, run in runs]
    begin, hours, laid = grids(readings)
    meters = [meter for meter, _ in runs]
    return Load(revision, timezone, meters, begin, hours, day_sums(readings, timezone), laid)
