"""The load-duration curve: for which share of the time the demand was at least so high."""

from dataclasses import dataclass

import numpy as np

from services.dashboard.series import Values
from services.readings.load import Demand

POINTS = 1000


@dataclass(frozen=True, eq=False)
class LoadDuration:
    """The demand in falling order over the share of the time."""

    share: Values
    """0..1, ascending."""
    demand: Values
    """kW; the first is the peak demand."""


def load_duration(demand: Demand) -> LoadDuration:
    """Of all steps with readings, thinned evenly to at most a thousand points, both ends among them."""
    falling = np.sort(demand.kwh[demand.there])[::-1] / demand.hours
    last = len(falling) - 1
    chosen = np.unique(np.linspace(0, last, min(len(falling), POINTS)).round().astype("intp"))
    return LoadDuration(chosen / max(last, 1), falling[chosen])
