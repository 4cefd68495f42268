"""The figures on the first page, each with its comparisons."""

from collections.abc import Iterator
from typing import Any

from services.dashboard import Figure
from services.reports import amounts
from services.reports.contents import Contents
from services.reports.figures import FIGURE_NAMES
from services.reports.naming import short_period_name
from services.reports.wording import Wording


def figure_cells(contents: Contents, wording: Wording) -> Iterator[dict[str, Any]]:
    """What the template takes of each figure."""
    for name, figure in contents.figures.items():
        yield {
            "name": wording.say(FIGURE_NAMES[name]),
            "value": _written(contents, wording, name, figure.value),
            "compared": list(_comparisons(contents, wording, name, figure)),
            "note": _peak_time(contents, wording) if name == "peak_demand" else "",
        }


def tone(share: float | None) -> str:
    """Whether a change of consumption is good, bad or none to speak of."""
    if share is None or abs(share) < amounts.SAME:
        return "same"
    return "bad" if share > 0 else "good"


def _written(contents: Contents, wording: Wording, name: str, value: float | None) -> str:
    if value is None:
        return ""
    if name == "cost":
        return amounts.money(wording, value, contents.facility.currency)
    if name == "load_factor":
        return amounts.percent(wording, value)
    if name == "co2":
        return amounts.co2(wording, value)
    if name == "eui":
        return f"{wording.number(value, 1)} kWh/m²"
    write = amounts.kw if name in ("peak_demand", "baseload") else amounts.kwh
    return write(wording, value)


def _comparisons(contents: Contents, wording: Wording, name: str, figure: Figure) -> Iterator[dict[str, Any]]:
    for back, other in ((1, figure.previous), (2, figure.last_year)):
        share = amounts.change(figure.value, other)
        if figure.value is None or other is None or share is None:
            continue
        better_when_more = name == "load_factor"
        yield {
            "change": amounts.signed_points(wording, figure.value - other)
            if better_when_more
            else amounts.signed_percent(wording, share),
            "tone": tone(-share if better_when_more else share),
            "than": short_period_name(contents, wording, back),
        }


def _peak_time(contents: Contents, wording: Wording) -> str:
    at = contents.now.figures.peak_demand_at
    return f"{wording.short_day(at.date())}, {wording.time(at)}" if at else ""
