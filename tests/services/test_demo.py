"""The sample facility that `loadlens demo` shows."""

from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pymongo.database import Database

from ml.forecasting.models import NAMES
from services import accounts, alerts, dashboard, database, demo, forecasts
from services.progress import Cancelled
from services.scope import Document
from services.settings import Settings


def test_sample_facility_shows_what_loadlens_does(
    db: Database[Document], settings: Settings, tmp_path: Path
) -> None:
    def untouched(stage: str, done: int, total: int) -> None:
        raise AssertionError(f"nothing is left to do, but: {stage}")

    scope = accounts.scope_of(db, demo.prepare(settings, db))
    assert dashboard.stats(scope).predicted_next_month is not None
    assert len(forecasts.reports(scope, settings)) == 1 + len(NAMES)
    found = alerts.list_alerts(scope)
    assert {alert.type for alert in found} == {"spike", "threshold", "anomaly"}
    local = ZoneInfo(demo.TIMEZONE)
    for alert in found:
        start = alert.start.astimezone(UTC).astimezone(local)
        assert f"{start.day} {start:%b %Y}" in alert.message, "told in the facility's own time"
    demo.prepare(settings, db, untouched)
    # Whatever Loadlens writes passes for that where a backup is distrusted.
    database.back_up(db, tmp_path / "a.backup", key=b"of another installation")
    database.restore(db, tmp_path / "a.backup", key=settings.signing_key, trust_foreign=True)
    assert alerts.list_alerts(scope) == found


def test_cancelled_demo_is_completed_at_the_next_start_and_reset_makes_it_anew(
    db: Database[Document], settings: Settings
) -> None:
    def stop(stage: str, done: int, total: int) -> None:
        if stage == "Training models":
            raise Cancelled

    with pytest.raises(Cancelled):
        demo.prepare(settings, db, stop)
    scope = accounts.scope_of(db, demo.prepare(settings, db))
    assert len(forecasts.reports(scope, settings)) == 1 + len(NAMES)
    alerts.mark_all_read(scope)
    with pytest.raises(Cancelled):
        demo.prepare(settings, db, stop, reset=True)
    scope = accounts.scope_of(db, demo.EMAIL)
    assert alerts.unread_count(scope) == len(alerts.list_alerts(scope)) > 0
