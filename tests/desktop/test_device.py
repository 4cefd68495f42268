"""The page of one device over the real services."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from workplace import Workplace

from desktop.features.devices.dialogs import DeviceDialog
from desktop.features.devices.page import DevicesWindow
from services import alerts, devices, importing
from services.scope import Scope

PATIENCE = 20_000


@pytest.fixture
def page(workplace: Workplace, scope: Scope, tmp_path: Path, qtbot: QtBot) -> DevicesWindow:
    """Fourteen days of a chiller that passes its rating once and lacks an hour, and of a fan."""
    path = tmp_path / "meters.csv"
    odd = ("Chiller", 9, 15)
    lines = [
        f"2024-01-{day:02} {hour:02}:00,{name},{kwh + 30 * ((name, day, hour) == odd)},North"
        for name, kwh in (("Chiller", 4), ("Fan", 1))
        for day in range(1, 15)
        for hour in range(24)
        if (day, hour) != (12, 3)
    ]
    path.write_text("\n".join(["date,device,kWh,location", *lines]))
    importing.import_file(scope, path)
    chiller = devices.list_devices(scope)[0]
    devices.edit_device(scope, chiller.id, "Chiller", None, 5000, 6)
    alerts.evaluate(scope, [chiller.id])
    page = workplace.go("devices")
    assert isinstance(page, DevicesWindow)
    qtbot.waitUntil(lambda: workplace.devices.suspicious == 1, timeout=PATIENCE)
    return page


def test_device_is_shown_in_full_by_keys_and_by_mouse(
    workplace: Workplace, page: DevicesWindow, qtbot: QtBot
) -> None:
    device = workplace.device
    page.list.table.selectRow(0)
    with qtbot.waitSignals(
        [device.facts_known, device.figures_known, device.events_known, device.quality_known],
        timeout=PATIENCE,
    ):
        qtbot.keyClick(page.list.table, Qt.Key.Key_Return)
    shown = page.device
    assert page.currentWidget() is shown
    assert shown.name.text() == "Chiller"
    assert shown.description.text() == "no category · 5,000 W · 6 h/day · Active · North"
    assert shown.verdict.text() == "Chiller used 3.3 times what its nameplate says."
    total = (14 * 24 - 1) * 4 + 30
    assert [figure.value for figure in device.figures.figures] == [
        f"{total:,} kWh",
        f"{total / (14 - 1 / 24):.1f} kWh",
        "34.0 kW",
        "4.00 kW",
        "12 %",
    ]
    assert shown.readings.profile.drawn[3] == pytest.approx(4)
    assert shown.readings.profile.drawn[15] == pytest.approx(4 + 30 / 10)
    assert "lacks 1 of 336 readings" in shown.history.quality.text()
    qtbot.keyClick(shown, Qt.Key.Key_Escape)
    assert page.currentWidget() is page.list
    page.show_device(device.device_id)
    qtbot.keyClick(shown, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert page.currentWidget() is page.list

    for view in (page.list.table, page.list.tree):
        page.list.grouped.setChecked(view is page.list.tree)
        page.list.tree.expandAll()
        index = view.model().index(1, 1)
        if view is page.list.tree:
            north = view.model().index(0, 0)
            index = view.model().index(1, 0, view.model().index(0, 0, north))
        where = view.visualRect(index).center()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
        qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
        assert page.currentWidget() is shown
        qtbot.waitUntil(lambda: shown.name.text() == "Fan", timeout=PATIENCE)
        page.device.back.click()


def test_event_opens_its_alert(workplace: Workplace, page: DevicesWindow, scope: Scope, qtbot: QtBot) -> None:
    [chiller, _fan] = devices.list_devices(scope)
    with qtbot.waitSignal(workplace.device.events_known, timeout=PATIENCE):
        workplace.show("devices", chiller.id)
    events = page.device.history.list
    assert events.model().rowCount() == len(alerts.list_alerts(scope)) > 0
    wanted = workplace.device.events.record(0)
    events.setCurrentIndex(events.model().index(0, 0))
    with qtbot.waitSignal(workplace.alerts.selected, timeout=PATIENCE):
        qtbot.keyClick(events, Qt.Key.Key_Return)
    assert workplace.window.navigation.current == "alerts"
    qtbot.waitUntil(lambda: alerts.get_alert(scope, wanted.id).read, timeout=PATIENCE)


def test_brushed_days_have_figures_until_esc_an_edit_is_shown_and_a_deleted_device_is_left(
    workplace: Workplace, page: DevicesWindow, scope: Scope, qtbot: QtBot
) -> None:
    fan = devices.list_devices(scope)[1]
    readings = page.device.readings

    def total() -> str:
        figures = workplace.device.figures
        return figures.figures[0].value if figures else ""

    workplace.show("devices", fan.id)
    qtbot.waitUntil(lambda: total() == "335.0 kWh", timeout=PATIENCE)
    readings.consumption.setFocus()
    qtbot.keyClick(readings.consumption, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: total() == "24.0 kWh", timeout=PATIENCE)
    assert readings.heat_map.span == readings.consumption.span is not None
    qtbot.keyClick(page.device, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: total() == "335.0 kWh", timeout=PATIENCE)
    assert page.currentWidget() is page.device

    page.device.edit.click()
    form = page.device.findChildren(DeviceDialog)[0]
    form.name.setText("Blower")
    qtbot.keyClick(form.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.device.name.text() == "Blower", timeout=PATIENCE)
    devices.delete_devices(scope, [fan.id])
    workplace.device.refresh()
    qtbot.waitUntil(lambda: page.currentWidget() is page.list, timeout=PATIENCE)


def test_what_was_set_aside_is_kept_and_left_out_again(
    workplace: Workplace, page: DevicesWindow, scope: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "later.csv"
    path.write_text("date,device,kWh,location\n2024-01-15 00:00,Fan,4294967.295,North\n")
    importing.import_file(scope, path)
    device, quality = workplace.device, page.device.history
    fan = devices.list_devices(scope)[1]
    with qtbot.waitSignal(device.quality_known, timeout=PATIENCE):
        page.show_device(fan.id)
    assert ", 4,294,967.3 kWh: This is many times the most" in quality.quality.text()
    assert (quality.keep.isHidden(), quality.leave_out.isHidden()) == (False, True)
    quality.keep.click()
    qtbot.waitUntil(lambda: not quality.leave_out.isHidden(), timeout=PATIENCE)
    assert quality.keep.isHidden()
    quality.leave_out.click()
    qtbot.waitUntil(lambda: not quality.keep.isHidden(), timeout=PATIENCE)

    def total() -> str:
        return device.figures.figures[0].value if device.figures else ""

    qtbot.waitUntil(lambda: total() == "335.0 kWh", timeout=PATIENCE)
