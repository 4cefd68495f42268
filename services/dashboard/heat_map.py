"""Day by hour: where in the week and the day the energy goes."""

from dataclasses import dataclass

import numpy as np

from services.dashboard.series import Moments, Values
from services.readings.load import Demand


@dataclass(frozen=True, eq=False)
class HeatMap:
    """kWh of each hour of the facility's clock; all of it together is the total.

    The hour that clocks skip in spring is empty, the one that they repeat in autumn holds both.
    """

    days: Moments
    """datetime64[D] [n]."""
    kwh: Values
    """[n, 24]; NaN where nothing was read."""
    hours: Values
    """[n, 24]; for how many hours something was read, 1 as a rule."""

    @property
    def demand(self) -> Values:
        """The mean demand of each hour in kW, [n, 24]; NaN where nothing was read."""
        with np.errstate(invalid="ignore", divide="ignore"):
            demand: Values = self.kwh / self.hours
        return demand


def heat_map(days: Moments, first_day: int, demand: Demand) -> HeatMap:
    """Of the steps of these days, the first of which has this number on the demand's clock."""
    cell = (demand.clock.day - first_day) * 24 + demand.clock.hour
    cells = len(days) * 24
    kwh = np.bincount(cell, demand.kwh, cells)
    hours = np.bincount(cell, demand.there, cells).astype("float64") * demand.hours
    by_day = (len(days), 24)
    return HeatMap(days, np.where(hours > 0, kwh, np.nan).reshape(by_day), hours.reshape(by_day))
