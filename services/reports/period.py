"""The calendar month or week that a report is about."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Kind = Literal["month", "week"]
KINDS: tuple[Kind, ...] = ("month", "week")


@dataclass(frozen=True, order=True)
class Period:
    """A calendar month, or a week from Monday to Sunday; ``start`` and ``end`` are included."""

    start: date
    end: date
    kind: Kind

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1

    @property
    def next(self) -> "Period":
        """The one that follows."""
        return period_of(self.end + timedelta(days=1), self.kind)

    @property
    def previous(self) -> "Period":
        """The one before, which may be shorter or longer when it is a month."""
        return period_of(self.start - timedelta(days=1), self.kind)

    @property
    def year_before(self) -> "Period":
        """The same month a year before; of a week the one 52 weeks before, on the same weekdays."""
        if self.kind == "week":
            return period_of(self.start - timedelta(weeks=52), "week")
        return period_of(self.start.replace(year=self.start.year - 1), "month")

    @property
    def label(self) -> str:
        """2017-03, or 2017-W09 by ISO 8601: sorts by time and stands in file names."""
        if self.kind == "month":
            return f"{self.start:%Y-%m}"
        year, week, _day = self.start.isocalendar()
        return f"{year}-W{week:02}"


def period_of(day: date, kind: Kind) -> Period:
    """The month or week that a day lies in."""
    if kind == "week":
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=6), kind)
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return Period(first, following - timedelta(days=1), kind)


def last_whole(last_day: date, kind: Kind) -> Period:
    """The last period that is over when readings end on ``last_day``."""
    period = period_of(last_day, kind)
    return period if period.end <= last_day else period.previous
