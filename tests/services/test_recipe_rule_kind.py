"""To add a kind of rule: one entry of `services.alerts.KINDS`, and what it finds; all else follows.

The toy is told of months in which more than so many hours were above half of the highest.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from desktop.features.settings.rule_text import form_of, kind_choices, rule_text
from services import alerts, cli, importing, notifications, reports
from services.alerts import KINDS, Event, Rule, RuleContext, RuleKind, RuleRefused
from services.messages import N_
from services.reports import FACILITY, period_of
from services.scope import Scope
from services.settings import Settings


def find_busy_hours(context: RuleContext, rule: Rule) -> Iterator[Event]:
    demand = context.demand
    busy = np.flatnonzero(demand.kwh > demand.kwh.max() / 2)
    if len(busy) > (rule.limit or 0):
        first, last = (
            datetime.fromtimestamp(demand.begin + int(i) * demand.step, UTC) for i in busy[[0, -1]]
        )
        yield context.event((first, last), None, float(demand.kwh[busy].sum()), busy=len(busy))


BUSY_HOURS = RuleKind(
    name="busy_hours",
    type="threshold",
    label=N_("Busy hours"),
    choice=N_("Many busy hours"),
    sentences={(): N_("{device} was busy in {busy} hours {when}.")},
    advice=N_("Whether they can be spread."),
    find=find_busy_hours,
    text=lambda _rule: N_("More than {amount} busy hours"),
    amount_unit=N_("hours"),
    is_count=True,
    least=1.0,
    too_little=N_("Enter how many busy hours are too many."),
)


@pytest.fixture
def pump(scope: Scope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scope:
    """A pump that works 10 hours a day, by 60 kWh in all, and the kind of rule that counts them."""
    monkeypatch.setitem(KINDS, BUSY_HOURS.name, BUSY_HOURS)
    hours = pd.date_range("2024-03-01", "2024-04-01", freq="h", inclusive="left")
    hours = hours[hours != pd.Timestamp("2024-03-10 02:00")]
    kwh = np.where((hours.hour >= 8) & (hours.hour < 18), 6.0, 0.5)
    frame = pd.DataFrame({"date": hours, "device": "Pump", "kWh": kwh})
    frame.to_csv(tmp_path / "meters.csv", index=False)
    importing.import_file(scope, tmp_path / "meters.csv")
    return scope


def test_a_kind_of_rule_is_one_entry(
    pump: Scope, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server = notifications.MailSettings(
        True, "localhost", 25, "none", "", "loadlens@example.com", ("ada@example.com",)
    )
    notifications.save_mail_settings(pump, settings, server)
    with pytest.raises(RuleRefused, match="how many busy hours"):
        alerts.save_rule(pump, Rule("busy_hours", limit=0))
    rule = alerts.save_rule(pump, Rule("busy_hours", limit=100, severity="high"))
    (found,) = alerts.check_rules(pump)

    said = "The facility was busy in 310 hours from 08:00 on Fri 1 Mar 2024 to 17:00 on Sun 31 Mar 2024."
    assert found.message == alerts.alert_text(found, pump.timezone) == said
    assert (alerts.kind_text(found.reason), found.severity) == ("Busy hours", "high")
    assert alerts.advice_text(found) == "Whether they can be spread."
    assert alerts.list_alerts(pump, reason="busy_hours") == [found]
    assert alerts.check_rules(pump) == []

    # In the dialog, the mail, the report and on the command line.
    assert ("Many busy hours", "busy_hours") in kind_choices()
    assert rule_text(rule, "EUR") == "More than 100 busy hours"
    assert form_of("busy_hours").amount_unit == "hours"
    mail = pump.db["outbox"].find_one(pump.owned())
    assert mail is not None
    assert (mail["subject"], mail["text"].split("\n")[0]) == (f"Loadlens: {said}", f"High: {said}")
    march = reports.gather(pump, settings, FACILITY, period_of(date(2024, 3, 1), "month"))
    assert f"One alert was raised: {said}" in reports.summary(march)
    monkeypatch.setenv("LOADLENS_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("MONGODB_NAME", settings.mongodb_name)
    assert cli.main(["alerts", "--user", "ada@example.com"]) == 0
    assert said in capsys.readouterr().out
