"""The periods that the dashboard offers, counted from the last day with readings."""

from datetime import date, timedelta
from enum import StrEnum


class Period(StrEnum):
    ALL = "all"
    LAST_7 = "last 7 days"
    LAST_30 = "last 30 days"
    LAST_90 = "last 90 days"
    MONTH = "this month"
    YEAR = "this year"
    CUSTOM = "custom"


DAYS = {Period.LAST_7: 7, Period.LAST_30: 30, Period.LAST_90: 90}


def bounds(period: Period, first: date, last: date) -> tuple[date, date]:
    """The first and the last day of a period within readings from ``first`` to ``last``, both included.

    `Period.CUSTOM` has no days of its own and counts as all.
    """
    if period in DAYS:
        return max(first, last - timedelta(days=DAYS[period] - 1)), last
    if period is Period.MONTH:
        return max(first, last.replace(day=1)), last
    if period is Period.YEAR:
        return max(first, last.replace(month=1, day=1)), last
    return first, last
