"""What the dashboard shows, read and put into words off the GUI thread."""

from collections.abc import Sequence
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
from services.forecasts import ends
from services.messages import gettext
from services.readings import locations, span
from services.scope import Scope
from services.utilities import DIRECTIONS, UTILITIES
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
        return _filter(self.view, first, last)

    @property
    def left_out(self) -> list[str]:
        """What is not in the figures, and why; a sentence each."""
        return [f"{out.device.name}: {out.sentence}" for out in (self.whole.left_out if self.whole else ())]

    @property
    def kinds(self) -> list[tuple[str, str | None]]:
        """Return (label, key) of what can be looked at: all energy, each utility, other directions."""
        return kinds(self.devices)


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
    found = ends(scope)
    last = found.origin if found else spanned[1]
    last_month = _last_month(scope, view, (spanned[0], last), days, whole)
    shown = figures(part, brush or days, facility, scope.timezone, last, last_month)
    drawn = drawings(whole, part)
    return replace(nothing, days=days, brush=brush, whole=whole, figures=shown, drawings=drawn)


def _overview(scope: Scope, view: View, days: Days) -> Overview:
    return overview(scope, _filter(view, *days), view.resolution)


def _filter(view: View, first: date | None, last: date | None) -> Filter:
    return Filter(
        first, last, view.device_ids, view.category_ids, view.locations, view.utility, view.direction
    )


def kinds(devices: Sequence[Device]) -> list[tuple[str, str | None]]:
    """Return (label, utility or direction) of what devices allow to look at; None is all energy consumed."""
    utilities = {d.utility for d in devices if UTILITIES[d.utility].is_energy}
    directions = {device.direction for device in devices}
    return [
        (gettext("All energy"), None),
        *((gettext(kind.label), name) for name, kind in UTILITIES.items() if name in utilities),
        *(
            (gettext(DIRECTIONS[name]), name)
            for name in DIRECTIONS
            if name in directions and name != "consumption"
        ),
    ]


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
