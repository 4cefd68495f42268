"""The charts of an `Overview`, an entry each: its name, the days that it needs, and its data as a table.

Dashboard, data export and report read `CHARTS`. To add a chart, add its entry here, what it draws and says in
`desktop.features.dashboard.drawings`, and the item that draws it in `desktop.features.dashboard.charts_grid`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.arrays import Floats
from services.dashboard.coverage import COMPLETE, LONGEST
from services.dashboard.overview import Overview, Share
from services.dashboard.selection import Resolution, Series, sum_by
from services.local_times import Moments
from services.messages import N_, gettext

LEAST_FORECAST: dict[Resolution, int] = {"hour": 24, "day": 7, "week": 4, "month": 1}
"""Intervals of the forecast that are shown at least; the more of the past, the more of them."""

Rows = Sequence[Sequence[object]]
Table = tuple[Sequence[str], Rows]
"""Headings, and the cells row by row."""


@dataclass(frozen=True)
class ChartSpec:
    """A chart of the dashboard; ``title``, ``unit``, ``note`` and ``headings`` are messages."""

    title: str
    unit: str
    """Empty for a chart without a scale."""
    note: str
    """What can be seen, or done, there."""
    headings: tuple[str, ...]
    """Of the columns of its table."""
    rows: Callable[[Overview], Rows]
    needs_hours: bool = False
    """Whether readings of more than an hour tell nothing of it."""
    of_brushed_days: bool = False
    """Whether it follows the days that are brushed in the other charts; those are of all chosen days."""

    @property
    def name(self) -> str:
        """The title in the language in use."""
        return gettext(self.title)

    @property
    def heading(self) -> str:
        """The title with the unit, in the language in use."""
        if not self.unit:
            return self.name
        return gettext("{title}, {unit}", title=self.name, unit=gettext(self.unit))

    def table(self, seen: Overview) -> Table:
        """Return the data of the chart: kWh, kW or shares (0..1), times of the facility's clock (naive)."""
        return [gettext(message) for message in self.headings], self.rows(seen)


def shown_forecast(seen: Overview) -> tuple[Moments, Floats, Floats, Floats]:
    """Return starts, kWh, lower and upper kWh of as much of the forecast as suits what is shown of the past.

    Of an interval that has begun, what was measured is shown; a week or month that is not whole is left out.
    """
    start, kwh = seen.consumption.start, seen.consumption.kwh
    if seen.forecast is None or not len(start):
        return start[:0], kwh[:0], kwh[:0], kwh[:0]
    series, lower, upper = seen.forecast
    first = int(series.start.searchsorted(start[-1], side="right"))
    end = len(series.start) - (seen.resolution in ("week", "month"))
    shown = slice(first, min(end, first + max(LEAST_FORECAST[seen.resolution], len(start) // 3)))
    return series.start[shown], series.kwh[shown], lower[shown], upper[shown]


def weekly(seen: Overview) -> Series:
    """Sum the consumption week by week, whatever the resolution."""
    return sum_by(seen.daily.start.astype("datetime64[D]"), seen.daily.kwh, "week")


def bar_coverage(seen: Overview, start: Moments, resolution: Resolution) -> Floats:
    """Return which part (0..1) of each interval that begins at ``start`` has readings, over all meters.

    Of an hour, that of its day. A week or month at the edge of the days is there in part.
    """
    of = seen.coverage
    covered, expected = (_sum_bars(start, of.days, values) for values in (of.covered, of.expected))
    share: Floats = np.divide(covered, expected, out=np.zeros(len(start)), where=expected > 0)
    if resolution not in ("week", "month"):
        return share
    month = start.astype("datetime64[M]")
    lengths = ((month + 1).astype("datetime64[D]") - month.astype("datetime64[D]")).astype("int64")
    days = _sum_bars(start, of.days, (of.expected > 0).astype("float64"))
    return share * days / (7 if resolution == "week" else lengths)


def complete(seen: Overview, start: Moments, resolution: Resolution) -> npt.NDArray[np.bool_]:
    """Return whether all readings of each interval that begins at ``start`` are there."""
    whole: npt.NDArray[np.bool_] = bar_coverage(seen, start, resolution) >= COMPLETE
    return whole


def calendarised(seen: Overview, start: Moments, resolution: Resolution) -> npt.NDArray[np.bool_]:
    """Return which intervals hold readings of longer ones, spread evenly over these."""
    longer = _sum_bars(start, seen.coverage.days, seen.coverage.longest > LONGEST[resolution])
    spread: npt.NDArray[np.bool_] = longer > 0
    return spread


def _sum_bars(start: Moments, days: Moments, values: npt.NDArray[Any]) -> Floats:
    """Sum the values of days by the interval that they are in; of an hour, take that of its day."""
    if len(start) > len(days):
        place = days.searchsorted(start.astype("datetime64[D]"))
        return values[np.minimum(place, len(days) - 1)].astype("float64")
    bar = start.searchsorted(days.astype(start.dtype), side="right") - 1
    sums: Floats = np.bincount(bar, values, len(start)).astype("float64")
    return sums


def _times(start: Moments) -> list[datetime]:
    times: list[datetime] = start.astype("datetime64[s]").astype("object").tolist()
    return times


def _over_time(start: Moments, values: Floats) -> Rows:
    known = [None if np.isnan(value) else float(value) for value in values]
    return list(zip(_times(start), known, strict=True))


def _consumption(seen: Overview) -> Rows:
    past = [(*row, None, None, None) for row in _over_time(seen.consumption.start, seen.consumption.kwh)]
    start, *bounds = shown_forecast(seen)
    to_come = [(time, None, *row) for time, row in zip(_times(start), zip(*bounds, strict=True), strict=True)]
    return [*past, *to_come]


def _weeks(seen: Overview) -> Rows:
    series = weekly(seen)
    return _over_time(series.start, series.kwh)


def _heat_map(seen: Overview) -> Rows:
    hours = seen.heat_map
    return [(day, *row) for day, row in zip(_times(hours.days), hours.kwh.tolist(), strict=True)]


def _budget(seen: Overview) -> Rows:
    months = seen.budget
    return [(*row, months.budget) for row in _over_time(months.start, months.kwh)]


def _profile(seen: Overview) -> Rows:
    days = (seen.profile.weekday, seen.profile.weekend)
    columns = [values for day in days for values in (day.mean, day.low, day.high)]
    return [(hour, *(float(column[hour]) for column in columns)) for hour in range(24)]


def _load_duration(seen: Overview) -> Rows:
    curve = seen.load_duration
    return list(zip(curve.share.tolist(), curve.demand.tolist(), strict=True))


def _shares(shares: Sequence[Share]) -> Rows:
    return [(share.name or gettext("No category"), share.kwh, share.share) for share in shares]


_SHARE_HEADINGS = (N_("Name"), N_("kWh"), N_("Share"))

CHARTS: dict[str, ChartSpec] = {
    "consumption": ChartSpec(
        N_("Consumption"),
        N_("kWh"),
        N_(
            "Shift and drag picks days: figures and charts follow. The wheel zooms, a double click shows all."
        ),
        (N_("Start"), N_("kWh"), N_("Forecast kWh"), N_("Lower kWh"), N_("Upper kWh")),
        _consumption,
    ),
    "weeks": ChartSpec(
        N_("Weekly consumption"),
        N_("kWh"),
        N_("Paler: readings lack, or are spread from longer ones."),
        (N_("Week"), N_("kWh")),
        _weeks,
    ),
    "heat_map": ChartSpec(
        N_("Heat map"),
        N_("kWh an hour"),
        N_("Days from left to right, hours from top to bottom."),
        (N_("Day"), *(f"{hour:02}:00" for hour in range(24))),
        _heat_map,
        needs_hours=True,
    ),
    "baseload": ChartSpec(
        N_("Baseload"),
        N_("kW"),
        N_("What never switches off, day by day."),
        (N_("Day"), N_("Baseload kW")),
        lambda seen: _over_time(seen.baseload_trend.start, seen.baseload_trend.kw),
        needs_hours=True,
    ),
    "cusum": ChartSpec(
        N_("Against the baseline"),
        N_("kWh"),
        N_("CUSUM. Rising: more than the baseline. Falling: less. Days that lack readings are left out."),
        (N_("Day"), N_("Cumulated difference kWh")),
        lambda seen: _over_time(seen.cusum.start, seen.cusum.kwh),
    ),
    "budget": ChartSpec(
        N_("Months and budget"),
        N_("kWh"),
        N_("The monthly budget is set on the settings page."),
        (N_("Month"), N_("kWh"), N_("Budget kWh")),
        _budget,
    ),
    "profile": ChartSpec(
        N_("Average day"),
        N_("kW"),
        N_("Shaded: where 8 of 10 days lie."),
        (
            N_("Hour"),
            N_("Weekday mean kW"),
            N_("Weekday 10th percentile kW"),
            N_("Weekday 90th percentile kW"),
            N_("Weekend mean kW"),
            N_("Weekend 10th percentile kW"),
            N_("Weekend 90th percentile kW"),
        ),
        _profile,
        needs_hours=True,
        of_brushed_days=True,
    ),
    "load_duration": ChartSpec(
        N_("Load duration"),
        N_("kW"),
        N_("For which share of the time the demand is at least so high."),
        (N_("Share of the time"), N_("Demand kW")),
        _load_duration,
        needs_hours=True,
        of_brushed_days=True,
    ),
    "devices": ChartSpec(
        N_("Share of each device"),
        "",
        N_("Click a bar to see it alone."),
        _SHARE_HEADINGS,
        lambda seen: _shares(seen.parts),
        of_brushed_days=True,
    ),
    "categories": ChartSpec(
        N_("Share of each category"),
        "",
        N_("Click a bar to see it alone."),
        _SHARE_HEADINGS,
        lambda seen: _shares(seen.categories),
        of_brushed_days=True,
    ),
    "pareto": ChartSpec(
        N_("Pareto: the vital few"),
        N_("kWh"),
        N_("The coloured bars make up 80 % of the consumption."),
        _SHARE_HEADINGS,
        lambda seen: _shares(seen.parts),
        of_brushed_days=True,
    ),
}
