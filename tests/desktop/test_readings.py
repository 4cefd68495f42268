"""The table of readings behind the dashboard's figures."""

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from workplace import Workplace

from desktop.features.dashboard import readings_view_model as readings_viewmodel
from desktop.features.dashboard.page import DashboardWindow
from desktop.features.dashboard.readings_dialog import ReadingsDialog
from services.importing import import_file
from services.scope import Scope

PATIENCE = 20_000


@pytest.fixture
def facility(scope: Scope, tmp_path: Path) -> None:
    """Two devices in two places, read for three days every six hours."""
    lines = [
        f"2024-03-{day:02} {hour:02}:00,{device},{place},{day + hour / 100}"
        for day in (9, 10, 11)
        for hour in (0, 6, 12, 18)
        for device, place in (("Lifts", "Tower"), ("Chiller", "Cellar"))
    ]
    path = tmp_path / "readings.csv"
    path.write_text("\n".join(["Date,Device,Location,Consumption (kWh)", *lines]), encoding="utf-8")
    import_file(scope, path)


@pytest.fixture
def page(facility: None, workplace: Workplace, qtbot: QtBot) -> DashboardWindow:
    page = workplace.go("dashboard")
    assert isinstance(page, DashboardWindow)
    qtbot.waitUntil(page.readings.isVisible, timeout=PATIENCE)
    return page


@pytest.fixture
def dialog(page: DashboardWindow, workplace: Workplace, qtbot: QtBot) -> ReadingsDialog:
    with qtbot.waitSignal(workplace.readings.loaded, timeout=PATIENCE):
        page.readings.click()
    assert page.dialog is not None
    return page.dialog


def rows(dialog: ReadingsDialog) -> list[tuple[str, ...]]:
    model = dialog.table.model()
    return [tuple(model.index(row, column).data() for column in range(3)) for row in range(model.rowCount())]


def test_readings_follow_the_filter_and_are_sorted_by_a_heading(
    dialog: ReadingsDialog, workplace: Workplace, qtbot: QtBot
) -> None:
    assert dialog.summary.text() == "24 readings, 9–11 Mar 2024"
    assert rows(dialog)[:2] == [
        ("9 Mar 2024, 00:00", "Chiller", "9.000"),
        ("9 Mar 2024, 00:00", "Lifts", "9.000"),
    ]
    with qtbot.waitSignal(workplace.readings.loaded, timeout=PATIENCE):
        workplace.dashboard.choose(locations=("Tower",))
    assert {device for _, device, _ in rows(dialog)} == {"Lifts"}

    with qtbot.waitSignal(workplace.readings.loaded, timeout=PATIENCE):
        dialog.table.horizontalHeader().setSortIndicator(2, Qt.SortOrder.DescendingOrder)
    assert [kwh for *_, kwh in rows(dialog)][:3] == ["11.180", "11.120", "11.060"]


def test_of_too_many_readings_the_last_days_are_shown(
    page: DashboardWindow, workplace: Workplace, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(readings_viewmodel, "MOST", 20)
    with qtbot.waitSignal(workplace.readings.loaded, timeout=PATIENCE):
        page.readings.click()
    assert workplace.readings.summary == "The last 16 of 24 readings, 10–11 Mar 2024"


def test_chosen_readings_are_copied_and_all_are_saved(
    dialog: ReadingsDialog, workplace: Workplace, tmp_path: Path, qtbot: QtBot
) -> None:
    model = dialog.table.model()
    third = QItemSelection(model.index(2, 0), model.index(2, 2))
    dialog.table.selectionModel().select(third, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    with qtbot.waitSignal(workplace.readings.copied, timeout=PATIENCE):
        dialog.copy.click()
    assert QGuiApplication.clipboard().text() == "Date\tDevice\tkWh\n2024-03-09 06:00\tChiller\t9.06\n"
    assert dialog.banner.text == "1 rows are on the clipboard."

    with qtbot.waitSignal(workplace.readings.saved, timeout=PATIENCE):
        workplace.readings.save(str(tmp_path / "readings.xlsx"))
    saved = list(openpyxl.load_workbook(tmp_path / "readings.xlsx").active.values)
    assert saved[0] == ("Date", "Device", "kWh")
    assert len(saved) == 25
