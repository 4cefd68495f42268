"""The tab for backups: written, listed, restored and made by themselves, through the real window."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot
from workplace import Workplace

from desktop.app.application import Application
from desktop.features.settings.backup_panel import BackupPanel
from services import database, devices
from services.scope import Scope

PATIENCE = 20_000


@pytest.fixture
def panel(workplace: Workplace, qtbot: QtBot) -> BackupPanel:
    with qtbot.waitSignal(workplace.backups.loaded, timeout=PATIENCE):
        workplace.show("settings", "backup")
    return workplace.window.findChildren(BackupPanel)[0]


def back_up(panel: BackupPanel, workplace: Workplace, path: Path, qtbot: QtBot) -> None:
    dialog = panel.choose_file()
    with qtbot.waitSignals([workplace.backups.notified, workplace.backups.loaded], timeout=PATIENCE):
        dialog.fileSelected.emit(str(path))
    dialog.reject()


def save(panel: BackupPanel, workplace: Workplace, folder: Path, qtbot: QtBot) -> None:
    panel.every.set_value("daily")
    panel.every.activated.emit(1)
    panel.folder.setText(str(folder))
    panel.keep.set_value("2")
    with qtbot.waitSignal(workplace.backups.loaded, timeout=PATIENCE):
        qtbot.mouseClick(panel.save, Qt.MouseButton.LeftButton)


def test_backed_up_changed_and_restored(
    panel: BackupPanel,
    workplace: Workplace,
    application: Application,
    scope: Scope,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    devices.add_device(scope, "Chiller")
    save(panel, workplace, tmp_path, qtbot)
    assert panel.none.isVisible()
    back_up(panel, workplace, tmp_path / "a.backup", qtbot)
    assert panel.banner.text == f"The backup is written and verified: {tmp_path / 'a.backup'}"
    time.sleep(1.1)  # an id tells of seconds
    devices.add_device(scope, "Lift")

    assert not panel.restore.isEnabled()
    panel.list.choose(0)
    with qtbot.waitSignal(workplace.backups.notified, timeout=PATIENCE):
        panel.verify.click()
    assert panel.banner.text == "a.backup is whole."
    qtbot.waitUntil(panel.restore.isEnabled, timeout=PATIENCE)
    with qtbot.waitSignal(workplace.backups.asked, timeout=PATIENCE):
        panel.restore.click()
    question = panel.findChildren(QMessageBox)[0]
    assert "Everybody is signed out" in question.informativeText()
    assert "not written by this installation" not in question.informativeText()
    assert "It is older than what is here" in question.informativeText()
    assert question.defaultButton().text() == "Cancel"
    question.findChild(QPushButton, "confirm").click()
    qtbot.waitUntil(lambda: application.context is None, timeout=PATIENCE)
    assert "Sign in" in application.entrance.login.banner.text
    assert [device.name for device in devices.list_devices(scope)] == ["Chiller"]


def test_backup_of_unknown_origin_is_asked_about(
    panel: BackupPanel, workplace: Workplace, scope: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    scope.db["users"].update_one({}, {"$set": {"role": "admin"}})
    database.back_up(scope.db, tmp_path / "strange.backup")
    scope.db["users"].update_one({}, {"$set": {"role": "user"}})
    with qtbot.waitSignal(workplace.backups.asked, timeout=PATIENCE):
        workplace.backups.inspect(str(tmp_path / "strange.backup"))
    question = panel.findChildren(QMessageBox)[0]
    assert "was not written by this installation" in question.informativeText()
    assert "It makes administrators of: ada@example.com." in question.informativeText()
    assert "which mail servers get the alerts" in question.informativeText()
    question.reject()
    (tmp_path / "broken.backup").write_bytes(b"hello")
    with qtbot.waitSignal(workplace.backups.failed, timeout=PATIENCE):
        workplace.backups.inspect(str(tmp_path / "broken.backup"))
    assert "no whole backup" in panel.banner.text


def test_backup_is_made_by_itself_and_a_folder_that_is_gone_told_once(
    panel: BackupPanel, workplace: Workplace, scope: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    model, folder = workplace.backups, tmp_path / "drive"
    folder.mkdir()
    save(panel, workplace, folder, qtbot)
    assert panel.state.text() == "None was made yet."
    yesterday = {"$set": {"since": datetime.now(UTC) - timedelta(days=2)}}
    scope.db["backup_schedules"].update_one({}, yesterday)
    folder.rename(tmp_path / "away")
    with qtbot.waitSignals([model.refused, model.loaded], timeout=PATIENCE):
        model.make_due()
    assert "is not there" in workplace.window.banner.text
    assert "is not there" in panel.state.text()
    with qtbot.assertNotEmitted(model.refused), qtbot.waitSignal(model.loaded, timeout=PATIENCE):
        qtbot.waitUntil(lambda: not model.is_running("due"), timeout=PATIENCE)
        model.make_due()
    (tmp_path / "away").rename(folder)
    qtbot.waitUntil(lambda: not model.is_running("due"), timeout=PATIENCE)
    with qtbot.waitSignals([model.made, model.loaded], timeout=PATIENCE):
        model.make_due()
    [made] = folder.iterdir()
    assert str(made) in workplace.window.banner.text
    assert panel.state.text().startswith("The last one was made ")
    assert panel.list.model().rowCount() == 1


def test_who_does_not_look_after_the_database_is_told_who_does(
    workplace: Workplace, scope: Scope, qtbot: QtBot
) -> None:
    scope.db["users"].insert_one({"email": "eve@example.com", "role": "admin", "status": "active"})
    with qtbot.waitSignal(workplace.backups.loaded, timeout=PATIENCE):
        workplace.show("settings", "backup")
    panel = workplace.window.findChildren(BackupPanel)[0]
    assert panel.may_not.isVisible()
    assert not panel.back_up.isVisible()
    assert not panel.findChildren(QFileDialog)
