from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
import time_machine
from bson import ObjectId
from pytestqt.qtbot import QtBot
from workplace import Workplace

from desktop.app.application import Application
from desktop.features.imports.view_model import Stage
from services import alerts, notifications
from services.scope import Scope

PATIENCE = 30_000


@pytest.fixture
def file_with_spike(tmp_path: Path) -> Path:
    """Six weeks of a daily course, and one evening of twelve times as much."""
    hours = pd.date_range("2024-03-01", periods=42 * 24, freq="h")
    noise = np.random.default_rng(7).normal(0, 0.03, len(hours))
    kwh = 1 + 0.5 * np.sin(2 * np.pi * hours.hour / 24) + noise
    kwh = np.where((hours >= "2024-04-05 18:00") & (hours < "2024-04-05 22:00"), 12.0, kwh)
    path = tmp_path / "meter.csv"
    pd.DataFrame({"date": hours, "device": "Chiller", "consumption": kwh.round(3)}).to_csv(path, index=False)
    return path


def _import(workplace: Workplace, path: Path, qtbot: QtBot) -> None:
    workplace.show("import", [str(path)])
    qtbot.waitUntil(lambda: workplace.imports.stage == Stage.MAPPING, timeout=PATIENCE)
    with qtbot.waitSignal(workplace.imports.imported, timeout=PATIENCE):
        workplace.imports.import_ready()


def test_a_click_on_the_popup_opens_its_alert(
    application: Application, workplace: Workplace, file_with_spike: Path, qtbot: QtBot
) -> None:
    application.tray.icon.show()
    with qtbot.waitSignal(workplace.delivery.arrived, timeout=PATIENCE) as arrived:
        _import(workplace, file_with_spike, qtbot)
    assert arrived.args[0][0].message.startswith("Chiller used ")
    qtbot.waitUntil(lambda: workplace.alerts.unread > 0)
    unread = workplace.alerts.unread
    assert str(unread) in application.tray.icon.toolTip()
    workplace.window.hide()

    with qtbot.waitSignal(workplace.alerts.selected, timeout=PATIENCE) as selected:
        application.tray.icon.messageClicked.emit()
    assert workplace.window.isVisible()
    assert workplace.window.navigation.current == "alerts"
    assert workplace.alerts.alert(selected.args[0]).device == "Chiller"
    qtbot.waitUntil(lambda: workplace.alerts.unread == unread - 1)


def test_a_click_on_a_popup_of_several_shows_the_worst_first(
    application: Application, workplace: Workplace, scope: Scope, file_with_spike: Path, qtbot: QtBot
) -> None:
    application.tray.icon.show()
    with qtbot.waitSignal(workplace.delivery.arrived, timeout=PATIENCE):
        _import(workplace, file_with_spike, qtbot)
    (spike,) = alerts.list_alerts(scope)
    day = datetime(2024, 4, 11, tzinfo=UTC)
    rest = {"severity": "low", "start": day, "end": day + timedelta(hours=1), "tellAt": datetime.now(UTC)}
    found = {**scope.db["alerts"].find_one(), **rest, "_id": ObjectId()}
    scope.db["alerts"].insert_one(found)
    with qtbot.waitSignal(workplace.delivery.arrived, timeout=PATIENCE):
        workplace.delivery._notified_until = None  # as at the next start
        workplace.delivery.notify()

    with qtbot.waitSignal(workplace.alerts.selected, timeout=PATIENCE) as selected:
        application.tray.icon.messageClicked.emit()
    assert selected.args[0] == 0
    assert [a.id for a in workplace.alerts.table.records] == [spike.id, str(found["_id"])]


def test_what_is_found_in_quiet_hours_pops_up_afterwards(
    workplace: Workplace, scope: Scope, file_with_spike: Path, qtbot: QtBot
) -> None:
    hour = datetime.now(ZoneInfo(scope.timezone)).hour
    notifications.set_quiet_hours(scope, notifications.QuietHours(hour, (hour + 2) % 24))
    with qtbot.assertNotEmitted(workplace.delivery.arrived):
        _import(workplace, file_with_spike, qtbot)
        qtbot.waitUntil(lambda: workplace.alerts.unread > 0, timeout=PATIENCE)
        with qtbot.waitSignal(workplace.delivery.checked, timeout=PATIENCE):
            workplace.delivery.notify()
    told = scope.db["alerts"].find_one()["tellAt"].astimezone(ZoneInfo(scope.timezone))
    assert (told.hour, told.minute) == ((hour + 2) % 24, 0)

    # As if it were that hour now.
    notifications.set_quiet_hours(scope, notifications.QuietHours((hour + 12) % 24, (hour + 14) % 24))
    scope.db["alerts"].update_many({}, {"$set": {"tellAt": datetime.now(UTC)}})
    with qtbot.waitSignal(workplace.delivery.arrived, timeout=PATIENCE) as arrived:
        workplace.delivery.notify()
    assert arrived.args[0][0].message.startswith("Chiller used ")


def test_what_is_found_after_the_clock_was_set_back_pops_up(
    workplace: Workplace, scope: Scope, file_with_spike: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(workplace.delivery.arrived, timeout=PATIENCE):
        _import(workplace, file_with_spike, qtbot)
    scope.db["alerts"].update_many({}, {"$set": {"read": True}})
    alert = scope.db["alerts"].find_one()
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=1)):
        now = datetime.now(UTC)
        found = {"_id": ObjectId(), "start": now, "tellAt": now, "createdAt": now, "read": False}
        scope.db["alerts"].insert_one({**alert, **found})
        with qtbot.waitSignal(workplace.delivery.arrived, timeout=PATIENCE) as arrived:
            workplace.delivery.notify()
    assert [announced.id for announced in arrived.args[0]] == [str(found["_id"])]


def test_after_the_first_import_the_models_are_trained_unasked(
    workplace: Workplace, file_with_spike: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(workplace.renewal.predicted, timeout=120_000):
        _import(workplace, file_with_spike, qtbot)
    qtbot.waitUntil(lambda: bool(workplace.predictions.models), timeout=PATIENCE)
    assert workplace.window.progress.isHidden()


def test_closing_the_window_leaves_it_in_the_tray(application: Application, workplace: Workplace) -> None:
    application.tray.icon.show()
    workplace.window.close()
    assert not workplace.window.isVisible()
    application.tray.opened.emit()
    assert workplace.window.isVisible()
