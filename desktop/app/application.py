"""The program from its start to its end: sign-in, window, tray, and the database behind them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication

from desktop import theme
from desktop.app.auth import Entrance
from desktop.app.language import use_language
from desktop.app.process import log_qt_messages, quit_when_interrupted, say_what_nobody_caught
from desktop.app.startup import Identify, Opening, kept_session, load_pages, session_of
from desktop.app.tray import Tray
from desktop.framework import native_libraries as memory
from desktop.framework import tasks
from services.version import installed_version

if TYPE_CHECKING:
    from desktop.app.session_context import SessionContext
    from services.accounts import Session
    from services.errors import LoadlensError
    from services.settings import Settings


def open_window(
    settings: "Settings | None" = None, sign_in_as: str | None = None, env_file: Path | None = None
) -> int:
    """Open the window and stay until it is closed; the exit status.

    ``settings`` are read from the environment unless given, and from ``env_file`` or the data folder's.
    ``sign_in_as`` is the email of the account that is signed in without being asked.
    """
    return run(settings, session_of(sign_in_as) if sign_in_as else None, env_file)


def run(settings: "Settings | None", identify: Identify | None, env_file: Path | None = None) -> int:
    """Like `open_window`, with any way to tell who is signed in; None: whoever kept the session."""
    log_qt_messages()
    memory.share_arenas()
    app = QApplication(sys.argv[:1])
    dress(app)
    application = Application(app, settings, identify, env_file)
    quit_when_interrupted(app)
    say_what_nobody_caught(application.show_failure)
    application.start()
    try:
        return app.exec()
    finally:
        application.end()


def dress(app: QApplication) -> None:
    """Name, icon, language of figures, and theme."""
    app.setOrganizationName("Loadlens")
    app.setApplicationName("Loadlens")
    app.setApplicationVersion(installed_version())
    app.setDesktopFileName("loadlens")
    app.setWindowIcon(theme.application_icon())
    app.setQuitOnLastWindowClosed(False)
    if QLocale.system().name() == "C":
        # Made for programs: it writes 35395 and 1 01 2017.
        QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    use_language(app, QLocale())
    theme.apply(app, theme.remembered())


class Application(QObject):
    """Shows the entrance until somebody is signed in, then that user's context."""

    def __init__(
        self,
        app: QApplication,
        settings: "Settings | None",
        identify: Identify | None,
        env_file: Path | None = None,
    ) -> None:
        super().__init__(app)
        self._app = app
        self._expects_session = identify is not None or QSettings().value("keptSession") == "yes"
        self._opening = Opening(settings, identify or kept_session, self, env_file)
        self.entrance = Entrance(self._opening)
        self.tray = Tray(self)
        self.context: SessionContext | None = None
        self.entrance.signed_in.connect(self._signed_in)
        self.entrance.quit_wanted.connect(self.quit)
        self.tray.opened.connect(self._show)
        self.tray.quit_wanted.connect(self.quit)
        self._opening.done.connect(self._opened)
        app.aboutToQuit.connect(self._expect_end)
        tasks.refused.connect(self._refused)

    def start(self) -> None:
        """Show the entrance at once, and open the database behind it."""
        self.entrance.show_start() if self._expects_session else self.entrance.show_login()
        self.entrance.show()
        QTimer.singleShot(0, self._open)  # after the first paint, which loading would hold up

    def quit(self) -> None:
        """End the program; an import that runs is asked about first."""
        # `QApplication.quit` would close the window first, which leaves it in the tray.
        if self.context is not None:
            self.context.leave(self._app.exit)
        else:
            self._app.exit()

    def end(self) -> None:
        """Undo what is half done, then close the database."""
        self.tray.hide()
        if self.context is not None:
            self.context.window.remember()
            self.context.window.hide()
        self._opening.give_up()
        tasks.stop_all()
        self._opening.close()

    def _expect_end(self) -> None:
        # Windows ends whoever has heard that its user logs off, before `end` is through.
        from services import crash_reports

        crash_reports.expect_end()

    def show_failure(self, sentence: str) -> None:
        """Say in the window that is open what went wrong."""
        if self.context is not None:
            self.context.window.banner.show_error(sentence)

    def _open(self) -> None:
        # PySide looks into every module that is imported, and pydantic does not bear that when another
        # thread imports at the same time; so it is loaded before there is one.
        import services.settings  # noqa: F401

        self._opening.start()

    def _opened(self, session: "Session | None") -> None:
        if session is not None:
            self._enter(session)
            return
        if self.entrance.waiting:
            self.entrance.show_login()
        tasks.run(load_pages, parent=self)  # while the user types

    def _signed_in(self, session: "Session", keep: bool) -> None:
        QSettings().setValue("keptSession", "yes" if session.kept else "no")
        self._enter(session, keep and not session.kept)

    def _enter(self, session: "Session", not_kept: bool = False) -> None:
        self.entrance.show_start()
        task = tasks.run(load_pages, parent=self)
        task.succeeded.connect(lambda: self._show_window(session, not_kept))

    def _show_window(self, session: "Session", not_kept: bool) -> None:
        from desktop.app.session_context import SessionContext

        context = SessionContext(session, self._opening.result().settings, self.tray, self)
        context.main.signed_out.connect(self._signed_out)
        context.restart_wanted.connect(lambda: context.leave(self._open_anew))
        context.window.quit_wanted.connect(self.quit)
        context.window.closed.connect(self._closed, Qt.ConnectionType.QueuedConnection)
        self.context = context
        self.tray.show()
        context.show_window()
        self.entrance.hide()
        if not_kept:
            context.window.banner.show_info(
                self.tr("This system has no keyring, so Loadlens asks for your password at the next start.")
            )

    def _signed_out(self) -> None:
        QSettings().setValue("keptSession", "no")
        self._leave("")

    def _open_anew(self) -> None:
        """Another database is used from now on."""
        self._leave("")
        tasks.stop_all()
        self.entrance.show_start()
        self._opening.start()

    def _leave(self, sentence: str) -> None:
        """Back to the entrance; ``sentence`` says why, if the user did not ask for it."""
        if self.context is None:
            return
        self.context.window.remember()
        self.context.window.hide()
        self.context.deleteLater()
        self.context = None
        self.tray.set_unread(0)
        self.tray.hide()
        self.entrance.show_login(sentence)
        self.entrance.show()

    def _refused(self, error: "LoadlensError") -> None:
        from services.accounts import SessionExpired

        if isinstance(error, SessionExpired):
            self._leave(str(error))

    def _closed(self) -> None:
        """With a tray Loadlens goes on there, to tell of alerts; without one, closing quits."""
        if self.context is None or not self.tray.icon.isVisible():
            self.quit()
            return
        kept = QSettings()
        if kept.value("trayTold") != "yes":
            kept.setValue("trayTold", "yes")
            self.tray.tell(
                self.tr("Loadlens is still running"),
                self.tr("It stays here to tell you of alerts. To end it, choose Quit in this icon's menu."),
            )

    def _show(self) -> None:
        if self.context is None:
            self.entrance.show()
