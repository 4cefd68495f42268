"""The dashboard's figures in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QCoreApplication

from desktop.viewmodels.dashboard_series import Days, Shares, Weeks, days, shares, weeks
from desktop.viewmodels.quantities import day, kwh, number, percent, period
from services.dashboard import Stats

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Figure:
    """A figure and what it refers to, in words."""

    value: str
    hint: str = ""


@dataclass(frozen=True)
class Figures:
    total: Figure
    average: Figure
    peak: Figure
    next_month: Figure
    daily: Days
    weekly: Weeks
    breakdown: Shares
    mean: float
    """kWh a day."""


def figures(stats: Stats, ids: Mapping[str, str], last_day: date, last_month: float | None) -> Figures:
    """``ids``: the id of each device by its name; ``last_day`` with readings; ``last_month``: kWh of the
    month of that day, None unless it is complete."""
    return Figures(
        Figure(kwh(stats.total_consumption), _spanned(stats)),
        Figure(kwh(stats.avg_daily_consumption), _counted(stats)),
        Figure(kwh(stats.peak_consumption), translate("dashboard", "the highest single reading")),
        Figure(kwh(stats.predicted_next_month), _compared(stats.predicted_next_month, last_day, last_month)),
        days(stats),
        weeks(stats),
        shares(stats, ids),
        stats.avg_daily_consumption,
    )


def _spanned(stats: Stats) -> str:
    if not stats.daily_data:
        return ""
    first, last = stats.daily_data[0].date, stats.daily_data[-1].date
    if first == last:
        return day(first)
    return translate("dashboard", "{first} to {last}").format(first=day(first), last=day(last))


def _counted(stats: Stats) -> str:
    if len(stats.daily_data) == 1:
        return translate("dashboard", "over one day")
    template = translate("dashboard", "over {count} days")
    return template.format(count=number(len(stats.daily_data)))


def _compared(predicted: float | None, last_day: date, last_month: float | None) -> str:
    """The month that is predicted, and how it compares with the one before it."""
    if predicted is None:
        return translate("dashboard", "There are too few readings to predict it.")
    month = period("monthly", last_day.replace(day=1) + timedelta(days=32))
    if not last_month:
        return month
    change = predicted / last_month - 1
    template = (
        translate("dashboard", "{month}: {share} above {before}")
        if change > 0
        else translate("dashboard", "{month}: {share} below {before}")
    )
    return template.format(month=month, share=percent(abs(change)), before=period("monthly", last_day))
