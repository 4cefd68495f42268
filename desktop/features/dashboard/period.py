"""The periods that the dashboard offers, counted from the last day with readings."""

from datetime import date, timedelta
from enum import StrEnum

from services.views import View


class Period(StrEnum):
    ALL = "all"
    LAST_7 = "last 7 days"
    LAST_30 = "last 30 days"
    LAST_90 = "last 90 days"
    LAST_365 = "last 365 days"
    MONTH = "this month"
    LAST_MONTH = "last month"
    YEAR = "this year"
    LAST_YEAR = "last year"
    CUSTOM = "custom"


DAYS = {Period.LAST_7: 7, Period.LAST_30: 30, Period.LAST_90: 90, Period.LAST_365: 365}


def bounds(view: View, first: date, last: date) -> tuple[date, date]:
    """The first and the last day of a view within readings from ``first`` to ``last``, both included.

    A period that lies before the first reading counts as all, as does one that is not known here.
    """
    if view.period == Period.CUSTOM:
        start, end = view.start or first, view.end or last
    else:
        start, end = _preset(view.period, first, last)
    start, end = max(first, start), min(last, end)
    return (start, end) if start <= end else (first, last)


def _preset(period: str, first: date, last: date) -> tuple[date, date]:
    month, year = last.replace(day=1), last.replace(month=1, day=1)
    before_month, before_year = month - timedelta(days=1), year - timedelta(days=1)
    presets = {
        Period.MONTH: (month, last),
        Period.LAST_MONTH: (before_month.replace(day=1), before_month),
        Period.YEAR: (year, last),
        Period.LAST_YEAR: (before_year.replace(month=1, day=1), before_year),
        **{key: (last - timedelta(days=days - 1), last) for key, days in DAYS.items()},
    }
    return next((days for key, days in presets.items() if key == period), (first, last))
