"""What managers ask to be told of, and how: rules, quiet hours, snoozing, muting, mail, feedback."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import numpy as np
import pandas as pd
import pytest

from services import accounts, alerts, dashboard, devices, facility, forecasts, importing, notifications
from services.alerts import Rule, RuleRefused
from services.facility import Facility, Tariff, TariffPeriod
from services.scope import Scope
from services.settings import Settings


@pytest.fixture
def plant(scope: Scope, tmp_path: Path) -> Scope:
    """A pump and a fan in March 2017: 2 and 1 kWh an hour by day, nothing by night and on Sundays, but for a
    Saturday night on which somebody left the pump on. Over California's change of clocks, to the 20th."""
    date = pd.date_range("2017-03-01", "2017-03-21", freq="h", inclusive="left")
    date = date[date != pd.Timestamp("2017-03-12 02:00")]
    at_work = (date.hour >= 8) & (date.hour < 18) & (date.day_of_week < 6)
    left_on = (date >= "2017-03-11 18:00") & (date < "2017-03-12 06:00")
    pump = pd.DataFrame({"date": date, "device": "Pump", "kWh": np.where(at_work | left_on, 2.0, 0.0)})
    fan = pd.DataFrame({"date": date, "device": "Fan", "kWh": np.where(at_work, 1.0, 0.0)})
    for frame, category in ((pump, "Water"), (fan, "Air")):
        frame["category"] = category
    path = tmp_path / "meters.csv"
    pd.concat([pump, fan]).to_csv(path, index=False)
    importing.import_file(scope, path)
    return scope


def device(scope: Scope, name: str) -> devices.Device:
    return next(device for device in devices.list_devices(scope) if device.name == name)


def told(scope: Scope, rule: Rule) -> list[str]:
    """What the rule finds, by when it began; the rule is gone afterwards."""
    kept = alerts.save_rule(scope, rule)
    alerts.check_rules(scope)
    found = [alert.message for alert in alerts.list_alerts(scope) if alert.rule_id == kept.id]
    alerts.delete_rule(scope, kept.id)
    alerts.check_rules(scope)
    assert not [alert for alert in alerts.list_alerts(scope) if alert.rule_id]
    return found[::-1]


def test_limits_in_energy_demand_and_money(plant: Scope) -> None:
    pump, air = device(plant, "Pump"), device(plant, "Fan").category_id
    # The Saturday is 10 working hours and 6 hours left on, the Sunday 5: clocks skipped one.
    assert told(plant, Rule("limit", limit=25, unit="kWh", per="day", device_id=pump.id)) == [
        "Pump used up to 32.0 kWh a day on Sat 11 Mar 2017; 25.0 kWh is allowed."
    ]
    assert told(plant, Rule("limit", limit=2.5, unit="kW")) != []
    assert told(plant, Rule("limit", limit=3, unit="kW")) == []
    assert told(plant, Rule("limit", limit=169, unit="kWh", per="month", category_id=air)) == [
        "Air used 170.0 kWh from Wed 1 Mar 2017 to Mon 20 Mar 2017; 169.0 kWh a month is allowed."
    ]
    with pytest.raises(RuleRefused, match="tariff"):
        alerts.save_rule(plant, Rule("limit", limit=1, unit="cost"))
    night = TariffPeriod("night", frozenset(range(1, 13)), frozenset(range(7)), 18, 8, 1.0)
    facility.save(plant, Facility(currency="USD", tariff=Tariff(0.1, (night,))))
    assert told(plant, Rule("limit", limit=9, unit="cost", per="day")) == [
        "The facility cost up to 15.00 USD a day from Sat 11 Mar 2017 to Sun 12 Mar 2017; "
        "9.00 USD is allowed."
    ]


def test_use_outside_working_hours(plant: Scope) -> None:
    week = frozenset(range(6))
    pump = device(plant, "Pump").id
    (found,) = told(plant, Rule("outside_hours", limit=0.5, device_id=pump, weekdays=week))
    assert found == (
        "Pump used 22.0 kWh outside working hours, from 18:00 on Sat 11 Mar 2017 to 06:00 on Sun 12 Mar "
        "2017; 5.5 kWh is allowed."
    )
    # Whoever closes at five sees the last hour of each of the 17 working days.
    assert len(told(plant, Rule("outside_hours", limit=0.5, weekdays=week, to_hour=17))) == 17


def test_nobody_works_on_a_public_holiday(plant: Scope) -> None:
    week = frozenset(range(6))
    assert len(told(plant, Rule("outside_hours", limit=2.5, weekdays=week))) == 0
    facility.save(plant, Facility(country="IE"))
    (found,) = told(plant, Rule("outside_hours", limit=2.5, weekdays=week))
    assert "30.0 kWh outside working hours" in found
    assert "Fri 17 Mar 2017" in found


def test_the_budget_is_watched_ahead(plant: Scope) -> None:
    facility.save(plant, Facility(monthly_budget=700))
    # 17 days of 30 kWh and the night's 22 by the 20th; then as the weekdays were on average, of which the
    # night made Saturdays 34 kWh and Sundays 10/3: 120 + 34 + 10/3 until the 26th, 150 after.
    assert told(plant, Rule("budget")) == [
        "The facility will pass the budget of 700.0 kWh on Mon 27 Mar 2017, at 839.3 kWh for the month, if "
        "it goes on as usual."
    ]
    (passed,) = told(plant, Rule("budget", limit=100))
    assert "passed the budget of 100.0 kWh on Sat 4 Mar 2017; the month will come to 839.3 kWh" in passed
    assert told(plant, Rule("budget", limit=2000)) == []


def test_a_day_that_is_not_over_is_foreseen_to_its_end(plant: Scope, tmp_path: Path) -> None:
    facility.save(plant, Facility(monthly_budget=700))
    (whole,) = told(plant, Rule("budget"))
    # Of the 21st, a Tuesday of 30 kWh, the first 13 hours: 5 of work, 15 kWh.
    date = pd.date_range("2017-03-21", periods=13, freq="h")
    for name, kwh in (("Pump", 2.0), ("Fan", 1.0)):
        frame = pd.DataFrame({"date": date, "device": name, "kWh": np.where(date.hour >= 8, kwh, 0.0)})
        frame.to_csv(tmp_path / "more.csv", index=False)
        importing.import_file(plant, tmp_path / "more.csv")
    (later,) = told(plant, Rule("budget"))
    total = [float(re.search(r"at ([\d.]+) kWh", message)[1]) for message in (whole, later)]
    assert total[1] == pytest.approx(total[0] - 15.0 + 30.0 * (1 - 13 / 24), abs=0.1)


def test_the_budget_is_watched_by_the_forecast_where_there_is_one(plant: Scope, settings: Settings) -> None:
    forecasts.train(plant, settings)
    forecasts.predict(plant, settings)
    pump = device(plant, "Pump")

    def rest_of_march(device_ids: list[str] | None) -> float:
        days = forecasts.daily_forecast(plant, device_ids).set_index("date")
        return float(days.loc[:"2017-03-31", "consumption"].sum())

    for rule in (Rule("budget", limit=1.0), Rule("budget", limit=1.0, device_id=pump.id)):
        alerts.save_rule(plant, rule)
    alerts.check_rules(plant)
    found = {alert.device_id: alert.actual for alert in alerts.list_alerts(plant) if alert.rule_id}
    so_far = dashboard.stats(plant).total_consumption
    assert found[None] == pytest.approx(so_far + rest_of_march(None))
    assert found[pump.id] == pytest.approx(so_far - 170.0 + rest_of_march([pump.id]))


def test_silence_is_noticed(plant: Scope) -> None:
    found = sorted(told(plant, Rule("no_data", limit=3)))
    assert len(found) == 2
    assert found[0].startswith("Fan has sent no readings since Mon 20 Mar 2017: for ")
    fan = device(plant, "Fan")
    devices.edit_device(plant, fan.id, fan.name, status="inactive")
    assert [message[:4] for message in told(plant, Rule("no_data", limit=3))] == ["Pump"]
    assert told(plant, Rule("no_data", limit=100_000)) == []


def test_one_event_is_one_alert_of_a_rule_too(plant: Scope, tmp_path: Path) -> None:
    rule = alerts.save_rule(plant, Rule("limit", limit=2.5, unit="kWh", per="hour", severity="high"))
    found = alerts.check_rules(plant)
    assert {alert.severity for alert in found} == {"high"}
    assert alerts.check_rules(plant) == []
    assert alerts.evaluate(plant) == []
    # What a device's readings change is seen with its import.
    date = pd.date_range("2017-03-21 08:00", periods=3, freq="h")
    more = pd.DataFrame({"date": date, "device": "Pump", "kWh": [9.0, 9.0, 0.5]})
    more.to_csv(tmp_path / "more.csv", index=False)
    (new,) = [a for a in importing.import_file(plant, tmp_path / "more.csv").alerts if a.rule_id]
    assert (new.rule_id, new.device_id, new.actual) == (rule.id, None, pytest.approx(18))
    alerts.save_rule(plant, replace(rule, enabled=False))
    alerts.check_rules(plant)
    assert [alert for alert in alerts.list_alerts(plant) if alert.rule_id] == []


def test_rules_are_their_users_own(plant: Scope) -> None:
    mine = alerts.save_rule(plant, Rule("limit", limit=1, device_id=device(plant, "Pump").id))
    accounts.register(plant.db, "Bo", "Ng", "bo@example.com", "correct horse battery")
    other = accounts.scope_of(plant.db, "bo@example.com")
    for forbidden in (
        lambda: alerts.save_rule(other, mine),
        lambda: alerts.save_rule(other, replace(mine, id="")),
        lambda: alerts.delete_rule(other, mine.id),
        lambda: alerts.snooze_rule(other, mine.id, None),
        lambda: alerts.delete_rule(other, "no id"),
    ):
        with pytest.raises(RuleRefused):
            forbidden()
    assert alerts.list_rules(other) == []
    assert alerts.list_rules(plant) == [mine]
    for bad in (Rule("limit"), Rule("no_data", limit=0), Rule("budget"), Rule("limit", limit=float("nan"))):
        with pytest.raises(RuleRefused):
            alerts.save_rule(plant, bad)


def test_what_is_quiet_or_snoozed_is_told_later(plant: Scope) -> None:
    now = datetime.now(UTC)
    hour = now.astimezone().astimezone(pd.Timestamp(now).tz_convert(plant.timezone).tzinfo).hour
    notifications.set_quiet_hours(plant, notifications.QuietHours(hour, (hour + 2) % 24))
    rule = alerts.save_rule(plant, Rule("limit", limit=25, device_id=device(plant, "Pump").id))
    (quiet,) = alerts.check_rules(plant)
    assert alerts.due(plant, None, datetime.now(UTC)) == []
    assert alerts.due(plant, now, now + timedelta(hours=2)) == [quiet]
    assert alerts.unread_count(plant) == 1

    notifications.set_quiet_hours(plant, None)
    alerts.snooze(plant, [quiet.id], now + timedelta(days=1))
    assert alerts.unread_count(plant) == 0
    assert [a.id for a in alerts.list_alerts(plant, state="snoozed")] == [quiet.id]
    assert alerts.due(plant, None, now + timedelta(hours=23)) == []
    assert [a.id for a in alerts.due(plant, now + timedelta(hours=23), now + timedelta(hours=25))] == [
        quiet.id
    ]

    alerts.snooze_rule(plant, rule.id, now + timedelta(days=3))
    alerts.save_rule(plant, replace(rule, limit=19.0))
    later = alerts.check_rules(plant)
    assert later != []
    assert alerts.due(plant, None, now + timedelta(days=2)) == [alerts.get_alert(plant, quiet.id)]
    assert {a.id for a in alerts.due(plant, None, now + timedelta(days=4))} == {
        quiet.id,
        *(a.id for a in later),
    }


def test_a_muted_device_is_listed_as_read_and_told_to_nobody(plant: Scope, settings: Settings) -> None:
    _mail_on(plant, settings)
    pump = device(plant, "Pump").id
    alerts.mute(plant, [pump])
    assert alerts.muted_devices(plant) == {pump}
    alerts.save_rule(plant, Rule("limit", limit=25, device_id=pump))
    (found,) = alerts.check_rules(plant)
    assert found.read
    assert alerts.unread_count(plant) == 0
    assert notifications.list_mails(plant) == []
    with pytest.raises(alerts.AlertRefused):
        alerts.mute(plant, [pump, found.id])


def test_alerts_are_mailed_once_whatever_happens_in_between(plant: Scope, settings: Settings) -> None:
    _mail_on(plant, settings)
    alerts.save_rule(plant, Rule("limit", limit=19, per="day", device_id=device(plant, "Pump").id))
    found = alerts.check_rules(plant)
    assert len(found) > 1
    (mail,) = notifications.list_mails(plant)
    assert mail.subject == f"Loadlens: {len(found)} alerts. {found[0].message}"
    text = plant.db["outbox"].find_one()["text"]
    assert all(alert.message in text for alert in found)

    # The program died after the mail was written, before that was noted with the alerts …
    plant.db["alerts"].update_many({}, {"$set": {"mailDue": True}})
    alerts.post(plant)
    assert len(notifications.list_mails(plant)) == 1
    # … or before the mail was written.
    plant.db["alerts"].update_many({}, {"$set": {"mailDue": True}})
    plant.db["outbox"].delete_many({})
    programs = [Thread(target=alerts.post, args=(plant,)) for _ in range(4)]
    for program in programs:
        program.start()
    for program in programs:
        program.join()
    assert [again.subject for again in notifications.list_mails(plant)] == [mail.subject]


def _mail_on(scope: Scope, settings: Settings) -> None:
    server = notifications.MailSettings(
        True, "localhost", 25, "none", "", "loadlens@example.com", ("ada@example.com",)
    )
    notifications.save_mail_settings(scope, settings, server)


def test_alerts_are_acknowledged_with_a_note(plant: Scope) -> None:
    alerts.save_rule(plant, Rule("limit", limit=25, device_id=device(plant, "Pump").id))
    (found,) = alerts.check_rules(plant)
    assert [a.id for a in alerts.list_alerts(plant, state="open", device_id=found.device_id)] == [found.id]
    alerts.acknowledge(plant, [found.id], " The caretaker was called. ")
    noted = alerts.get_alert(plant, found.id)
    assert noted.read
    assert noted.acknowledged is not None
    assert (noted.acknowledged.by, noted.acknowledged.note) == ("Ada Wong", "The caretaker was called.")
    assert datetime.now(UTC) - noted.acknowledged.at < timedelta(minutes=1)
    assert alerts.list_alerts(plant, state="open", device_id=found.device_id) == []
    assert alerts.mark_normal(plant, [found.id]) == []  # a rule is not taught


def test_what_costs_more_than_usual_says_so(scope: Scope, tmp_path: Path) -> None:
    facility.save(scope, Facility(currency="EUR", tariff=Tariff(0.3)))
    date = pd.date_range("2017-01-15", "2017-04-01", freq="h", inclusive="left")
    date = date[date != pd.Timestamp("2017-03-12 02:00")]
    kwh = np.where((date.hour >= 8) & (date.hour < 20), 3.0, 1.0)
    kwh = kwh * np.random.default_rng(7).lognormal(0, 0.1, len(date))
    kwh[(date >= "2017-03-14 18:00") & (date < "2017-03-14 20:00")] = 12.0
    pd.DataFrame({"date": date, "device": "Pump", "kWh": kwh}).to_csv(tmp_path / "a.csv", index=False)
    (spike,) = importing.import_file(scope, tmp_path / "a.csv").alerts
    assert spike.cost == pytest.approx(0.3 * (24 - spike.expected))
    assert spike.message.endswith(f"The difference costs {spike.cost:.2f} EUR.")

    assert alerts.mark_normal(scope, [spike.id]) == [spike.device_id]
    (taught,) = alerts.normal_events(scope, [spike.device_id]).itertuples()
    assert (taught.device, taught.start, taught.end) == (spike.device_id, spike.start, spike.end)
    assert alerts.get_alert(scope, spike.id).normal
    assert alerts.unread_count(scope) == 0
    # The detector has learnt it, yet what somebody judged stays listed.
    assert alerts.evaluate(scope) == []
    alerts.mark(scope, [spike.id], read=False)
    alerts.evaluate(scope)
    assert [a.normal for a in alerts.list_alerts(scope)] == [True]
    alerts.mark_normal(scope, [spike.id], normal=False)
    assert alerts.normal_events(scope, [spike.device_id]).empty
