"""Local times of every zone as instants, held against Python's own reading of the zones."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pandas as pd
import pytest
from bson import ObjectId
from hypothesis import given, settings
from hypothesis import strategies as st

from services import accounts, dashboard
from services.dashboard.profiles import heat_map
from services.importing import import_file
from services.local_times import day_starts, to_instants, to_local
from services.readings.load_profile import build_load_profile
from services.readings.storage.monthly_blocks import Run
from services.scope import Scope

ZONES = sorted(available_timezones())
DAYS = np.arange(np.datetime64("1970-01-01"), np.datetime64("2041-01-01"))
MICROSECOND = np.timedelta64(1, "us")


def test_each_day_of_each_zone_begins_when_its_date_is_first_shown() -> None:
    left_out = set()
    for name in ZONES:
        starts = day_starts(DAYS, name)
        shown = to_local(starts, name).astype("datetime64[D]")
        assert (to_local(starts - MICROSECOND, name).astype("datetime64[D]") < DAYS).all(), name
        assert (np.diff(starts) >= np.timedelta64(0)).all(), name
        assert (shown >= DAYS).all(), name
        left_out |= {(name, str(day)) for day in DAYS[shown > DAYS]}
    assert ("Pacific/Apia", "2011-12-30") in left_out
    assert ("Pacific/Kwajalein", "1993-08-21") in left_out
    assert {day for _, day in left_out} == {"1993-08-21", "1994-12-31", "2011-12-30"}


@settings(max_examples=1000, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(1970, 1, 2), datetime(2060, 1, 1)),
    st.timedeltas(timedelta(hours=-30), timedelta(hours=30)),
)
def test_local_times_are_the_instants_that_python_says(name: str, near: datetime, by: timedelta) -> None:
    zone = ZoneInfo(name)
    wall = _next_change(near, zone) + by
    found = to_instants(np.array([wall], "datetime64[us]"), name)
    first, last = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    never = first.astimezone(zone).replace(tzinfo=None) != wall
    assert found.skipped.tolist() == [never]
    assert found.first[0] == np.datetime64(first.replace(tzinfo=None))
    assert never or found.last[0] == np.datetime64(last.replace(tzinfo=None))


def _next_change(moment: datetime, zone: ZoneInfo) -> datetime:
    """The local time of the clocks' next change, by the day; the time itself where none comes."""
    for days in range(366):
        at = moment + timedelta(days=days)
        if at.replace(tzinfo=zone).utcoffset() != (at + timedelta(days=1)).replace(tzinfo=zone).utcoffset():
            return at
    return moment


@pytest.mark.parametrize(
    "zone",
    [
        "Europe/Berlin",
        "Asia/Kolkata",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "America/St_Johns",
        "America/Sao_Paulo",
        "Asia/Beirut",
        "Africa/Cairo",
        "Pacific/Apia",
        "Antarctica/Troll",
    ],
)
@pytest.mark.parametrize("minutes", [15, 30, 60])
def test_hours_of_each_day_add_up_to_the_day(zone: str, minutes: int) -> None:
    clock = pd.date_range("2010-09-01", "2012-05-01", freq=f"{minutes}min", inclusive="left")
    shown = to_instants(clock.to_numpy(), zone)
    at = np.unique(shown.first[~shown.skipped])
    count = len(at)
    run = Run(
        at.astype("datetime64[ms]").astype("int64"), np.arange(1.0, count + 1), np.full(count, minutes * 60)
    )
    load = build_load_profile(None, zone, [((ObjectId(), ""), run)])
    demand = load.demand(np.array([0])).part(slice(0, len(load.days.days)))
    of_hours = np.nansum(heat_map(load.days.days, 0, demand).kwh, axis=1)
    assert of_hours == pytest.approx(load.days.kwh[0])
    of_dates = pd.Series(run.kwh).groupby(to_local(at, zone).astype("datetime64[D]")).sum()
    assert load.days.kwh[0][load.days.covered[0] > 0] == pytest.approx(of_dates.to_numpy(), abs=count)


@pytest.mark.parametrize(
    ("zone", "first", "days"),
    [
        ("Pacific/Apia", "2011-12-28", 6),
        ("Pacific/Kwajalein", "1993-08-19", 6),
        ("America/Sao_Paulo", "2018-11-02", 5),
        ("Asia/Beirut", "2024-03-29", 5),
        ("Africa/Cairo", "2024-04-24", 5),
        ("Australia/Lord_Howe", "2024-10-04", 5),
        ("Antarctica/Troll", "2024-03-29", 5),
    ],
)
def test_figures_of_days_that_lack_hours_or_never_were(
    scope: Scope, tmp_path: Path, zone: str, first: str, days: int
) -> None:
    hours = pd.date_range(first, periods=24 * days, freq="h")  # by a clock that is never changed
    pd.DataFrame({"date": hours, "device": "Pump", "kWh": 1.0}).to_csv(tmp_path / "pump.csv", index=False)
    import_file(scope, tmp_path / "pump.csv", timezone=zone)
    scope = accounts.scope_of(scope.db, "ada@example.com")
    assert scope.timezone == zone
    assert dashboard.stats(scope).total_consumption == pytest.approx(24 * days)
    shown = dashboard.overview(scope)
    assert shown.figures.total.value == pytest.approx(24 * days)
    assert np.nansum(shown.heat_map.kwh) == pytest.approx(24 * days)
    day = date.fromisoformat(first)
    assert dashboard.stats(scope, dashboard.Filter(day, day)).total_consumption == pytest.approx(24)
