"""What a report is about: a month or a week, of everything, of one category or of one device."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from services.dashboard import Filter
from services.devices import list_categories, list_devices
from services.errors import LoadlensError
from services.names import find_by_name
from services.scope import Scope
from services.typed import typed

Kind = Literal["month", "week"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SubjectKind = Literal["facility", "category", "device"]


class ReportRefused(LoadlensError):
    """The report cannot be made as asked, or cannot be written where it was asked for."""


class NoReadings(ReportRefused):
    """There is nothing to report of."""


@dataclass(frozen=True, order=True)
class Period:
    """A calendar month, or a week from Monday to Sunday; ``start`` and ``end`` are included."""

    start: date
    end: date
    kind: Kind

    @property
    def days(self) -> int:
        """The number of its days."""
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
    """Return the month or week that a day lies in."""
    if kind == "week":
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=6), kind)
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return Period(first, following - timedelta(days=1), kind)


def last_whole(last_day: date, kind: Kind) -> Period:
    """Return the last period that is over when readings end on ``last_day``."""
    period = period_of(last_day, kind)
    return period if period.end <= last_day else period.previous


@dataclass(frozen=True)
class Subject:
    """``id`` and ``name`` are empty for the whole facility."""

    kind: SubjectKind = "facility"
    id: str = ""
    name: str = ""

    def within(self, start: date, end: date) -> Filter:
        """Return the filter of its readings from ``start`` to ``end``, both included."""
        ids = (self.id,)
        return Filter(
            start=start,
            end=end,
            device_ids=ids if self.kind == "device" else None,
            category_ids=ids if self.kind == "category" else None,
        )


FACILITY = Subject()


def subjects(scope: Scope) -> list[Subject]:
    """Return all that a report can be about: the facility, then categories, then devices, by name."""
    return [
        FACILITY,
        *(Subject("category", category.id, category.name) for category in list_categories(scope)),
        *(Subject("device", device.id, device.name) for device in list_devices(scope)),
    ]


def subject_of(scope: Scope, kind: str, subject_id: str) -> Subject:
    """Return the subject with that id under the name it has now. Raises `ReportRefused` when it is gone."""
    found = [s for s in subjects(scope) if (s.kind, s.id) == (kind, subject_id)]
    if not found:
        raise ReportRefused(
            "The device or category of this report is not there any more. Choose another one.",
        )
    return found[0]


@typed
def subject_named(scope: Scope, kind: SubjectKind, name: str) -> Subject:
    """Return the device or category of that name, however it is spelled. Raises `ReportRefused`."""
    found = find_by_name((s.name, s) for s in subjects(scope) if s.kind == kind)(name)
    if found is None:
        if kind == "device":
            raise ReportRefused("There is no device named “{name}”. Check the spelling.", name=name)
        raise ReportRefused("There is no category named “{name}”. Check the spelling.", name=name)
    return found


def devices_of(scope: Scope, subject: Subject) -> tuple[str, ...] | None:
    """Return the ids of its devices; None for the whole facility."""
    if subject.kind == "facility":
        return None
    if subject.kind == "device":
        return (subject.id,)
    return tuple(device.id for device in list_devices(scope) if device.category_id == subject.id)
