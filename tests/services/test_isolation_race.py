"""Two users who import at the same moment, into one database that has no readings yet."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from services import accounts, alerts, dashboard, devices, readings
from services.importing import ImportSummary, import_file, undo_import
from services.readings.storage.bulk_insert import LEAST_INITIAL_LOAD
from services.scope import Scope

PASSWORD = "correct horse battery"
METERS = ("Hall", "Lights")
ROUNDS = 2


@pytest.fixture
def both(scope: Scope) -> list[Scope]:
    user = accounts.register(scope.db, "Eve", "Else", "eve@example.com", PASSWORD)
    return [
        accounts.set_timezone(scope, "UTC"),
        accounts.set_timezone(accounts.scope_of(scope.db, user.email), "UTC"),
    ]


def _file(path: Path, first: str, rows: int, kwh: float) -> Path:
    """Meters of the same names at the same times in both users' files; only the kWh differ."""
    moments = pd.date_range(first, periods=rows // len(METERS), freq="5min").strftime("%Y-%m-%d %H:%M")
    parts = [
        pd.DataFrame({"Date": moments, "Device": name, "kWh": kwh, "Category": "Floor", "Location": "North"})
        for name in METERS
    ]
    pd.concat(parts).to_csv(path, index=False)
    return path


def _at_once(scopes: Sequence[Scope], paths: Sequence[Path]) -> list[ImportSummary]:
    together = threading.Barrier(len(scopes))

    def work(scope: Scope, path: Path) -> ImportSummary:
        together.wait()
        return import_file(scope, path, timezone="UTC")

    with ThreadPoolExecutor(len(scopes)) as threads:
        return list(threads.map(work, scopes, paths))


def _kwh(scope: Scope) -> tuple[int, float]:
    """How many readings there are, and their sum, held against every way in which they can be seen."""
    found = readings.interval_data(scope)
    total = float(found["consumption"].sum())
    assert readings.is_consistent(scope)
    assert dashboard.stats(scope).total_consumption == pytest.approx(total)
    assert float(np.nansum(dashboard.overview(scope).consumption.kwh)) == pytest.approx(total)
    return len(found), total


def test_two_who_import_at_once_see_their_own_readings_alone(both: list[Scope], tmp_path: Path) -> None:
    rows = {1: LEAST_INITIAL_LOAD, **dict.fromkeys(range(2, ROUNDS + 1), 2_000)}
    expected = [0, 0]
    for number, count in rows.items():
        first = f"{2020 + number}-01-01"
        paths = [_file(tmp_path / f"{kwh}.csv", first, count, kwh) for kwh in (1.0, 1000.0)]
        for place, summary in enumerate(_at_once(both, paths)):
            assert (summary.added, summary.changed, summary.already_there) == (count, 0, 0)
            expected[place] += count
        assert [_kwh(scope)[0] for scope in both] == expected
    for scope, kwh in zip(both, (1.0, 1000.0), strict=True):
        assert set(readings.interval_data(scope)["consumption"]) == {kwh}
        assert {device.name for device in devices.list_devices(scope)} == set(METERS)
        assert all(alert.device in (*METERS, "") for alert in alerts.list_alerts(scope))
    mine, theirs = both
    kept = _kwh(theirs)
    for made in readings.list_imports(mine):
        undo_import(mine, made.id)
    assert _kwh(mine) == (0, 0.0)
    assert _kwh(theirs) == kept
