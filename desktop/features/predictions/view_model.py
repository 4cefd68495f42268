"""What the next days, weeks and months will bring, and how good earlier predictions were."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QModelIndex, QObject, QSortFilterProxyModel, Signal

from desktop.features.predictions import texts
from desktop.features.predictions.loading import (
    Choice,
    Loaded,
    PredictionsModel,
    Series,
    State,
    band_text,
    chosen_model,
    description,
    load,
    series,
    state_of,
)
from desktop.framework.record_table import SORT_ROLE, RecordTable
from desktop.framework.view_model import SessionViewModel
from services.accounts import Session
from services.forecasts import ModelReport, Version, predict, retrain_after_imports, train, use_version
from services.progress import Progress
from services.scope import Scope
from services.settings import Settings

__all__ = ["PredictionsViewModel", "State"]

TRAINING = "training"


class PredictionsViewModel(SessionViewModel):
    """Predictions of one device or the facility by one model; training with progress."""

    loaded = Signal()
    training_changed = Signal(bool)
    trained = Signal()
    """Other models are in use and have predicted."""

    def __init__(self, session: Session, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._settings = settings
        self._page = Loaded(Choice(), Choice(), False, [], [], [], [], "UTC")
        self.state = State.LOADING
        self.choice = Choice()
        self._predictions = PredictionsModel(self)
        self.table = QSortFilterProxyModel(self)
        self.table.setSourceModel(self._predictions)
        self.table.setSortRole(SORT_ROLE)
        self.scores: RecordTable[ModelReport] = RecordTable([], lambda report: report.name, self)
        self.trainings: RecordTable[Version] = RecordTable([], lambda version: version.id, self)

    @property
    def training(self) -> bool:
        """Whether models are trained, or taken back to an earlier training; one such thing at a time."""
        return self.is_running(TRAINING)

    @property
    def devices(self) -> list[tuple[str, str]]:
        """(id, name) of each device, by name."""
        return [(device.id, device.name) for device in self._page.devices]

    @property
    def models(self) -> list[tuple[str, str]]:
        """(name, words for choosing) of each trained model, the best first."""
        return [(report.name, texts.model_choice(report)) for report in self._page.reports]

    @property
    def model(self) -> str | None:
        """The model whose predictions are shown."""
        return chosen_model(self._page.choice, self._page.reports)

    @property
    def verdict(self) -> str:
        """How good the shown model is, in words."""
        return texts.verdict(self._report, self._page.reports) if self._report else ""

    @property
    def model_card(self) -> list[tuple[str, str]]:
        """(label, value) of all there is to say about the shown model."""
        return texts.particulars(self._report, self._page.timezone) if self._report else []

    @property
    def outlook(self) -> list[tuple[str, str, str]]:
        """(name, figure, what it means) of what is asked first."""
        return texts.outlook_figures(self._page.outlook, self.choice.period, self._page.expected)

    @property
    def origin(self) -> str:
        """Up to which day readings are known to the forecast, in words."""
        return texts.origin_text(self._page.outlook)

    @property
    def outdated(self) -> str:
        """Why the models should be trained again, in words; empty where they need not."""
        return texts.outdated_text(self._page)

    @property
    def band(self) -> str:
        """How much the interval of the chart holds, in words."""
        return band_text(self._page.expected)

    @property
    def reasons(self) -> list[tuple[str, str, float]]:
        """(what, its share in words, the share) of what the shown model rests on."""
        return texts.reasons(self._report) if self._report else []

    @property
    def model_can_be_chosen(self) -> bool:
        """Whether there is a choice: hours are predicted by the best model alone."""
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
        """Choose another ``period``, ``device_id`` or ``model``."""
        chosen = replace(self.choice, **changes)  # type: ignore[arg-type]
        if chosen != self.choice:
            self.choice = chosen
            self.refresh()

    def refresh(self) -> None:
        asked = self.choice
        self.ask(lambda scope: load(scope, self._settings, asked), self._on_loaded)

    def train(self) -> None:
        """Train every model anew and predict with each; one training at a time."""
        self._start_training(lambda scope, progress: train(scope, self._settings, progress))

    def use_training(self, row: int) -> None:
        """Go back to the models of a training in `trainings`, and predict with them."""
        version = self.trainings.record(row)
        if not version.in_use:
            self._start_training(lambda scope, _: use_version(scope, self._settings, version.id))

    def retrain_after_imports(self, wanted: bool) -> None:
        """Train anew after each import from now on, or only predict anew."""
        task = self.ask(lambda scope: retrain_after_imports(scope, wanted))
        task.finished.connect(self.refresh)

    def choose_scored(self, row: int) -> None:
        """Show the predictions of a model in `scores`."""
        self.choose(model=self.scores.record(row).name)

    def cancel(self) -> None:
        self.cancel_task(TRAINING)

    def _start_training(self, get_models: Callable[[Scope, Progress], Sequence[ModelReport]]) -> None:
        """Train models, or choose others, and predict with each of them."""
        if self.training:
            return

        def work(scope: Scope, progress: Progress) -> None:
            for report in get_models(scope, progress):
                predict(self._session.scope(), self._settings, report.name, progress)

        task = self.ask(work, self.trained, with_progress=True, name=TRAINING)
        task.cancelled.connect(lambda: self.notified.emit(self.tr("Training cancelled.")))
        task.finished.connect(self._on_trained)
        self.training_changed.emit(True)

    def _on_trained(self) -> None:
        self.training_changed.emit(False)
        self.refresh()

    def _on_loaded(self, page: Loaded) -> None:
        if page.asked != self.choice:
            return  # overtaken: the answer to the newer question is under way
        self._page = page
        self.choice = page.choice
        self.state = state_of(page)
        self._predictions.show(page.expected)
        self.scores.reset(texts.score_columns(), page.reports)
        self.trainings.reset(texts.version_columns(page.timezone), page.versions)
        self.loaded.emit()
