"""The baseload: what never switches off."""

from dataclasses import dataclass

import numpy as np

from services.dashboard.heat_map import HeatMap
from services.dashboard.quantiles import quantile
from services.dashboard.series import Moments, Values

SHARE = 0.05
"""Near the lowest demand, but not the lowest: a power cut or a gap of readings is no baseload. The near-base
load of Price, Methods for Analyzing Electric Load Shape and its Variability, LBNL-3713E, 2010, with 5 % for
its 2.5 %."""


@dataclass(frozen=True, eq=False)
class Trend:
    """A demand in kW that changes over the days."""

    start: Moments
    """datetime64[s], the facility's clock."""
    kw: Values


def baseload(hours: HeatMap) -> float | None:
    """The 5th percentile of the hourly demand in kW; None without readings."""
    level = float(quantile(hours.demand.reshape(-1, 1), SHARE)[0]) if len(hours.days) else np.nan
    return None if np.isnan(level) else level


def baseload_trend(hours: HeatMap) -> Trend:
    """The 5th percentile of each day's hourly demand, over the days with readings."""
    level = quantile(hours.demand.T, SHARE)
    there = ~np.isnan(level)
    return Trend(hours.days[there].astype("datetime64[s]"), level[there])
