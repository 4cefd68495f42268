"""The charts of the pages, each with its title and legend."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from services.reports import amounts
from services.reports.contents import Contents
from services.reports.pages import charts
from services.reports.pages.charts import palette
from services.reports.wording import Wording

Data = dict[str, Any]


def days(contents: Contents, wording: Wording) -> Data:
    series, say = contents.now.consumption, wording.say
    legend = [_key(say("working day"), palette.ACCENT), _key(say("weekend"), palette.SOFT)]
    if contents.expected is not None:
        legend.append(_key(say("forecast"), palette.FORECAST, "line"))
    return _chart(
        say("Consumption by day"),
        "kWh",
        charts.day_columns(_dates(series.start), series.kwh, contents.expected, wording),
        legend,
    )


def history(contents: Contents, wording: Wording) -> Data:
    monthly, compared = contents.period.kind == "month", contents.period.year_before.start
    metered = np.flatnonzero(np.isfinite(contents.history.kwh))
    starts = _dates(contents.history.start)[metered[0] :]
    budget = contents.budget
    drawing = charts.period_columns(
        [_period_label(day, place, monthly, wording) for place, day in enumerate(starts)],
        contents.history.kwh[metered[0] :],
        [day in (contents.period.start, compared) for day in starts],
        budget,
        wording,
    )
    title = wording.say("Month by month") if monthly else wording.say("Week by week")
    words = wording.say("budget {kwh}", kwh=amounts.kwh(wording, budget))
    legend = [_key(words, palette.FORECAST, "line")] if budget else []
    return _chart(title, "kWh", drawing, legend)


def heat_map(contents: Contents, wording: Wording) -> Data:
    heat = contents.now.heat_map
    drawing = charts.heat_map(_dates(heat.days), heat.kwh, wording)
    return _chart(wording.say("Consumption by day and hour"), wording.say("kWh in the hour"), drawing)


def profile(contents: Contents, wording: Wording) -> Data:
    say = wording.say
    return _chart(
        say("Average day"),
        "kW",
        charts.profile_lines(contents.now.profile, wording),
        [_key(say("working day"), palette.ACCENT, "line"), _key(say("weekend"), palette.FORECAST, "line")],
    )


def duration(contents: Contents, wording: Wording) -> Data:
    drawing = charts.duration_curve(contents.now.load_duration, wording)
    return _chart(wording.say("Load duration"), wording.say("kW over the share of the time"), drawing)


def _period_label(start: date, place: int, monthly: bool, wording: Wording) -> str:
    if not monthly:
        return wording.short_day(start)
    year = f" {start.year}" if place == 0 or start.month == 1 else ""
    return wording.short_month(start) + year


def _chart(title: str, unit: str, drawing: str, legend: Sequence[Data] = ()) -> Data:
    return {"title": title, "unit": unit, "svg": drawing, "legend": list(legend), "note": "", "alt": title}


def _key(name: str, colour: str, kind: str = "box") -> Data:
    return {"name": name, "colour": colour, "kind": kind}


def _dates(times: np.ndarray[Any, np.dtype[np.datetime64]]) -> list[date]:
    days: list[date] = times.astype("datetime64[D]").tolist()
    return days
