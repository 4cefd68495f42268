"""The average load profile: the demand of a usual working day, and of a weekend's."""

from dataclasses import dataclass

import numpy as np

from services.dashboard.heat_map import HeatMap
from services.dashboard.quantiles import quantile
from services.dashboard.series import MONDAY, Values

LOW, HIGH = 0.1, 0.9


@dataclass(frozen=True, eq=False)
class DayProfile:
    """kW in each of the 24 hours over days of a kind; NaN where none of them has readings."""

    mean: Values
    low: Values
    """The 10th percentile of the days."""
    high: Values
    """The 90th."""


@dataclass(frozen=True, eq=False)
class Profile:
    """Monday to Friday against Saturday and Sunday."""

    weekday: DayProfile
    weekend: DayProfile


def profile(hours: HeatMap) -> Profile:
    """The mean demand of each hour of the day, and how it spreads over the days."""
    free = (hours.days - MONDAY).astype("intp") % 7 >= 5
    demand = hours.demand
    return Profile(_of_days(demand[~free]), _of_days(demand[free]))


def _of_days(demand: Values) -> DayProfile:
    if not len(demand):
        nothing = np.full(24, np.nan)
        return DayProfile(nothing, nothing, nothing)
    counts = np.count_nonzero(~np.isnan(demand), axis=0)
    sums = np.nansum(demand, axis=0)
    mean = np.divide(sums, counts, out=np.full(24, np.nan), where=counts > 0)
    return DayProfile(mean, quantile(demand, LOW), quantile(demand, HIGH))
