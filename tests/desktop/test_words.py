"""Names that look like HTML are shown letter by letter, wherever they stand."""

import csv
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QLabel,
    QSystemTrayIcon,
    QTabBar,
    QTableView,
    QTreeView,
    QWidget,
)
from pytestqt.qtbot import QtBot
from workplace import Workplace

from desktop.app.tray import Tray
from desktop.framework.confirmation import confirm
from desktop.widgets.tooltips import hint
from services import accounts, alerts, devices, facility, notifications, views, watching
from services.alerts import Rule
from services.devices import list_devices
from services.facility import Facility
from services.importing import import_file
from services.scope import Scope

NAME = '<img src="file:///etc/passwd"><a href="file:///etc/passwd">Hall</a> & <b>Co</b>'
PATIENCE = 20_000
PAGES = ("dashboard", "devices", "predictions", "alerts", "reports", "import", "settings")


@pytest.fixture
def named(scope: Scope, tmp_path: Path) -> Scope:
    """A facility with such names everywhere, alerts about them, and a muted device."""
    days = pd.date_range("2024-03-01", "2024-03-31").strftime("%Y-%m-%d")
    path = tmp_path / "readings <b>March<b>.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        written = csv.writer(file)
        written.writerow(["Date", "Device", "kWh", "Category", "Location"])
        for number in range(2):
            written.writerows([day, f"{NAME} {number}", 5 + number, NAME, NAME] for day in days)
    import_file(scope, path, timezone="UTC")
    facility.save(scope, Facility(name=NAME))
    first, second = list_devices(scope)
    devices.edit_device(scope, first.id, first.name, first.category_id, 10.0, 2.0)
    alerts.evaluate(scope)
    alerts.save_rule(scope, Rule("limit", device_id=first.id, limit=1.0))
    alerts.check_rules(scope)
    found = alerts.list_alerts(scope)
    assert found
    alerts.acknowledge(scope, [found[0].id], NAME)
    alerts.mute(scope, [second.id])
    views.save(scope, NAME, views.View())
    (tmp_path / "<b>watched").mkdir()
    watching.set_folder(scope, tmp_path / "<b>watched")
    notifications.enqueue(scope, [], f"Loadlens: {NAME}", NAME)
    refused = {"state": "failed", "sentence": "{reason}", "details": {"reason": NAME}}
    scope.db["outbox"].update_many({}, {"$set": refused})
    scope.db["users"].update_one({"_id": scope.user_id}, {"$set": {"firstName": NAME}})
    return accounts.scope_of(scope.db, "ada@example.com")


def test_no_page_reads_a_name_as_html(named: Scope, workplace: Workplace, qtbot: QtBot) -> None:
    for page in PAGES:
        shown = workplace.go(page)
        qtbot.wait(600)
        for tabs in shown.findChildren(QTabBar):
            for place in range(tabs.count()):
                tabs.setCurrentIndex(place)
                qtbot.wait(100)
        for table in shown.findChildren(QAbstractItemView):
            if table.model() is not None:
                table.setCurrentIndex(table.model().index(0, 0))
        qtbot.wait(300)
        assert _read_as_html(workplace.window) == [], page


def test_the_page_of_a_device_shows_its_name(named: Scope, workplace: Workplace, qtbot: QtBot) -> None:
    page = workplace.go("devices")
    qtbot.waitUntil(lambda: page.list.table.model().rowCount() == 2, timeout=PATIENCE)
    page.list.table.selectRow(0)
    device = workplace.device
    with qtbot.waitSignals([device.facts_known, device.events_known, device.quality_known], timeout=PATIENCE):
        qtbot.keyClick(page.list.table, Qt.Key.Key_Return)
    assert page.device.name.text() == f"{NAME} 0"
    assert _read_as_html(workplace.window) == []


def test_questions_and_hints_show_names(workplace: Workplace, qtbot: QtBot) -> None:
    box = confirm(workplace.window, f"Delete {NAME}?", NAME, "Delete", lambda: None)
    assert _read_as_html(box) == []
    assert NAME in box.informativeText()
    box.reject()
    told = QLabel(hint(f"{NAME}\nsecond line"))
    assert "<img" not in told.text()
    document = QTextDocument()
    document.setHtml(told.text())
    assert document.toPlainText() == f"{NAME}\nsecond line"
    assert hint("Hall & Co.\nNorth") == "Hall & Co.\nNorth"


def test_a_popup_of_the_tray_has_no_tags(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    """Desktops on Linux show links and pictures in popups."""
    said: list[str] = []
    monkeypatch.setattr(
        QSystemTrayIcon, "showMessage", lambda _icon, title, text, *_: said.append(title + text)
    )
    monkeypatch.setattr(QSystemTrayIcon, "isVisible", lambda _icon: True)
    tray = Tray()
    tray.tell("Report", NAME)
    tray.announce([Announced("1", "high", NAME)])
    assert len(said) == 2
    assert not [one for one in said if "<" in one]
    tray.deleteLater()


class Announced(NamedTuple):
    id: str
    severity: str
    message: str


def _read_as_html(window: QWidget) -> list[str]:
    """What labels, hints and rows would show of the name otherwise than it is written."""
    labels = [
        label.text()
        for label in window.findChildren(QLabel)
        if label.textFormat() is not Qt.TextFormat.PlainText and "<img" in label.text()
    ]
    hints = [widget.toolTip() for widget in window.findChildren(QWidget) if "<img" in widget.toolTip()]
    for view in window.findChildren(QAbstractItemView):
        if view.model() is None:
            continue
        columns = view.model().columnCount() if isinstance(view, QTableView | QTreeView) else 1
        cells = [view.model().index(row, column) for row in range(5) for column in range(columns)]
        told = [cell.data(Qt.ItemDataRole.ToolTipRole) for cell in cells if cell.isValid()]
        hints += [words for words in told if isinstance(words, str) and "<img" in words]
    return labels + hints
