"""The shape of the load: heat map, average day, load-duration curve and baseload."""

from dataclasses import dataclass

import numpy as np

from ml.arrays import Floats
from services.dashboard.selection import MONDAY
from services.local_times import Moments
from services.readings import Demand

LOW, HIGH = 0.1, 0.9
DURATION_POINTS = 1000
BASELOAD_SHARE = 0.05
"""Near the lowest demand, but not the lowest: a power cut or a gap of readings is no baseload. The near-base
load of Price, Methods for Analyzing Electric Load Shape and its Variability, LBNL-3713E, 2010, with 5 % for
its 2.5 %."""


def quantile(values: Floats, share: float) -> Floats:
    """Return the quantile ``share`` (0..1) of each column, interpolated between the values that are not NaN.

    NaN for a column without values. As `numpy.nanquantile`, which takes a call for each column.
    """
    ordered = np.sort(values, axis=0)  # NaN last
    last = np.count_nonzero(~np.isnan(values), axis=0) - 1
    place = share * np.maximum(last, 0)
    below = place.astype("intp")
    column = np.arange(values.shape[1])
    low = ordered[below, column]
    high = ordered[np.minimum(below + 1, np.maximum(last, 0)), column]
    between: Floats = low + (high - low) * (place - below)
    return between


@dataclass(frozen=True, eq=False)
class HeatMap:
    """kWh of each hour of the facility's clock; all of it together is the total.

    The hour that clocks skip in spring is empty, the one that they repeat in autumn holds both.
    """

    days: Moments
    """datetime64[D] [n]."""
    kwh: Floats
    """[n, 24]; NaN where nothing was read."""
    hours: Floats
    """[n, 24]; for how many hours something was read, 1 as a rule."""

    @property
    def demand(self) -> Floats:
        """The mean demand of each hour in kW, [n, 24]; NaN where nothing was read."""
        with np.errstate(invalid="ignore", divide="ignore"):
            demand: Floats = self.kwh / self.hours
        return demand


def heat_map(days: Moments, first_day: int, demand: Demand) -> HeatMap:
    """Sum the demand by day and hour; ``first_day`` is the first day's number on the demand's clock."""
    cell = (demand.clock.day - first_day) * 24 + demand.clock.hour
    cells = len(days) * 24
    kwh = np.bincount(cell, demand.kwh * demand.there, cells)
    hours = np.bincount(cell, demand.there, cells).astype("float64") * demand.hours
    by_day = (len(days), 24)
    return HeatMap(days, np.where(hours > 0, kwh, np.nan).reshape(by_day), hours.reshape(by_day))


@dataclass(frozen=True, eq=False)
class DayProfile:
    """kW in each of the 24 hours over days of a kind; NaN where none of them has readings."""

    mean: Floats
    low: Floats
    """The 10th percentile of the days."""
    high: Floats
    """The 90th."""


@dataclass(frozen=True, eq=False)
class Profile:
    """Monday to Friday against Saturday and Sunday."""

    weekday: DayProfile
    weekend: DayProfile


def profile(hours: HeatMap) -> Profile:
    """Average the demand of each hour of the day, and say how it spreads over the days."""
    free = (hours.days - MONDAY).astype("intp") % 7 >= 5
    demand = hours.demand
    return Profile(_of_days(demand[~free]), _of_days(demand[free]))


def _of_days(demand: Floats) -> DayProfile:
    if not len(demand):
        nothing = np.full(24, np.nan)
        return DayProfile(nothing, nothing, nothing)
    counts = np.count_nonzero(~np.isnan(demand), axis=0)
    sums = np.nansum(demand, axis=0)
    mean = np.divide(sums, counts, out=np.full(24, np.nan), where=counts > 0)
    return DayProfile(mean, quantile(demand, LOW), quantile(demand, HIGH))


@dataclass(frozen=True, eq=False)
class LoadDuration:
    """The demand in falling order over the share of the time."""

    share: Floats
    """0..1, ascending."""
    demand: Floats
    """kW; the first is the peak demand."""


def load_duration(demand: Demand) -> LoadDuration:
    """Sort all steps with readings, thinned evenly to at most a thousand points, both ends among them."""
    falling = np.sort(demand.kwh[demand.there])[::-1] / demand.hours
    if not len(falling):
        return LoadDuration(falling, falling)
    last = len(falling) - 1
    chosen = np.unique(np.linspace(0, last, min(len(falling), DURATION_POINTS)).round().astype("intp"))
    return LoadDuration(chosen / max(last, 1), falling[chosen])


@dataclass(frozen=True, eq=False)
class Trend:
    """A demand in kW that changes over the days."""

    start: Moments
    """datetime64[s], the facility's clock."""
    kw: Floats


def baseload_trend(hours: HeatMap) -> Trend:
    """Return the 5th percentile of each day's hourly demand, over the days with readings."""
    level = quantile(hours.demand.T, BASELOAD_SHARE)
    there = ~np.isnan(level)
    return Trend(hours.days[there].astype("datetime64[s]"), level[there])
