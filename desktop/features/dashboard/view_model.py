"""What the dashboard shows of a choice of days, devices, categories and places; choices with a name."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.features.dashboard.figures import FigureTexts
from desktop.features.dashboard.loading import Answer, Days, Question, State, answer
from desktop.framework.drawing import Drawing, midnight
from desktop.framework.formatting import days_in_words
from desktop.framework.view_model import SessionViewModel
from services import views
from services.accounts import Session
from services.dashboard import CHARTS, Filter, Overview
from services.messages import gettext
from services.scope import Scope
from services.utilities import DIRECTIONS
from services.views import NamedView, View

CUSTOM = views.ViewPeriod.CUSTOM.value
BRUSH_PAUSE_MS = 120
"""A span that is still being brushed by the arrow keys is not asked for at each step."""
CONSUMED = "consumption"
OF_DAYS = {"period", "start", "end"}
"""Fields of a `View` that say which days are shown."""


class DashboardViewModel(SessionViewModel):
    """``loaded`` when the answer to the present `choice` and brush is there; ``busy_changed`` until then.

    The choice is kept for the user's next time.
    """

    loaded = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._question = Question()
        self._page = Answer(self._question, View(), None, [], [], [])
        self._remembered: View | None = None
        self._whole: Overview | None = None
        """Of the present view; None once the readings may have changed."""
        self.state = State.LOADING
        self._brushing = QTimer(self)
        self._brushing.setSingleShot(True)
        self._brushing.setInterval(BRUSH_PAUSE_MS)
        self._brushing.timeout.connect(self._send)

    @property
    def choice(self) -> View:
        """What is asked for."""
        return self._question.view or self._page.view

    @property
    def span(self) -> Days | None:
        """The first and the last day with readings, of all devices."""
        return self._page.span

    @property
    def days(self) -> Days | None:
        """The first and the last day that is shown."""
        return self._page.days

    @property
    def brushed_seconds(self) -> tuple[float, float] | None:
        """The span that figures and shares are narrowed to, None if they are of all days shown: seconds of
        the facility's clock, the end excluded."""
        if self._page.brush is None:
            return None
        first, last = self._page.brush
        return midnight(first), midnight(last + timedelta(days=1))

    @property
    def brushed_text(self) -> str:
        return days_in_words(*self._page.brush) if self._page.brush else ""

    @property
    def selected(self) -> Filter:
        """Of which readings the figures are."""
        return self._page.selected

    @property
    def narrowed(self) -> bool:
        """Whether not everything is shown."""
        return self._page.brush is not None or self.choice != View(resolution=self.choice.resolution)

    @property
    def devices(self) -> list[tuple[str, str]]:
        """(id, name) of each device, by name."""
        return [(device.id, device.name) for device in self._page.devices]

    @property
    def kinds(self) -> list[tuple[str, str | None]]:
        """(label, key) of the utilities and directions that can be looked at."""
        return self._page.kinds

    @property
    def kind(self) -> str | None:
        """The key of the kind that is looked at."""
        return self.choice.utility or (None if self.choice.direction == CONSUMED else self.choice.direction)

    @property
    def left_out(self) -> list[str]:
        """What is not in the figures, and why; a sentence each."""
        return self._page.left_out

    def choose_kind(self, key: str | None) -> None:
        """Look at a utility or a direction, None: at all energy consumed."""
        by_direction = key in DIRECTIONS
        self.choose(utility=None if by_direction else key, direction=key if by_direction else CONSUMED)

    @property
    def categories(self) -> list[tuple[str, str]]:
        return [(category.id, category.name) for category in self._page.categories]

    @property
    def locations(self) -> list[tuple[str, str]]:
        """(place, place): places have no id but their name."""
        return [(place, place) for place in self._page.locations]

    @property
    def figures(self) -> FigureTexts | None:
        """In words; None without readings."""
        return self._page.figures

    @property
    def drawings(self) -> dict[str, Drawing] | None:
        """What the charts draw, by their names; None without readings."""
        return self._page.drawings

    @property
    def periods(self) -> list[tuple[str, str | None]]:
        """(title, name) of each period to choose."""
        return [(gettext(spec.title), str(name)) for name, spec in views.PERIODS.items()]

    @property
    def chart_headings(self) -> dict[str, tuple[str, str]]:
        """Title with the unit, and note, of each chart."""
        return {name: (spec.heading, gettext(spec.note)) for name, spec in CHARTS.items()}

    def choose_period(self, period: str) -> None:
        """Choose a period; a custom one begins as the one that was shown."""
        start, end = self.days if self.days and period == CUSTOM else (None, None)
        self.choose(period=period, start=start, end=end)

    def choose_days(self, start: date, end: date) -> None:
        """Choose a custom period."""
        self.choose(period=CUSTOM, start=start, end=end)

    def choose(self, **changes: Any) -> None:
        """Change fields of the `View`; a brush stays as long as the days do."""
        self.show_view(replace(self.choice, **changes))

    def show_view(self, view: View) -> None:
        """Show another view."""
        if view != self.choice:
            same_days = all(getattr(view, name) == getattr(self.choice, name) for name in OF_DAYS)
            self._question = Question(view, self._question.brush if same_days else None)
            self._send()

    def reset(self) -> None:
        """Show everything again."""
        self._question = Question(View(resolution=self.choice.resolution))
        self._send()

    def brush(self, start: float, end: float) -> None:
        """Narrow the figures to the whole days from ``start`` to before ``end``, in seconds as above."""
        first, last = _day(start), _day(end - 1)
        self._question = Question(self.choice, (first, last))
        self._brushing.start()

    def clear_brush(self) -> None:
        if self._question.brush is not None:
            self._question = Question(self.choice)
            self._brushing.stop()
            self._send()

    def refresh(self) -> None:
        self._whole = None
        self._send()

    def _send(self) -> None:
        question = self._question
        known = self._whole if question.view == self._page.view else None
        self.busy_changed.emit(True)
        self.ask(lambda scope: answer(scope, question, known), self._on_answered, on_failed=self._on_failed)

    def _on_answered(self, page: Answer) -> None:
        if page.asked != self._question:
            return  # overtaken: the answer to the newer question is under way
        self._page = page
        self._whole = page.whole
        self._question = Question(page.view, page.brush)
        self.state = page.state
        self._remember(page.view)
        self.busy_changed.emit(False)
        self.loaded.emit()

    def _remember(self, view: View) -> None:
        """Store the view for the next time; a failure of that is not shown."""
        if self._remembered not in (None, view):
            self.ask(lambda scope: views.remember(scope, view), quiet=True)
        self._remembered = view

    def _on_failed(self, sentence: str) -> None:
        self.busy_changed.emit(False)
        self.failed.emit(sentence)


def _day(seconds: float) -> date:
    return datetime.fromtimestamp(seconds, UTC).date()


class SavedViewsViewModel(SessionViewModel):
    """``changed`` when `views` are others; ``chosen`` with the `View` that the user wants to see."""

    changed = Signal()
    chosen = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self.views: list[NamedView] = []

    @property
    def names(self) -> list[str]:
        return [view.name for view in self.views]

    def refresh(self) -> None:
        self._do(lambda scope: None)

    def choose(self, name: str) -> None:
        """Show the view of this name."""
        self.chosen.emit(next(view.view for view in self.views if view.name == name))

    def save(self, name: str, view: View) -> None:
        """Keep a view under a name, in the place of one that has it."""
        self._do(lambda scope: views.save(scope, name, view))

    def rename(self, name: str, to: str) -> None:
        self._do(lambda scope: views.rename(scope, name, to))

    def delete(self, name: str) -> None:
        self._do(lambda scope: views.delete(scope, name))

    def _do(self, change: Callable[[Scope], None]) -> None:
        def changed(scope: Scope) -> list[NamedView]:
            change(scope)
            return views.named(scope)

        self.ask(changed, self._on_loaded)

    def _on_loaded(self, found: list[NamedView]) -> None:
        self.views = found
        self.changed.emit()
