"""The devices page over the real services."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from desktop.composition import Workplace
from desktop.windows.categories_dialog import CategoriesDialog
from desktop.windows.device_dialog import DeviceDialog
from desktop.windows.device_list_panel import DeviceListPanel
from desktop.windows.devices_window import DevicesWindow
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


def test_a_device_is_added_refused_twice_and_edited(page: DeviceListPanel, scope: Scope, qtbot: QtBot) -> None:
    assert page.pages.currentWidget() is page.none
    names = named(scope)

    page.add.click()
    form = dialog(page, DeviceDialog, qtbot)
    form.name.setText("Chiller")
    form.rated_power.setText("1500")
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
    assert form.rated_power.text() == form.locale().toString(1500)
    form.name.setText("Old chiller")
    form.status.setCurrentIndex(form.status.findData("inactive"))
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
    form.rated_power.setText("5000")
    qtbot.keyClick(form.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: workplace.alerts.unread == 1, timeout=PATIENCE)
    [alert] = alerts.list_alerts(scope)
    assert (alert.type, alert.expected, alert.actual) == ("threshold", 5.0, 9.0)
