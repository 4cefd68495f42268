"""Alt and a letter does one thing: nothing that is on screen together has the same letter."""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QGroupBox, QLabel, QTabBar, QWidget
from pytestqt.qtbot import QtBot
from workplace import Workplace

from desktop.features.imports.view_model import Stage
from services import alerts, reports, views
from services.alerts import Rule
from services.importing import import_file
from services.scope import Scope

PATIENCE = 20_000


@pytest.fixture
def administrator(scope: Scope, tmp_path: Path) -> Path:
    """Somebody who sees every page and has something on each; the file that was imported."""
    path = tmp_path / "meters.csv"
    days = pd.date_range("2024-01-01", "2024-03-31").strftime("%Y-%m-%d")
    pd.DataFrame({"Date": days, "Device": "Pump", "kWh": 5.0, "Category": "Water"}).to_csv(path, index=False)
    import_file(scope, path, timezone="UTC")
    alerts.save_rule(scope, Rule("limit", limit=1.0))
    alerts.check_rules(scope)
    views.save(scope, "March", views.View())
    reports.add_schedule(scope, "month", reports.Subject(), (".pdf",), tmp_path)
    scope.db["users"].update_one({"_id": scope.user_id}, {"$set": {"role": "admin"}})
    return path


def test_no_letter_has_two_meanings_on_a_page(
    administrator: Path, workplace: Workplace, qtbot: QtBot
) -> None:
    found = {}
    for page in workplace.window.navigation.pages:
        shown = workplace.go(page.name)
        qtbot.wait(500)
        for tab in _each_tab(shown):
            qtbot.wait(200)
            for rows in shown.findChildren(QAbstractItemView):
                if rows.isVisible() and rows.model() is not None and rows.selectionModel() is not None:
                    rows.setCurrentIndex(rows.model().index(0, 0))
            qtbot.wait(100)
            found[page.name, tab] = _clashes(workplace.window)
    assert {where: clashes for where, clashes in found.items() if clashes} == {}


def test_nor_on_what_a_page_turns_into(
    administrator: Path, workplace: Workplace, scope: Scope, qtbot: QtBot
) -> None:
    devices = workplace.go("devices")
    qtbot.waitUntil(lambda: devices.list.table.model().rowCount() == 1, timeout=PATIENCE)
    devices.list.table.selectRow(0)
    with qtbot.waitSignal(workplace.device.facts_known, timeout=PATIENCE):
        qtbot.keyClick(devices.list.table, Qt.Key.Key_Return)
    assert _clashes(workplace.window) == []
    workplace.window.files_dropped.emit([administrator])
    qtbot.waitUntil(lambda: workplace.imports.stage is Stage.MAPPING, timeout=PATIENCE)
    mapping = workplace.go("import").files.mapping
    mapping.more.click()
    assert _clashes(workplace.window) == []
    mapping.start.click()
    qtbot.waitUntil(lambda: workplace.imports.stage is Stage.SUMMARY, timeout=PATIENCE)
    assert _clashes(workplace.window) == []
    days = pd.date_range("2024-01-01", periods=28)
    usage = _usage(administrator.parent / "usage.csv", days, days.day * 1.5)
    import_file(scope, usage, timezone="UTC")
    for name, kwh in (("usage", days.day * 4), ("usage (1)", days.day * 1.5)):
        workplace.window.files_dropped.emit([_usage(administrator.parent / f"{name}.csv", days, kwh)])
        qtbot.waitUntil(lambda: workplace.imports.stage is Stage.MAPPING, timeout=PATIENCE)
        mapping.start.click()
        qtbot.waitUntil(mapping.meter_question.isVisible, timeout=PATIENCE)
        assert _clashes(workplace.window) == []


def _usage(path: Path, days: pd.DatetimeIndex, kwh: pd.Index) -> Path:
    pd.DataFrame({"Date": days, "kWh": kwh}).to_csv(path, index=False)
    return path


def _each_tab(page: QWidget) -> Iterator[str]:
    bars = [bar for bar in page.findChildren(QTabBar) if bar.isVisible()]
    for bar in bars:
        for place in range(bar.count()):
            bar.setCurrentIndex(place)
            yield bar.tabText(place)
    if not bars:
        yield ""


def _clashes(window: QWidget) -> list[tuple[str, ...]]:
    """The texts that share a letter."""
    found: dict[str, list[str]] = {}
    for text in _texts(window):
        for letter in re.findall(r"&([^&\s])", text.replace("&&", "")):
            found.setdefault(letter.lower(), []).append(text)
    return [tuple(texts) for texts in found.values() if len(texts) > 1]


def _texts(window: QWidget) -> Iterator[str]:
    yield from (action.text() for action in window.menuBar().actions())
    for widget in window.findChildren(QWidget):
        if not widget.isVisible():
            continue
        if isinstance(widget, QGroupBox):
            yield widget.title()
        elif isinstance(widget, QAbstractButton) or (isinstance(widget, QLabel) and widget.buddy()):
            yield widget.text()
        elif isinstance(widget, QTabBar):
            yield from (widget.tabText(place) for place in range(widget.count()))
