"""Where the energy went: figures and charts of a choice of days, devices, categories and places."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.features.dashboard.figures import Figures
from desktop.features.dashboard.loading import Answer, Days, Question, State, answer
from desktop.framework.drawing import Drawing, midnight
from desktop.framework.formatting import days_in_words
from desktop.framework.tasks import run
from services import views
from services.accounts import Session
from services.dashboard import CHARTS, Filter, Overview
from services.messages import gettext
from services.views import View

PATIENCE_MS = 120
"""A span that is still being brushed by the arrow keys is not asked for at each step."""
OF_DAYS = {"period", "start", "end"}
"""Fields of a `View` that say which days are shown."""


class DashboardViewModel(QObject):
    """``loaded`` when what the present `choice` and brush ask for is there; ``busy`` while it is on its way.

    The choice is kept for the user's next time.
    """

    loaded = Signal()
    busy = Signal(bool)
    failed = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._question = Question()
        self._page = Answer(self._question, View(), None, [], [], [])
        self._kept: View | None = None
        self._whole: Overview | None = None
        """Of the present view; None once the readings may have changed."""
        self.state = State.LOADING
        self._brushing = QTimer(self)
        self._brushing.setSingleShot(True)
        self._brushing.setInterval(PATIENCE_MS)
        self._brushing.timeout.connect(self._ask)

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
    def brushed_words(self) -> str:
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
    def categories(self) -> list[tuple[str, str]]:
        return [(category.id, category.name) for category in self._page.categories]

    @property
    def locations(self) -> list[tuple[str, str]]:
        """(place, place): places have no id but their name."""
        return [(place, place) for place in self._page.locations]

    @property
    def figures(self) -> Figures | None:
        """In words; None without readings."""
        return self._page.figures

    @property
    def drawings(self) -> dict[str, Drawing] | None:
        """What the charts draw, by their names; None without readings."""
        return self._page.drawings

    @property
    def chart_headings(self) -> dict[str, tuple[str, str]]:
        """Title with the unit, and note, of each chart."""
        return {name: (spec.heading, gettext(spec.note)) for name, spec in CHARTS.items()}

    def choose(self, **changes: Any) -> None:
        """Other fields of the `View`; a brush stays as long as the days do."""
        self.look(replace(self.choice, **changes))

    def look(self, view: View) -> None:
        """Show another view."""
        if view != self.choice:
            same_days = all(getattr(view, name) == getattr(self.choice, name) for name in OF_DAYS)
            self._question = Question(view, self._question.brush if same_days else None)
            self._ask()

    def reset(self) -> None:
        """Everything of everything again."""
        self._question = Question(View(resolution=self.choice.resolution))
        self._ask()

    def brush(self, start: float, end: float) -> None:
        """Narrow the figures to the whole days from ``start`` to before ``end``, in seconds as above."""
        first, last = _day(start), _day(end - 1)
        self._question = Question(self.choice, (first, last))
        self._brushing.start()

    def clear_brush(self) -> None:
        if self._question.brush is not None:
            self._question = Question(self.choice)
            self._brushing.stop()
            self._ask()

    def refresh(self) -> None:
        self._whole = None
        self._ask()

    def _ask(self) -> None:
        question = self._question
        known = self._whole if question.view == self._page.view else None
        self.busy.emit(True)
        task = run(lambda: answer(self._session.scope(), question, known), parent=self)
        task.succeeded.connect(self._show)
        task.failed.connect(self._fail)

    def _show(self, page: Answer) -> None:
        if page.asked != self._question:
            return  # overtaken: the answer to the newer question is under way
        self._page = page
        self._whole = page.whole
        self._question = Question(page.view, page.brush)
        self.state = page.state
        self._keep(page.view)
        self.busy.emit(False)
        self.loaded.emit()

    def _keep(self, view: View) -> None:
        """For the next time; a failure of that would be no news to the user."""
        if self._kept not in (None, view):
            run(lambda: views.remember(self._session.scope(), view), parent=self)
        self._kept = view

    def _fail(self, sentence: str) -> None:
        self.busy.emit(False)
        self.failed.emit(sentence)


def _day(seconds: float) -> date:
    return datetime.fromtimestamp(seconds, UTC).date()
