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
    days = views.view_days(view, *spanned)
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
