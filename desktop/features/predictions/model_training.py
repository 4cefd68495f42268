"""Models trained anew, or taken back to those of an earlier training; one such thing at a time."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop.framework.tasks import Task, run
from services.accounts import Session
from services.forecasts import ModelReport, predict, train, use_version
from services.progress import Progress
from services.settings import Settings


class ModelTraining(QObject):
    """``trained`` when other models are in use and have predicted; ``changed`` when it starts and ends."""

    changed = Signal(bool)
    progressed = Signal(str, int, int, float)
    trained = Signal()
    failed = Signal(str)
    notified = Signal(str)

    def __init__(self, session: Session, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._settings = settings
        self._task: Task | None = None

    @property
    def running(self) -> bool:
        return self._task is not None

    def train(self) -> None:
        """Train every model anew and predict with each."""
        self._start(self._train)

    def use(self, version_id: str) -> None:
        """Predict with the models of an earlier training."""
        self._start(partial(self._use, version_id))

    def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _start(self, work: Callable[[Progress], None]) -> None:
        if self._task is not None:
            return
        task = run(work, parent=self, with_progress=True)
        task.progressed.connect(self.progressed)
        task.succeeded.connect(self.trained)
        task.failed.connect(self.failed)
        task.cancelled.connect(lambda: self.notified.emit(self.tr("Training cancelled.")))
        task.finished.connect(self._over)
        self._task = task
        self.changed.emit(True)

    def _over(self) -> None:
        self._task = None
        self.changed.emit(False)

    def _train(self, progress: Progress) -> None:
        self._predict(train(self._session.scope(), self._settings, progress), progress)

    def _use(self, version_id: str, progress: Progress) -> None:
        self._predict(use_version(self._session.scope(), self._settings, version_id), progress)

    def _predict(self, models: Sequence[ModelReport], progress: Progress) -> None:
        for report in models:
            predict(self._session.scope(), self._settings, report.name, progress)
