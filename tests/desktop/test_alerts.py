"""The alerts page over the real services, with alerts found in readings that were imported."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from desktop.composition import Workplace
from desktop.viewmodels.alerts.alerts_model import CAPTION_ROLE, MESSAGE_ROLE
from desktop.windows.alerts.alert_note_dialog import AlertNoteDialog
from desktop.windows.alerts.alerts_window import AlertsWindow
from services import alerts, importing
from services.scope import Scope

PATIENCE = 20_000


@pytest.fixture
def page(workplace: Workplace, scope: Scope, tmp_path: Path, qtbot: QtBot) -> AlertsWindow:
    """The page with the two alerts of a pump that ran away once and stood still once."""
    date = pd.date_range("2024-01-15", "2024-03-08", freq="h", inclusive="left")
    noise = np.random.default_rng(7).lognormal(0, 0.1, len(date))
    kwh = pd.Series(np.where((date.hour >= 8) & (date.hour < 20), 3.0, 1.0) * noise, index=date)
    kwh["2024-02-20 18:00":"2024-02-20 19:00"] = 12.0
    kwh["2024-03-01 06:00":"2024-03-02 11:00"] = 0.0
    path = tmp_path / "meters.csv"
    pd.DataFrame({"date": date, "device": "Pump", "kWh": kwh.to_numpy()}).to_csv(path, index=False)
    importing.import_file(scope, path)
    page = workplace.go("alerts")
    assert isinstance(page, AlertsWindow)
    workplace.alerts.refresh()
    qtbot.waitUntil(lambda: len(captions(page)) == 2, timeout=PATIENCE)
    return page


def captions(page: AlertsWindow) -> list[str]:
    model = page.list.model()
    return [model.index(row, 0).data(CAPTION_ROLE) for row in range(model.rowCount())]


def choose(page: AlertsWindow, choice: str, value: str) -> None:
    combo = getattr(page.filters, choice)
    combo.setCurrentIndex(combo.findData(value))
    combo.activated.emit(combo.currentIndex())


def test_alerts_are_filtered_and_shown_from_elsewhere(
    page: AlertsWindow, workplace: Workplace, scope: Scope, qtbot: QtBot
) -> None:
    assert captions(page) == ["Pump · Anomaly", "Pump · Spike"]
    choose(page, "kind", "spike")
    qtbot.waitUntil(lambda: captions(page) == ["Pump · Spike"], timeout=PATIENCE)
    (spike,) = alerts.list_alerts(scope, type="spike")
    choose(page, "device", spike.device_id)
    choose(page, "state", "acknowledged")
    qtbot.waitUntil(lambda: page.pages.currentWidget() is page.no_match, timeout=PATIENCE)

    (anomaly,) = alerts.list_alerts(scope, type="anomaly")
    workplace.show_alert(anomaly.id)
    qtbot.waitUntil(lambda: page.details.message.text().startswith("Pump used next to"), timeout=PATIENCE)
    assert page.filters.kind.value is None
    assert page.filters.device.currentData() is None
    qtbot.waitUntil(lambda: workplace.alerts.unread == 1, timeout=PATIENCE)
    assert alerts.get_alert(scope, anomaly.id).read


def test_the_readings_around_the_event_are_drawn(page: AlertsWindow, qtbot: QtBot) -> None:
    # 30 hours without consumption from 1 March, 6:00; whole days from three before it on.
    chart = page.details.chart
    qtbot.waitUntil(lambda: len(chart.drawn) == 8 * 24, timeout=PATIENCE)
    begin = pd.Timestamp("2024-02-27").timestamp()
    event = pd.Timestamp("2024-03-01 06:00").timestamp()
    assert chart.positions[0] == begin
    assert chart.span == (event, event + 30 * 3600)
    assert chart.drawn[3 * 24 + 6 : 3 * 24 + 36] == [0] * 30
    assert min(chart.drawn[: 3 * 24 + 6]) > 0


def test_alerts_are_marked_read_and_unread(
    page: AlertsWindow, workplace: Workplace, scope: Scope, qtbot: QtBot
) -> None:
    page.handling.toggle.click()
    qtbot.waitUntil(lambda: workplace.alerts.unread == 1, timeout=PATIENCE)
    assert [alert.read for alert in alerts.list_alerts(scope)] == [True, False]
    qtbot.keyClick(page.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: workplace.alerts.unread == 2, timeout=PATIENCE)

    page.handling.mark_all.click()
    qtbot.waitUntil(lambda: workplace.alerts.unread == 0, timeout=PATIENCE)
    assert alerts.unread_count(scope) == 0
    choose(page, "state", "unread")
    qtbot.waitUntil(lambda: page.pages.currentWidget() is page.no_match, timeout=PATIENCE)
    page.no_match.action.click()
    qtbot.waitUntil(lambda: len(captions(page)) == 2, timeout=PATIENCE)


def entry(page: AlertsWindow, button: str, text: str) -> QAction:
    menu = getattr(page.handling, button).menu()
    return next(action for action in menu.actions() if action.text().replace("&", "") == text)


def test_many_alerts_are_handled_at_once(
    page: AlertsWindow, workplace: Workplace, scope: Scope, qtbot: QtBot
) -> None:
    page.list.selectAll()
    page.handling.acknowledge.click()
    dialog = page.handling.findChild(AlertNoteDialog)
    assert dialog is not None
    dialog.note.setPlainText("Works in the pump room")
    dialog.accept()
    qtbot.waitUntil(lambda: workplace.alerts.unread == 0, timeout=PATIENCE)
    qtbot.waitUntil(lambda: captions(page)[0] == "Pump · Anomaly · Acknowledged", timeout=PATIENCE)
    noted = [alert.acknowledged for alert in alerts.list_alerts(scope)]
    assert [(n.by, n.note) for n in noted if n] == [("Ada Wong", "Works in the pump room")] * 2

    entry(page, "snooze", "Until tomorrow morning").trigger()
    qtbot.waitUntil(lambda: "Snoozed" in captions(page)[0], timeout=PATIENCE)
    now = datetime.now(UTC)
    for alert in alerts.list_alerts(scope, state="snoozed"):
        assert alert.snoozed_until is not None
        assert timedelta(hours=8) <= alert.snoozed_until - now <= timedelta(hours=32, minutes=1)
        assert alert.snoozed_until.astimezone(pd.Timestamp(now).tz_convert(scope.timezone).tzinfo).hour == 8
    assert workplace.alerts.unread == 0

    entry(page, "more", "Mute the device").trigger()
    qtbot.waitUntil(lambda: len(alerts.muted_devices(scope)) == 1, timeout=PATIENCE)
    qtbot.waitUntil(lambda: workplace.alerts.muted != set(), timeout=PATIENCE)
    entry(page, "more", "Unmute the device").trigger()
    qtbot.waitUntil(lambda: alerts.muted_devices(scope) == set(), timeout=PATIENCE)

    entry(page, "more", "Normal after all").trigger()
    qtbot.waitUntil(lambda: "Normal after all" in captions(page)[0], timeout=PATIENCE)
    device_id = alerts.list_alerts(scope)[0].device_id
    assert len(alerts.normal_events(scope, [device_id])) == 2


def test_figures_and_dates_are_written_as_the_reader_does(page: AlertsWindow, scope: Scope) -> None:
    (spike,) = alerts.list_alerts(scope, type="spike")
    assert spike.message.startswith("Pump used 24.0 kWh between 18:00 and 20:00 on Tue 20 Feb 2024.")
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.German, QLocale.Country.Germany))
    try:
        said = page.list.model().index(1, 0).data(MESSAGE_ROLE)
    finally:
        QLocale.setDefault(before)
    assert said.startswith("Pump used 24,0 kWh between 18:00 and 20:00 on Di. 20.02.24.")
