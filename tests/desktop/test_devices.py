"""The devices page over the real services."""

import gc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QStandardItem
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot
from workplace import Workplace

from desktop.features.devices.categories_dialog import CategoriesDialog
from desktop.features.devices.device_list_dialog import DeviceListDialog
from desktop.features.devices.dialogs import BulkEditDialog, DeviceDialog
from desktop.features.devices.fields import EDITABLE, rows
from desktop.features.devices.models import DevicesTree
from desktop.features.devices.page import DeviceListPanel, DevicesWindow
from desktop.widgets.choice import Choice
from services import alerts, devices, importing
from services.scope import Scope

PATIENCE = 20_000

W = TypeVar("W", bound=QWidget)


@pytest.fixture
def page(workplace: Workplace, qtbot: QtBot) -> DeviceListPanel:
    with qtbot.waitSignal(workplace.devices.loaded, timeout=PATIENCE):
        page = workplace.go("devices")
    assert isinstance(page, DevicesWindow)
    return page.list


def shown(page: DeviceListPanel) -> list[str]:
    model = page.table.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def dialog(page: DeviceListPanel, kind: type[W], qtbot: QtBot) -> W:
    """The dialog of this kind that opens over the page."""
    qtbot.waitUntil(lambda: bool(page.findChildren(kind)), timeout=PATIENCE)
    return page.findChildren(kind)[0]


def named(scope: Scope) -> Callable[[], list[str]]:
    return lambda: [device.name for device in devices.list_devices(scope)]


def test_a_device_is_added_refused_twice_and_edited(
    page: DeviceListPanel, scope: Scope, qtbot: QtBot
) -> None:
    assert page.pages.currentWidget() is page.none
    names = named(scope)

    page.add.click()
    form = dialog(page, DeviceDialog, qtbot)
    assert form.editors["unit"].value == "kWh"
    form.name.setText("Chiller")
    form.editors["rated_power"].setText("1500")
    qtbot.keyClick(form.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(page) == ["Chiller"], timeout=PATIENCE)
    assert devices.list_devices(scope)[0].rated_power == 1500

    page.add.click()
    form = dialog(page, DeviceDialog, qtbot)
    form.name.setText("Chiller")
    qtbot.keyClick(form.name, Qt.Key.Key_Return)
    qtbot.waitUntil(form.isEnabled, timeout=PATIENCE)
    form.reject()
    qtbot.waitUntil(lambda: not page.findChildren(DeviceDialog), timeout=PATIENCE)
    assert names() == ["Chiller"]

    page.table.selectRow(0)
    page.edit.click()
    form = dialog(page, DeviceDialog, qtbot)
    assert form.editors["rated_power"].text() == form.locale().toString(1500)
    form.name.setText("Old chiller")
    form.editors["status"].setCurrentIndex(form.editors["status"].findData("inactive"))
    qtbot.keyClick(form.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(page) == ["Old chiller"], timeout=PATIENCE)
    (device,) = devices.list_devices(scope)
    assert (device.rated_power, device.status) == (1500, "inactive")


def test_deleting_says_first_what_goes_along(
    workplace: Workplace, page: DeviceListPanel, scope: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "meters.csv"
    lines = [f"2024-01-0{day},Fan {n},1.0" for n in (1, 2, 10) for day in (1, 2, 3)]
    path.write_text("\n".join(["date,device,kWh", *lines]))
    importing.import_file(scope, path)
    workplace.devices.refresh()
    qtbot.waitUntil(lambda: shown(page) == ["Fan 1", "Fan 2", "Fan 10"], timeout=PATIENCE)

    page.search.setText("fan 1")
    assert shown(page) == ["Fan 1", "Fan 10"]
    page.table.selectAll()
    page.delete.click()
    question = dialog(page, QMessageBox, qtbot)
    assert question.text() == "Delete 2 devices?"
    assert question.informativeText() == "This also deletes readings: 6. It cannot be undone."
    assert len(devices.list_devices(scope)) == 3
    question.findChild(QWidget, "confirm").click()
    qtbot.waitUntil(lambda: page.pages.currentWidget() is page.no_match, timeout=PATIENCE)
    assert [device.name for device in devices.list_devices(scope)] == ["Fan 2"]
    assert scope.db["consumption_data"].count_documents(scope.owned()) == 3


def test_a_category_is_added_renamed_and_deleted_without_its_devices(
    page: DeviceListPanel, scope: Scope, qtbot: QtBot
) -> None:
    def categories() -> list[str]:
        return [category.name for category in devices.list_categories(scope)]

    page.categories.click()
    form = dialog(page, CategoriesDialog, qtbot)
    form.new_name.setText("HVAC")
    form.add.click()
    qtbot.waitUntil(lambda: form.table.model().rowCount() == 1, timeout=PATIENCE)
    (category,) = devices.list_categories(scope)
    devices.add_device(scope, "Chiller", category.id)

    form.table.selectRow(0)
    form.rename.click()
    (box,) = form.findChildren(QWidget, "rename")
    box.setTextValue("Cooling")
    box.accept()
    qtbot.waitUntil(lambda: categories() == ["Cooling"], timeout=PATIENCE)

    qtbot.waitUntil(lambda: form.table.model().index(0, 1).data() == "1", timeout=PATIENCE)
    form.table.selectRow(0)
    form.delete.click()
    question = form.findChildren(QMessageBox)[0]
    assert question.informativeText() == "Its devices (1) stay, without a category."
    question.findChild(QWidget, "confirm").click()
    qtbot.waitUntil(lambda: categories() == [], timeout=PATIENCE)
    (device,) = devices.list_devices(scope)
    assert (device.name, device.category_id) == ("Chiller", None)


def test_a_rated_power_that_readings_exceed_is_alerted_at_once(
    workplace: Workplace, page: DeviceListPanel, scope: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "readings.csv"
    kwh = {10: 2.0, 11: 9.0, 12: 2.0}
    lines = [f"2024-05-01 {hour}:00,Chiller,{value}" for hour, value in kwh.items()]
    path.write_text("\n".join(["date,device,kWh", *lines]))
    importing.import_file(scope, path)
    workplace.devices.refresh()
    qtbot.waitUntil(lambda: shown(page) == ["Chiller"], timeout=PATIENCE)
    page.table.selectRow(0)
    page.edit.click()
    form = dialog(page, DeviceDialog, qtbot)
    form.editors["rated_power"].setText("5000")
    qtbot.keyClick(form.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: workplace.alerts.unread == 1, timeout=PATIENCE)
    [alert] = alerts.list_alerts(scope)
    assert (alert.type, alert.expected, alert.actual) == ("threshold", 5.0, 9.0)


def cell(page: DeviceListPanel, row: int, column: int) -> str:
    return str(page.table.model().index(row, column).data())


def type_over(page: DeviceListPanel, row: int, column: int, text: str, qtbot: QtBot) -> None:
    """As a hand on the keyboard does: F2, the text, Enter."""
    page.table.setFocus()
    page.table.setCurrentIndex(page.table.model().index(row, column))
    qtbot.keyClick(page.table, Qt.Key.Key_F2)
    editor = page.table.findChildren(QLineEdit)[-1]
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.table.state() == page.table.State.NoState, timeout=PATIENCE)


def filled(workplace: Workplace, scope: Scope, qtbot: QtBot) -> None:
    """Wait for the devices and categories that there are."""
    shown, wanted = workplace.devices, (devices.list_devices(scope), devices.list_categories(scope))
    shown.refresh()
    qtbot.waitUntil(
        lambda: (shown.count, shown.categories.table.rowCount()) == tuple(map(len, wanted)), timeout=PATIENCE
    )


def test_cells_are_typed_over_undone_and_done_again(
    workplace: Workplace, page: DeviceListPanel, scope: Scope, qtbot: QtBot
) -> None:
    for name in ("Fan", "Lift"):
        devices.add_device(scope, name, None, 100.0)
    filled(workplace, scope, qtbot)
    type_over(page, 0, 2, "2500", qtbot)
    qtbot.waitUntil(lambda: cell(page, 0, 2) == page.locale().toString(2500), timeout=PATIENCE)
    type_over(page, 0, 0, "Blower", qtbot)
    qtbot.waitUntil(lambda: shown(page) == ["Blower", "Lift"], timeout=PATIENCE)
    type_over(page, 0, 3, "30", qtbot)
    qtbot.waitUntil(page.banner.isVisible, timeout=PATIENCE)
    type_over(page, 0, 0, "lift", qtbot)
    qtbot.waitUntil(lambda: "named “lift” already" in page.banner.text, timeout=PATIENCE)
    assert page.undo.undo.toolTip() == "Undo: Rename “Fan”"
    assert [(d.name, d.rated_power, d.avg_usage_hours) for d in devices.list_devices(scope)] == [
        ("Blower", 2500, None),
        ("Lift", 100, None),
    ]

    for _ in range(2):
        qtbot.keyClick(page.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: shown(page) == ["Fan", "Lift"] and cell(page, 0, 2) == "100", timeout=PATIENCE)
    qtbot.waitUntil(lambda: not page.undo.undo.isEnabled(), timeout=PATIENCE)
    page.undo.redo.click()
    page.undo.redo.click()
    qtbot.waitUntil(lambda: named(scope)() == ["Blower", "Lift"], timeout=PATIENCE)
    assert devices.list_devices(scope)[0].rated_power == 2500

    # What was deleted meanwhile cannot be undone.
    devices.delete_devices(scope, [devices.list_devices(scope)[0].id])
    page.undo.undo.click()
    qtbot.waitUntil(lambda: "not there any more" in page.banner.text, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not page.undo.undo.isEnabled(), timeout=PATIENCE)
    assert not page.undo.redo.isEnabled()


def test_many_are_edited_at_once_and_a_category_is_chosen_in_its_cell(
    workplace: Workplace, page: DeviceListPanel, scope: Scope, qtbot: QtBot
) -> None:
    cooling = devices.add_category(scope, "Cooling")
    for name in ("Fan", "Lift", "Pump"):
        devices.add_device(scope, name)
    filled(workplace, scope, qtbot)
    page.table.selectAll()
    page.edit.click()
    form = dialog(page, BulkEditDialog, qtbot)
    form.ticks["category_id"].click()
    form.editors["category_id"].set_value(cooling.id)
    form.ticks["avg_usage_hours"].click()
    form.editors["avg_usage_hours"].setText("8")
    form.buttons.button(form.buttons.StandardButton.Save).click()
    qtbot.waitUntil(lambda: cell(page, 2, 3) == "8", timeout=PATIENCE)
    assert [(d.category, d.avg_usage_hours, d.rated_power) for d in devices.list_devices(scope)] == [
        ("Cooling", 8, None)
    ] * 3

    page.table.setCurrentIndex(page.table.model().index(1, 1))
    qtbot.keyClick(page.table, Qt.Key.Key_F2)
    [choice] = page.table.findChildren(Choice)
    qtbot.waitUntil(choice.view().isVisible, timeout=PATIENCE)
    qtbot.keyClick(choice.view(), Qt.Key.Key_Up)
    qtbot.keyClick(choice.view(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: cell(page, 1, 1) == "", timeout=PATIENCE)
    page.filter.category.set_value(cooling.id)
    assert shown(page) == ["Fan", "Pump"]
    page.undo.undo.click()
    qtbot.waitUntil(lambda: shown(page) == ["Fan", "Lift", "Pump"], timeout=PATIENCE)
    page.undo.undo.click()
    qtbot.waitUntil(lambda: devices.list_devices(scope)[0].category_id is None, timeout=PATIENCE)


def test_devices_are_grouped_with_subtotals_and_the_suspicious_ones_found(
    workplace: Workplace, page: DeviceListPanel, scope: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    lines = [
        f"2024-01-{day:02},{name},{kwh},{category},{place}"
        for name, kwh, category, place in (
            ("Chiller 2", 31, "Cooling", "North"),
            ("Chiller 10", 9, "Cooling", "North"),
            ("Lift", 10, "Lifts", "South"),
        )
        for day in range(1, 11)
    ]
    path = tmp_path / "meters.csv"
    path.write_text("\n".join(["date,device,kWh,category,location", *lines]))
    importing.import_file(scope, path)
    for device in devices.list_devices(scope):
        devices.edit_device(scope, device.id, device.name, device.category_id, 1000, 10)
    filled(workplace, scope, qtbot)
    qtbot.waitUntil(lambda: workplace.devices.suspicious == 1, timeout=PATIENCE)
    assert page.count.text() == "3 in all · 1 suspicious"

    page.grouped.click()
    tree = page.tree.model()
    north = tree.index(0, 0)
    cooling = tree.index(0, 0, north)
    assert [[tree.index(row, column).data() for column in range(4)] for row in range(2)] == [
        ["North", "2", "400", "80.0 %"],
        ["South", "1", "100", "20.0 %"],
    ]
    assert [tree.index(row, 0, cooling).data() for row in range(2)] == ["Chiller 2", "Chiller 10"]
    assert [tree.index(row, 2, cooling).data() for row in range(2)] == ["310", "90.0"]
    page.tree.setCurrentIndex(cooling)
    assert [workplace.devices.device(key).name for key in page.chosen()] == ["Chiller 2", "Chiller 10"]

    page.filter.suspicious.click()
    page.grouped.click()
    assert shown(page) == ["Chiller 2"]
    page.table.selectRow(0)
    assert page.commands.verdict.text() == "Chiller 2 used 3.1 times what its nameplate says."


def test_a_tree_that_is_built_anew_leaves_nothing_of_the_one_before(qapp: QApplication) -> None:
    def items() -> int:
        gc.collect()
        return sum(type(known) is QStandardItem for known in gc.get_objects())

    now = datetime.now(UTC)
    many = rows([devices.Device(str(n), f"Fan {n}", None, "", 1.0, 1.0, "active", now) for n in range(9)], {})
    tree = DevicesTree()
    tree.show(many)
    before = items()
    tree.show(many)
    assert items() == before


def test_list_is_exported_mended_and_brought_in_whole_or_not_at_all(
    workplace: Workplace, page: DeviceListPanel, scope: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    for name in ("Fan", "Lift"):
        devices.add_device(scope, name, None, 100.0)
    filled(workplace, scope, qtbot)
    path = tmp_path / "devices.csv"
    with qtbot.waitSignal(workplace.device_lists.notified, timeout=PATIENCE):
        workplace.device_lists.export(str(path))
    listed = path.read_text()

    path.write_text(listed.replace('"Fan","",100', '"Fan","",lots'))
    workplace.device_lists.open(str(path))
    form = dialog(page, DeviceListDialog, qtbot)
    assert [form.list.model().index(0, column).data() for column in range(3)] == [
        "2",
        "Rated power (W)",
        "lots",
    ]
    form.reject()
    qtbot.waitUntil(lambda: not page.findChildren(DeviceListDialog), timeout=PATIENCE)

    path.write_text(listed.replace('"Fan","",100', '"Fan","Air",250') + "Boiler,Heat,9000,4,active\n")
    workplace.device_lists.open(str(path))
    form = dialog(page, DeviceListDialog, qtbot)
    assert [form.list.model().index(row, 0).data() for row in range(3)] == ["Boiler", "Fan", "Fan"]
    form.import_.click()
    qtbot.waitUntil(lambda: shown(page) == ["Boiler", "Fan", "Lift"], timeout=PATIENCE)
    assert [(d.category, d.rated_power) for d in devices.list_devices(scope)][:2] == [
        ("Heat", 9000),
        ("Air", 250),
    ]
    page.undo.undo.click()
    qtbot.waitUntil(lambda: shown(page) == ["Fan", "Lift"], timeout=PATIENCE)
    assert devices.list_categories(scope) == []
    assert [device.rated_power for device in devices.list_devices(scope)] == [100, 100]


def test_meter_number_is_a_column_that_is_edited_undone_exported_and_imported(
    workplace: Workplace, page: DeviceListPanel, scope: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    devices.add_device(scope, "Fan", meter_number="00471")
    filled(workplace, scope, qtbot)
    column = EDITABLE.index("meter_number")
    header = page.table.horizontalHeader().model()
    assert header.headerData(column, Qt.Orientation.Horizontal) == "Meter number"
    assert not page.table.isColumnHidden(column)
    assert cell(page, 0, column) == "00471"
    type_over(page, 0, column, "A 12", qtbot)
    qtbot.waitUntil(lambda: cell(page, 0, column) == "A 12", timeout=PATIENCE)

    path = tmp_path / "devices.csv"
    with qtbot.waitSignal(workplace.device_lists.notified, timeout=PATIENCE):
        workplace.device_lists.export(str(path))
    path.write_text(path.read_text().replace("A 12", "B 13"))
    workplace.device_lists.open(str(path))
    form = dialog(page, DeviceListDialog, qtbot)
    assert [form.list.model().index(0, c).data() for c in range(4)] == ["Fan", "Meter number", "A 12", "B 13"]
    form.import_.click()
    qtbot.waitUntil(lambda: cell(page, 0, column) == "B 13", timeout=PATIENCE)

    page.table.selectRow(0)
    page.edit.click()
    form = dialog(page, DeviceDialog, qtbot)
    form.editors["meter_number"].set_value("")
    qtbot.keyClick(form.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: cell(page, 0, column) == "", timeout=PATIENCE)
    assert scope.db["devices"].distinct("meterNumber") == []
    for _ in range(3):
        page.undo.undo.click()
    qtbot.waitUntil(lambda: cell(page, 0, column) == "00471", timeout=PATIENCE)


def test_field_of_devices_is_named_in_three_files() -> None:
    """What the recipe says: the dataclass, the registry of fields, and its words on screen."""
    root = Path(devices.__file__).parents[2]
    naming = {
        path.relative_to(root).as_posix()
        for package in ("desktop", "services", "ml")
        for path in (root / package).rglob("*.py")
        if "meter_number" in path.read_text(encoding="utf-8")
    }
    assert naming == {
        "services/devices/devices.py",
        "services/devices/fields.py",
        "desktop/features/devices/fields.py",
    }


def test_meters_are_hung_behind_others_by_dragging_and_in_the_form(
    workplace: Workplace, page: DeviceListPanel, scope: Scope, qtbot: QtBot
) -> None:
    for name in ("Hall", "Lamp", "Main"):
        devices.add_device(scope, name)
    devices.add_device(scope, "Boiler", utility="gas")
    filled(workplace, scope, qtbot)
    page.behind.click()
    tree = page.meters.model()

    def place(name: str) -> QModelIndex:
        [found] = tree.match(
            tree.index(0, 0), Qt.ItemDataRole.DisplayRole, name, 1, Qt.MatchFlag.MatchRecursive
        )
        return found

    def drop(name: str, onto: QModelIndex) -> None:
        tree.dropMimeData(tree.mimeData([place(name)]), Qt.DropAction.MoveAction, -1, -1, onto)

    def parents() -> dict[str, str]:
        return {device.name: device.parent for device in devices.list_devices(scope) if device.parent}

    drop("Hall", place("Main"))
    qtbot.waitUntil(lambda: place("Hall").parent().data() == "Main", timeout=PATIENCE)
    for onto in ("Hall", "Boiler"):
        carried = tree.mimeData([place("Main")])
        assert not tree.canDropMimeData(carried, Qt.DropAction.MoveAction, -1, -1, place(onto))

    page.meters.setCurrentIndex(place("Lamp"))
    page.edit.click()
    form = dialog(page, DeviceDialog, qtbot)
    above = form.editors["parent_id"]
    assert [above.itemText(row) for row in range(above.count())] == ["— none —", "Hall", "Main"]
    form.editors["utility"].set_value("gas")
    assert [above.itemText(row) for row in range(above.count())] == ["— none —", "Boiler"]
    assert form.editors["unit"].currentText() == "kWh"
    form.editors["utility"].set_value("electricity")
    above.setCurrentIndex(1)
    form.buttons.button(form.buttons.StandardButton.Save).click()
    qtbot.waitUntil(lambda: parents() == {"Hall": "Main", "Lamp": "Hall"}, timeout=PATIENCE)
    qtbot.waitUntil(lambda: place("Lamp").parent().data() == "Hall", timeout=PATIENCE)
    drop("Hall", QModelIndex())
    qtbot.waitUntil(lambda: parents() == {"Lamp": "Hall"}, timeout=PATIENCE)
    for before in ({"Hall": "Main", "Lamp": "Hall"}, {"Hall": "Main"}, {}):
        page.undo.undo.click()
        qtbot.waitUntil(lambda before=before: parents() == before, timeout=PATIENCE)


def test_sum_of_meters_is_proposed_applied_and_not_asked_again(
    workplace: Workplace, page: DeviceListPanel, scope: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    rng = np.random.default_rng(1)
    one, two = rng.uniform(1, 9, (2, 24 * 20))
    hours = pd.date_range("2024-01-01", periods=24 * 20, freq="h")
    loads = pd.DataFrame({"Hall 1": one, "Hall 2": two, "Main": one + two}, index=hours)
    long = loads.rename_axis("date").reset_index().melt("date", var_name="device", value_name="kWh")
    long.to_csv(tmp_path / "readings.csv", index=False)
    importing.import_file(scope, tmp_path / "readings.csv")
    filled(workplace, scope, qtbot)
    question = "“Main” is the sum of “Hall 1”, “Hall 2” within 0.0 %: hang them behind it?"
    qtbot.waitUntil(lambda: page.proposal.isVisible() and page.proposal.text == question, timeout=PATIENCE)
    page.proposal.accepted.emit()
    qtbot.waitUntil(
        lambda: [device.parent for device in devices.list_devices(scope)] == ["Main", "Main", ""],
        timeout=PATIENCE,
    )
    qtbot.waitUntil(lambda: not page.proposal.isVisible(), timeout=PATIENCE)
    page.undo.undo.click()
    qtbot.waitUntil(page.proposal.isVisible, timeout=PATIENCE)
    page.proposal.dismissed.emit()
    qtbot.waitUntil(lambda: not page.proposal.isVisible(), timeout=PATIENCE)
    workplace.devices.refresh()
    qtbot.wait(500)
    assert not page.proposal.isVisible()
