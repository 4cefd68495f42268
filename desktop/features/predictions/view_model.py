"""What the next days, weeks and months will bring, and how good earlier predictions were."""

from dataclasses import replace

from PySide6.QtCore import QModelIndex, QObject, QSortFilterProxyModel, Signal

from desktop.features.predictions import model_text as model_words
from desktop.features.predictions.loading import (
    Choice,
    Loaded,
    State,
    chosen_model,
    load,
    state_of,
)
from desktop.features.predictions.model import (
    PredictionsModel,
    Series,
    band_in_words,
    description,
    series,
)
from desktop.features.predictions.model_training import ModelTraining
from desktop.features.predictions.outlook_text import outlook_figures
from desktop.framework.record_table import SORT_ROLE, RecordTable
from desktop.framework.tasks import run
from services.accounts import Session
from services.forecasts import ModelReport, Version, retrain_after_imports
from services.settings import Settings

__all__ = ["PredictionsViewModel", "State"]


class PredictionsViewModel(QObject):
    """Predictions of one device or the facility by one model; training with progress."""

    loaded = Signal()
    training_changed = Signal(bool)
    progressed = Signal(str, int, int, float)
    trained = Signal()
    failed = Signal(str)
    notified = Signal(str)

    def __init__(self, session: Session, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._settings = settings
        self._page = Loaded(Choice(), Choice(), False, [], [], [], [], "UTC")
        self._training = ModelTraining(session, settings, self)
        self.state = State.LOADING
        self.choice = Choice()
        self._predictions = PredictionsModel(self)
        self.table = QSortFilterProxyModel(self)
        self.table.setSourceModel(self._predictions)
        self.table.setSortRole(SORT_ROLE)
        self.scores: RecordTable[ModelReport] = RecordTable([], lambda report: report.name, self)
        self.trainings: RecordTable[Version] = RecordTable([], lambda version: version.id, self)
        self._training.changed.connect(self._training_changed)
        for name in ("progressed", "trained", "failed", "notified"):
            getattr(self._training, name).connect(getattr(self, name))

    @property
    def training(self) -> bool:
        return self._training.running

    @property
    def devices(self) -> list[tuple[str, str]]:
        """(id, name) of each device, by name."""
        return [(device.id, device.name) for device in self._page.devices]

    @property
    def models(self) -> list[tuple[str, str]]:
        """(name, words for choosing) of each trained model, the best first."""
        return [(report.name, model_words.model_choice(report)) for report in self._page.reports]

    @property
    def model(self) -> str | None:
        """The model whose predictions are shown."""
        return chosen_model(self._page.choice, self._page.reports)

    @property
    def verdict(self) -> str:
        """How good the shown model is, in words."""
        return model_words.verdict(self._report, self._page.reports) if self._report else ""

    @property
    def model_card(self) -> list[tuple[str, str]]:
        """(label, value) of all there is to say about the shown model."""
        return model_words.particulars(self._report, self._page.timezone) if self._report else []

    @property
    def outlook(self) -> list[tuple[str, str, str]]:
        """(name, figure, what it means) of what is asked first."""
        return outlook_figures(self._page.outlook, self.choice.period, self._page.expected)

    @property
    def band(self) -> str:
        """How much the interval of the chart holds, in words."""
        return band_in_words(self._page.expected)

    @property
    def reasons(self) -> list[tuple[str, str, float]]:
        """(what, its share in words, the share) of what the shown model rests on."""
        return model_words.reasons(self._report) if self._report else []

    @property
    def model_can_be_chosen(self) -> bool:
        """Hours are foretold by the best model alone."""
        return self.choice.period != "hourly"

    @property
    def retrains(self) -> bool:
        """Whether models are trained anew after each import."""
        return self._page.retrains

    @property
    def _report(self) -> ModelReport | None:
        return next((report for report in self._page.reports if report.name == self.model), None)

    @property
    def series(self) -> Series:
        return series(self._page.expected)

    @property
    def first_to_come(self) -> QModelIndex:
        """Where in the `table` the first period is that was not held out; invalid if there is none."""
        rows = [row for row, expected in enumerate(self._page.expected) if not expected.held_out]
        return self.table.mapFromSource(self._predictions.index(rows[0], 0)) if rows else QModelIndex()

    @property
    def description(self) -> str:
        """What the chart shows, in words."""
        return description(self._page.expected)

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
        self._training.train()

    def use_training(self, row: int) -> None:
        """Go back to the models of a training in `trainings`, and predict with them."""
        version = self.trainings.record(row)
        if not version.in_use:
            self._training.use(version.id)

    def retrain_after_imports(self, wanted: bool) -> None:
        """Train anew after each import from now on, or only predict anew."""
        task = run(lambda: retrain_after_imports(self._session.scope(), wanted), parent=self)
        task.failed.connect(self.failed)
        task.finished.connect(self.refresh)

    def choose_scored(self, row: int) -> None:
        """Show the predictions of a model in `scores`."""
        self.choose(model=self.scores.record(row).name)

    def cancel(self) -> None:
        self._training.cancel()

    def _training_changed(self, running: bool) -> None:
        self.training_changed.emit(running)
        if not running:
            self.refresh()

    def _load(self, asked: Choice) -> Loaded:
        return load(self._session.scope(), self._settings, asked)

    def _show(self, page: Loaded) -> None:
        if page.asked != self.choice:
            return  # overtaken: the answer to the newer question is under way
        self._page = page
        self.choice = page.choice
        self.state = state_of(page)
        self._predictions.show(page.expected)
        self.scores.reset(model_words.score_columns(), page.reports)
        self.trainings.reset(model_words.version_columns(page.timezone), page.versions)
        self.loaded.emit()
