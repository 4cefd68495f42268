"""What the next days, weeks and months will bring, and how good earlier predictions were."""

from dataclasses import dataclass, replace
from enum import StrEnum

from PySide6.QtCore import QModelIndex, QObject, QSortFilterProxyModel, Signal

from desktop.tasks import Task, run
from desktop.viewmodels.ordering import by_name
from desktop.viewmodels.predictions_model import PredictionsModel, Series, description, series
from desktop.viewmodels.record_table import SORT_ROLE
from services.accounts import Session
from services.devices import Device, list_devices
from services.forecasts import ModelReport, Prediction, list_predictions, predict, reports, train
from services.progress import Progress
from services.readings import span
from services.settings import Settings

PERIODS = ("daily", "weekly", "monthly")


class State(StrEnum):
    LOADING = "loading"
    NO_READINGS = "no readings"
    UNTRAINED = "untrained"
    NO_PREDICTIONS = "no predictions"
    READY = "ready"


@dataclass(frozen=True)
class Choice:
    """``device_id`` None is the whole facility; ``model`` None the first there is."""

    period: str = "daily"
    device_id: str | None = None
    model: str | None = None


@dataclass(frozen=True)
class _Loaded:
    asked: Choice
    choice: Choice
    readings: bool
    devices: list[Device]
    reports: list[ModelReport]
    predictions: list[Prediction]
    timezone: str


class PredictionsViewModel(QObject):
    """Predictions of one device or the facility by one model; training with progress."""

    loaded = Signal()
    training_changed = Signal(bool)
    progressed = Signal(str, int, int, float)
    trained = Signal()
    failed = Signal(str)
    told = Signal(str)

    def __init__(self, session: Session, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._settings = settings
        self._page = _Loaded(Choice(), Choice(), False, [], [], [], "UTC")
        self._training: Task | None = None
        self.state = State.LOADING
        self.choice = Choice()
        self._predictions = PredictionsModel(self)
        self.table = QSortFilterProxyModel(self)
        self.table.setSourceModel(self._predictions)
        self.table.setSortRole(SORT_ROLE)

    @property
    def training(self) -> bool:
        return self._training is not None

    @property
    def devices(self) -> list[tuple[str, str]]:
        """(id, name) of each device, by name."""
        return [(device.id, device.name) for device in self._page.devices]

    @property
    def models(self) -> list[tuple[str, str]]:
        """(name, words for choosing) of each trained model, the best first."""
        return [(report.name, self._predictions.model_choice(report)) for report in self._page.reports]

    @property
    def model(self) -> str | None:
        """The model whose predictions are shown."""
        return _chosen_model(self._page.choice, self._page.reports)

    @property
    def verdict(self) -> str:
        """How good the shown model is, in words."""
        return self._predictions.verdict(self._report) if self._report else ""

    @property
    def model_card(self) -> list[tuple[str, str]]:
        """(label, value) of all there is to say about the shown model."""
        return self._predictions.model_card(self._report, self._page.timezone) if self._report else []

    @property
    def _report(self) -> ModelReport | None:
        return next((report for report in self._page.reports if report.name == self.model), None)

    @property
    def series(self) -> Series:
        return series(self._page.predictions)

    @property
    def first_to_come(self) -> QModelIndex:
        """Where in the `table` the first period is that was not held out; invalid if there is none."""
        rows = [row for row, prediction in enumerate(self._page.predictions) if not prediction.held_out]
        return self.table.mapFromSource(self._predictions.index(rows[0], 0)) if rows else QModelIndex()

    @property
    def description(self) -> str:
        """What the chart shows, in words."""
        return description(self._page.predictions)

    def choose(self, **changes: str | None) -> None:
        """Other ``period``, ``device_id`` or ``model``."""
        chosen = replace(self.choice, **changes)  # type: ignore[arg-type]
        if chosen != self.choice:
            self.choice = chosen
            self.refresh()

    def refresh(self) -> None:
        task = run(self._load, self.choice, parent=self)
        task.succeeded.connect(self._show)
        task.failed.connect(self.failed)

    def train(self) -> None:
        """Train every model anew and predict with each; one training at a time."""
        if self._training is not None:
            return
        task = run(self._train, parent=self, with_progress=True)
        task.progressed.connect(self.progressed)
        task.succeeded.connect(self.trained)
        task.failed.connect(self.failed)
        task.cancelled.connect(lambda: self.told.emit(self.tr("Training cancelled.")))
        task.finished.connect(self._training_over)
        self._training = task
        self.training_changed.emit(True)

    def cancel(self) -> None:
        if self._training is not None:
            self._training.cancel()

    def _train(self, progress: Progress) -> None:
        for report in train(self._session.scope(), self._settings, progress):
            predict(self._session.scope(), self._settings, report.name, progress)

    def _training_over(self) -> None:
        self._training = None
        self.training_changed.emit(False)
        self.refresh()

    def _load(self, asked: Choice) -> _Loaded:
        scope = self._session.scope()
        known = reports(scope, self._settings)
        devices = by_name(list_devices(scope), lambda device: device.name)
        gone = asked.device_id not in {device.id for device in devices}
        choice = replace(asked, device_id=None) if gone else asked
        model = _chosen_model(choice, known)
        predictions = list_predictions(scope, choice.period, choice.device_id, model) if model else []
        return _Loaded(asked, choice, span(scope) is not None, devices, known, predictions, scope.timezone)

    def _show(self, page: _Loaded) -> None:
        if page.asked != self.choice:
            return  # overtaken: the answer to the newer question is under way
        self._page = page
        self.choice = page.choice
        self.state = _state(page)
        self._predictions.show(page.predictions)
        self.loaded.emit()


def _chosen_model(choice: Choice, known: list[ModelReport]) -> str | None:
    names = [report.name for report in known]
    return choice.model if choice.model in names else next(iter(names), None)


def _state(page: _Loaded) -> State:
    if not page.readings:
        return State.NO_READINGS
    if not page.reports:
        return State.UNTRAINED
    return State.READY if page.predictions else State.NO_PREDICTIONS
