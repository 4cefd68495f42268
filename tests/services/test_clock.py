"""Somebody sets the clock: back, because it was wrong, or forward, because it had stopped."""

import sys
from datetime import UTC, datetime, timedelta

import psutil
import pytest
import time_machine

from services import importing
from services.database import opened
from services.readings.storage import history
from services.scope import Scope
from services.settings import Settings

HOUR, YEAR = timedelta(hours=1), timedelta(days=365)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the start of a process is written down")
@pytest.mark.parametrize("by", [-YEAR, -HOUR, YEAR])
def test_programs_that_run_are_not_taken_for_dead(
    scope: Scope, settings: Settings, monkeypatch: pytest.MonkeyPatch, by: timedelta
) -> None:
    running = history.begin(scope, "long.xlsx")
    booted = psutil.boot_time() + by.total_seconds()  # what the kernel says of it afterwards
    monkeypatch.setattr("psutil._pslinux.boot_time", lambda: booted)
    with time_machine.travel(datetime.now(UTC) + by), opened(settings) as db:
        assert db.client.address == scope.db.client.address, "not a second server over the same folder"
        importing.recover(db)
        assert db["imports"].find_one({"_id": running}), "an import that runs is not rolled back"
