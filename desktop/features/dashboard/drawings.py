"""What each of the dashboard's charts draws and says, made off the GUI thread from an `Overview`."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import QCoreApplication

from desktop.features.settings.tariff_text import hour
from desktop.framework.drawing import (
    Drawing,
    PointTexts,
    energy_text,
    extremes,
    interval_text,
    seconds,
)
from desktop.framework.formatting import kw, kwh, number, percent
from services.dashboard import (
    CHARTS,
    Overview,
    Resolution,
    Series,
    Share,
    bar_coverage,
    calendarised,
    is_complete,
    shown_forecast,
    weekly,
)

translate = QCoreApplication.translate

HOURS = 24
MOST_BARS = 18
MOST_OF_PARETO = 40


def drawings(whole: Overview, part: Overview) -> dict[str, Drawing]:
    """Return what every chart draws; ``part`` is of the brushed days, or ``whole`` again."""
    return {name: drawing(name, part if spec.of_brushed_days else whole) for name, spec in CHARTS.items()}


def drawing(name: str, seen: Overview) -> Drawing:
    """Return what the chart of this name draws, with its data as a table."""
    found = replace(DRAWINGS[name](seen), table=partial(CHARTS[name].table, seen))
    if CHARTS[name].needs_hours and seen.daily.start.size and not seen.tells_hours:
        needs = translate(
            "dashboard", "This needs hourly readings, or finer ones; there are longer ones only."
        )
        return replace(found, missing=needs)
    return found


def _consumption(seen: Overview) -> Drawing:
    """Draw the consumption and its forecast, beside the budget of a month or the mean day."""
    resolution, start, used = seen.resolution, seen.consumption.start, seen.consumption.kwh
    bars = Bars(seen, seen.consumption, resolution)
    ahead, expected, lower, upper = shown_forecast(seen)

    def text(at: int) -> str:
        if at < len(start):
            return bars.text(at)
        to_come = at - len(start)
        likely = translate("dashboard", "forecast, most likely between {lower} and {upper}").format(
            lower=kwh(float(lower[to_come])), upper=kwh(float(upper[to_come]))
        )
        return f"{interval_text(ahead[to_come], resolution)}\n{energy_text(expected[to_come])}\n{likely}"

    forecast = (seconds(ahead), expected, lower, upper) if len(ahead) else None
    budget = seen.budget.budget if resolution == "month" else None
    mean = seen.figures.average_day.value if resolution == "day" else None
    return Drawing(
        (seconds(start), used, PointTexts(text), forecast, budget, bars.measured, mean),
        bars.described(extremes(used, lambda at: interval_text(start[at], resolution), kwh)),
    )


def _weeks(seen: Overview) -> Drawing:
    series = weekly(seen)
    bars = Bars(seen, series, "week")
    return Drawing(
        (seconds(series.start), series.kwh, PointTexts(bars.text), None, None, bars.measured),
        bars.described(extremes(series.kwh, lambda at: interval_text(series.start[at], "week"), kwh)),
    )


def _heat_map(seen: Overview) -> Drawing:
    days, used = seen.heat_map.days, seen.heat_map.kwh

    def text(at: int) -> str:
        day, of = divmod(at, HOURS)
        return f"{interval_text(days[day], 'day')}, {hour(of)}\n{energy_text(float(used[day, of]))}"

    return Drawing((seconds(days), used, PointTexts(text)))


def _baseload(seen: Overview) -> Drawing:
    start, demand = seen.baseload_trend.start, seen.baseload_trend.kw
    texts = PointTexts(lambda at: f"{interval_text(start[at], 'day')}\n{kw(float(demand[at]))}")
    return Drawing(
        (seconds(start), demand, texts),
        extremes(demand, lambda at: interval_text(start[at], "day"), kw),
    )


def _cusum(seen: Overview) -> Drawing:
    start, sums = seen.cusum.start, seen.cusum.kwh

    def text(at: int) -> str:
        template = (
            translate("dashboard", "{energy} more than the baseline until then")
            if sums[at] > 0
            else translate("dashboard", "{energy} less than the baseline until then")
        )
        return f"{interval_text(start[at], 'day')}\n{template.format(energy=kwh(abs(float(sums[at]))))}"

    return Drawing(
        (seconds(start), sums, PointTexts(text)),
        text(len(sums) - 1).replace("\n", ": ") if len(sums) else "",
    )


def _budget(seen: Overview) -> Drawing:
    start, used, planned = seen.budget.start, seen.budget.kwh, seen.budget.budget

    bars = Bars(seen, Series(start, used), "month")

    def text(at: int) -> str:
        lines = [bars.text(at)]
        if planned:
            share = translate("dashboard", "{share} of the budget of {budget}")
            lines.append(share.format(share=percent(float(used[at]) / planned), budget=kwh(planned)))
        return "\n".join(lines)

    return Drawing(
        (seconds(start), used, PointTexts(text), planned, bars.measured),
        "; ".join(text(at).replace("\n", ", ") for at in range(len(start))),
    )


def _profile(seen: Overview) -> Drawing:
    days = {
        translate("dashboard", "Weekdays"): seen.profile.weekday,
        translate("dashboard", "Weekends"): seen.profile.weekend,
    }

    def text(at: int) -> str:
        lines = [f"{hour(at)} – {hour(at + 1)}"]
        for kind, day in days.items():
            if not np.isnan(day.mean[at]):
                template = translate("dashboard", "{kind}: {mean} ({low} to {high})")
                bounds = {"low": kw(float(day.low[at])), "high": kw(float(day.high[at]))}
                lines.append(template.format(kind=kind, mean=kw(float(day.mean[at])), **bounds))
        return "\n".join(lines)

    busiest = []
    for kind, day in days.items():
        if np.isfinite(day.mean).any():
            most = int(np.nanargmax(day.mean))
            template = translate("dashboard", "{kind}: most at {hour} with {demand}.")
            busiest.append(template.format(kind=kind, hour=hour(most), demand=kw(float(day.mean[most]))))
    weekday, weekend = ((day.mean, day.low, day.high) for day in days.values())
    return Drawing((weekday, weekend, PointTexts(text)), " ".join(busiest))


def _load_duration(seen: Overview) -> Drawing:
    share, demand = seen.load_duration.share, seen.load_duration.demand
    template = translate("dashboard", "{share} of the time at least\n{demand}")

    def text(at: int) -> str:
        return template.format(share=percent(float(share[at]), 1), demand=kw(float(demand[at])))

    extent = translate("dashboard", "From {highest} down to {lowest}.")
    return Drawing(
        (share, demand, PointTexts(text)),
        extent.format(highest=kw(float(demand[0])), lowest=kw(float(demand[-1]))) if len(demand) else "",
    )


def _breakdown(shares: Sequence[Share]) -> Drawing:
    """Draw the greatest first, and the smallest of many together."""
    bars = _bars(shares, MOST_BARS)
    texts = [_share_text(bar) for bar in bars]
    return Drawing(
        (
            [bar.id or None for bar in bars],
            [bar.name for bar in bars],
            [bar.kwh for bar in bars],
            [percent(bar.share, 1) for bar in bars],
            texts,
        ),
        "; ".join(text.replace("\n", ", ") for text in texts),
    )


def _categories(seen: Overview) -> Drawing:
    missing = translate(
        "dashboard", "None of these devices has a category. Give them one on the devices page."
    )
    named = any(share.name for share in seen.categories)
    return replace(_breakdown(seen.categories), missing="" if named else missing)


def _pareto(seen: Overview) -> Drawing:
    """Draw the greatest devices first, with what they add up to."""
    bars, sums, vital = _bars(seen.parts, MOST_OF_PARETO), 0.0, _vital(seen.parts)
    texts = []
    for bar in bars:
        sums += bar.share
        added = translate("dashboard", "{share} together with those before it")
        texts.append(f"{_share_text(bar)}\n{added.format(share=percent(sums, 1))}")
    return Drawing(
        ([bar.id or None for bar in bars], [bar.name for bar in bars], [bar.kwh for bar in bars], texts),
        translate("dashboard", "{count} of {total} make up 80 % of the consumption.").format(
            count=number(vital), total=number(len(seen.parts))
        ),
    )


DRAWINGS: dict[str, Callable[[Overview], Drawing]] = {
    "consumption": _consumption,
    "weeks": _weeks,
    "heat_map": _heat_map,
    "baseload": _baseload,
    "cusum": _cusum,
    "budget": _budget,
    "profile": _profile,
    "load_duration": _load_duration,
    "devices": lambda seen: _breakdown(seen.parts),
    "categories": _categories,
    "pareto": _pareto,
}
"""What is drawn, by the names of `services.dashboard.CHARTS`."""


class Bars:
    """Intervals of consumption and what they rest on."""

    def __init__(self, seen: Overview, series: Series, resolution: Resolution) -> None:
        self._series, self._resolution = series, resolution
        self._coverage = bar_coverage(seen, series.start, resolution)
        self._spread = calendarised(seen, series.start, resolution)

    @property
    def measured(self) -> list[bool]:
        """Which have all their readings, none of which is spread: the others are drawn paler."""
        parts = zip(self._coverage.tolist(), self._spread.tolist(), strict=True)
        return [is_complete(coverage) and not spread for coverage, spread in parts]

    def text(self, at: int) -> str:
        """Say how much it was, and what that rests on."""
        used, coverage = self._series.kwh[at], float(self._coverage[at])
        lines = [interval_text(self._series.start[at], self._resolution), energy_text(used)]
        if not np.isnan(used) and not is_complete(coverage):
            template = translate("dashboard", "{share} of the readings are there.")
            lines.append(template.format(share=percent(coverage)))
        if self._spread[at] and not np.isnan(used):
            lines.append(translate("dashboard", "Calendarised: longer readings are spread evenly."))
        return "\n".join(lines)

    def described(self, extent: str) -> str:
        """Add to the chart's main points what is drawn paler."""
        if not self._spread.any():
            return extent
        return f"{extent} {translate('dashboard', 'Paler: longer readings are spread evenly.')}".strip()


def _vital(shares: Sequence[Share]) -> int:
    """Count the greatest that make up four fifths."""
    sums = 0.0
    for count, share in enumerate(shares, start=1):
        sums += share.share
        if sums >= 0.8:
            return count
    return len(shares)


def _bars(shares: Sequence[Share], most: int) -> list[Share]:
    if len(shares) <= most:
        return [_named(share) for share in shares]
    shown, rest = shares[: most - 1], shares[most - 1 :]
    others = translate("dashboard", "{count} others").format(count=number(len(rest)))
    together = Share("", others, sum(share.kwh for share in rest), sum(share.share for share in rest))
    return [*map(_named, shown), together]


def _named(share: Share) -> Share:
    return share if share.name else replace(share, name=translate("dashboard", "No category"))


def _share_text(bar: Share) -> str:
    template = translate("dashboard", "{energy}, {share} of the total")
    return f"{bar.name}\n{template.format(energy=kwh(bar.kwh), share=percent(bar.share, 1))}"
