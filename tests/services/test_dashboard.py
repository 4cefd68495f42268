"""The figures of the dashboard equal what pandas makes of the same readings."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from services import accounts, dashboard, devices, forecasts, importing
from services.dashboard import Filter
from services.scope import Scope

ZONE = "America/Los_Angeles"
PLACES = {"Chiller": ("Cooling", "Roof"), "Lights": ("Lighting", "Hall"), "Lift": ("", "Hall")}


@pytest.fixture
def readings(scope: Scope, tmp_path: Path) -> pd.DataFrame:
    """Seven weeks of quarter hours over the day of 23 hours, as imported; with local dates."""
    instants = pd.date_range("2017-02-20", "2017-04-10", freq="15min", tz=ZONE, inclusive="left")
    random = np.random.default_rng(3)
    frame = pd.concat(
        pd.DataFrame(
            {
                "device": name,
                "category": category,
                "location": place,
                "date": instants,
                "consumption": random.gamma(2, size, len(instants)).round(3),
            }
        )
        for size, (name, (category, place)) in enumerate(PLACES.items(), start=1)
    )
    path = tmp_path / "meters.csv"
    frame.assign(date=frame["date"].map(pd.Timestamp.isoformat)).to_csv(path, index=False)
    importing.import_file(scope, path)
    return frame


def check(stats: dashboard.Stats, expected: pd.DataFrame) -> None:
    day = expected["date"].dt.tz_localize(None).dt.normalize()
    days = expected.groupby(day)["consumption"].sum()
    total = expected["consumption"].sum()
    assert stats.total_consumption == pytest.approx(total)
    assert stats.avg_daily_consumption == pytest.approx(total / len(days))
    assert stats.peak_consumption == expected["consumption"].max()
    assert [entry.date for entry in stats.daily_data] == [stamp.date() for stamp in days.index]
    assert [entry.consumption for entry in stats.daily_data] == pytest.approx(days.tolist())
    weeks = days.resample("W-MON", label="left", closed="left").sum()
    assert [entry.week for entry in stats.weekly_data] == [stamp.date() for stamp in weeks.index]
    assert [entry.consumption for entry in stats.weekly_data] == pytest.approx(weeks.tolist())
    by_device = expected.groupby("device")["consumption"].sum().sort_values(ascending=False)
    assert [part.device for part in stats.device_breakdown] == list(by_device.index)
    assert [part.consumption for part in stats.device_breakdown] == pytest.approx(by_device.tolist())
    assert sum(part.share for part in stats.device_breakdown) == pytest.approx(1)
    assert {part.device: part.category for part in stats.device_breakdown} == {
        name: PLACES[name][0] for name in by_device.index
    }


def test_figures_equal_an_independent_reckoning(scope: Scope, readings: pd.DataFrame) -> None:
    found = dashboard.stats(scope)
    check(found, readings)
    assert found.predicted_next_month == forecasts.next_month(scope)
    # May has 31 days that are like those of April.
    assert found.predicted_next_month == pytest.approx(31 * found.avg_daily_consumption, rel=0.1)


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        (Filter(start=date(2017, 3, 11), end=date(2017, 3, 13)), list(PLACES)),
        (Filter(end=date(2017, 3, 12), locations=("Hall",)), ["Lights", "Lift"]),
    ],
)
def test_days_and_places_are_chosen(
    scope: Scope, readings: pd.DataFrame, chosen: Filter, names: list[str]
) -> None:
    day = readings["date"].dt.date
    within = (day >= (chosen.start or date.min)) & (day <= (chosen.end or date.max))
    check(dashboard.stats(scope, chosen), readings[within & readings["device"].isin(names)])


def test_devices_and_categories_are_chosen_with_their_prediction(
    scope: Scope, readings: pd.DataFrame
) -> None:
    chiller, lift, _lights = devices.list_devices(scope)
    by_device = dashboard.stats(scope, Filter(device_ids=(chiller.id, lift.id)))
    check(by_device, readings[readings["device"].isin(["Chiller", "Lift"])])
    by_category = dashboard.stats(scope, Filter(category_ids=(str(chiller.category_id),)))
    check(by_category, readings[readings["device"] == "Chiller"])
    assert by_category.predicted_next_month == forecasts.next_month(scope, [chiller.id])
    neither = dashboard.stats(scope, Filter(device_ids=(lift.id,), category_ids=(str(chiller.category_id),)))
    assert neither == dashboard.Stats(0.0, 0.0, 0.0, None, [], [], [])


def test_json_has_exactly_the_seven_figures_and_coverage(scope: Scope, readings: pd.DataFrame) -> None:
    stats = dashboard.stats(scope, Filter(end=date(2017, 2, 20)))
    found = dashboard.as_json(stats)
    (day,) = readings.groupby(readings["date"].dt.date)["consumption"].sum().head(1)
    assert list(found) == [
        "totalConsumption",
        "avgDailyConsumption",
        "peakConsumption",
        "predictedNextMonth",
        "deviceBreakdown",
        "dailyData",
        "weeklyData",
        "coverage",
    ]
    assert found["coverage"]["totalConsumption"] == pytest.approx(1)
    assert found["dailyData"] == [{"date": "2017-02-20", "consumption": pytest.approx(day)}]
    assert found["weeklyData"] == [{"week": "2017-02-20", "consumption": pytest.approx(day)}]
    assert set(found["deviceBreakdown"][0]) == {"device", "category", "consumption", "share"}


def test_nothing_is_seen_of_another_user(scope: Scope, readings: pd.DataFrame) -> None:
    other = accounts.register(scope.db, "Bo", "Ng", "bo@example.com", "correct horse battery")
    theirs = replace(accounts.scope_of(scope.db, other.email), timezone=ZONE)
    mine = devices.list_devices(scope)[0]
    for chosen in (Filter(), Filter(device_ids=(mine.id,)), Filter(locations=("Hall",))):
        assert dashboard.stats(theirs, chosen) == dashboard.Stats(0.0, 0.0, 0.0, None, [], [], [])
