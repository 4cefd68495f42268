"""The alerts page over the real services, with alerts found in readings that were imported."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from workplace import Workplace

from desktop.features.alerts.alert_actions import AlertNoteDialog
from desktop.features.alerts.model import CAPTION_ROLE, IMPACT_ROLE, MESSAGE_ROLE
from desktop.features.alerts.page import AlertsWindow
from services import alerts, importing, messages
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
    assert captions(page) == ["Pump · Outage", "Pump · Spike"]
    choose(page, "kind", "spike")
    qtbot.waitUntil(lambda: captions(page) == ["Pump · Spike"], timeout=PATIENCE)
    (spike,) = alerts.list_alerts(scope, type="spike")
    choose(page, "device", spike.device_id)
    choose(page, "state", "acknowledged")
    qtbot.waitUntil(lambda: page.pages.currentWidget() is page.no_match, timeout=PATIENCE)

    (anomaly,) = alerts.list_alerts(scope, type="anomaly")
    workplace.show("alerts", (anomaly.id,))
    qtbot.waitUntil(lambda: page.details.message.text().startswith("Pump used next to"), timeout=PATIENCE)
    assert page.filters.kind.value is None
    assert page.filters.device.currentData() is None
    qtbot.waitUntil(lambda: workplace.alerts.unread == 1, timeout=PATIENCE)
    assert alerts.get_alert(scope, anomaly.id).read


def test_the_page_says_which_meters_are_not_watched(
    page: AlertsWindow, workplace: Workplace, scope: Scope, tmp_path: Path, qtbot: QtBot
) -> None:
    assert page.unwatched.isHidden()
    date = pd.date_range("2024-03-05", "2024-03-08", freq="h", inclusive="left")

    def bring(name: str, divisor: int) -> None:
        frame = pd.DataFrame({"date": date, "device": name, "kWh": np.arange(len(date)) % divisor + 1.0})
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
        importing.import_file(scope, tmp_path / f"{name}.csv")
        workplace.alerts.refresh()

    bring("Fan", 7)
    qtbot.waitUntil(lambda: page.unwatched.text().startswith("Fan is not watched yet"), timeout=PATIENCE)
    assert not page.unwatched.isHidden()
    bring("Press", 5)
    qtbot.waitUntil(lambda: page.unwatched.text().startswith("2 meters are not watched"), timeout=PATIENCE)
    assert [said.split()[0] for said in page.unwatched.toolTip().splitlines()] == ["Fan", "Press"]


def test_the_readings_around_the_event_are_drawn_beside_what_was_usual(
    page: AlertsWindow, scope: Scope, qtbot: QtBot
) -> None:
    # 30 hours without consumption from 1 March, 6:00; whole days from three before it on.
    chart = page.details.chart
    qtbot.waitUntil(lambda: len(chart.drawn) == 8 * 24, timeout=PATIENCE)
    begin = pd.Timestamp("2024-02-27").timestamp()
    event = pd.Timestamp("2024-03-01 06:00").timestamp()
    assert chart.edges[0] == begin
    assert chart.span == (event, event + 30 * 3600)
    assert chart.drawn[3 * 24 + 6 : 3 * 24 + 36] == [0] * 30
    assert min(chart.drawn[: 3 * 24 + 6]) > 0
    (outage,) = alerts.list_alerts(scope, reason="outage")
    assert sum(chart.usual[3 * 24 + 6 : 3 * 24 + 36]) == pytest.approx(outage.expected)


def test_of_a_limit_a_day_the_days_are_drawn_beside_what_is_allowed(
    page: AlertsWindow, workplace: Workplace, scope: Scope, qtbot: QtBot
) -> None:
    alerts.save_rule(scope, alerts.Rule("limit", limit=50.0))
    (broken,) = alerts.check_rules(scope)
    workplace.show("alerts", (broken.id,))
    chart = page.details.chart
    qtbot.waitUntil(lambda: set(chart.usual) == {50.0}, timeout=PATIENCE)
    assert max(chart.drawn) == pytest.approx(broken.details["measured"])
    assert chart.edges[1] - chart.edges[0] == 86_400


def test_of_a_budget_it_is_said_what_is_foreseen(
    page: AlertsWindow, workplace: Workplace, scope: Scope
) -> None:
    # The readings end on 7 March; February is over.
    alerts.save_rule(scope, alerts.Rule("budget", limit=100.0))
    march, february = sorted(alerts.check_rules(scope), key=lambda alert: alert.start, reverse=True)
    table = workplace.alerts.table
    for alert, name in ((march, "The month, as foreseen"), (february, "Actual")):
        assert [label for label, _said, _kwh in table.comparison(alert)] == ["Allowed", name]


def test_an_alert_says_how_much_it_is_about_why_and_what_to_do(
    page: AlertsWindow, workplace: Workplace, scope: Scope, qtbot: QtBot
) -> None:
    def told(label: str) -> str:
        rows = page.details.findChildren(QLabel)
        return next((of.accessibleName() for of in rows if of.accessibleName().startswith(label)), "")

    page.handling.order.setCurrentIndex(page.handling.order.findData("most"))
    page.handling.order.activated.emit(page.handling.order.currentIndex())
    qtbot.waitUntil(lambda: page.list.model().rowCount() == 2, timeout=PATIENCE)
    outage, spike = (workplace.alerts.alert(row) for row in range(2))
    assert (outage.reason, spike.reason) == ("outage", "spike")
    page.list.setCurrentIndex(page.list.model().index(1, 0))
    assert spike.expected == pytest.approx(6, rel=0.1)
    assert told("Difference") == (
        f"Difference: +{24 - spike.expected:.1f} kWh ({24 / spike.expected:.1f} times as much)"
    )
    assert told("To:").endswith("(2 h)")
    assert "similar days" in told("Why")
    assert "tariff" in told("Extra cost")

    workplace.facility.save(0.5, None)
    cost = 0.5 * (24 - spike.expected)
    qtbot.waitUntil(lambda: told("Extra cost") == f"Extra cost: €{cost:.2f}", timeout=PATIENCE)
    assert page.list.model().index(1, 0).data(IMPACT_ROLE) == f"+{24 - spike.expected:.1f} kWh · €{cost:.2f}"
    assert f"{cost:.2f}" not in page.list.model().index(1, 0).data(MESSAGE_ROLE)
    workplace.facility.save(None, None)
    qtbot.waitUntil(lambda: "tariff" in told("Extra cost"), timeout=PATIENCE)


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
    qtbot.waitUntil(lambda: captions(page)[0] == "Pump · Outage · Acknowledged", timeout=PATIENCE)
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
    messages.use_locale("de_DE")
    try:
        said = page.list.model().index(1, 0).data(MESSAGE_ROLE)
    finally:
        messages.use_locale()
    assert said.startswith("Pump used 24,0 kWh between 18:00 and 20:00 on Di. 20. Feb. 2024.")
