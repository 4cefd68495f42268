"""Whether the database answers, and what other programs change in it."""

from PySide6.QtCore import QDateTime, QLocale, QObject, QTimer, Signal

from desktop.framework.tasks import Task, run
from services.accounts import Session
from services.database import (
    Changes,
    Position,
    current_position,
    is_reachable,
    retry_on_disconnect,
    wait_for_changes,
)
from services.importing import recover
from services.progress import Progress

LOOK_MS = 1000
LOOKS_MISSED = 2
"""So often in a row: a vote for another primary may be over sooner."""
AGAIN_MS = 5_000


class ConnectionViewModel(QObject):
    """``lost`` with a sentence for as long as it lasts, then ``back``; ``changed`` with what changed, as
    `Changes`, whoever changed it.

    That it is lost is what the driver notices by itself, which goes on trying: nothing here waits for it.
    """

    lost = Signal(str)
    back = Signal()
    changed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._missed = 0
        self._position: Position | None = None
        self._following: Task | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(LOOK_MS)
        self._follow()

    @property
    def is_lost(self) -> bool:
        return self._missed >= LOOKS_MISSED

    def look(self) -> None:
        """Ask the driver, which takes no time."""
        was_lost = self.is_lost
        self._missed = 0 if is_reachable(self._session.db) else self._missed + 1
        if self.is_lost and not was_lost:
            self.lost.emit(self.sentence)
        elif was_lost and not self.is_lost:
            # What was given up meanwhile is taken back, before or after the pages are read anew.
            run(retry_on_disconnect, recover, self._session.db, parent=self)
            self._follow()
            self.back.emit()

    @property
    def sentence(self) -> str:
        """What is said of a loss that begins now."""
        now = QLocale().toString(QDateTime.currentDateTime().time(), QLocale.FormatType.ShortFormat)
        return self.tr(
            "The connection to the database is lost. Loadlens goes on trying; "
            "what is on screen is as of {time}."
        ).format(time=now)

    def _follow(self) -> None:
        if self._following is None and not self.is_lost:
            self._following = task = run(self._wait, parent=self, with_progress=True)
            task.succeeded.connect(self._take)
            task.failed.connect(lambda _why: QTimer.singleShot(AGAIN_MS, self, self._follow))
            task.finished.connect(self._rest)

    def _wait(self, progress: Progress) -> Changes:
        scope = self._session.scope()
        if self._position is None:
            # Kept through a loss: what changes before it is followed again is seen then.
            self._position = current_position(scope)
        return wait_for_changes(scope, self._position, progress)

    def _take(self, changes: Changes) -> None:
        self._position = changes.position
        self.changed.emit(changes)
        QTimer.singleShot(0, self, self._follow)

    def _rest(self) -> None:
        self._following = None
