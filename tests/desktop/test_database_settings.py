"""The Database tab: where the data lives, a connection tried, everything moved, and back again."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot
from workplace import Workplace, workplace_of

from desktop.app.application import Application
from desktop.features.accounts.database_choice_dialog import DatabaseChoiceDialog
from desktop.features.settings.database_panel import DatabasePanel, MoveDialog
from services import accounts, database
from services.database import TeamServer, opened
from services.server_migration import transfer
from services.settings import Settings

PASSWORD = "correct horse battery"
PATIENCE = 30_000


@dataclass(frozen=True)
class Team:
    """A server with room for a database."""

    address: str
    name: str
    password: str


@pytest.fixture
def team(settings: Settings, server_address: str) -> Iterator[Team]:
    """The other server of these tests: that of all others."""
    with opened(settings) as db:
        db.client.drop_database(db.name)
        yield Team(server_address, f"team_{uuid.uuid4().hex[:12]}", settings.private_database_password)
        for name in db.client.list_database_names():
            if name.startswith("team_"):
                db.client.drop_database(name)


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    """A computer with a private database and Ada in it."""
    settings = Settings(_env_file=None, loadlens_data_dir=tmp_path / "data")
    with opened(settings) as db:
        accounts.register(db, "Ada", "Wong", "ada@example.com", PASSWORD)
        db["devices"].insert_many([{"_id": n, "userId": n, "name": str(n)} for n in range(200)])
    return settings


def sign_in(application: Application, qtbot: QtBot, instead_of: Workplace | None = None) -> Workplace:
    """Once the entrance is there, ``instead_of`` which workplace it may be."""
    qtbot.waitUntil(
        lambda: instead_of is None or application.context is not instead_of.context, timeout=PATIENCE
    )
    qtbot.waitUntil(lambda: not application.entrance.waiting, timeout=PATIENCE)
    login = application.entrance.login
    login.email.setText("ada@example.com")
    login.password.setText(PASSWORD)
    login.submit.click()
    qtbot.waitUntil(lambda: application.context is not None, timeout=PATIENCE)
    assert application.context is not None
    return workplace_of(application)


def panel_of(workplace: Workplace, qtbot: QtBot) -> DatabasePanel:
    panel = workplace.go("settings").findChildren(DatabasePanel)[0]
    workplace.show("settings", "database")
    qtbot.waitUntil(panel.where.isVisible, timeout=PATIENCE)
    return panel


def name_server(panel: DatabasePanel, team: Team) -> None:
    """By an address that is pasted whole."""
    panel.form.tls.setChecked(False)
    uri = f"mongodb://loadlens:{team.password}@{team.address}/{team.name}?authSource=admin"
    panel.form.address.setText("")
    panel.form.address.insert(uri)
    panel.form.address.textEdited.emit(uri)


def test_everything_is_moved_stopped_gone_on_with_and_opened_there(
    launch, own: Settings, team: Team, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "MOST_AT_ONCE", 5)
    application = launch(own)
    workplace = sign_in(application, qtbot)
    panel = panel_of(workplace, qtbot)
    assert panel.where.text.startswith("In the private database on this computer")
    assert not panel.use_private.isVisible()
    name_server(panel, team)
    assert team.password not in panel.form.address.text()
    assert panel.form.password.text() == team.password
    assert (panel.form.user.text(), panel.form.database.text()) == ("loadlens", team.name)

    panel.test.click()
    qtbot.waitUntil(panel.findings.isVisible, timeout=PATIENCE)
    assert "a single server." in panel.findings.text
    assert "The database there is empty" in panel.findings.text

    panel.move_there.click()
    dialog = panel.findChild(MoveDialog)
    workplace.database.progressed.connect(lambda *_: dialog.progress.cancel.click())
    dialog.start.click()
    qtbot.waitUntil(dialog.banner.isVisible, timeout=PATIENCE)
    assert dialog.banner.text.startswith("The move is stopped.")
    assert database.place(own).is_private
    workplace.database.progressed.disconnect()
    workplace.database.progressed.connect(dialog.progress.show_progress)

    dialog.start.click()
    qtbot.waitUntil(dialog.open_there.isVisible, timeout=PATIENCE)
    assert dialog.banner.text.startswith("Everything is on the server: ")
    dialog.open_there.click()
    workplace = sign_in(application, qtbot, instead_of=workplace)

    panel = panel_of(workplace, qtbot)
    assert f"On a team's server: {team.address}, database {team.name}." in panel.where.text
    assert not panel.move_there.isVisible()
    panel.use_private.click()
    panel.findChild(QMessageBox).findChild(object, "confirm").click()
    workplace = sign_in(application, qtbot, instead_of=workplace)
    assert panel_of(workplace, qtbot).where.text.startswith("In the private database on this computer")


def test_what_cannot_be_used_is_told_and_changes_nothing(
    launch, own: Settings, team: Team, qtbot: QtBot
) -> None:
    workplace = sign_in(launch(own), qtbot)
    panel = panel_of(workplace, qtbot)
    name_server(panel, team)
    panel.form.password.setText("guessed")
    panel.test.click()
    qtbot.waitUntil(panel.banner.isVisible, timeout=PATIENCE)
    assert "does not know this user with this password" in panel.banner.text
    panel.form.address.setText("db.example.com")
    panel.use.click()
    panel.findChild(QMessageBox).findChild(object, "confirm").click()
    qtbot.waitUntil(lambda: "read on their way to db.example.com" in panel.banner.text, timeout=PATIENCE)
    assert database.place(own).is_private


def test_nobody_but_who_looks_after_the_database_sees_the_form(launch, own: Settings, qtbot: QtBot) -> None:
    with opened(own) as db:
        accounts.register(db, "Bob", "Ray", "bob@example.com", PASSWORD)
    panel = panel_of(sign_in(launch(own), qtbot), qtbot)
    assert panel.may_not.isVisible()
    assert not panel.form.isVisible()


def test_server_that_is_gone_does_not_lock_anybody_out(
    launch, own: Settings, team: Team, qtbot: QtBot
) -> None:
    gone = TeamServer("mongodb://127.0.0.1:9/?serverSelectionTimeoutMS=300", tls=False)
    database.choose(own, gone, None)
    application = launch(own)
    start = application.entrance.start
    qtbot.waitUntil(start.connection.isVisible, timeout=PATIENCE)
    assert "127.0.0.1:9 does not answer: nothing listens there" in start.banner.text
    start.connection.click()
    dialog = application.entrance.findChild(DatabaseChoiceDialog)
    qtbot.waitUntil(dialog.use_private.isVisible, timeout=PATIENCE)
    dialog.connect_there.click()
    qtbot.waitUntil(dialog.banner.isVisible, timeout=PATIENCE)
    assert "nothing listens there" in dialog.banner.text
    dialog.use_private.click()
    sign_in(application, qtbot)
    assert database.place(own).is_private


def test_environment_goes_before_what_is_chosen(launch, own: Settings, team: Team, qtbot: QtBot) -> None:
    uri = f"mongodb://loadlens:{team.password}@{team.address}/?authSource=admin"
    named = Settings(_env_file=None, loadlens_data_dir=own.data_dir, mongodb_uri=uri, mongodb_name=team.name)
    with opened(named) as db:
        accounts.register(db, "Ada", "Wong", "ada@example.com", PASSWORD)
    panel = panel_of(sign_in(launch(named), qtbot), qtbot)
    assert "The environment or .env says so (MONGODB_URI" in panel.where.text
    assert f"{team.address}, database {team.name}" in panel.where.text
    assert not panel.form.isVisible()
    assert not panel.use_private.isVisible()
