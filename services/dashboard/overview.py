"""Everything that the dashboard shows, of whatever a filter chooses, in one go."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from services.dashboard.baseload import Trend, baseload_trend
from services.dashboard.breakdown import Share, by_category, by_device
from services.dashboard.comparison import Period
from services.dashboard.cusum import cusum
from services.dashboard.duration import LoadDuration, load_duration
from services.dashboard.figures import Figures, figures, no_figures
from services.dashboard.forecast import Forecast, ahead, continued
from services.dashboard.heat_map import HeatMap, heat_map
from services.dashboard.profile import Profile, profile
from services.dashboard.selection import Filter, selected
from services.dashboard.series import Moments, Resolution, Series, Values, summed
from services.facility import facility_of
from services.scope import Scope
from services.typed import typed


class Budget(NamedTuple):
    """The months beside their budget."""

    start: Moments
    """datetime64[s], the facility's clock."""
    kwh: Values
    """A month at the edge holds only its chosen days; NaN where nothing was read."""
    budget: float | None
    """kWh a month; None without one, and where not the whole facility is looked at."""


@dataclass(frozen=True, eq=False)
class Overview:
    """The figures and charts of the chosen days, meters and places."""

    figures: Figures
    """Of the days from the first to the last reading among the chosen ones."""
    consumption: Series
    """Of all chosen days."""
    forecast: Forecast | None
    profile: Profile
    heat_map: HeatMap
    load_duration: LoadDuration
    devices: list[Share]
    categories: list[Share]
    baseload_trend: Trend
    cusum: Series
    budget: Budget


@typed
def overview(scope: Scope, filter: Filter = Filter(), resolution: Resolution = "day") -> Overview:  # noqa: A002, B008 - frozen, and named for what it is
    """What the filter chooses, from the packed readings in memory; empty where it chooses no reading.

    Without a start or end the days are those from the first or to the last reading of what is chosen.
    """
    selection = selected(scope, filter)
    period = selection and _chosen(selection.covered, filter)
    read = selection and period and period.both(selection.covered)
    if not (selection and period and read):
        return _nothing()
    facility = facility_of(scope)
    device_ids = None if filter.whole_facility else list(dict.fromkeys(selection.device_ids))
    known = ahead(scope, selection, device_ids)
    days, with_readings = selection.days(period), selection.days(read)
    demand = selection.demand.part(days)
    hours = heat_map(period.days, days.start, demand)
    kwh = selection.kwh_of(period.days)
    months = summed(period.days, kwh, "month")
    return Overview(
        figures=figures(selection, read, facility, known.next_month),
        consumption=_hourly(hours) if resolution == "hour" else summed(period.days, kwh, resolution),
        forecast=continued(known, selection, period, resolution),
        profile=profile(hours),
        heat_map=hours,
        load_duration=load_duration(demand),
        devices=by_device(selection, with_readings),
        categories=by_category(selection, with_readings),
        baseload_trend=baseload_trend(hours),
        cusum=cusum(selection.covered.days, selection.kwh_of(selection.covered.days), read.days),
        budget=Budget(months.start, months.kwh, facility.monthly_budget if filter.whole_facility else None),
    )


@typed
def device_overview(
    scope: Scope, device_id: str, start: date | None = None, end: date | None = None
) -> Overview:
    """The same of one device."""
    return overview(scope, Filter(start, end, (device_id,)))


def _nothing() -> Overview:
    none = np.zeros(0)
    day = np.zeros(0, "datetime64[D]")
    series = Series(day.astype("datetime64[s]"), none)
    hours = HeatMap(day, np.zeros((0, 24)), np.zeros((0, 24)))
    return Overview(
        figures=no_figures(),
        consumption=series,
        forecast=None,
        profile=profile(hours),
        heat_map=hours,
        load_duration=LoadDuration(none, none),
        devices=[],
        categories=[],
        baseload_trend=Trend(series.start, none),
        cusum=series,
        budget=Budget(series.start, none, None),
    )


def _chosen(covered: Period, chosen: Filter) -> Period | None:
    period = Period(chosen.start or covered.start, chosen.end or covered.end)
    return period if period.start <= period.end else None


def _hourly(hours: HeatMap) -> Series:
    start = hours.days[:, np.newaxis] + np.arange(24).astype("timedelta64[h]")
    return Series(start.ravel().astype("datetime64[s]"), hours.kwh.ravel())
