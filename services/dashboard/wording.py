"""What figures rest on, in words: the dashboard, the report and the command line say the same."""

from services.dashboard.comparison import Basis
from services.dashboard.coverage import COMPLETE
from services.dashboard.selection import Period
from services.messages import formats, gettext


def is_complete(coverage: float | None) -> bool:
    """Return whether readings cover it all, or nothing is known of that."""
    return coverage is None or coverage >= COMPLETE


def coverage_text(coverage: float | None) -> str:
    """Say which part of the readings a figure rests on; empty where it is all of them."""
    if coverage is None or is_complete(coverage):
        return ""
    return gettext("from {share} of the readings", share=formats().percent(coverage))


def period_text(period: Period) -> str:
    """Name a period: a month, a day, or days."""
    if period.is_months and (period.start.year, period.start.month) == (period.end.year, period.end.month):
        return formats().month(period.start)
    if period.length == 1:
        return formats().day(period.start)
    return formats().days(period.start, period.end)


def basis_text(basis: Basis | None) -> str:
    """Say what a comparison rests on, as in “14 of 17 meters, 22 of 31 days”; empty where that is all."""
    if basis is None or basis.whole or not basis.meters:
        return ""
    number, parts = formats().number, []
    if basis.meters < basis.all_meters:
        parts.append(
            gettext("{count} of {all} meters", count=number(basis.meters), all=number(basis.all_meters))
        )
    if basis.days < basis.all_days:
        parts.append(gettext("{count} of {all} days", count=number(basis.days), all=number(basis.all_days)))
    if basis.until is not None:
        day, time = formats().day(basis.until.date()), formats().time(basis.until)
        parts.append(gettext("until {day} at {time}", day=day, time=time))
    elif basis.share < COMPLETE:
        parts.append(gettext("{share} of the hours", share=formats().percent(basis.share)))
    return ", ".join(parts)
