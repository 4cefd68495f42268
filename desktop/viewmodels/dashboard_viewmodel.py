"""Where the energy went: the seven figures of a choice of days, devices, categories and places."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.tasks import run
from desktop.viewmodels.dashboard_figures import Figures, figures
from desktop.viewmodels.dashboard_period import Period, bounds
from desktop.viewmodels.ordering import by_name
from services.accounts import Session
from services.dashboard import Filter, stats
from services.devices import Category, Device, list_categories, list_devices
from services.readings import locations, span
from services.scope import Scope


class State(StrEnum):
    LOADING = "loading"
    NO_READINGS = "no readings"
    NONE_CHOSEN = "none chosen"
    READY = "ready"


@dataclass(frozen=True)
class Choice:
    """``start`` and ``end`` are those of `Period.CUSTOM`; None means all of a kind."""

    period: Period = Period.ALL
    start: date | None = None
    end: date | None = None
    device_ids: tuple[str, ...] | None = None
    category_ids: tuple[str, ...] | None = None
    locations: tuple[str, ...] | None = None


@dataclass(frozen=True)
class _Loaded:
    asked: Choice
    choice: Choice
    span: tuple[date, date] | None
    devices: list[Device]
    categories: list[Category]
    locations: list[str]
    days: tuple[date, date] | None = None
    figures: Figures | None = None


class DashboardViewModel(QObject):
    """``loaded`` when the figures of the present `choice` are there; ``busy`` while they are on their way."""

    loaded = Signal()
    busy = Signal(bool)
    failed = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._page = _Loaded(Choice(), Choice(), None, [], [], [])
        self.state = State.LOADING
        self.choice = Choice()

    @property
    def span(self) -> tuple[date, date] | None:
        """The first and the last day with readings, of all devices."""
        return self._page.span

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day that is shown."""
        return self._page.days

    @property
    def devices(self) -> list[tuple[str, str]]:
        """(id, name) of each device, by name."""
        return [(device.id, device.name) for device in self._page.devices]

    @property
    def categories(self) -> list[tuple[str, str]]:
        return [(category.id, category.name) for category in self._page.categories]

    @property
    def locations(self) -> list[tuple[str, str]]:
        """(place, place): places have no id but their name."""
        return [(place, place) for place in self._page.locations]

    def choose(self, **changes: Any) -> None:
        """Other fields of the `Choice`."""
        chosen = replace(self.choice, **changes)
        if chosen != self.choice:
            self.choice = chosen
            self.refresh()

    def reset(self) -> None:
        """Everything of everything again."""
        self.choose(**vars(Choice()))

    def refresh(self) -> None:
        self.busy.emit(True)
        task = run(self._load, self.choice, parent=self)
        task.succeeded.connect(self._show)
        task.failed.connect(self._fail)

    @property
    def figures(self) -> Figures | None:
        """The seven figures in words and as arrays, None without readings."""
        return self._page.figures

    def _load(self, asked: Choice) -> _Loaded:
        scope = self._session.scope()
        devices = by_name(list_devices(scope), lambda device: device.name)
        categories, places = list_categories(scope), locations(scope)
        choice = replace(
            asked,
            device_ids=_still_there(asked.device_ids, [device.id for device in devices]),
            category_ids=_still_there(asked.category_ids, [category.id for category in categories]),
            locations=_still_there(asked.locations, places),
        )
        spanned = span(scope)
        page = _Loaded(asked, choice, spanned, devices, categories, places)
        if spanned is None:
            return page
        start, end = _days(choice, spanned)
        chosen = Filter(start, end, choice.device_ids, choice.category_ids, choice.locations)
        shown = figures(
            stats(scope, chosen),
            {device.name: device.id for device in devices},
            spanned[1],
            _last_month(scope, chosen, spanned),
        )
        return replace(page, days=(start, end), figures=shown)

    def _show(self, page: _Loaded) -> None:
        if page.asked != self.choice:
            return  # overtaken: the answer to the newer question is under way
        self._page = page
        self.choice = page.choice
        self.state = _state(page)
        self.busy.emit(False)
        self.loaded.emit()

    def _fail(self, sentence: str) -> None:
        self.busy.emit(False)
        self.failed.emit(sentence)


def _still_there(chosen: tuple[str, ...] | None, known: list[str]) -> tuple[str, ...] | None:
    """What was chosen less what was deleted meanwhile."""
    return tuple(key for key in chosen if key in known) or None if chosen else None


def _days(choice: Choice, spanned: tuple[date, date]) -> tuple[date, date]:
    """The first and the last day that the choice is about."""
    start, end = bounds(choice.period, *spanned)
    if choice.period is Period.CUSTOM:
        return choice.start or start, choice.end or end
    return start, end


def _last_month(scope: Scope, chosen: Filter, spanned: tuple[date, date]) -> float | None:
    """kWh of the last calendar month of the readings, None unless it is complete."""
    first, last = spanned
    start = last.replace(day=1)
    if (last + timedelta(days=1)).day != 1 or start < first:
        return None
    return stats(scope, replace(chosen, start=start, end=last)).total_consumption


def _state(page: _Loaded) -> State:
    if page.span is None:
        return State.NO_READINGS
    return State.READY if page.figures and page.figures.daily.x else State.NONE_CHOSEN
