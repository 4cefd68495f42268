"""The signed-in user, what is going on in the background, and what follows an import."""

from PySide6.QtCore import QObject, Signal

from desktop.features.alerts.view_model import AlertsViewModel
from desktop.features.predictions.view_model import PredictionsViewModel
from desktop.framework.tasks import Task, run
from services import jobs
from services.accounts import Session
from services.forecasts import Renewal
from services.progress import Progress
from services.settings import Settings


class MainViewModel(QObject):
    """``progressed`` and ``idle`` tell of training and predicting; ``predicted`` when predictions are new."""

    unread_changed = Signal(int)
    progressed = Signal(str, int, int, float)
    idle = Signal()
    predicted = Signal()
    signed_out = Signal()
    failed = Signal(str)
    notified = Signal(str)

    def __init__(
        self,
        session: Session,
        settings: Settings,
        alerts: AlertsViewModel,
        predictions: PredictionsViewModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._settings = settings
        self._predictions = predictions
        self._predicting: Task | None = None
        self._again = False
        self._troubles = jobs.Troubles()
        alerts.unreadChanged.connect(self.unread_changed)
        predictions.progressed.connect(self.progressed)
        predictions.training_changed.connect(self._training_changed)
        predictions.trained.connect(self.predicted)

    @property
    def user_name(self) -> str:
        user = self._session.user
        return f"{user.first_name} {user.last_name}".strip() or user.email

    @property
    def email(self) -> str:
        return self._session.user.email

    @property
    def is_admin(self) -> bool:
        """Whether the account is an administrator's; the services look for themselves."""
        return self._session.user.role == "admin"

    @property
    def training(self) -> bool:
        """Whether what goes on is a training, which the predictions page shows itself."""
        return self._predictions.training

    def predict_anew(self) -> None:
        """After an import: predict with every trained model; train if there is none yet, or it is wanted."""
        if self._predicting is None:
            self._renew(although_not_due=True)
        else:
            self._again = True
            self._predicting.cancel()

    def predict_if_due(self) -> None:
        """`predict_anew`, if another program imported readings since, or this one before it ended."""
        if self._predicting is None:
            self._renew(although_not_due=False)

    def _renew(self, although_not_due: bool) -> None:
        if self._predictions.training:
            return  # it ends with predictions from all readings
        self._predicting = task = run(self._run, although_not_due, parent=self, with_progress=True)
        task.progressed.connect(self.progressed)
        task.succeeded.connect(self._take)
        task.failed.connect(self._take_failure)
        task.finished.connect(self._rest)

    def cancel(self) -> None:
        """Stop what goes on in the background; earlier predictions stay."""
        self._again = False
        if self._predicting is not None:
            self._predicting.cancel()
        self._predictions.cancel()

    def sign_out(self) -> None:
        task = run(self._session.sign_out, parent=self)
        task.succeeded.connect(self.signed_out)
        task.failed.connect(self.failed)

    def _run(self, although_not_due: bool, progress: Progress) -> Renewal | None:
        context = jobs.JobContext(self._session.scope(), self._settings)
        return jobs.run_job(jobs.FORECASTS, context, progress, although_not_due)

    def _take(self, renewal: Renewal | None) -> None:
        if renewal is None:
            return
        self._troubles.is_new(jobs.FORECASTS.name, "")
        if renewal.trained:
            self._predictions.refresh()
        if renewal.models:
            self.predicted.emit()
        if renewal.refusal is not None:
            self.notified.emit(str(renewal.refusal))

    def _take_failure(self, sentence: str) -> None:
        if self._troubles.is_new(jobs.FORECASTS.name, sentence):
            self.failed.emit(sentence)

    def _training_changed(self, training: bool) -> None:
        if not training:
            self._announce_idle()
        elif self._predicting is not None:
            self._predicting.cancel()  # which the training does, too

    def _rest(self) -> None:
        self._predicting = None
        if self._again:
            self._again = False
            self.predict_anew()
        else:
            self._announce_idle()

    def _announce_idle(self) -> None:
        if self._predicting is None and not self._predictions.training:
            self.idle.emit()
