"""Alerts on their way to the user: popups when they may be told, mail when a server takes it."""

import math
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from desktop.tasks import Task, run
from desktop.viewmodels.alerts.alert_words import in_words
from services.accounts import Session
from services.alerts import check_rules, due, post
from services.notifications import is_quiet, send_due
from services.settings import Settings

SECONDS_BETWEEN_CHECKS = 600
"""The clock breaks rules, too: of days without data, for one."""


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
    new: bool


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
        self._checked = -math.inf
        self._telling: Task | None = None
        self._sending: Task | None = None
        self._again = False

    def work(self) -> None:
        """Tell what is due, and send what waits; to be called every now and then."""
        self.tell()
        if self._sending is None:
            self._sending = task = run(lambda: send_due(self._session.scope(), self._settings), parent=self)
            task.succeeded.connect(lambda sent: self.mailed.emit() if sent else None)
            task.finished.connect(self._rest_from_sending)

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
        new = False
        if self._told_until is not None and now < self._told_until:
            self._told_until = None  # the clock was set back: what it tells from now on is told once more
        if self._told_until is not None and time.monotonic() - self._checked >= SECONDS_BETWEEN_CHECKS:
            self._checked = time.monotonic()
            new = bool(check_rules(scope))
            now = datetime.now(UTC)
        post(scope)
        if is_quiet(scope):
            return _Look([], self._told_until, new)
        alerts = due(scope, self._told_until, now)
        said = [Announcement(alert.id, alert.severity, in_words(alert, scope.timezone)) for alert in alerts]
        return _Look(said, now, new)

    def _take(self, look: _Look) -> None:
        self._told_until = look.until
        if look.announced:
            self.arrived.emit(look.announced)
        if look.announced or look.new:
            self.found.emit()
        self.looked.emit()

    def _rest_from_telling(self) -> None:
        self._telling = None
        if self._again:
            self._again = False
            self.tell()

    def _rest_from_sending(self) -> None:
        self._sending = None
        self.tried.emit()
