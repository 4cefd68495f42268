"""From a started program to an open database, off the GUI thread: the form is on screen meanwhile."""

from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.framework.opened import Opened
from desktop.framework.tasks import Task, run
from services.progress import Cancelled, Progress

if TYPE_CHECKING:  # loaded by the task: together they take longer than the window
    from services.accounts import Session
    from services.settings import Settings


Identify = Callable[[Opened, Progress], "Session | None"]
"""Who is signed in without being asked; None lets the user sign in."""


class Opening(QObject):
    """``done`` with the session of whoever is signed in already, or None; ``failed`` with the sentence."""

    progressed = Signal(str, int, int, float)
    done = Signal(object)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(
        self,
        settings: "Settings | None",
        identify: Identify,
        parent: QObject,
        env_file: Path | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._env_file = env_file
        self._identify = identify
        self._task: Task | None = None
        self._closing = ExitStack()
        self._future: Future[Opened] = Future()

    def start(self) -> None:
        """Open; after a failure, try again; when another database was chosen, that one."""
        if self._future.done():  # else somebody may wait for it already
            self._future = Future()
        self._task = task = run(self._open, self._future, parent=self, with_progress=True)
        task.progressed.connect(self.progressed)
        task.succeeded.connect(self.done)
        task.failed.connect(self.failed)
        task.cancelled.connect(self.cancelled)

    def cancel(self) -> None:
        """Stop what the start is busy with, such as the making of the sample facility."""
        if self._task is not None:
            self._task.cancel()

    def result(self) -> Opened:
        """Wait for the database; for tasks, never for the GUI thread. Raises why it is not there."""
        try:
            return self._future.result()
        except CancelledError:
            raise Cancelled from None

    def close(self) -> None:
        """Close the database, which stops the private server unless another program uses it."""
        self._closing.close()

    def settings(self) -> "Settings":
        """Return the settings as they were given, else as they are read now."""
        from services.settings import load

        return self._settings or load(self._env_file)

    def give_up(self) -> None:
        """Let nobody wait for a database that will not come."""
        self._future.cancel()

    def _open(self, future: "Future[Opened]", progress: Progress) -> "Session | None":
        from services import crash_reports, logs
        from services.startup import opened

        try:
            self.close()
            settings = self.settings()
            logs.begin(settings, "window")
            crash_reports.begin(settings, "window")
            ready = Opened(settings, self._closing.enter_context(opened(settings)))
            crash_reports.begin(settings, "window")  # now there is a data folder
            session = self._identify(ready, progress)
        except BaseException as error:
            self._fail(future, error)
            raise
        if future.set_running_or_notify_cancel():
            future.set_result(ready)
        return session

    def _fail(self, future: "Future[Opened]", error: BaseException) -> None:
        if future.set_running_or_notify_cancel():
            future.set_exception(error)


def kept_session(opened: Opened, progress: Progress) -> "Session | None":
    """Return the session that was kept at an earlier sign-in."""
    from services.accounts import Session

    return Session.resume(opened.db, opened.settings)


def session_of(email: str) -> Identify:
    """Sign in this account without a password, for whoever may read the database anyway."""

    def identify(opened: Opened, progress: Progress) -> "Session | None":
        from services.accounts import Session, find_user, scope_of

        user = find_user(opened.db, str(scope_of(opened.db, email).user_id))
        return Session.start(opened.db, opened.settings, user) if user else None

    return identify


def demo(reset: bool) -> Identify:
    """Make the sample facility unless it is there, and sign in its account."""

    def identify(opened: Opened, progress: Progress) -> "Session | None":
        from services.demo import prepare

        email = prepare(opened.settings, opened.db, progress, reset)
        return session_of(email)(opened, progress)

    return identify


def load_pages() -> None:
    """Import what the pages are made of, off the GUI thread, because it takes a second or two."""
    import pyqtgraph  # noqa: F401

    import services.alerts
    import services.dashboard
    import services.forecasts
    import services.importing
    import services.reports  # noqa: F401
