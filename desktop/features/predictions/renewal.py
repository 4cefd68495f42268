"""Predictions made anew in the background, after imports and when they are due."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from desktop.features.predictions.view_model import PredictionsViewModel
from desktop.framework.view_model import SessionViewModel
from services import jobs
from services.accounts import Session
from services.forecasts import Renewal
from services.importing import ImportSummary
from services.progress import Progress
from services.scope import Scope
from services.settings import Settings

RENEWAL = "renewal"


class PredictionRenewal(SessionViewModel):
    """``progressed`` and ``idle`` tell of training and predicting; ``predicted`` when predictions are new."""

    idle = Signal()
    predicted = Signal()

    def __init__(
        self,
        session: Session,
        settings: Settings,
        predictions: PredictionsViewModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(session, parent)
        self._settings = settings
        self._predictions = predictions
        self._again = False
        self._troubles = jobs.Troubles()
        predictions.progressed.connect(self.progressed)
        predictions.training_changed.connect(self._on_training_changed)
        predictions.trained.connect(self.predicted)

    @property
    def running(self) -> bool:
        """Whether predictions are being made, not counting a training that the user started."""
        return self.is_running(RENEWAL)

    @property
    def training(self) -> bool:
        """Whether what goes on is a training, which the predictions page shows itself."""
        return self._predictions.training

    def renew_after(self, imports: Sequence[ImportSummary]) -> None:
        """Predict anew if these imports brought or changed readings."""
        if any(summary.added or summary.changed for summary in imports):
            self.renew()

    def renew(self) -> None:
        """Predict with every trained model; train if there is none yet, or it is wanted after imports."""
        if self.running:
            self._again = True
            self.cancel_task(RENEWAL)
        else:
            self._start(although_not_due=True)

    def renew_if_due(self) -> None:
        """Call `renew` if another program imported readings since, or this one before it ended."""
        if not self.running:
            self._start(although_not_due=False)

    def cancel(self) -> None:
        """Stop what goes on in the background; earlier predictions stay."""
        self._again = False
        self.cancel_task(RENEWAL)
        self._predictions.cancel()

    def _start(self, although_not_due: bool) -> None:
        if self._predictions.training:
            return  # it ends with predictions from all readings

        def renew(scope: Scope, progress: Progress) -> Renewal | None:
            context = jobs.JobContext(scope, self._settings)
            return jobs.run_job(jobs.FORECASTS, context, progress, although_not_due)

        task = self.ask(renew, self._on_renewed, name=RENEWAL, with_progress=True, on_failed=self._on_failed)
        task.finished.connect(self._on_finished)

    def _on_renewed(self, renewal: Renewal | None) -> None:
        if renewal is None:
            return
        self._troubles.is_new(jobs.FORECASTS.name, "")
        if renewal.trained:
            self._predictions.refresh()
        if renewal.models:
            self.predicted.emit()
        if renewal.refusal is not None:
            self.notified.emit(str(renewal.refusal))

    def _on_failed(self, sentence: str) -> None:
        if self._troubles.is_new(jobs.FORECASTS.name, sentence):
            self.failed.emit(sentence)

    def _on_training_changed(self, training: bool) -> None:
        if training:
            self.cancel_task(RENEWAL)  # which the training does, too
        else:
            self._notify_idle()

    def _on_finished(self) -> None:
        if self._again:
            self._again = False
            self.renew()
        else:
            self._notify_idle()

    def _notify_idle(self) -> None:
        if not self.running and not self._predictions.training:
            self.idle.emit()
