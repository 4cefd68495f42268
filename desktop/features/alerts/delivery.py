"""Alerts on their way to the user: popups when they are due, mail when a server takes it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from desktop.framework.view_model import SessionViewModel
from services import jobs
from services.accounts import Session
from services.alerts import Alert, alert_text, due
from services.jobs import JobContext
from services.notifications import is_quiet
from services.scope import Scope
from services.settings import Settings


@dataclass(frozen=True)
class Announcement:
    """An alert as a popup tells it."""

    id: str
    severity: str
    message: str


@dataclass(frozen=True)
class _Due:
    announced: list[Announcement]
    until: datetime | None


class AlertDelivery(SessionViewModel):
    """``arrived`` with announcements, worst first, each of them once; ``found`` when there may be new
    alerts, ``checked`` after each check of what is due, ``mailed`` when mail went out, ``tried`` after each
    try to send what waits."""

    arrived = Signal(list)
    found = Signal()
    checked = Signal()
    mailed = Signal()
    tried = Signal()

    def __init__(self, session: Session, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(session, parent)
        self._settings = settings
        self._notified_until: datetime | None = None
        self._again = False

    def work(self) -> None:
        """Notify of what is due, and write and send mail; to be called every now and then."""
        self.notify()
        if not self.is_running("mail"):
            task = self.ask(
                lambda scope: jobs.run_job(jobs.MAIL, JobContext(scope, self._settings)),
                lambda sent: self.mailed.emit() if sent else None,
                name="mail",
                quiet=True,
            )
            task.finished.connect(self.tried)

    def check(self) -> None:
        """Check the rules, and notify of what they find: the clock breaks some, of missing data for one."""
        if not self.is_running("rules"):
            self.ask(
                lambda scope: jobs.run_job(jobs.ALERTS, JobContext(scope, self._settings)),
                self._on_found,
                name="rules",
                quiet=True,
            )

    def notify(self) -> None:
        """Notify of what is due; at first of all that is unread."""
        if self.is_running("due"):
            self._again = True
            return
        task = self.ask(self._find_due, self._announce, name="due", quiet=True)
        task.finished.connect(self._notify_again)

    def _find_due(self, scope: Scope) -> _Due:
        now = datetime.now(UTC)
        if self._notified_until is not None and now < self._notified_until:
            self._notified_until = None  # the clock was set back: what is due from now on comes once more
        if is_quiet(scope):
            return _Due([], self._notified_until)
        alerts = due(scope, self._notified_until, now)
        return _Due([Announcement(a.id, a.severity, alert_text(a, scope.timezone)) for a in alerts], now)

    def _announce(self, due: _Due) -> None:
        self._notified_until = due.until
        if due.announced:
            self.arrived.emit(due.announced)
            self.found.emit()
        self.checked.emit()

    def _on_found(self, new: list[Alert] | None) -> None:
        if new:
            self.found.emit()
            self.notify()

    def _notify_again(self) -> None:
        if self._again:
            self._again = False
            self.notify()
