"""The report on paper: what the template in resources/reports takes, and its pages as PDF."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from services.alerts import Alert, alert_text, severity_text
from services.dashboard import CHARTS, Figure, Share, coverage_text
from services.messages import formats, gettext, ngettext
from services.reports import amounts, charts, svg
from services.reports.amounts import FIGURES
from services.reports.contents import Contents, dates_of
from services.reports.summary import (
    made_line,
    notes,
    period_name,
    short_period_name,
    subject_name,
    summary,
)

if TYPE_CHECKING:
    import typst

Data = dict[str, Any]

RESOURCES = Path(str(files("resources")))
DEVICES, ALERTS = 20, 12
"""So many are listed on paper; the workbook has them all."""
LONGEST_NAME = 90
UNBROKEN = 16
"""From so many letters on a line may break within a word."""
SHAPED = "\N{HEBREW PUNCTUATION MAQAF}"
"""From here on scripts join or break their letters by rules of their own."""


def as_pdf(contents: Contents) -> bytes:
    """Return the pages as PDF, with tags for screen readers."""
    import typst  # not before there is something to set

    pages = typst.compile(
        RESOURCES / "reports" / "report.typ",
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(_layout(contents), ensure_ascii=False)},
        format="pdf",
    )
    assert isinstance(pages, bytes)
    return pages


@lru_cache(maxsize=1)
def _fonts() -> "typst.Fonts":
    """FiraGO, and whatever the system has for letters that it lacks."""
    import typst

    return typst.Fonts(font_paths=[RESOURCES / "fonts"])


def _layout(contents: Contents) -> Data:
    """The data of the template: texts already written as the country writes them, charts as SVG."""
    subject = contents.subject
    monthly = contents.period.kind == "month"
    period = period_name(contents)
    period = period[:1].upper() + period[1:]
    name = _breakable(contents.facility.name or gettext("Whole facility"))
    return {
        "language": formats().language,
        "paper": contents.paper,
        "title": f"{subject_name(contents)}, {period}",
        "overline": gettext("Monthly energy report") if monthly else gettext("Weekly energy report"),
        "name": name if subject.kind == "facility" else _breakable(subject.name),
        "below": _line_below(contents, period),
        "period": period,
        "running": name if subject.kind == "facility" else f"{name} · {_breakable(subject.name)}",
        "made": made_line(contents),
        "made_by": contents.made_by,
        "page": gettext("Page {page} of {pages}", page="{page}", pages="{pages}"),
        "summary": [_breakable(sentence, len(sentence)) for sentence in summary(contents)],
        "figures": list(_figure_cells(contents)),
        "first_charts": [_days(contents), _history(contents)],
        "when": _when(contents),
        "where": gettext("Where the energy is used"),
        "categories": _shares(contents, "categories"),
        "devices": _shares(contents, "devices"),
        "events": _events(contents),
        "notes": {"heading": gettext("How to read this report"), "rows": notes(contents)},
    }


def _line_below(contents: Contents, period: str) -> str:
    """Return the line under the name: what it is, unless it is the facility, and the period."""
    if contents.subject.kind == "facility":
        return period
    facility = contents.facility.name or gettext("the facility")
    what = (
        gettext("Category of {facility}", facility=facility)
        if contents.subject.kind == "category"
        else gettext("Device of {facility}", facility=facility)
    )
    return f"{period} · {what}"


def _figure_cells(contents: Contents) -> Iterator[dict[str, Any]]:
    """Yield what the template takes of each figure."""
    for name, figure in contents.figures.items():
        yield {
            "name": gettext(FIGURES[name].label),
            "value": _written(contents, name, figure.value),
            "compared": list(_comparisons(contents, name, figure)),
            "note": _note(contents, name),
        }


def _tone(share: float | None) -> str:
    """Return whether a change of consumption is good, bad or none to speak of."""
    if share is None or abs(share) < amounts.SAME:
        return "same"
    return "bad" if share > 0 else "good"


def _written(contents: Contents, name: str, value: float | None) -> str:
    if value is None:
        return ""
    return FIGURES[name].write(value, contents.facility.currency)


def _comparisons(contents: Contents, name: str, figure: Figure) -> Iterator[dict[str, Any]]:
    for back, compared in ((1, figure.before), (2, figure.year_before)):
        share = compared.change if compared else None
        if compared is None or share is None:
            continue
        better_when_more = FIGURES[name].is_share
        yield {
            "change": amounts.signed_points(compared.now - compared.then)
            if better_when_more
            else amounts.signed_percent(share),
            "tone": _tone(-share if better_when_more else share),
            "than": short_period_name(contents, back),
        }


def _note(contents: Contents, name: str) -> str:
    """Say when a peak was, what is annualised, and which part of the readings a figure rests on."""
    parts = [coverage_text(contents.now.figures.coverage)]
    if name == "peak_demand":
        parts.insert(0, _peak_time(contents))
    if name == "eui":
        parts.insert(0, gettext("annualised"))
    return ", ".join(part for part in parts if part)


def _peak_time(contents: Contents) -> str:
    at = contents.now.figures.peak_demand_at
    return f"{formats().short_day(at.date())}, {formats().time(at)}" if at else ""


def _shares(contents: Contents, what: str) -> Data:
    found: list[Share] = getattr(contents.now, what)
    most = max((s.kwh for s in found), default=0.0)
    rest = found[DEVICES:]
    first, unnamed = (
        (gettext("Device"), "") if what == "devices" else (gettext("Category"), gettext("Without a category"))
    )
    return {
        "title": gettext("Devices") if what == "devices" else gettext("Categories"),
        "unit": gettext("by consumption"),
        "columns": [first, "kWh", "", gettext("Share"), _change_heading(contents)],
        "rows": [
            {
                "name": _breakable(share.name or unnamed),
                "kwh": amounts.kwh(share.kwh).removesuffix(f"{amounts.NBSP}kWh"),
                "bar": share.kwh / most if most > 0 else 0.0,
                "share": amounts.percent(share.share),
                # Per day, for a February is no better than a March for being shorter.
                "change": amounts.signed_percent(
                    c := contents.a_day(share.before).change if share.before else None
                ),
                "tone": _tone(c),
            }
            for share in found[:DEVICES]
        ],
        "note": ngettext(
            "{count} more used {kwh}; the workbook lists it.",
            "{count} more used {kwh} together; the workbook lists them.",
            len(rest),
            kwh=amounts.kwh(sum(share.kwh for share in rest)),
        )
        if rest
        else "",
    }


def _events(contents: Contents) -> Data:
    rest = len(contents.events) - ALERTS
    return {
        "heading": gettext("What was out of the ordinary"),
        "none": gettext("No alert was raised in this period."),
        "columns": [gettext("When"), gettext("Device"), gettext("What happened")],
        "rows": [_event(alert, contents) for alert in contents.events[:ALERTS]],
        "note": ngettext(
            "{count} more alert is in the workbook.", "{count} more alerts are in the workbook.", rest
        )
        if rest > 0
        else "",
    }


def _change_heading(contents: Contents) -> str:
    earlier = short_period_name(contents, 1)
    if contents.period.kind == "month":
        return gettext("Per day vs. {period}", period=earlier)
    return gettext("vs. {period}", period=earlier)


def _event(alert: Alert, contents: Contents) -> Data:
    message = alert_text(alert, contents.timezone)
    return {
        "when": _moment(alert.start, contents),
        "severity": alert.severity,
        "says": severity_text(alert.severity),
        "device": _breakable(alert.device),
        "message": _breakable(message, len(message)),
    }


def _moment(value: datetime, contents: Contents) -> str:
    local = value.astimezone(ZoneInfo(contents.timezone))
    return f"{formats().short_day(local.date())}, {formats().time(local)}"


def _days(contents: Contents) -> Data:
    series = contents.now.consumption
    legend = [_key(gettext("working day"), svg.ACCENT), _key(gettext("weekend"), svg.SOFT)]
    if contents.expected is not None:
        legend.append(_key(gettext("forecast"), svg.FORECAST, "line"))
    return _chart(
        gettext("Consumption by day"),
        "kWh",
        charts.day_columns(dates_of(series.start), series.kwh, contents.expected, contents.paper),
        legend,
    )


def _history(contents: Contents) -> Data:
    monthly, compared = contents.period.kind == "month", contents.period.year_before.start
    metered = np.flatnonzero(np.isfinite(contents.history.kwh))
    starts = dates_of(contents.history.start)[metered[0] :]
    budget = contents.budget
    drawing = charts.period_columns(
        [_period_label(day, place, monthly) for place, day in enumerate(starts)],
        contents.history.kwh[metered[0] :],
        [day in (contents.period.start, compared) for day in starts],
        budget,
        contents.paper,
    )
    title = gettext("Month by month") if monthly else gettext("Week by week")
    words = gettext("budget {kwh}", kwh=amounts.kwh(budget))
    legend = [_key(words, svg.FORECAST, "line")] if budget else []
    return _chart(title, "kWh", drawing, legend)


def _when(contents: Contents) -> Data:
    known = contents.now.tells_hours
    return {
        "heading": gettext("When the energy is used"),
        "missing": "" if known else gettext("This is not known: not all meters are read every hour."),
        "charts": [_heat_map(contents)] if known else [],
        "pair": [_profile(contents), _duration(contents)] if known else [],
    }


def _heat_map(contents: Contents) -> Data:
    heat = contents.now.heat_map
    drawing = charts.heat_map(dates_of(heat.days), heat.kwh, contents.paper)
    return _chart(gettext("Consumption by day and hour"), gettext("kWh in the hour"), drawing)


def _profile(contents: Contents) -> Data:
    return _chart(
        CHARTS["profile"].name,
        "kW",
        charts.profile_lines(contents.now.profile, contents.paper),
        [_key(gettext("working day"), svg.ACCENT, "line"), _key(gettext("weekend"), svg.FORECAST, "line")],
    )


def _duration(contents: Contents) -> Data:
    drawing = charts.duration_curve(contents.now.load_duration, contents.paper)
    return _chart(CHARTS["load_duration"].name, gettext("kW over the share of the time"), drawing)


def _period_label(start: date, place: int, monthly: bool) -> str:
    if not monthly:
        return formats().short_day(start)
    year = f" {start.year}" if place == 0 or start.month == 1 else ""
    return formats().short_month(start) + year


def _chart(title: str, unit: str, drawing: str, legend: Sequence[Data] = ()) -> Data:
    return {"title": title, "unit": unit, "svg": drawing, "legend": list(legend), "note": "", "alt": title}


def _key(name: str, colour: str, kind: str = "box") -> Data:
    return {"name": name, "colour": colour, "kind": kind}


def _breakable(words: str, longest: int = LONGEST_NAME) -> str:
    """Return the words, cut when very long, with places to break a line within long ones."""
    shortened = words if len(words) <= longest else words[: longest - 1].rstrip() + "…"
    return " ".join(
        "\N{ZERO WIDTH SPACE}".join(word) if len(word) > UNBROKEN and max(word) < SHAPED else word
        for word in shortened.split(" ")
    )
