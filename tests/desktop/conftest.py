"""The real application over the real services, on a screen that nobody sees."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid
from workplace import Workplace, workplace_of

from desktop.app.application import Application, dress
from desktop.framework import tasks
from services.scope import Scope
from services.settings import Settings

Launch = Callable[[Settings], Application]


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path) -> None:
    """No test reads or writes what the user's own window remembers."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))


@pytest.fixture(autouse=True)
def _no_task_left() -> Iterator[None]:
    yield
    tasks.stop_all()


@pytest.fixture
def launch(qapp: QApplication, qtbot: QtBot) -> Iterator[Launch]:
    """Start Loadlens over given settings, as often as called; at the end each is ended."""
    dress(qapp)
    started: list[Application] = []

    def start(settings: Settings) -> Application:
        application = Application(qapp, settings, None)
        started.append(application)
        application.start()
        return application

    yield start
    for application in started:
        end(application)


@pytest.fixture
def application(launch: Launch, settings: Settings) -> Application:
    """Loadlens as it is started for the first time: the form to sign in is on screen."""
    return launch(settings)


@pytest.fixture
def workplace(application: Application, scope: Scope, qtbot: QtBot) -> Workplace:
    """What Ada works with after she signed in."""
    login = application.entrance.login
    login.email.setText("ada@example.com")
    login.password.setText("correct horse battery")
    login.submit.click()
    qtbot.waitUntil(lambda: application.context is not None, timeout=20_000)
    return workplace_of(application)


def end(application: Application) -> None:
    """What the end of the process does; a second call does nothing."""
    if isValid(application):
        application.end()
        application.entrance.deleteLater()
        application.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
