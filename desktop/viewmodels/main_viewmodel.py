"""The signed-in user, what is going on in the background, and what follows an import."""

from PySide6.QtCore import QObject, Signal

from desktop.tasks import Task, run
from desktop.viewmodels.alerts.alerts_viewmodel import AlertsViewModel
from desktop.viewmodels.predictions.predictions_viewmodel import PredictionsViewModel
from services.accounts import Session
from services.forecasts import predict, reports, retrains_after_imports
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
    told = Signal(str)

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
        self._trains_unasked = False
        alerts.unreadChanged.connect(self.unread_changed)
        predictions.progressed.connect(self.progressed)
        predictions.training_changed.connect(self._training_changed)
        predictions.trained.connect(self.predicted)
        predictions.failed.connect(self._training_failed)

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
        if self._predictions.training:
            return  # it ends with predictions from all readings
        self._stop_predicting()
        task = run(self._predict, parent=self, with_progress=True)
        task.progressed.connect(self.progressed)
        task.succeeded.connect(self._predicted)
        task.failed.connect(self.failed)
        task.finished.connect(self._announce_idle)
        self._predicting = task

    def cancel(self) -> None:
        """Stop what goes on in the background; earlier predictions stay."""
        self._stop_predicting()
        self._predictions.cancel()

    def sign_out(self) -> None:
        task = run(self._session.sign_out, parent=self)
        task.succeeded.connect(self.signed_out)
        task.failed.connect(self.failed)

    def _predict(self, progress: Progress) -> bool:
        """Whether that was all; else the models are to be trained."""
        if retrains_after_imports(self._session.scope()):
            return False
        trained = reports(self._session.scope(), self._settings)
        for report in trained:
            predict(self._session.scope(), self._settings, report.name, progress)
        return bool(trained)

    def _predicted(self, done: bool) -> None:
        if done:
            self.predicted.emit()
        else:
            self._trains_unasked = True
            self._predictions.train()

    def _training_failed(self, sentence: str) -> None:
        if self._trains_unasked:
            self.told.emit(sentence)

    def _training_changed(self, training: bool) -> None:
        if not training:
            self._trains_unasked = False
            self._announce_idle()

    def _announce_idle(self) -> None:
        if not self._predictions.training:
            self.idle.emit()

    def _stop_predicting(self) -> None:
        if self._predicting is not None:
            self._predicting.cancel()
            self._predicting = None
