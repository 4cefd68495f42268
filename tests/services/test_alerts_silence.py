"""A meter that is silent while others go on is an alert by itself."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from services import alerts, devices, importing
from services.alerts import Alert
from services.scope import Scope

FIRST, LAST = "2017-05-01", "2017-07-31 23:00"


def hours(first: str = FIRST, last: str = LAST) -> pd.DatetimeIndex:
    return pd.date_range(first, last, freq="h")


def bring(scope: Scope, folder: Path, **meters: pd.DatetimeIndex) -> list[Alert]:
    """Import readings at these times, 1 to 2 kWh each, of every meter; return the alerts of silence."""
    random = np.random.default_rng(4)
    for name, times in meters.items():
        kwh = random.uniform(1, 2, len(times)).round(3)
        frame = pd.DataFrame({"date": times, "device": name, "consumption (kWh)": kwh})
        frame.to_csv(folder / "meters.csv", index=False)
        importing.import_file(scope, folder / "meters.csv")
    return alerts.list_alerts(scope, reason="silent")


def said(found: list[Alert]) -> list[str]:
    return [alert.message for alert in found]


def test_a_meter_that_stops_is_an_alert_until_it_sends_again(scope: Scope, tmp_path: Path) -> None:
    (alert,) = bring(scope, tmp_path, Hall=hours(), Press=hours(last="2017-07-10 07:00"))
    zone = ZoneInfo(scope.timezone)
    assert alert.message == "Press has sent no readings since Mon 10 Jul 2017, while other meters went on."
    assert (alert.severity, alert.rule_id) == ("high", None)
    (silent,) = alerts.silent_meters(scope, date(2017, 7, 1), date(2017, 7, 31))
    assert (silent.device, silent.device_id, silent.until) == ("Press", alert.device_id, None)
    assert silent.since == alert.start == datetime(2017, 7, 10, 8, tzinfo=zone)
    assert alerts.silent_meters(scope, end=date(2017, 7, 9)) == []
    assert alerts.silent_meters(scope, device_ids=["no device"]) == []
    assert alerts.check_rules(scope) == []

    (same,) = bring(scope, tmp_path, Press=hours("2017-07-20"))
    assert same.id == alert.id
    assert same.message == (
        "Press sent no readings from 08:00 on Mon 10 Jul 2017 to 00:00 on Thu 20 Jul 2017."
    )
    assert alerts.silent_meters(scope, date(2017, 7, 20)) == []
    assert bring(scope, tmp_path, Press=hours("2017-07-10 08:00", "2017-07-19 23:00")) == []


def test_a_meter_that_was_planned_to_end_is_none(scope: Scope, tmp_path: Path) -> None:
    (alert,) = bring(scope, tmp_path, Hall=hours(), Press=hours(last="2017-07-10"))
    devices.edit_device(scope, str(alert.device_id), "Press", status="inactive")
    alerts.evaluate(scope, [])
    assert alerts.list_alerts(scope, reason="silent") == []
    assert alerts.silent_meters(scope) == []


def test_nobody_is_notified_at_once_of_what_the_next_file_may_bring(scope: Scope, tmp_path: Path) -> None:
    (alert,) = bring(scope, tmp_path, Hall=hours(last="2017-06-30"), Press=hours())
    assert alerts.due(scope, None, alert.created_at + timedelta(minutes=50)) == []
    assert alerts.due(scope, None, alert.created_at + timedelta(minutes=70)) == [alert]
    assert bring(scope, tmp_path, Hall=hours()) == []


@pytest.mark.parametrize(
    "times",
    [
        pytest.param(hours(last="2017-07-31 02:00"), id="less than a day late"),
        pytest.param(pd.date_range(FIRST, "2017-07-30"), id="days, of which the last is to come"),
        pytest.param(pd.date_range(FIRST, "2017-07-17", freq="W-MON"), id="weeks"),
        pytest.param(pd.date_range("2016-01-01", "2017-05-01", freq="MS"), id="bills, of which one is late"),
        pytest.param(pd.date_range("2015-01-01", "2017-01-01", freq="YS"), id="bills of years"),
        pytest.param(hours()[hours().day_of_week < 5], id="never on a weekend"),
        pytest.param(hours().append(pd.DatetimeIndex(["2018-06-03 12:00"])), id="one wrong date ahead"),
        pytest.param(pd.DatetimeIndex(["2014-06-03 12:00"]).append(hours()), id="one wrong date behind"),
        pytest.param(pd.DatetimeIndex(["2017-05-03 12:00"]), id="a single reading"),
    ],
)
def test_what_is_usual_of_a_meter_is_no_silence(
    scope: Scope, tmp_path: Path, times: pd.DatetimeIndex
) -> None:
    found = bring(scope, tmp_path, Hall=hours(), Other=times)
    # That a meter rests on weekends is known after some of them.
    assert [alert for alert in found if alert.end > pd.Timestamp("2017-06-01", tz="UTC")] == []


@pytest.mark.parametrize(
    "times",
    [
        pytest.param(pd.date_range(FIRST, "2017-07-20"), id="days"),
        pytest.param(pd.date_range(FIRST, "2017-07-03", freq="W-MON"), id="weeks"),
        pytest.param(pd.date_range("2016-01-01", "2017-04-01", freq="MS"), id="bills"),
        pytest.param(hours(last="2017-06-07 12:00")[::2], id="every second hour"),
    ],
)
def test_meters_of_every_interval_are_missed(scope: Scope, tmp_path: Path, times: pd.DatetimeIndex) -> None:
    (alert,) = bring(scope, tmp_path, Hall=hours(), Other=times)
    assert alert.device == "Other"
