"""What the dashboard shows, read and put into words off the GUI thread."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from math import isnan

from desktop.features.dashboard.drawings import drawings
from desktop.features.dashboard.figures import FigureTexts, figures
from desktop.framework.drawing import Drawing
from desktop.framework.record_table import by_name
from services import views
from services.dashboard import Filter, Overview, overview
from services.devices import Category, Device, list_categories, list_devices
from services.facility import facility_of
from services.readings import locations, span
from services.scope import Scope
from services.views import View

Days = tuple[date, date]
"""The first and the last, both included."""


class Period(StrEnum):
    """The periods to choose from, counted from the last day with readings."""

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
    """Return the first and the last day of a view within readings from ``first`` to ``last``, both included.

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


class State(StrEnum):
    LOADING = "loading"
    NO_READINGS = "no readings"
    NONE_CHOSEN = "none chosen"
    READY = "ready"


@dataclass(frozen=True)
class Question:
    """``view`` None: what was looked at last; ``brush`` are days within it."""

    view: View | None = None
    brush: Days | None = None


@dataclass(frozen=True, eq=False)
class Answer:
    asked: Question
    view: View
    span: Days | None
    devices: list[Device]
    categories: list[Category]
    locations: list[str]
    days: Days | None = None
    brush: Days | None = None
    whole: Overview | None = None
    """Of all days, for whatever is brushed in them next."""
    figures: FigureTexts | None = None
    drawings: dict[str, Drawing] | None = None

    @property
    def state(self) -> State:
        if self.span is None:
            return State.NO_READINGS
        return State.READY if self.whole and self.whole.devices else State.NONE_CHOSEN

    @property
    def selected(self) -> Filter:
        """Of which readings the figures are."""
        first, last = self.brush or self.days or (None, None)
        return Filter(first, last, self.view.device_ids, self.view.category_ids, self.view.locations)


def answer(scope: Scope, asked: Question, known: Overview | None = None) -> Answer:
    """Read and word what was asked; ``known`` is the overview of the same view, if it is there already."""
    devices = by_name(list_devices(scope), lambda device: device.name)
    categories, places = list_categories(scope), locations(scope)
    view = _without_gone(asked.view or views.remembered(scope) or View(), devices, categories, places)
    spanned = span(scope)
    nothing = Answer(asked, view, spanned, devices, categories, places)
    if spanned is None:
        return nothing
    days = bounds(view, *spanned)
    brush = _within(asked.brush, days)
    whole = known or _overview(scope, view, days)
    part = whole if brush is None else _overview(scope, view, brush)
    facility = facility_of(scope)
    last_month = _last_month(scope, view, spanned, days, whole)
    shown = figures(part, brush or days, facility, scope.timezone, spanned[1], last_month)
    drawn = drawings(whole, part)
    return replace(nothing, days=days, brush=brush, whole=whole, figures=shown, drawings=drawn)


def _overview(scope: Scope, view: View, days: Days) -> Overview:
    chosen = Filter(*days, view.device_ids, view.category_ids, view.locations)
    return overview(scope, chosen, view.resolution)


def _without_gone(view: View, devices: list[Device], categories: list[Category], places: list[str]) -> View:
    """Return the view without what was deleted meanwhile."""
    return replace(
        view,
        device_ids=_known(view.device_ids, [device.id for device in devices]),
        category_ids=_known(view.category_ids, [category.id for category in categories]),
        locations=_known(view.locations, places),
    )


def _known(chosen: tuple[str, ...] | None, known: list[str]) -> tuple[str, ...] | None:
    return tuple(key for key in chosen if key in known) or None if chosen else None


def _within(brush: Days | None, days: Days) -> Days | None:
    """Return the brushed ones of the days; None if those are all, or none."""
    if brush is None:
        return None
    first, last = max(brush[0], days[0]), min(brush[1], days[1])
    return (first, last) if first <= last and (first, last) != days else None


def _last_month(scope: Scope, view: View, spanned: Days, days: Days, whole: Overview) -> float | None:
    """Return the kWh of the last calendar month of the readings, None unless it is complete."""
    first, last = spanned
    start = last.replace(day=1)
    if (last + timedelta(days=1)).day != 1 or start < first:
        return None
    if days[0] <= start and days[1] == last and len(whole.budget.kwh):
        used = float(whole.budget.kwh[-1])
        return None if isnan(used) else used
    return _overview(scope, view, (start, last)).figures.total.value
