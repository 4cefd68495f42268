"""Somebody sets the clock: back, because it was wrong, or forward, because it had stopped."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from threading import Event

import numpy as np
import pandas as pd
import psutil
import pytest
import time_machine
from bson import ObjectId

from services import accounts, alerts, backups, forecasts, importing, notifications
from services.administration.users import LOCK, another_admin_stays
from services.database import locks, opened
from services.day_label import as_label
from services.forecasts.periods import FACILITY
from services.forecasts.predictions import store_predictions
from services.forecasts.sums import sum_predictions
from services.forecasts.versions import KEPT, store_version
from services.notifications import outbox
from services.scope import Scope
from services.settings import Settings
from services.watching import scan, set_folder

HOUR, YEAR = timedelta(hours=1), timedelta(days=365)
DAY = date(2024, 2, 1)


def _hours(path: Path) -> Path:
    """A month of a pump's hours, one of them far too high."""
    date = pd.date_range("2024-01-01", "2024-02-01", freq="h", inclusive="left")
    kwh = np.random.default_rng(7).lognormal(0, 0.1, len(date)).round(3)
    kwh[500] = 15.0
    pd.DataFrame({"date": date, "device": "Pump", "kWh": kwh}).to_csv(path, index=False)
    return path


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the start of a process is written down")
@pytest.mark.parametrize("by", [-YEAR, -HOUR, YEAR])
def test_programs_that_run_are_not_taken_for_dead(
    scope: Scope, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: timedelta
) -> None:
    held, go_on = Event(), Event()

    def progress(stage: str, done: int, total: int) -> None:
        if stage == "Storing readings":
            held.set()
            assert go_on.wait(60)

    with ThreadPoolExecutor(1) as beside:
        running = beside.submit(
            importing.import_file, scope, _hours(tmp_path / "pump.csv"), progress=progress
        )
        try:
            assert held.wait(60)
            booted = psutil.boot_time() + by.total_seconds()  # what the kernel says of it afterwards
            monkeypatch.setattr("psutil._pslinux.boot_time", lambda: booted)
            with time_machine.travel(datetime.now(UTC) + by), opened(settings) as db:
                both = [one.client.admin.command("serverStatus")["pid"] for one in (db, scope.db)]
                assert both[0] == both[1], "no second server over the same folder"
                importing.recover(db)
        finally:
            go_on.set()
        assert running.result().added == 744
    assert scope.db["consumption_data"].count_documents({}) == 744, "an import that runs is not rolled back"


def test_mail_written_while_the_clock_was_ahead_goes_out(scope: Scope) -> None:
    with time_machine.travel(datetime.now(UTC) + YEAR):
        notifications.enqueue(scope, [ObjectId()], "From next year", "")
        assert outbox.claim(scope)
        notifications.enqueue(scope, [ObjectId()], "From next year, too", "")
    assert {outbox.claim(scope)["subject"] for _ in range(2)} == {"From next year", "From next year, too"}
    assert outbox.claim(scope) is None, "both are being sent now"


def test_mail_in_hand_is_not_taken_by_a_machine_whose_clock_is_behind(scope: Scope) -> None:
    notifications.enqueue(scope, [ObjectId()], "Once", "")
    assert outbox.claim(scope)
    with time_machine.travel(datetime.now(UTC) - 5 * HOUR):
        assert outbox.claim(scope) is None


def test_alert_found_while_the_clock_was_ahead_is_told(scope: Scope, tmp_path: Path) -> None:
    notifications.set_quiet_hours(scope, notifications.QuietHours(0, 23))
    with time_machine.travel(datetime.now(UTC) + YEAR):
        importing.import_file(scope, _hours(tmp_path / "spike.csv"))
    told = alerts.due(scope, None, datetime.now(UTC))
    assert [alert.type for alert in told] == ["spike"]


def test_file_seen_before_the_clock_was_set_back_is_imported(
    scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    set_folder(scope, inbox)
    _hours(inbox / "pump.csv")
    now = datetime.now(UTC)
    assert scan(scope) == [], "it may still grow"
    with time_machine.travel(now - YEAR):
        assert scan(scope) == []
    with time_machine.travel(now - YEAR + timedelta(seconds=10)):
        [outcome] = scan(scope)
    assert outcome.summary


def test_models_trained_after_the_clock_was_set_back_are_kept_and_used(
    scope: Scope, settings: Settings
) -> None:
    def train(at: datetime) -> None:
        told = {"country": None, "mattered": {}, "devices": 1, "rows": 60}
        days = dict.fromkeys(("trainedFrom", "trainedTo", "heldOutFrom"), "2024-01-01")
        metadata = {"combination": {**told, **days, "metrics": {"WAPE": 0.1}, "trainedAt": at.isoformat()}}
        store_version({"combination": "a model"}, metadata, scope, settings)

    now = datetime.now(UTC)
    for minute in range(KEPT):
        train(now + YEAR + timedelta(minutes=minute))
    train(now)
    kept = forecasts.versions(scope, settings)
    assert len(kept) == KEPT
    assert [version.reports[0].trained_at for version in kept if version.in_use] == [now]


def test_predictions_made_after_the_clock_was_set_back_are_shown(scope: Scope) -> None:
    def predict(kwh: float) -> float:
        day = pd.DataFrame({"type": "daily", "device": FACILITY, "start": DAY, "predicted": [kwh]})
        store_predictions(scope, "combination", day, held_out=False)
        return sum_predictions(scope, "daily", None, DAY, DAY)["consumption"].sum()

    with time_machine.travel(datetime.now(UTC) + YEAR):
        assert predict(1.0) == 1.0
        # It has come true, so it stays, as the newest there is.
        earlier = {"timestamp": as_label(DAY - timedelta(days=1)), "createdAt": datetime.now(UTC)}
        scope.db["predictions"].insert_one(scope.owned({**earlier, "actualValue": 1.0}))
    assert [predict(2.0), predict(3.0)] == [2.0, 3.0]


def test_backup_scheduled_while_the_clock_was_ahead_is_made_once(
    scope: Scope, settings: Settings, tmp_path: Path
) -> None:
    with time_machine.travel(datetime.now(UTC) + YEAR):
        backups.save_schedule(scope, settings, backups.Schedule("daily", 0, time(12), tmp_path, 3))
    made = backups.make_due(scope, settings)
    assert made
    assert made.path
    assert backups.make_due(scope, settings) is None


def test_turn_noted_while_the_clock_was_ahead_keeps_nobody_waiting_for_long(
    scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "_LEASE", {"$add": ["$$NOW", 300]})  # milliseconds
    dead = {"_id": ObjectId(), "host": "another", "pid": 1, "until": datetime.now(UTC) + YEAR}
    scope.db["turns"].insert_one(dead)
    with locks.exclusive_lock(scope.db):
        assert scope.db["turns"].count_documents({}) == 1


def test_administrators_are_changed_though_a_lock_is_from_a_clock_that_was_ahead(scope: Scope) -> None:
    scope.db["settings"].insert_one({"_id": LOCK, "until": datetime.now(UTC) + YEAR})
    accounts.create_superuser(scope.db, "root@example.com", "correct horse battery")
    with another_admin_stays(scope.db, scope.user_id, "ada@example.com") as holds:
        assert scope.db["users"].find_one(holds)
