"""Readings that cannot be what a meter measured are set aside, told of, and kept where somebody says so."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pymongo.database import Database

from services import accounts, dashboard, devices, readings
from services.alerts import detect_file
from services.importing import ImportSummary, decide_implausible, import_file, undo_import
from services.readings.plausibility import Known, find_implausible
from services.scope import Document, Scope

HOURS = 2000


def meter(hours: int = HOURS, device: str = "Hall", times: float = 1.0) -> pd.DataFrame:
    date = pd.date_range("2024-01-01", periods=hours, freq="h", tz="UTC")
    kwh = (10 + 6 * np.sin(date.hour / 24 * 2 * np.pi)) * np.random.default_rng(3).normal(1, 0.05, hours)
    return pd.DataFrame({"device": device, "date": date, "consumption": kwh * times, "seconds": 3600})


@pytest.mark.parametrize(
    ("value", "reason"),
    [(2.0**32 / 1000, "bound"), (4294967.30, "bound"), (65.535, "code"), (-9999.0, "bound"),
     (-32.768, "code"), (41_350.0, "bound"), (65.0, None), (-5.0, None), (120.0, None)],
)  # fmt: skip
def test_a_single_reading_is_set_aside_for_what_it_is(value: float, reason: str | None) -> None:
    frame = meter()
    frame.loc[700, "consumption"] = value
    assert find_implausible(frame).to_dict() == ({700: reason} if reason else {})


def test_a_day_at_another_factor_is_set_aside_and_what_was_switched_on_is_not() -> None:
    frame = meter(744)
    frame.loc[100:123, "consumption"] *= 40
    assert find_implausible(frame).to_dict() == dict.fromkeys(range(100, 124), "level")
    pump = meter().assign(consumption=0.05)
    pump.loc[[100, 500, 900], "consumption"] = [50.0, 52.0, 49.0]
    pump.loc[1000:1006, "consumption"] = 50.0
    assert find_implausible(pump).empty
    chiller = meter(744).assign(consumption=0.05)
    chiller.loc[300:305, "consumption"] = 60.0
    assert find_implausible(chiller).empty
    left_on = meter(744)
    left_on.loc[300:310, "consumption"] = 150.0
    assert find_implausible(left_on).empty


@pytest.mark.parametrize("far", ["1970-01-01", "1900-01-01", "2025-06-03 12:00"])
def test_rows_far_away_are_set_aside_on_both_sides(far: str) -> None:
    frame = meter()
    frame.loc[HOURS] = ["Hall", pd.Timestamp(far, tz="UTC"), 10.0, 3600]
    assert find_implausible(frame).to_dict() == {HOURS: "date"}
    bills = pd.DataFrame(
        {"device": "Gas", "date": pd.date_range("2020-01-01", periods=30, freq="MS", tz="UTC")}
    )
    bills = bills.drop(index=range(2, 8)).assign(consumption=300.0, seconds=30 * 86_400)
    assert find_implausible(bills).empty


def test_what_is_known_of_a_meter_speaks_for_and_against_few_readings() -> None:
    few = meter(4)
    few.loc[2, "consumption"] = 4000.0
    assert find_implausible(few).empty
    assert find_implausible(few, {"Hall": Known(highest=16.0)}).to_dict() == {2: "bound"}
    assert find_implausible(few, {"Hall": Known(rated=20.0)}).to_dict() == {2: "rating"}
    frame = meter()
    frame.loc[700, "consumption"] = 500.0
    assert find_implausible(frame).to_dict() == {700: "bound"}
    assert find_implausible(frame, {"Hall": Known(rated=500.0)}).empty


def test_meters_of_other_sizes_and_orders_are_each_judged_alone() -> None:
    frame = pd.concat([meter(), meter(device="Lift", times=0.01)], ignore_index=True)
    frame.loc[[700, HOURS + 5], "consumption"] = [1e6, 2e5]
    mixed = frame.sample(frac=1, random_state=1)
    assert find_implausible(mixed).to_dict() == {700: "bound", HOURS + 5: "bound"}


def bring(scope: Scope, path: Path, frame: pd.DataFrame, **how: bool) -> ImportSummary:
    table = pd.DataFrame({"Date": frame["date"].dt.tz_localize(None), "Meter": frame["device"]})
    table.assign(**{"Consumption (kWh)": frame["consumption"].round(3)}).to_csv(path, index=False)
    return import_file(scope, path, timezone="UTC", **how)


def total(scope: Scope) -> float:
    return float(readings.daily_consumption(scope)["consumption"].sum())


def test_what_is_set_aside_counts_nowhere_until_it_is_kept(scope: Scope, tmp_path: Path) -> None:
    frame = meter()
    frame.loc[700, "consumption"] = 2.0**32 / 1000
    true = float(frame["consumption"].drop(700).round(3).sum())
    summary = bring(scope, tmp_path / "a.csv", frame)
    assert (summary.read, summary.added, len(summary.refused)) == (HOURS, HOURS - 1, 0)
    [row] = summary.implausible
    assert (row.row, row.device, row.consumption) == (702, "Hall", 4294967.296)
    assert row.reason == "This is many times the most that the meter otherwise reads."
    assert total(scope) == pytest.approx(true)
    [found] = readings.list_implausible(scope)
    assert (found.device, found.start, found.state) == (
        "Hall",
        datetime(2024, 1, 30, 4, tzinfo=UTC),
        "left out",
    )
    again = bring(scope, tmp_path / "a.csv", frame)
    assert (again.added, again.changed, len(readings.list_implausible(scope))) == (0, 0, 1)
    decide_implausible(scope, [found.id], keep=True)
    assert total(scope) == pytest.approx(true + 2.0**32 / 1000)
    assert bring(scope, tmp_path / "a.csv", frame).implausible == []
    decide_implausible(scope, [found.id], keep=False)
    assert total(scope) == pytest.approx(true)
    decide_implausible(scope, [found.id], keep=True)
    undo_import(scope, summary.import_id)
    assert scope.db["consumption_data"].count_documents({}) == 0
    assert readings.list_implausible(scope) == []


def test_a_file_of_one_reading_is_judged_by_what_is_stored(scope: Scope, tmp_path: Path) -> None:
    bring(scope, tmp_path / "a.csv", meter())
    late = meter(HOURS + 1).iloc[-1:].assign(consumption=65_535.0)
    summary = bring(scope, tmp_path / "b.csv", late)
    assert (summary.added, len(summary.implausible), len(readings.list_implausible(scope))) == (0, 1, 1)
    kept = bring(scope, tmp_path / "b.csv", late, keep_implausible=True)
    assert (kept.added, kept.implausible) == (1, [])


def test_another_user_neither_sees_nor_decides(scope: Scope, db: Database[Document], tmp_path: Path) -> None:
    frame = meter()
    frame.loc[700, "consumption"] = 1e7
    bring(scope, tmp_path / "a.csv", frame)
    [found] = readings.list_implausible(scope)
    accounts.register(db, "Eve", "Other", "eve@example.com", "correct horse battery")
    eve = accounts.scope_of(db, "eve@example.com")
    decide_implausible(eve, [found.id], keep=True)
    assert readings.list_implausible(eve) == []
    assert readings.list_implausible(scope) == [found]
    assert dashboard.stats(scope, dashboard.Filter()).total_consumption < 1e6
    devices.delete_devices(scope, [found.device_id])
    assert readings.list_implausible(scope) == []


def test_detect_names_the_reading_and_no_other(tmp_path: Path) -> None:
    frame = meter()
    frame.loc[1302, "consumption"] = 2.0**32 / 1000
    frame.drop(columns="seconds").to_csv(tmp_path / "in.csv", index=False)
    assert detect_file(tmp_path / "in.csv", tmp_path / "out.csv") == 1
    [row] = pd.read_csv(tmp_path / "out.csv").to_dict("records")
    assert (row["consumption"], row["type"], row["severity"]) == (2.0**32 / 1000, "spike", "high")
    assert 5 < row["expected"] < 20
