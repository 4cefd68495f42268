"""One event, one alert: through imports, corrections, other users, and on a file alone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from services import accounts, alerts, devices, facility, importing
from services.scope import Scope
from services.tables import TableRefused

SPIKE = ("2017-03-14 18:00", "2017-03-14 20:00")


def pump(until: str = "2017-04-01", **changes: tuple[str, str, float]) -> pd.DataFrame:
    """Hourly readings of a pump, 3 kWh by day and 1 by night with noise, over California's change of clocks.

    Each change (from, to, kWh) overwrites what it used then.
    """
    date = pd.date_range("2017-01-15", until, freq="h", inclusive="left")
    date = date[date != pd.Timestamp("2017-03-12 02:00")]
    noise = np.random.default_rng(7).lognormal(0, 0.1, 4000)[: len(date)]
    kwh = pd.Series(np.where((date.hour >= 8) & (date.hour < 20), 3.0, 1.0) * noise).round(3)
    for start, end, value in changes.values():
        kwh[(date >= start) & (date < end)] = value
    return pd.DataFrame({"date": date, "device": "Pump", "consumption (kWh)": kwh})


def bring(scope: Scope, folder: Path, readings: pd.DataFrame) -> list[alerts.Alert]:
    path = folder / "meters.csv"
    readings.to_csv(path, index=False)
    return importing.import_file(scope, path).alerts


def test_a_spike_is_told_in_a_sentence_once(scope: Scope, tmp_path: Path) -> None:
    (found,) = bring(scope, tmp_path, pump(spike=(*SPIKE, 12.0)))

    assert found.type == "spike"
    assert found.device == "Pump"
    assert found.severity == "medium"
    assert found.actual == pytest.approx(24)
    # 18:00 Pacific daylight time.
    assert found.start == pd.Timestamp("2017-03-15 01:00", tz="UTC")
    assert found.end == pd.Timestamp("2017-03-15 03:00", tz="UTC")
    assert found.expected == pytest.approx(6, rel=0.1)
    assert (
        found.message == f"Pump used 24.0 kWh between 18:00 and 20:00 on Tue 14 Mar 2017. "
        f"{found.expected:.1f} kWh is usual."
    )
    assert alerts.evaluate(scope) == []
    assert alerts.list_alerts(scope) == [found]


def test_another_tariff_prices_what_was_found_before_by_the_facilitys_clock(
    scope: Scope, tmp_path: Path
) -> None:
    (found,) = bring(scope, tmp_path, pump(spike=(*SPIKE, 12.0)))
    assert found.cost is None
    always = frozenset(range(1, 13)), frozenset(range(7))
    evening = facility.TariffPeriod("Evening", *always, 18, 20, 1.0)
    facility.save(scope, facility.Facility(tariff=facility.Tariff(0.1, (evening,)), currency="USD"))

    assert alerts.price_anew(scope) == 1
    assert alerts.price_anew(scope) == 0

    priced = alerts.get_alert(scope, found.id)
    assert priced.cost == pytest.approx(24 - found.expected)
    assert priced.message == f"{found.message} The difference costs {priced.cost:,.2f} USD."
    assert alerts.evaluate(scope) == []
    assert alerts.get_alert(scope, found.id) == priced
    facility.save(scope, facility.Facility())
    assert alerts.price_anew(scope) == 1
    assert alerts.get_alert(scope, found.id) == found


def test_an_event_that_later_readings_lengthen_stays_one_alert(scope: Scope, tmp_path: Path) -> None:
    outage = ("2017-03-20 06:00", "2017-03-21 12:00", 0.0)
    (first,) = bring(scope, tmp_path, pump("2017-03-20 18:00", outage=outage))
    alerts.mark(scope, [first.id])

    assert bring(scope, tmp_path, pump(outage=outage)) == []

    (grown,) = alerts.list_alerts(scope)
    assert (grown.id, grown.read, grown.start) == (first.id, True, first.start)
    assert grown.end > first.end
    assert grown.expected > 1.5 * first.expected
    # A reading corrected at its beginning moves its start.
    corrected = ("2017-03-20 06:00", "2017-03-20 08:00", 1.0)
    assert bring(scope, tmp_path, pump(outage=outage, corrected=corrected)) == []
    (moved,) = alerts.list_alerts(scope)
    assert moved.id == first.id
    assert moved.start == first.start + pd.Timedelta(hours=2)


def test_corrected_readings_remove_an_alert_that_nobody_has_read(scope: Scope, tmp_path: Path) -> None:
    second = ("2017-03-22 10:00", "2017-03-22 12:00", 15.0)
    found = bring(scope, tmp_path, pump(spike=(*SPIKE, 12.0), second=second))
    worst, other = found
    assert worst.actual == pytest.approx(30)
    alerts.mark(scope, [worst.id])

    assert bring(scope, tmp_path, pump()) == []

    assert [alert.id for alert in alerts.list_alerts(scope)] == [worst.id]
    with pytest.raises(alerts.AlertRefused, match="not there any more"):
        alerts.get_alert(scope, other.id)


def test_demand_above_the_rating_and_long_days_are_thresholds(scope: Scope, tmp_path: Path) -> None:
    bring(scope, tmp_path, pump("2017-03-10"))
    (device,) = devices.list_devices(scope)
    devices.edit_device(scope, device.id, "Pump", rated_power=4200, avg_usage_hours=12)
    over = ("2017-03-14 18:00", "2017-03-14 21:00", 4.8)
    all_day = ("2017-03-27", "2017-03-29", 4.0)

    found = bring(scope, tmp_path, pump(over=over, all_day=all_day))

    demand, day = sorted((a for a in found if a.type == "threshold"), key=lambda a: a.start)
    assert demand.message == (
        "Pump drew 4.8 kW on average between 18:00 and 21:00 on Tue 14 Mar 2017; it is rated at 4.2 kW."
    )
    assert (demand.actual, demand.expected) == (pytest.approx(14.4), pytest.approx(12.6))
    assert "from Mon 27 Mar 2017 to Tue 28 Mar 2017" in day.message
    assert (day.actual, day.expected) == (pytest.approx(192), pytest.approx(2 * 4.2 * 12))
    assert alerts.evaluate(scope, [device.id]) == []


def test_lists_are_filtered_and_marked(scope: Scope, tmp_path: Path) -> None:
    outage = ("2017-03-20 06:00", "2017-03-21 12:00", 0.0)
    bring(scope, tmp_path, pump(spike=(*SPIKE, 12.0), outage=outage))

    newest, oldest = alerts.list_alerts(scope)
    assert (newest.type, newest.severity, oldest.type) == ("anomaly", "high", "spike")
    assert alerts.list_alerts(scope, "spike") == [oldest]
    assert alerts.list_alerts(scope, severity="high") == [newest]
    alerts.mark(scope, [oldest.id])
    assert alerts.list_alerts(scope, unread_only=True) == [newest]
    assert alerts.unread_count(scope) == 1
    alerts.mark_all_read(scope)
    alerts.mark(scope, [oldest.id], read=False)
    assert alerts.list_alerts(scope, unread_only=True) == [oldest]


def test_alerts_are_their_users_own(scope: Scope, tmp_path: Path) -> None:
    (mine,) = bring(scope, tmp_path, pump(spike=(*SPIKE, 12.0)))
    accounts.register(scope.db, "Bo", "Ng", "bo@example.com", "correct horse battery")
    other = replace(accounts.scope_of(scope.db, "bo@example.com"), timezone=scope.timezone)

    (theirs,) = bring(other, tmp_path, pump(spike=(*SPIKE, 12.0)))

    assert theirs.id != mine.id
    for alert_id in (mine.id, "no id"):
        with pytest.raises(alerts.AlertRefused):
            alerts.get_alert(other, alert_id)
        with pytest.raises(alerts.AlertRefused):
            alerts.mark(other, [theirs.id, alert_id])
    alerts.mark_all_read(other)
    assert alerts.list_alerts(scope) == [mine]
    assert not mine.read


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_file_is_searched_without_a_database(tmp_path: Path, suffix: str) -> None:
    readings = pump(spike=(*SPIKE, 12.0)).assign(device="=1+1")
    path, output = tmp_path / "meters.csv", tmp_path / f"found.{suffix}"
    readings.to_csv(path, index=False)

    assert alerts.detect_file(path, output) == 2

    read = pd.read_csv(output, parse_dates=["date"]) if suffix == "csv" else pd.read_excel(output)
    assert list(read) == ["device", "date", "consumption", "expected", "type", "severity"]
    # Neither is a formula: in a workbook the cell is text, in text an apostrophe says so.
    assert set(read["device"]) == {"'=1+1" if suffix == "csv" else "=1+1"}
    assert list(read["date"]) == [pd.Timestamp("2017-03-14 18:00"), pd.Timestamp("2017-03-14 19:00")]
    assert list(read["consumption"]) == [12, 12]
    assert read["expected"].between(2.5, 3.5).all()
    assert set(read["type"]) == {"spike"}


def test_a_file_that_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "meters.csv"
    pump().to_csv(path, index=False)
    before = path.read_bytes()
    for output in (tmp_path / "found.txt", tmp_path / "nowhere" / "found.csv"):
        with pytest.raises(TableRefused):
            alerts.detect_file(path, output)
    assert [file.name for file in tmp_path.iterdir()] == ["meters.csv"]
    assert path.read_bytes() == before
