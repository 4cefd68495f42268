"""Meters of every size, interval and sign are watched, or it is said which are not."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from services import alerts, devices, importing
from services.alerts import Rule
from services.scope import Scope


@pytest.fixture
def meters(scope: Scope, tmp_path: Path) -> Scope:
    """Meters of one kind each, by the name of what is the matter with them."""
    hours = pd.date_range("2023-01-01", "2023-04-30 23:00", freq="h")
    hours = hours[hours != pd.Timestamp("2023-03-12 02:00")]
    random = np.random.default_rng(5)
    months = pd.date_range("2021-01-01", periods=28, freq="MS")
    of_hours = {
        "Hall": np.ones(len(hours)),
        "Charger": np.full(len(hours), 0.001),
        "Unused": np.zeros(len(hours)),
        "Net": np.where(hours.hour < 12, 1.0, -1.0),
    }
    tables = [
        pd.DataFrame(
            {"date": hours, "device": name, "kWh": (kwh * random.uniform(1, 2, len(hours))).round(4)}
        )
        for name, kwh in of_hours.items()
    ]
    tables += [
        pd.DataFrame({"date": months, "device": "Bills", "kWh": random.uniform(300, 330, 28).round(1)}),
        pd.DataFrame({"date": months[:5], "device": "Few bills", "kWh": [300.0, 310, 305, 290, 320]}),
        pd.DataFrame({"date": hours[-200:], "device": "New", "kWh": 1.0}),
    ]
    for table in tables:
        table.to_csv(tmp_path / "meters.csv", index=False)
        importing.import_file(scope, tmp_path / "meters.csv")
    return scope


def test_it_is_said_which_meters_are_not_watched(meters: Scope) -> None:
    found = {meter.device: meter.reason for meter in alerts.unwatched_meters(meters)}
    assert found == {
        "Charger": "small",
        "Few bills": "short",
        "Net": "both_ways",
        "New": "short",
        "Unused": "nothing",
    }
    said = [str(meter) for meter in alerts.unwatched_meters(meters)]
    assert said[-1] == "Unused is not watched: it has used nothing so far."


def test_what_is_no_energy_is_in_no_sentence_and_no_sum_of_kwh(meters: Scope) -> None:
    by_name = {device.name: device for device in devices.list_devices(meters)}
    rule = alerts.save_rule(meters, Rule("limit", limit=0.1, unit="kWh", per="day"))
    at_first = [alert.actual for alert in alerts.check_rules(meters) if alert.rule_id]
    changes = {
        "Hall": {"utility": "water", "unit": "m3"},
        "Net": {"direction": "generation"},
        "Few bills": {"direction": "export"},
    }
    query = meters.owned({"_id": {"$exists": True}})
    for name, change in changes.items():
        meters.db["devices"].update_one({**query, "name": by_name[name].name}, {"$set": change})
    alerts.evaluate(meters)
    assert {meter.device: meter.reason for meter in alerts.unwatched_meters(meters)}["Hall"] == "no_energy"
    assert not [alert for alert in alerts.list_alerts(meters) if alert.device == "Hall"]
    (before,) = at_first[-1:]
    (now,) = [alert.actual for alert in alerts.list_alerts(meters) if alert.rule_id == rule.id][:1]
    assert before is not None
    assert now is not None
    assert now < before
    # A rule about one meter is about whatever it measures in kWh.
    alone = replace(rule, id="", device_id=by_name["Net"].id, limit=1.0)
    alerts.save_rule(meters, alone)
    assert [alert for alert in alerts.check_rules(meters) if alert.device == "Net"]


def test_what_a_bill_covers_is_no_day_of_its_own(scope: Scope, tmp_path: Path) -> None:
    months = pd.date_range("2023-01-01", periods=5, freq="MS")
    bills = pd.DataFrame({"date": months, "device": "Bills", "kWh": 30.0 * months.days_in_month})
    days = pd.date_range("2023-01-01", "2023-05-31")
    daily = pd.DataFrame({"date": days, "device": "Days", "kWh": np.where(days.day == 9, 50.0, 10.0)})
    for table in (bills, daily):
        table.to_csv(tmp_path / "meters.csv", index=False)
        importing.import_file(scope, tmp_path / "meters.csv")
    by_name = {device.name: device for device in devices.list_devices(scope)}
    # 1 kW for 16 hours, 16 kWh a day: neither the bills' 30 nor half as much again is far from that.
    changed = replace(by_name["Bills"], rated_power=2000.0, avg_usage_hours=16.0)
    devices.edit_devices(scope, [changed])
    alerts.evaluate(scope)
    assert [alert.reason for alert in alerts.list_alerts(scope) if alert.device == "Bills"] == []
    rules = {
        name: alerts.save_rule(scope, Rule("limit", limit=limit, per=per, device_id=device_id))
        for name, limit, per, device_id in (
            ("a bill by day", 20.0, "day", by_name["Bills"].id),
            ("both by day", 35.0, "day", None),
            ("a bill by month", 920.0, "month", by_name["Bills"].id),
        )
    }
    alerts.check_rules(scope)
    found = {
        name: [alert.message for alert in alerts.list_alerts(scope) if alert.rule_id == rule.id]
        for name, rule in rules.items()
    }
    assert found == {
        "a bill by day": [],
        "both by day": ["The facility used up to 50.0 kWh a day on Tue 9 May 2023; 35.0 kWh is allowed."],
        "a bill by month": [
            "Bills used 930.0 kWh from Mon 1 May 2023 to Wed 31 May 2023; 920.0 kWh a month is allowed."
        ],
    }
