"""The dashboard's figures as the arrays of its charts, and every point in words."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from PySide6.QtCore import QCoreApplication

from desktop.viewmodels.quantities import kwh, number, percent, period
from services.dashboard import Stats

translate = QCoreApplication.translate

MOST_BARS = 18


@dataclass(frozen=True)
class Days:
    """One value per calendar day: ``x`` in seconds since 1970 of its midnight UTC, whatever the facility's
    time zone, so that an axis in UTC shows that date; kWh, NaN without readings; each day in words."""

    x: list[float]
    energy: list[float]
    texts: list[str]
    description: str = ""
    """The chart's main figures, for those who do not see it."""


@dataclass(frozen=True)
class Weeks:
    """One value per week with readings: ``x`` as in `Days`, of its Monday; kWh; whether all seven days have
    readings; each week in words."""

    x: list[float]
    energy: list[float]
    whole: list[bool]
    texts: list[str]
    description: str = ""


@dataclass(frozen=True)
class Shares:
    """One value per bar, descending: the device's id (None for all others together), its name, kWh, its share
    as it stands at the bar, and all of it in words."""

    keys: list[str | None]
    names: list[str]
    energy: list[float]
    figures: list[str]
    texts: list[str]
    description: str = ""


def days(stats: Stats) -> Days:
    known = {entry.date: entry.consumption for entry in stats.daily_data}
    if not known:
        return Days([], [], [])
    first, last = min(known), max(known)
    calendar = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    unknown = translate("dashboard", "no readings")
    return Days(
        [_midnight(when) for when in calendar],
        [known.get(when, math.nan) for when in calendar],
        [f"{period('daily', when)}\n{kwh(known[when]) if when in known else unknown}" for when in calendar],
        _extremes([(period("daily", when), energy) for when, energy in known.items()]),
    )


def weeks(stats: Stats) -> Weeks:
    counted = Counter(entry.date - timedelta(days=entry.date.weekday()) for entry in stats.daily_data)
    return Weeks(
        [_midnight(entry.week) for entry in stats.weekly_data],
        [entry.consumption for entry in stats.weekly_data],
        [counted[entry.week] == 7 for entry in stats.weekly_data],
        [_week(entry.week, entry.consumption, counted[entry.week]) for entry in stats.weekly_data],
        _extremes([(period("weekly", entry.week), entry.consumption) for entry in stats.weekly_data]),
    )


def shares(stats: Stats, ids: Mapping[str, str]) -> Shares:
    ranked = sorted(stats.device_breakdown, key=lambda entry: entry.consumption, reverse=True)
    shown = ranked if len(ranked) <= MOST_BARS else ranked[: MOST_BARS - 1]
    bars = [(ids.get(e.device), e.device, e.consumption, e.share, e.category) for e in shown]
    if rest := ranked[len(shown) :]:
        others = translate("dashboard", "{count} others").format(count=number(len(rest)))
        bars.append((None, others, sum(e.consumption for e in rest), sum(e.share for e in rest), ""))
    spoken = [_bar(name, energy, share, category) for _, name, energy, share, category in bars]
    return Shares(
        [key for key, *_ in bars],
        [name for _, name, *_ in bars],
        [energy for _, _, energy, _, _ in bars],
        [percent(share, 1) for _, _, _, share, _ in bars],
        spoken,
        "; ".join(text.replace("\n", ", ") for text in spoken),
    )


def _week(monday: date, energy: float, days_known: int) -> str:
    lines = [period("weekly", monday), kwh(energy)]
    if days_known < 7:
        template = translate("dashboard", "{count} of 7 days have readings")
        lines.append(template.format(count=days_known))
    return "\n".join(lines)


def _bar(name: str, energy: float, share: float, category: str) -> str:
    template = translate("dashboard", "{energy}, {share} of the total")
    lines = [name, template.format(energy=kwh(energy), share=percent(share, 1)), category]
    return "\n".join(line for line in lines if line)


def _extremes(points: list[tuple[str, float]]) -> str:
    if not points:
        return ""
    highest, lowest = max(points, key=lambda point: point[1]), min(points, key=lambda point: point[1])
    template = translate("dashboard", "Highest: {high} on {when}. Lowest: {low} on {other}.")
    return template.format(high=kwh(highest[1]), when=highest[0], low=kwh(lowest[1]), other=lowest[0])


def _midnight(when: date) -> float:
    return datetime(when.year, when.month, when.day, tzinfo=UTC).timestamp()
