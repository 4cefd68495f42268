"""Views of the dashboard: what a user looked at last, and those that were given a name.

Each is a document, that of the last look without a name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError
from pymongo.errors import DuplicateKeyError

from services import names
from services.dashboard import Resolution
from services.errors import LoadlensError
from services.messages import N_
from services.scope import Document, Scope
from services.stored import stored
from services.typed import typed
from services.utilities import Direction, Utility


class ViewPeriod(StrEnum):
    """The periods to choose from, as they are stored in a `View`."""

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


class PeriodSpec(NamedTuple):
    """A period: its title, a message, and its first and last day for the last day with readings.

    No days means all of them, or those that the view names.
    """

    title: str
    days: Callable[[date], tuple[date, date]] | None = None


def _last(days: int) -> Callable[[date], tuple[date, date]]:
    return lambda last: (last - timedelta(days=days - 1), last)


def _month_before(last: date) -> tuple[date, date]:
    end = last.replace(day=1) - timedelta(days=1)
    return end.replace(day=1), end


PERIODS: dict[str, PeriodSpec] = {
    ViewPeriod.ALL: PeriodSpec(N_("All readings")),
    ViewPeriod.LAST_7: PeriodSpec(N_("Last 7 days"), _last(7)),
    ViewPeriod.LAST_30: PeriodSpec(N_("Last 30 days"), _last(30)),
    ViewPeriod.LAST_90: PeriodSpec(N_("Last 90 days"), _last(90)),
    ViewPeriod.LAST_365: PeriodSpec(N_("Last 365 days"), _last(365)),
    ViewPeriod.MONTH: PeriodSpec(N_("This month"), lambda last: (last.replace(day=1), last)),
    ViewPeriod.LAST_MONTH: PeriodSpec(N_("Month before"), _month_before),
    ViewPeriod.YEAR: PeriodSpec(N_("This year"), lambda last: (date(last.year, 1, 1), last)),
    ViewPeriod.LAST_YEAR: PeriodSpec(
        N_("Year before"), lambda last: (date(last.year - 1, 1, 1), date(last.year - 1, 12, 31))
    ),
    ViewPeriod.CUSTOM: PeriodSpec(N_("From … to …")),
}
"""In the order in which they are offered."""


class ViewRefused(LoadlensError):
    """A view cannot be stored as asked."""


@stored
@dataclass(frozen=True)
class View:
    """Days, devices, categories and places; None means all of a kind."""

    period: str = ViewPeriod.ALL.value
    """A name for days that are counted from the last reading; `custom` are those from start to end."""
    start: date | None = None
    end: date | None = None
    device_ids: tuple[str, ...] | None = None
    category_ids: tuple[str, ...] | None = None
    locations: tuple[str, ...] | None = None
    resolution: Resolution = "day"
    utility: Utility | None = None
    """None: all energy."""
    direction: Direction = "consumption"


class NamedView(NamedTuple):
    """A view that was given a name."""

    name: str
    view: View


VIEW = TypeAdapter(View)
LAST = None
"""The name of the view that is remembered without having been given one."""


def view_days(view: View, first: date, last: date) -> tuple[date, date]:
    """Return the first and the last day of a view within readings from ``first`` to ``last``, both included.

    A period that lies before the first reading counts as all, as does one that is not known here.
    """
    spec = PERIODS.get(view.period, PERIODS[ViewPeriod.ALL])
    if view.period == ViewPeriod.CUSTOM:
        start, end = view.start or first, view.end or last
    else:
        start, end = spec.days(last) if spec.days else (first, last)
    start, end = max(first, start), min(last, end)
    return (start, end) if start <= end else (first, last)


def remembered(scope: Scope) -> View | None:
    """Return what the user looked at last; None before the first time."""
    document = scope.db["views"].find_one(scope.owned({"name": LAST}))
    return _view(document) if document else None


@typed
def remember(scope: Scope, view: View) -> None:
    """Store what the user looks at for the next time."""
    _put(scope, LAST, view)


def named(scope: Scope) -> list[NamedView]:
    """List the views with a name, by name."""
    documents = scope.db["views"].find(scope.owned({"name": {"$ne": LAST}})).sort("name")
    return [NamedView(document["name"], view) for document in documents if (view := _view(document))]


@typed
def save(scope: Scope, name: str, view: View) -> None:
    """Store a view under a name, in the place of one that has it. Raises `ViewRefused`."""
    _put(scope, _checked_name(name), view)


@typed
def rename(scope: Scope, name: str, to: str) -> None:
    """Rename a view. Raises `ViewRefused` when another has the name, or it is not there any more."""
    to = _checked_name(to)
    try:
        found = scope.db["views"].update_one(scope.owned({"name": name}), {"$set": names.name_fields(to)})
    except DuplicateKeyError:
        raise ViewRefused("There is a view named “{name}” already. Choose another name.", name=to) from None
    if not found.matched_count:
        raise ViewRefused("The view “{name}” is not there any more.", name=name)


@typed
def delete(scope: Scope, name: str) -> None:
    """Delete the view of this name."""
    scope.db["views"].delete_one(scope.owned({"name": name}))


def _put(scope: Scope, name: str | None, view: View) -> None:
    fields = {"view": VIEW.dump_python(view, mode="json", by_alias=True), "updatedAt": datetime.now(UTC)}
    new = names.name_fields(name)
    if not scope.db["views"].update_one(scope.owned({"name": name}), {"$set": fields}).matched_count:
        query = scope.owned({"nameKey": new.pop("nameKey")})
        scope.db["views"].update_one(query, {"$set": fields, "$setOnInsert": new}, upsert=True)


def _checked_name(name: str) -> str:
    return names.given(name, ViewRefused("Enter a name for the view."))


def _view(document: Document) -> View | None:
    """None for what a newer Loadlens has stored."""
    try:
        view: View = VIEW.validate_python(document["view"])
    except ValidationError:
        return None
    return view
