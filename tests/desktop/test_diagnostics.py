"""The diagnostics tab: what is unwell stands first, a bundle is saved, and who may not look is told."""

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from workplace import Workplace

from desktop.features.settings.diagnostics_panel import DiagnosticsPanel
from services import accounts, crash_reports
from services.scope import Scope
from services.settings import Settings

PATIENCE = 20_000
FAULT = """
import ctypes, sys
from services import crash_reports
from services.settings import Settings
crash_reports.begin(Settings(_env_file=None, loadlens_data_dir=sys.argv[1]), "window")
ctypes.string_at(0)
"""


@pytest.fixture
def crashed(settings: Settings) -> Iterator[None]:
    """A program over the same data folder has died of a fault."""
    died = subprocess.run([sys.executable, "-c", FAULT, settings.data_dir], stderr=subprocess.DEVNULL)
    assert died.returncode
    yield
    crash_reports.acknowledge(settings)


@pytest.fixture
def panel(workplace: Workplace, qtbot: QtBot) -> DiagnosticsPanel:
    """As it comes up for the first time."""
    workplace.go("settings")
    workplace.show("settings", "diagnostics")
    return workplace.window.findChild(DiagnosticsPanel)


def rows(panel: DiagnosticsPanel) -> list[str]:
    return [
        label.accessibleName() for label in panel.list.findChildren(QLabel) if ": " in label.accessibleName()
    ]


def test_it_looks_by_itself_and_again(
    panel: DiagnosticsPanel, workplace: Workplace, scope: Scope, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: panel.summary.text() == "All is well.", timeout=PATIENCE)
    assert any(row.startswith("Mail, Well: Nobody has alerts mailed") for row in rows(panel))
    qtbot.waitUntil(panel.examine.isEnabled, timeout=PATIENCE)
    scope.db["consumption_data"].insert_one(scope.owned({"deviceId": None, "consumption": 1.0}))
    with qtbot.waitSignal(workplace.diagnostics.examined, timeout=PATIENCE):
        panel.examine.click()
        assert panel.progress.isVisible()
    assert panel.summary.text() == "One thing needs looking after."
    qtbot.waitUntil(lambda: rows(panel)[0].startswith("Packed readings, Needs looking after: The packed"))
    qtbot.waitUntil(lambda: not panel.progress.isVisible(), timeout=PATIENCE)


def test_a_bundle_is_saved(
    panel: DiagnosticsPanel, workplace: Workplace, tmp_path: Path, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: bool(panel.summary.text()) and panel.save.isEnabled(), timeout=PATIENCE)
    panel.save.click()
    with qtbot.waitSignal(workplace.diagnostics.notified, timeout=PATIENCE):
        panel._dialog.fileSelected.emit(str(tmp_path / "for support.zip"))
    assert "for support.zip is saved" in panel.banner.text
    with zipfile.ZipFile(tmp_path / "for support.zip") as archive:
        assert "checks.json" in archive.namelist()


def test_looking_is_cancelled(panel: DiagnosticsPanel, workplace: Workplace, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(panel.summary.text()) and panel.examine.isEnabled(), timeout=PATIENCE)
    with qtbot.assertNotEmitted(workplace.diagnostics.examined):
        panel.examine.click()
        panel.progress.cancel.click()
        qtbot.waitUntil(panel.examine.isEnabled, timeout=PATIENCE)


def test_who_may_not_look_is_told(workplace: Workplace, scope: Scope, qtbot: QtBot) -> None:
    accounts.create_superuser(scope.db, "root@example.com", "correct horse battery")
    workplace.show("settings", "diagnostics")
    panel = workplace.window.findChild(DiagnosticsPanel)
    qtbot.waitUntil(panel.may_not.isVisible, timeout=PATIENCE)
    assert not panel.examine.isVisible()
    assert not panel.save.isVisible()
    assert rows(panel) == []


def test_an_unexpected_end_is_told_until_it_is_dismissed(
    crashed: None, workplace: Workplace, settings: Settings, qtbot: QtBot
) -> None:
    banner = workplace.window.end_banner
    qtbot.waitUntil(banner.isVisible, timeout=PATIENCE)
    assert banner.text.startswith("Loadlens ended unexpectedly on ")
    assert banner.accessibleName() == banner.text
    workplace.show("settings", "diagnostics")
    panel = workplace.window.findChild(DiagnosticsPanel)
    qtbot.waitUntil(lambda: panel.summary.text() == "One thing needs looking after.", timeout=PATIENCE)
    assert rows(panel)[0].startswith("Unexpected ends, Needs looking after: Loadlens ended unexpectedly on ")
    qtbot.waitUntil(panel.examine.isEnabled, timeout=PATIENCE)
    banner._dismiss.click()
    qtbot.waitUntil(lambda: panel.summary.text() == "All is well.", timeout=PATIENCE)
    assert not banner.isVisible()
    assert crash_reports.unexpected_ends(settings) == []


def test_the_bundle_that_is_offered_then_is_saved(
    crashed: None, workplace: Workplace, tmp_path: Path, qtbot: QtBot
) -> None:
    banner = workplace.window.end_banner
    qtbot.waitUntil(banner.isVisible, timeout=PATIENCE)
    banner._offer.click()
    panel = workplace.window.findChild(DiagnosticsPanel)
    assert panel.isVisible()
    with qtbot.waitSignal(workplace.diagnostics.notified, timeout=PATIENCE):
        # At once, while the page still looks whether all is well.
        panel._dialog.fileSelected.emit(str(tmp_path / "for support.zip"))
    with zipfile.ZipFile(tmp_path / "for support.zip") as archive:
        assert b"Loadlens ended unexpectedly" in archive.read("checks.json")
    assert panel.summary.text() == "All is well."
    assert not banner.isVisible()
