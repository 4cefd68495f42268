"""What was seen to be wrong: small cases, each with the figures that it should give.

A case makes the readings of one account, imports them and returns rows of true and shown values.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from figures_facility import STAMP, ZONE, Period, Values
from figures_program import Account

Shown = float | Values | dict[str, float] | None
EXACT = 1e-6


@dataclass(frozen=True)
class Row:
    """A figure as it is and as it is shown, equal within ``tolerance`` of the true value."""

    figure: str
    period: str
    true: Shown
    shown: Shown
    tolerance: float = EXACT
    refused: bool = False
    """Whether the program did not import what it rests on."""


Case = Callable[[Account], list[Row]]
CASES: dict[str, Case] = {}

HOURS_OF_DAY = 10 + 6 * np.sin((np.arange(24) - 8) / 24 * 2 * np.pi).round(3)
"""A day's demand in kW."""


def seen(title: str) -> Callable[[Case], Case]:
    """Enter a case under what was seen."""

    def enter(case: Case) -> Case:
        CASES[title] = case
        return case

    return enter


@seen("24 monthly bills of 300 kWh, 100 m²")
def monthly_bills(account: Account) -> list[Row]:
    months = pd.date_range("2023-01-01", periods=24, freq="MS")
    account.take(_table(months, Bills=np.full(24, 300.0)))
    account.set_facility(100.0)
    shown, day = account.figures(), 24 * 300 / (366 + 365)
    return [
        Row("average day", "all", day, shown.get("average day")),
        Row("EUI", "all", day * 365.25 / 100, shown.get("EUI")),
        Row("peak demand", "all", None, shown.get("peak demand")),
        Row(
            "total",
            "a March",
            300.0,
            account.figures(period=_period("2023-03-01", "2023-03-31")).get("total"),
        ),
        Row("total", "a day", 10.0, account.figures(period=_period("2023-04-17", "2023-04-17")).get("total")),
    ]


@seen("a monthly meter beside an hourly one: next month")
def month_beside_hours(account: Account) -> list[Row]:
    hours = _hours("2023-07-01", "2024-06-30")
    bills = pd.date_range("2023-07-01", periods=12, freq="MS")
    account.take(_table(hours, Hall=np.full(len(hours), 10.0)), "hours.csv")
    account.take(_table(bills, Shop=np.asarray(bills.days_in_month) * 70.0), "bills.csv")
    account.run("train")
    shown = account.statistics(Period("all")) or {}
    return [
        Row("next month", "July", 31 * (240.0 + 70.0), shown.get("next month"), 0.02),
        Row("highest reading", "all", 10.0, shown.get("highest reading")),
    ]


@seen("a weekly meter, tariff 0.20")
def weekly_meter(account: Account) -> list[Row]:
    account.take(_table(pd.date_range("2024-01-01", periods=26, freq="W-MON"), Depot=np.full(26, 700.0)))
    account.set_facility(1_000.0, (0.20, 0.20, 0.0))
    whole, days = account.figures(), account.figures(period=_period("2024-02-07", "2024-02-11"))
    return [
        Row("average day", "all", 100.0, whole.get("average day")),
        Row("total", "Wed to Sun", 500.0, days.get("total")),
        Row("cost", "Wed to Sun", 100.0, days.get("cost")),
        Row("implied price", "all", 0.20, _ratio(whole.get("cost"), whole.get("total"))),
        Row("heat map", "all", None, whole.get("heat map")),
    ]


@seen("daily readings of homes")
def daily_homes(account: Account) -> list[Row]:
    days, random = pd.date_range("2024-01-01", periods=120), np.random.default_rng(3)
    account.take(_table(days, **{f"Home {i}": random.gamma(9, 1.2, 120).round(3) for i in range(5)}))
    shown = account.figures()
    figures = ("peak demand", "baseload", "load factor", "profile", "heat map", "duration")
    return [Row(name, "all", None, shown.get(name)) for name in figures]


@seen("a main meter lacks 10 of 31 days")
def lacking_days(account: Account) -> list[Row]:
    hours = _hours("2024-05-01", "2024-07-31")
    kw = np.where(hours >= pd.Timestamp("2024-07-01", tz=ZONE), 11.3, 10.0)
    there = (hours < pd.Timestamp("2024-07-08", tz=ZONE)) | (hours >= pd.Timestamp("2024-07-18", tz=ZONE))
    account.take(_table(hours[there], Main=kw[there]))
    shown = account.figures(period=_period("2024-07-01", "2024-07-31"))
    return [
        Row("change", "July", 0.13, shown.get("change")),
        Row("coverage", "July", 21 / 31, shown.get("coverage")),
        Row("average day", "July", 24 * 11.3, shown.get("average day")),
    ]


@seen("a meter stops for good")
def stopped(account: Account) -> list[Row]:
    hours = _hours("2024-05-01", "2024-07-31")
    kw = _daily(hours)
    stops = pd.Timestamp("2024-07-10 08:00", tz=ZONE)
    account.take(_table(hours, Hall=kw, Press=np.where(hours < stops, kw * 2, np.nan)))
    shown = account.figures(period=_period("2024-07-01", "2024-07-31"))
    alerts = (account.run("alerts") or {}).get("alerts", [])
    first = " ".join(str(row[0]) for row in account.report("2024-07")[2:5] if row)
    return [
        Row("change", "July", 0.0, shown.get("change")),
        Row("coverage", "July", (31 * 24 + 9 * 24 + 8) / (2 * 31 * 24), shown.get("coverage")),
        Row("an alert says it is silent", "July", 1.0, float(any(a["device"] == "Press" for a in alerts))),
        Row("the report's first sentences name it", "July", 1.0, float("Press" in first)),
    ]


@seen("readings end on the 12th at 09:00")
def part_to_date(account: Account) -> list[Row]:
    hours = _hours("2024-04-01", "2024-07-12")
    hours = hours[hours < pd.Timestamp("2024-07-12 09:00", tz=ZONE)]
    kw = _daily(hours)
    account.take(_table(hours, Hall=kw))
    month = account.figures(period=_period("2024-07-01", "2024-07-31"))
    day = account.figures(period=_period("2024-07-12", "2024-07-12"))
    total = float(kw[hours >= pd.Timestamp("2024-07-01", tz=ZONE)].sum())
    return [
        Row("change", "July to date", 0.0, month.get("change")),
        Row("change", "the 12th to date", 0.0, day.get("change")),
        Row("average day", "July to date", total / (11 + 9 / 24), month.get("average day")),
    ]


@seen("Monday to Wednesday against the period before")
def weekdays(account: Account) -> list[Row]:
    hours = _hours("2024-06-03", "2024-07-28")
    account.take(_table(hours, Hall=_daily(hours) * np.where(hours.day_of_week < 5, 1.0, 0.3)))
    shown = account.figures(period=_period("2024-07-15", "2024-07-17"))
    return [Row("change", "Mon to Wed", 0.0, shown.get("change"))]


@seen("one day's cost with a demand charge")
def day_cost(account: Account) -> list[Row]:
    hours = _hours("2024-06-01", "2024-06-30")
    kw = _daily(hours)
    account.take(_table(hours, Hall=kw))
    account.set_facility(1_000.0, (0.20, 0.20, 30.0))
    month = account.figures(period=_period("2024-06-01", "2024-06-30"))
    day = account.figures(period=_period("2024-06-11", "2024-06-11"))
    of_month = float(kw.sum() * 0.20 + kw.max() * 30)
    return [
        Row("cost", "June", of_month, month.get("cost")),
        Row("cost", "11 June, its 30th of the charge", of_month / 30, day.get("cost")),
    ]


@seen("a constant 2 kW at odd intervals and stamps")
def constant_demand(account: Account) -> list[Row]:
    random, first = np.random.default_rng(8), pd.Timestamp("2024-06-03", tz=ZONE)
    times = {
        f"{step} minutes": pd.date_range(first, periods=800, freq=f"{step}min") for step in (40, 45, 50, 90)
    }
    jitter = pd.to_timedelta(random.integers(-1, 2, 2000), unit="s")
    times["stamps that jitter"] = pd.date_range(first, periods=2000, freq="15min") + jitter
    for name, stamps in times.items():
        minutes = 15 if name.startswith("stamps") else int(name.split()[0])
        account.take(_table(stamps, **{name: np.full(len(stamps), minutes / 30)}), f"{name}.csv")
    steps = np.append(0, np.cumsum(random.integers(17, 59, 900)))
    counter = pd.DataFrame({"Device": "irregular register", "Counter reading (kWh)": 500 + steps / 30})
    counter["Date"] = (first + pd.to_timedelta(steps, unit="min")).strftime(STAMP)
    account.take(counter, "register.csv")
    true = {name: None if name.startswith("90") else 2.0 for name in [*times, "irregular register"]}
    return [
        Row("peak demand", name, kw, account.figures([name]).get("peak demand")) for name, kw in true.items()
    ]


@seen("standard time all year")
def standard_time(account: Account) -> list[Row]:
    hours = _hours("2024-01-01", "2024-12-31")
    random = np.random.default_rng(12)
    by_night = np.roll(HOURS_OF_DAY, 12)[hours.hour]
    kw = (by_night * random.uniform(0.9, 1.1, len(hours))).round(3)
    stamps = hours.tz_convert("Etc/GMT-1").strftime(STAMP)
    account.take(pd.DataFrame({"Date": stamps, "Hall (kWh)": kw}))
    day = hours.normalize() == pd.Timestamp("2024-07-09", tz=ZONE)
    shown, summer = account.figures(), account.figures(period=_period("2024-07-09", "2024-07-09"))
    return [
        Row("peak demand", "all", float(kw.max()), shown.get("peak demand")),
        Row("total", "9 July", float(kw[day].sum()), summer.get("total")),
    ]


@seen("a register headed “consumption”")
def register_named_consumption(account: Account) -> list[Row]:
    hours = _hours("2024-06-01", "2024-07-30")
    counter = (41_350 + np.cumsum(_daily(hours))).round(2)
    account.take(_table(hours, **{"Hall consumption": counter}))
    return [Row("total", "all", float(counter[-1] - counter[0]), account.figures().get("total"))]


@seen("5 days' gap in a register")
def gap_in_register(account: Account) -> list[Row]:
    days = pd.date_range("2024-06-01", periods=41)
    counter = 12_000 + np.arange(41) * 201.0
    there = ~days.isin(pd.date_range("2024-06-13", "2024-06-17"))
    table = {"Device": "Hall", "Date": days.strftime(STAMP), "Counter reading (kWh)": counter}
    account.take(pd.DataFrame(table)[there])
    return [
        Row("total", name, 201.0, account.figures(period=_period(day, day)).get("total"))
        for name, day in (
            ("the day before it", "2024-06-12"),
            ("a day in it", "2024-06-14"),
            ("its last day", "2024-06-17"),
        )
    ]


@seen("PV beside a meter")
def beside_pv(account: Account) -> list[Row]:
    hours = _hours("2024-06-03", "2024-06-30")
    kw = _daily(hours)
    sun = np.clip(40 * np.sin((hours.hour - 5) / 16 * np.pi), 0, None).to_numpy().round(3)
    columns = {"Purchased energy (kWh)": kw, "PV generation (kWh)": sun, "Feed-in (kWh)": (sun / 2).round(3)}
    account.take(pd.DataFrame({"Date": hours.tz_localize(None).strftime(STAMP), **columns}))
    shown = account.figures()
    shares = shown.get("shares")
    of_consumption = sum(share for share in shares.values()) if isinstance(shares, dict) else None
    return [
        Row("total", "all", float(kw.sum()), shown.get("total")),
        Row("load factor", "all", float(kw.mean() / kw.max()), shown.get("load factor")),
        Row("shares together", "all", 1.0, of_consumption),
        Row(
            "greatest share",
            "all",
            1.0,
            max(shares.values()) if isinstance(shares, dict) and shares else None,
        ),
    ]


@seen("a main meter and its two sub-meters")
def sub_meters(account: Account) -> list[Row]:
    hours = _hours("2024-06-03", "2024-06-30")
    kw = _daily(hours)
    parts = {"Hall": (kw * 0.6).round(3), "Shop": (kw * 0.34).round(3)}
    account.take(_table(hours, Main=kw, **parts))
    account.arrange(pd.DataFrame({"name": list(parts), "parent": "Main"}))
    account.set_facility(1_000.0, (0.20, 0.20, 0.0))
    shown = account.figures()
    total, rest = float(kw.sum()), float(kw.sum() - sum(part.sum() for part in parts.values()))
    return [
        Row("total", "all", total, shown.get("total")),
        Row("cost", "all", total * 0.20, shown.get("cost")),
        Row("EUI", "all", total / 28 * 365.25 / 1_000, shown.get("EUI")),
        Row("not sub-metered", "all", rest, shown.get("remainder")),
    ]


@seen("one stray row of the year after")
def stray_row(account: Account) -> list[Row]:
    hours = _hours("2024-01-01", "2024-06-30")
    table = _table(hours, Hall=np.full(len(hours), 10.0))
    table.loc[len(table)] = ["2025-06-03 12:00:00", 10.0]
    account.take(table)
    account.run("train")
    shown = account.statistics(Period("all")) or {}
    return [
        Row("next month", "July", 7_440.0, shown.get("next month"), 0.02),
        Row("coverage", "all", 1.0, account.figures().get("coverage")),
    ]


@seen("one reading of 2³² Wh")
def overflow(account: Account) -> list[Row]:
    hours = _hours("2024-01-01", "2024-06-30")
    random = np.random.default_rng(14)
    wh = (_daily(hours) * 2_000 * random.normal(1, 0.04, len(hours))).round()
    true = float(np.delete(wh, 2_000).sum()) / 1_000 / (182 - 1 / 24)
    wh[2_000] = 2.0**32
    account.take(pd.DataFrame({"Date": hours.tz_localize(None).strftime(STAMP), "Hall (Wh)": wh}))
    account.run("train")
    shown = account.statistics(Period("all")) or {}
    bad = hours[2_000].tz_convert("UTC").date().isoformat()
    stamps = hours.tz_localize(None).strftime(STAMP)
    long = pd.DataFrame({"date": stamps, "device": "Hall", "consumption": wh / 1_000})
    others = account.anomalies(long)["date"].astype(str) != stamps[2_000]
    alerts = (account.run("alerts") or {}).get("alerts", [])
    return [
        Row("average day", "all", true, shown.get("average day")),
        Row("next month", "July", 31 * true, shown.get("next month"), 0.05),
        Row("alerts on other days", "all", 0.0, float(sum(bad not in alert["start"] for alert in alerts))),
        Row("other readings found anomalous", "all", 0.0, float(others.sum())),
    ]


@seen("“more than had been forecast”")
def as_forecast(account: Account) -> list[Row]:
    hours = _hours("2024-01-01", "2024-07-31")
    july = hours >= pd.Timestamp("2024-07-01", tz=ZONE)
    kwh = (_daily(hours) * np.where(july, 1.085, 1.0)).round(3)
    account.take(_table(hours[~july], Hall=kwh[~july]), "to June.csv")
    account.run("train")
    account.run("predict")
    forecast = (account.statistics(Period("all")) or {}).get("next month")
    middle = july & (hours < pd.Timestamp("2024-07-16", tz=ZONE))
    account.take(_table(hours[middle], Hall=kwh[middle]), "to mid-July.csv")
    account.run("train")
    account.run("predict")
    account.take(_table(hours[july & ~middle], Hall=kwh[july & ~middle]), "to July.csv")
    said = " ".join(str(row[0]) for row in account.report("2024-07") if row)
    true = _ratio(float(kwh[july].sum()), forecast)
    return [Row("more than had been forecast", "July", true and true - 1, _per_cent(said), 0.07)]


@seen("a week of +50 %")
def high_week(account: Account) -> list[Row]:
    hours, random = _hours("2024-03-04", "2024-07-21"), np.random.default_rng(5)
    usual = _daily(hours) * np.where(hours.day_of_week < 5, 1.0, 0.5)
    noise = random.normal(1, 0.1, len(hours))
    high = (hours >= pd.Timestamp("2024-06-10", tz=ZONE)) & (hours < pd.Timestamp("2024-06-17", tz=ZONE))
    account.take(_table(hours, Hall=(usual * noise * np.where(high, 1.5, 1.0)).round(3)))
    alerts = (account.run("alerts") or {}).get("alerts", [])
    spans = [
        (pd.Timestamp(alert["start"]), pd.Timestamp(alert["end"]), alert["expected"]) for alert in alerts
    ]
    begins, ends = hours[high][0], hours[high][-1] + pd.Timedelta(hours=1)
    found = [span for span in spans if span[0] < ends and span[1] > begins]
    longest = max(found, key=lambda span: span[1] - span[0], default=None)
    within = (hours >= longest[0]) & (hours < longest[1]) if longest else high
    return [
        Row("usual", "the event", float(usual[within].sum()), longest[2] if longest else None, 0.02),
        Row("alerts of the return to normal", "after", 0.0, float(sum(span[0] >= ends for span in spans))),
    ]


@seen("a month of half the use, and its end")
def low_month(account: Account) -> list[Row]:
    hours, random = _hours("2024-01-01", "2024-07-31"), np.random.default_rng(9)
    usual = _daily(hours) * np.where(hours.day_of_week < 5, 1.0, 0.5)
    first, last = (pd.Timestamp(day, tz=ZONE) for day in ("2024-05-06", "2024-06-03"))
    low = (hours >= first) & (hours < last)
    account.take(
        _table(hours, Hall=(usual * random.normal(1, 0.1, len(hours)) * np.where(low, 0.5, 1)).round(3))
    )
    alerts = (account.run("alerts") or {}).get("alerts", [])
    within = [alert for alert in alerts if pd.Timestamp(alert["start"]) < last]
    return [
        Row("usual", "the event", float(usual[low].sum()), within[-1]["expected"] if within else None, 0.02),
        Row("alerts of the return to normal", "after", 0.0, float(len(alerts) - len(within))),
    ]


@seen("a bill of twice the usual")
def doubled_bill(account: Account) -> list[Row]:
    months, random = pd.date_range("2021-01-01", periods=36, freq="MS"), np.random.default_rng(2)
    winter = 1 + 0.6 * np.cos((months.month - 1) / 6 * np.pi)
    kwh = np.array(3_000 * winter * random.normal(1, 0.03, len(months))).round()
    usual = float(kwh[30])
    kwh[30] *= 2
    account.take(_table(months, Bills=kwh))
    alerts = (account.run("alerts") or {}).get("alerts", [])
    return [
        Row("alerts", "all", 1.0, float(len(alerts))),
        Row("usual", "July", usual, alerts[0]["expected"] if alerts else None, 0.15),
    ]


@seen("July on the dashboard and in the report")
def one_basis(account: Account) -> list[Row]:
    hours, random = _hours("2024-04-01", "2024-07-31"), np.random.default_rng(6)
    growth = 1 + np.arange(len(hours)) / len(hours)
    account.take(_table(hours, Hall=(_daily(hours) * growth * random.uniform(0.8, 1.2, len(hours))).round(3)))
    shown = account.figures(period=_period("2024-07-01", "2024-07-31"))
    rows = {str(row[0]): row for row in account.report("2024-07") if row}
    changes = [cell for cell in rows.get("Consumption", [])[1:] if isinstance(cell, float)]
    return [Row("change: dashboard, report", "July", shown.get("change"), changes[-1] if changes else None)]


@seen("the highest reading beside a bill")
def highest_reading(account: Account) -> list[Row]:
    hours = _hours("2024-01-01", "2024-06-30")
    kw = _daily(hours)
    account.take(_table(hours, Hall=kw), "hours.csv")
    account.take(
        _table(pd.date_range("2024-01-01", periods=6, freq="MS"), Shop=np.full(6, 3_000.0)), "bills.csv"
    )
    shown = account.statistics(Period("all")) or {}
    return [Row("highest reading", "all", float(kw.max()), shown.get("highest reading"))]


def _hours(first: str, last: str) -> pd.DatetimeIndex:
    """List the hours of these days, both included."""
    end = pd.Timestamp(last, tz=ZONE) + pd.Timedelta(days=1)
    return pd.date_range(pd.Timestamp(first, tz=ZONE), end, freq="h", inclusive="left")


def _daily(hours: pd.DatetimeIndex) -> Values:
    return HOURS_OF_DAY[hours.hour]


def _table(times: pd.DatetimeIndex, **kwh: Any) -> pd.DataFrame:
    """Lay out a wide table with a column for each meter, headed by its name and kWh."""
    columns = {f"{name} (kWh)": values for name, values in kwh.items()}
    local = times if times.tz is None else times.tz_localize(None)
    return pd.DataFrame({"Date": local.strftime(STAMP), **columns})


def _period(first: str, last: str) -> Period:
    return Period(first, date.fromisoformat(first), date.fromisoformat(last))


def _ratio(part: Any, whole: Any) -> float | None:
    return part / whole if part is not None and whole else None


def _per_cent(text: str) -> float | None:
    """Read the change that a sentence states on what had been forecast."""
    found = re.search(r"([\d.]+)\s?% (more|less)[^.]*forecast", text)
    return float(found[1]) / 100 * (1 if found[2] == "more" else -1) if found else None
