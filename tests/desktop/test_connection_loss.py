"""The database goes away under an open window and comes back; and another window works on it, too."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from pytestqt.qtbot import QtBot
from workplace import Workplace, workplace_of

from desktop.app.application import Application
from desktop.features.imports.page import ImportWindow
from desktop.features.imports.view_model import Stage
from services import accounts, startup
from services.database.team_server import OPTIONS
from services.importing import import_file
from services.scope import Scope
from services.settings import Settings

Launch = Callable[[Settings], Application]

PATIENCE = 60_000
"""Milliseconds that a busy machine may take."""
SECONDS_TO_QUIT = 15
"""Without a server that answers; a machine that is not busy takes a third of it."""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a private database that nobody else uses, so that its server may be killed; of a silent
    one the driver tells after two seconds.
    """
    for option in ("serverSelectionTimeoutMS", "connectTimeoutMS"):
        monkeypatch.setitem(OPTIONS, option, 2000)
    return Settings(_env_file=None, loadlens_data_dir=tmp_path / "data")


@pytest.fixture
def ada(own: Settings) -> Iterator[Scope]:
    """A user of it, as another program sees her."""
    with startup.opened(own) as db:
        user = accounts.register(db, "Ada", "Wong", "ada@example.com", "correct horse battery")
        yield accounts.scope_of(db, user.email)


def at_work(application: Application, qtbot: QtBot) -> Workplace:
    login = application.entrance.login
    login.email.setText("ada@example.com")
    login.password.setText("correct horse battery")
    login.submit.click()
    qtbot.waitUntil(lambda: application.context is not None, timeout=PATIENCE)
    assert application.context is not None
    return workplace_of(application)


def server(settings: Settings) -> int:
    found: int = json.loads((settings.data_dir / "mongod.json").read_text())["pid"]
    return found


def export(path: Path, meters: int, hours: int) -> Path:
    times = pd.date_range("2024-01-01", periods=hours, freq="h")
    parts = [pd.DataFrame({"Date": times, "Device": f"Lift {n}", "kWh": 1.5}) for n in range(meters)]
    pd.concat(parts).to_csv(path, index=False)
    return path


def test_window_outlasts_a_server_that_is_silent_and_one_that_dies(
    launch: Launch, own: Settings, ada: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    import_file(ada, export(tmp_path / "first.csv", 2, 100))
    application = launch(own)
    workplace = at_work(application, qtbot)
    devices, banner = workplace.go("devices"), workplace.window.connection_banner
    assert not banner.isVisible()
    rows = workplace.devices.table.rowCount
    qtbot.waitUntil(lambda: rows() == 2, timeout=PATIENCE)

    os.kill(server(own), signal.SIGSTOP)
    try:
        qtbot.waitUntil(banner.isVisible, timeout=PATIENCE)
        assert banner.text.startswith("The connection to the database is lost.")
        assert workplace.window.navigation.current == "devices"
        assert devices.isVisible()
        assert rows() == 2, "what was on screen stays there"
    finally:
        os.kill(server(own), signal.SIGCONT)
    qtbot.waitUntil(lambda: not banner.isVisible(), timeout=PATIENCE)

    killed = server(own)
    os.kill(killed, signal.SIGKILL)
    qtbot.waitUntil(lambda: server(own) != killed, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not workplace.connection.is_lost and not banner.isVisible(), timeout=PATIENCE)
    import_file(ada, export(tmp_path / "second.csv", 3, 100))
    qtbot.waitUntil(lambda: rows() == 3, timeout=PATIENCE)

    os.kill(server(own), signal.SIGSTOP)
    try:
        qtbot.waitUntil(banner.isVisible, timeout=PATIENCE)
        began = time.monotonic()
        application.end()
        assert time.monotonic() - began < SECONDS_TO_QUIT
    finally:
        os.kill(server(own), signal.SIGCONT)


def test_import_whose_server_dies_is_taken_back_and_can_be_done_again(
    launch: Launch, own: Settings, ada: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    workplace = at_work(launch(own), qtbot)
    page = workplace.go("import")
    assert isinstance(page, ImportWindow)
    workplace.show("import", [str(export(tmp_path / "long.csv", 20, 4000))])
    qtbot.waitUntil(lambda: workplace.imports.stage is Stage.MAPPING, timeout=PATIENCE)
    killed: list[int] = []

    def kill(stage: str, done: int, total: int, seconds_left: float) -> None:
        if stage == "Storing readings" and done and not killed:
            killed.append(server(own))
            os.kill(killed[0], signal.SIGKILL)

    workplace.imports.progressed.connect(kill)
    with qtbot.waitSignal(workplace.imports.failed, timeout=2 * PATIENCE) as told:
        page.files.mapping.start.click()
    assert killed
    assert "Try again" in told.args[0]
    qtbot.waitUntil(lambda: ada.db["imports"].count_documents({}) == 0, timeout=PATIENCE)
    assert ada.db["consumption_data"].count_documents({}) == 0
    assert ada.db["load_blocks"].count_documents({}) == 0

    page.files.mapping.start.click()
    qtbot.waitUntil(lambda: workplace.imports.stage is Stage.SUMMARY, timeout=2 * PATIENCE)
    assert ada.db["consumption_data"].count_documents({}) == 80_000


def test_two_windows_see_what_another_program_does(
    launch: Launch, settings: Settings, tmp_path: Path, qtbot: QtBot
) -> None:
    with startup.opened(settings) as db:
        user = accounts.register(db, "Ada", "Wong", "ada@example.com", "correct horse battery")
        here, there = at_work(launch(settings), qtbot), at_work(launch(settings), qtbot)
        for workplace in (here, there):
            workplace.go("devices")
        qtbot.wait(3000)  # until both follow what is changed from then on
        import_file(accounts.scope_of(db, user.email), export(tmp_path / "meters.csv", 3, 100))
        for workplace in (here, there):
            qtbot.waitUntil(lambda at=workplace: at.devices.table.rowCount() == 3, timeout=PATIENCE)
