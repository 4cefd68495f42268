"""Alerts on their way to the user: popups when they may be told, mail when a server takes it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.features.alerts.alert_text import in_words
from desktop.framework.tasks import Task, run
from services import jobs
from services.accounts import Session
from services.alerts import Alert, due
from services.jobs import Job, JobContext
from services.notifications import is_quiet
from services.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True)
class Announcement:
    """An alert as a popup tells it."""

    id: str
    severity: str
    message: str


@dataclass(frozen=True)
class _Look:
    announced: list[Announcement]
    until: datetime | None


class AlertDelivery(QObject):
    """``arrived`` with announcements, worst first, each of them once; ``found`` when there may be new
    alerts, ``looked`` after each look at what is to be told, ``mailed`` when mail went out, ``tried`` after
    each try to send what waits."""

    arrived = Signal(list)
    found = Signal()
    looked = Signal()
    mailed = Signal()
    tried = Signal()

    def __init__(self, session: Session, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._settings = session, settings
        self._told_until: datetime | None = None
        self._telling: Task | None = None
        self._sending: Task | None = None
        self._checking: Task | None = None
        self._again = False

    def work(self) -> None:
        """Tell what is due, and write and send mail; to be called every now and then."""
        self.tell()
        if self._sending is None:
            self._sending = task = run(self._run, jobs.MAIL, parent=self)
            task.succeeded.connect(lambda sent: self.mailed.emit() if sent else None)
            task.finished.connect(self._rest_from_sending)

    def check(self) -> None:
        """Check the rules, and tell what they find: the clock breaks some, of days without data for one."""
        if self._checking is None:
            self._checking = task = run(self._run, jobs.ALERTS, parent=self)
            task.succeeded.connect(self._take_new)
            task.finished.connect(self._rest_from_checking)

    def tell(self) -> None:
        """Tell what is due; at first all that is unread."""
        if self._telling is not None:
            self._again = True
            return
        self._telling = task = run(self._look, parent=self)
        task.succeeded.connect(self._take)
        task.finished.connect(self._rest_from_telling)

    def _look(self) -> _Look:
        scope, now = self._session.scope(), datetime.now(UTC)
        if self._told_until is not None and now < self._told_until:
            self._told_until = None  # the clock was set back: what it tells from now on is told once more
        if is_quiet(scope):
            return _Look([], self._told_until)
        alerts = due(scope, self._told_until, now)
        said = [Announcement(alert.id, alert.severity, in_words(alert, scope.timezone)) for alert in alerts]
        return _Look(said, now)

    def _take(self, look: _Look) -> None:
        self._told_until = look.until
        if look.announced:
            self.arrived.emit(look.announced)
            self.found.emit()
        self.looked.emit()

    def _run(self, job: Job[T]) -> T | None:
        return jobs.run_job(job, JobContext(self._session.scope(), self._settings))

    def _take_new(self, new: list[Alert] | None) -> None:
        if new:
            self.found.emit()
            self.tell()

    def _rest_from_checking(self) -> None:
        self._checking = None

    def _rest_from_telling(self) -> None:
        self._telling = None
        if self._again:
            self._again = False
            self.tell()

    def _rest_from_sending(self) -> None:
        self._sending = None
        self.tried.emit()
