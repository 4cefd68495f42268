"""What a report is about, and its periods, in words."""

from services.reports.contents import Contents
from services.reports.wording import Wording


def named(contents: Contents, wording: Wording) -> str:
    """What the report is about, in words."""
    if contents.subject.kind == "facility":
        return contents.facility.name or wording.say("The facility")
    return contents.subject.name


def period_name(wording: Wording, contents: Contents, back: int = 0) -> str:
    """The report's period, the one before (1), or that of the year before (2), in words."""
    period = contents.period
    period = (period, period.previous, period.year_before)[back]
    if period.kind == "month":
        return wording.month(period.start)
    return wording.say("the week of {day}", day=wording.day(period.start))


def short_period_name(contents: Contents, wording: Wording, back: int) -> str:
    """What a change is held against, in few letters."""
    period = (contents.period.previous, contents.period.year_before)[back - 1]
    if period.kind == "week":
        return wording.say("week of {day}", day=wording.short_day(period.start))
    return f"{wording.short_month(period.start)} {period.start.year}"
