"""Every figure and chart of the overview equals what pandas makes of all readings."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from services import devices, facility, importing
from services.dashboard import Filter, Overview, Resolution, device_overview, overview
from services.facility import Facility, Tariff
from services.forecasts.periods import FACILITY
from services.forecasts.predictions import store_predictions
from services.readings.load_cache import LoadCache, load_profile_of
from services.scope import Scope
from services.settings import Settings

ZONE = "America/Los_Angeles"
EXACT = 1e-9
METERS = {
    "Chiller": ("Cooling", "Roof", "30min"),
    "Lights": ("Lighting", "Hall", "30min"),
    "Lift": ("", "Hall", "60min"),
}


def made(start: str, end: str, meters: tuple[str, ...] = tuple(METERS), seed: int = 3) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    parts = []
    for name in meters:
        category, place, step = METERS[name]
        instants = pd.date_range(start, end, freq=step, tz=ZONE, inclusive="left")
        kwh = random.gamma(2, 1 + len(name), len(instants)).round(3)
        parts.append(
            pd.DataFrame(
                {
                    "device": name,
                    "category": category,
                    "location": place,
                    "date": instants,
                    "consumption": kwh,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def imported(scope: Scope, frame: pd.DataFrame, path: Path) -> importing.ImportSummary:
    frame.assign(date=frame["date"].map(pd.Timestamp.isoformat)).to_csv(path, index=False)
    return importing.import_file(scope, path, on_conflict="replace")


@pytest.fixture
def frame() -> pd.DataFrame:
    """Thirteen months over both changes of the clock, without a week in the middle."""
    whole = made("2023-01-15 06:00", "2024-02-20")
    gone = (whole["date"] >= "2023-06-05") & (whole["date"] < "2023-06-12")
    return whole[~gone].reset_index(drop=True)


def naive(dates: pd.Series) -> pd.Series:
    return dates.dt.tz_localize(None)


def hourly(frame: pd.DataFrame) -> pd.DataFrame:
    """kWh and mean kW of each hour of the clock, at the hour that the lift's readings last."""
    at = frame["date"].dt.tz_convert("UTC").dt.floor("h")
    steps = frame.groupby(at)["consumption"].sum()
    local = steps.index.tz_convert(ZONE).tz_localize(None)
    return steps.groupby(local.floor("h")).agg(["sum", "mean"])


def covered_days(frame: pd.DataFrame) -> float:
    """Days that readings cover, a day that is read in part as that part."""
    hours = pd.DatetimeIndex(frame["date"].dt.tz_convert("UTC").dt.floor("h").unique()).tz_convert(ZONE)
    day = hours.normalize()
    length = np.asarray(((day + pd.DateOffset(days=1)) - day) / pd.Timedelta(hours=1), "float64")
    return float((1 / length).sum())


def check(found: Overview, frame: pd.DataFrame) -> None:
    """Against the readings that were chosen, among which are the hourly ones of the lift."""
    day = naive(frame["date"]).dt.normalize()
    days = frame.groupby(day)["consumption"].sum()
    figures = found.figures
    assert figures.total.value == pytest.approx(frame["consumption"].sum(), rel=EXACT)
    assert figures.average_day.value == pytest.approx(days.sum() / covered_days(frame), rel=EXACT)
    step = frame["device"].map(lambda name: METERS[name][2])
    finest = frame.loc[step == step.min(), "consumption"]
    assert figures.peak_reading.value == finest.max()
    assert figures.peak_reading_at == frame.loc[finest.idxmax(), "date"]
    demand = frame.groupby(frame["date"].dt.tz_convert("UTC").dt.floor("h"))["consumption"].sum()
    assert figures.peak_demand.value == pytest.approx(demand.max(), rel=EXACT)
    assert figures.peak_demand_at == demand.idxmax()
    assert figures.load_factor.value == pytest.approx(demand.mean() / demand.max(), rel=EXACT)
    hours = hourly(frame)
    assert figures.baseload.value == pytest.approx(hours["mean"].quantile(0.05), rel=EXACT)
    read = ~np.isnan(found.consumption.kwh)
    assert found.consumption.kwh[read] == pytest.approx(days.to_numpy(), rel=EXACT)
    assert (found.consumption.start[read] == days.index.to_numpy()).all()
    check_hours(found, hours)
    falling = np.sort(demand.to_numpy())[::-1]
    assert found.load_duration.demand[[0, -1]] == pytest.approx(falling[[0, -1]], rel=EXACT)
    by_device = frame.groupby("device")["consumption"].sum().sort_values(ascending=False)
    assert [part.name for part in found.devices] == list(by_device.index)
    assert [part.kwh for part in found.devices] == pytest.approx(by_device.to_list(), rel=EXACT)
    by_category = frame.groupby("category")["consumption"].sum().sort_values(ascending=False)
    assert [(part.name, part.kwh) for part in found.categories] == [
        (name, pytest.approx(kwh, rel=EXACT)) for name, kwh in by_category.items()
    ]


def check_hours(found: Overview, hours: pd.DataFrame) -> None:
    cells = found.heat_map.days[:, np.newaxis] + np.arange(24).astype("timedelta64[h]")
    read = ~np.isnan(found.heat_map.kwh)
    assert (cells[read] == hours.index.to_numpy()).all()
    assert found.heat_map.kwh[read] == pytest.approx(hours["sum"].to_numpy(), rel=EXACT)
    workday = hours["mean"][hours.index.day_of_week < 5]
    by_hour = workday.groupby(workday.index.hour)
    assert found.profile.weekday.mean == pytest.approx(by_hour.mean().to_numpy(), rel=EXACT)
    assert found.profile.weekday.low == pytest.approx(by_hour.quantile(0.1).to_numpy(), rel=EXACT)
    assert found.profile.weekday.high == pytest.approx(by_hour.quantile(0.9).to_numpy(), rel=EXACT)
    by_day = hours["mean"].groupby(hours.index.normalize()).quantile(0.05)
    assert (found.baseload_trend.start == by_day.index.to_numpy()).all()
    assert found.baseload_trend.kw == pytest.approx(by_day.to_numpy(), rel=EXACT)


def test_overview_equals_pandas_after_every_kind_of_change(
    scope: Scope, frame: pd.DataFrame, tmp_path: Path
) -> None:
    first = frame[frame["date"] < "2023-09-01"]
    imported(scope, first, tmp_path / "first.csv")
    check(overview(scope), first)
    second = imported(scope, frame[frame["date"] >= "2023-08-20"], tmp_path / "second.csv")
    check(overview(scope), frame)
    replaced = frame[(frame["date"] >= "2023-12-01") & (frame["device"] == "Lights")].assign(
        consumption=lambda part: part["consumption"] * 3
    )
    third = imported(scope, replaced, tmp_path / "third.csv")
    assert third.changed == len(replaced)
    check(overview(scope), pd.concat([frame.drop(replaced.index), replaced]))
    importing.undo_import(scope, third.import_id)
    check(overview(scope), frame)
    importing.undo_import(scope, second.import_id)
    check(overview(scope), first)
    [chiller] = [device.id for device in devices.list_devices(scope) if device.name == "Chiller"]
    devices.delete_devices(scope, [chiller])
    check(overview(scope), first[first["device"] != "Chiller"])


def test_consumption_by_hour_week_and_month(scope: Scope, frame: pd.DataFrame, tmp_path: Path) -> None:
    imported(scope, frame, tmp_path / "all.csv")
    local = naive(frame["date"])
    starts: dict[Resolution, pd.Series] = {
        "hour": local.dt.floor("h"),
        "week": local.dt.to_period("W-SUN").dt.start_time,
        "month": local.dt.to_period("M").dt.start_time,
    }
    for resolution, start in starts.items():
        found = overview(scope, Filter(), resolution).consumption
        sums = frame.groupby(start)["consumption"].sum()
        read = ~np.isnan(found.kwh)
        assert (found.start[read] == sums.index.to_numpy()).all()
        assert found.kwh[read] == pytest.approx(sums.to_numpy(), rel=EXACT)


def test_places_days_and_devices_are_chosen(scope: Scope, frame: pd.DataFrame, tmp_path: Path) -> None:
    imported(scope, frame, tmp_path / "all.csv")
    ids = {device.name: device.id for device in devices.list_devices(scope)}
    hall = frame[frame["location"] == "Hall"]
    check(overview(scope, Filter(locations=("Hall",))), hall)
    days = Filter(date(2023, 3, 10), date(2023, 4, 2), locations=("Hall",))
    local = naive(hall["date"])
    check(overview(scope, days), hall[(local >= "2023-03-10") & (local < "2023-04-03")])
    check(device_overview(scope, ids["Lift"]), frame[frame["device"] == "Lift"])
    # Alone, the chiller is known by the half hour.
    chiller = frame[frame["device"] == "Chiller"]
    peak = device_overview(scope, ids["Chiller"]).figures
    assert peak.peak_demand.value == pytest.approx(chiller["consumption"].max() * 2, rel=EXACT)
    assert peak.peak_demand_at == chiller.loc[chiller["consumption"].idxmax(), "date"]
    nothing = overview(scope, Filter(locations=("Cellar",)))
    assert nothing.figures.total.value is None
    assert nothing.devices == []


def test_figures_beside_the_period_before_and_the_year_before(
    scope: Scope, frame: pd.DataFrame, tmp_path: Path
) -> None:
    facility.save(
        scope, Facility(floor_area=800, emission_factor=0.3, tariff=Tariff(0.2), monthly_budget=9000)
    )
    imported(scope, frame, tmp_path / "all.csv")
    found = overview(scope, Filter(date(2024, 2, 1), date(2024, 2, 14)))
    kwh = frame.set_index(naive(frame["date"]))["consumption"].sort_index()
    now, before = kwh["2024-02-01":"2024-02-14"].sum(), kwh["2024-01-18":"2024-01-31"].sum()
    year_before = kwh["2023-02-02":"2023-02-15"].sum()  # the same weekdays
    total = found.figures.total
    assert (total.value, total.previous, total.last_year) == pytest.approx(
        (now, before, year_before), rel=EXACT
    )
    assert found.figures.cost.value == pytest.approx(now * 0.2, rel=EXACT)
    assert found.figures.co2.previous == pytest.approx(before * 0.3, rel=EXACT)
    assert found.figures.eui.value == pytest.approx(now / 14 * 365.25 / 800, rel=EXACT)
    assert (found.budget.kwh.tolist(), found.budget.budget) == ([pytest.approx(now, rel=EXACT)], 9000)
    first_days = overview(scope, Filter(date(2023, 1, 20), date(2023, 1, 30))).figures.total
    assert (first_days.previous, first_days.last_year) == (None, None)


def test_stored_forecast_continues_the_consumption(scope: Scope, frame: pd.DataFrame, tmp_path: Path) -> None:
    imported(scope, frame, tmp_path / "all.csv")
    assert overview(scope).forecast is None
    for kwh in (10.0, 20.0):
        days = pd.DataFrame(
            {"type": "daily", "device": FACILITY, "start": pd.date_range("2024-02-20", periods=60)}
        )
        bounds = {"lower_80": 0.9, "upper_80": 1.1, "lower_95": 0.8, "upper_95": 1.2}
        predicted = days.assign(predicted=kwh, **{name: kwh * share for name, share in bounds.items()})
        store_predictions(scope, "combination", predicted, held_out=False)
        by_day = overview(scope).forecast
        assert by_day is not None
        assert by_day.series.start[[0, -1]].astype("datetime64[D]").astype(str).tolist() == [
            "2024-02-20",
            "2024-04-19",
        ]
        assert by_day.series.kwh.tolist() == [kwh] * 60
        assert by_day.upper == pytest.approx(np.full(60, kwh * 1.1))
        by_week = overview(scope, Filter(), "week").forecast
        assert by_week is not None
        monday = frame.loc[naive(frame["date"]) >= "2024-02-19", "consumption"].sum()
        assert by_week.series.kwh[:2] == pytest.approx([monday + 6 * kwh, 7 * kwh], rel=EXACT)
        assert by_week.series.start[0] == np.datetime64("2024-02-19")
    assert overview(scope, Filter(end=date(2024, 2, 18))).forecast is None


def test_cusum_is_level_over_its_baseline_and_rises_by_what_is_wasted(scope: Scope, tmp_path: Path) -> None:
    instants = pd.date_range("2023-04-03", "2023-06-26", freq="h", tz=ZONE, inclusive="left")
    weekend = instants.day_of_week >= 5
    second_half = instants >= pd.Timestamp("2023-05-15", tz=ZONE)
    kwh = np.where(weekend, 1.0, 2.0) + np.where(second_half, 0.5, 0.0)
    frame = pd.DataFrame(
        {"device": "Lift", "category": "", "location": "", "date": instants, "consumption": kwh}
    )
    imported(scope, frame, tmp_path / "lift.csv")
    found = overview(scope).cusum
    assert found.kwh[:42] == pytest.approx(np.zeros(42), abs=1e-9)
    assert found.kwh[42:] == pytest.approx(np.cumsum(np.full(42, 12.0))[: len(found.kwh) - 42])


def test_another_program_maps_the_load_from_files(
    scope: Scope, settings: Settings, frame: pd.DataFrame, tmp_path: Path
) -> None:
    imported(scope, frame, tmp_path / "all.csv")
    programs = LoadCache(), LoadCache()
    for program in programs:
        program.settings = settings
    first, second = (program.load(scope) for program in programs)
    assert isinstance(second.grids[0].kwh, np.memmap)
    rows = np.arange(len(second.meters))
    assert (second.demand(rows).kwh == load_profile_of(scope).demand(rows).kwh).all()
    importing.undo_import(scope, importing.import_file(scope, tmp_path / "all.csv").import_id)
    assert programs[1].load(scope).revision != first.revision
