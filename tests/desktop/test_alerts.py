"""The alerts page over the real services, with alerts found in readings that were imported."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.composition import Workplace
from desktop.viewmodels.alerts_model import CAPTION_ROLE
from desktop.windows.alerts_window import AlertsWindow
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


def test_alerts_are_filtered_by_kind_and_shown_from_elsewhere(
    page: AlertsWindow, workplace: Workplace, scope: Scope, qtbot: QtBot
) -> None:
    assert captions(page) == ["Pump · Anomaly", "Pump · Spike"]
    page.kind.setCurrentIndex(page.kind.findData("spike"))
    page.kind.activated.emit(page.kind.currentIndex())
    qtbot.waitUntil(lambda: captions(page) == ["Pump · Spike"], timeout=PATIENCE)
    assert page.details.message.text() == alerts.list_alerts(scope, type="spike")[0].message

    (anomaly,) = alerts.list_alerts(scope, type="anomaly")
    workplace.show_alert(anomaly.id)
    qtbot.waitUntil(lambda: page.details.message.text() == anomaly.message, timeout=PATIENCE)
    assert page.kind.currentData() is None
    qtbot.waitUntil(lambda: workplace.alerts.unread == 1, timeout=PATIENCE)
    assert alerts.get_alert(scope, anomaly.id).read


def test_alerts_are_marked_read_and_unread(
    page: AlertsWindow, workplace: Workplace, scope: Scope, qtbot: QtBot
) -> None:
    page.toggle.click()
    qtbot.waitUntil(lambda: workplace.alerts.unread == 1, timeout=PATIENCE)
    assert [alert.read for alert in alerts.list_alerts(scope)] == [True, False]
    qtbot.keyClick(page.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: workplace.alerts.unread == 2, timeout=PATIENCE)

    page.mark_all.click()
    qtbot.waitUntil(lambda: workplace.alerts.unread == 0, timeout=PATIENCE)
    assert alerts.unread_count(scope) == 0
    page.unread_only.click()
    qtbot.waitUntil(lambda: page.pages.currentWidget() is page.no_match, timeout=PATIENCE)
    page.no_match.action.click()
    qtbot.waitUntil(lambda: len(captions(page)) == 2, timeout=PATIENCE)
