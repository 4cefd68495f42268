"""What one signed-in user works with: the window with its pages, the tray, and the jobs behind them."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from desktop.app.connection_view_model import ConnectionViewModel
from desktop.app.main_view_model import MainViewModel
from desktop.app.main_window import MainWindow
from desktop.app.pages import PAGES
from desktop.app.tray import Tray
from desktop.framework.confirmation import confirm
from desktop.framework.page_spec import PageContext, Question
from services import jobs
from services.accounts import Session
from services.database import Changes
from services.settings import Settings

TICK_MS = 1_000
"""Between two looks at the timetable of the jobs."""
AFTER_IMPORT_MS = 2_000
"""Between two looks whether work is over that may not be disturbed."""


class SessionContext(PageContext):
    """Lives from sign-in to sign-out; deleting it cancels its tasks."""

    def __init__(
        self, session: Session, settings: Settings, tray: Tray, parent: QObject | None = None
    ) -> None:
        super().__init__(session, settings, PAGES, parent)
        self._tray = tray
        self.connection = ConnectionViewModel(session, self)
        self.main = MainViewModel(session, self)
        shown = [page for page in self.pages if self.main.is_admin or not page.admins_only]
        self.window: MainWindow = MainWindow(self.main, shown, self)
        self.destroyed.connect(self.window.deleteLater)
        self._connect_window()
        self._connect_tray()
        self._connect_database()
        for page in self.pages:
            if page.connect is not None:
                page.connect(self)
        self._timetable = jobs.Timetable(time.monotonic())
        timer = QTimer(self)
        timer.timeout.connect(self._start_due_jobs)
        timer.start(TICK_MS)
        self._start_due_jobs()

    def leave(self, leave: Callable[[], None]) -> None:
        """Call ``leave``; while something would be lost by it, only if the user would rather lose it."""
        question = self._question_before_leaving()
        if question is None:
            leave()
            return
        self.show_window()
        confirm(self.window, question.title, question.consequence, question.action, leave)

    def show_window(self) -> None:
        """Bring the window before the user's eyes."""
        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def go(self, page: str) -> QWidget:
        """Bring a page before the user's eyes, and return it."""
        self.show_window()
        return self.window.navigation.go(page)

    def notify(self, title: str, text: str) -> None:
        """Tell what was done while the window may be in the tray."""
        self._tray.tell(title, text)
        self.window.banner.show_info(f"{title}: {text}")

    def warn(self, title: str, text: str) -> None:
        """Tell what went wrong while the window may be in the tray."""
        self._tray.tell(title, text)
        self.window.banner.show_error(f"{title}: {text}")

    @property
    def job_starters(self) -> dict[str, Callable[[PageContext], None]]:
        """What starts each job, by its name: the page that shows what becomes of it."""
        return {name: start for page in self.pages for name, start in page.jobs.items()}

    def _connect_window(self) -> None:
        self.window.sign_out_wanted.connect(lambda: self.leave(self.main.sign_out))
        self.window.account_wanted.connect(lambda: self.show("settings", "account"))
        self.window.files_dropped.connect(lambda paths: self.show("import", paths))
        self.unread_changed.connect(self.window.sidebar.set_badge)

    def _connect_tray(self) -> None:
        tray = self._tray
        tray.set_commands(
            [(command.icon, command.label, command.run) for page in self.pages for command in page.commands],
            self,
        )
        self.announced.connect(tray.announce)
        self.unread_changed.connect(lambda _page, count: tray.set_unread(count))
        tray.opened.connect(self.show_window)
        tray.alerts_wanted.connect(self._show_alerts)  # no lambda: the tray outlives the session

    def _show_alerts(self, alert_ids: list[str]) -> None:
        self.show("alerts", alert_ids)

    def _connect_database(self) -> None:
        """The database away and back, and what any program changes in it."""
        self.connection.lost.connect(self.window.connection_banner.show_lasting)
        self.connection.back.connect(self.window.connection_banner.hide)
        self.connection.back.connect(self.refresh_all)
        self.connection.back.connect(self.reconnected)
        self.connection.changed.connect(self._on_changed)

    def _on_changed(self, changes: Changes) -> None:
        """Show what changed; an import of our own when it is whole, and not bit by bit."""
        if self._question_before_leaving() is not None:
            QTimer.singleShot(AFTER_IMPORT_MS, self, lambda: self._on_changed(changes))
        else:
            self.follow(set(changes.collections), changes.seen)

    def _question_before_leaving(self) -> Question | None:
        return next((asked for page in self.pages if (asked := page.before_leaving(self))), None)

    def _start_due_jobs(self) -> None:
        # Without a connection nobody is told every few seconds that there is none.
        if not self.connection.is_lost and not any(page.holds_jobs(self) for page in self.pages):
            start = self.job_starters
            for job in self._timetable.take_due(time.monotonic()):
                start[job.name](self)
