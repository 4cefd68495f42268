"""Hourly readings of meters, and anomalies to put into them, for `detection_benchmark.py`."""

from pathlib import Path

import numpy as np
import pandas as pd

EACH = 3
"""Anomalies of a kind in each meter."""
FIRST_HOUR, APART = 30 * 24, 48
LEAST_CHANGE = 0.1
HOURS = {"shift": (168, 168), "stuck": (24, 48), "outage": (6, 24), "spike": (1, 3)}


def homes(path: Path) -> pd.DataFrame:
    """kWh (hours, meters) of a file with a row for each Date and Device."""
    long = pd.read_excel(path)
    return long.pivot_table(index="Date", columns="Device", values="Consumption (kWh)").dropna()


def offices(seed: int, meters: int = 12, days: int = 365) -> pd.DataFrame:
    """kWh (hours, meters) of offices that keep their hours: what a steady meter of an office looks like.

    Each has a baseload of 20 to 40 % of its working load, begins between 6 and 8 and ends between 17 and
    19 by degrees; rests at weekends; uses up to 15 % more in summer, and up to 5 % more or less for
    the weather that all share; 3 % more or less from day to day, and 3 to 8 % from hour to hour.
    """
    chance = np.random.default_rng(seed)
    hour, day = np.arange(days * 24) % 24, np.arange(days * 24) // 24
    summer = np.cos(2 * np.pi * (day - 200) / 365)
    weather = np.zeros(days)
    for today in range(1, days):
        weather[today] = 0.8 * weather[today - 1] + 0.6 * chance.normal()
    table = {}
    for number in range(1, meters + 1):
        begins, ends = chance.integers(6, 9), chance.integers(17, 20)
        working = np.clip(np.minimum((hour - begins + 1) / 2, (ends - hour) / 2), 0, 1) * (day % 7 < 5)
        baseload = chance.uniform(0.2, 0.4)
        cooling = 1 + chance.uniform(0, 0.15) * summer + chance.uniform(0, 0.05) * weather[day]
        daily = 1 + chance.normal(0, 0.03, days)[day]
        hourly = chance.lognormal(0, chance.uniform(0.03, 0.08), len(hour))
        load = baseload + (1 - baseload) * working
        table[f"Office {number}"] = chance.lognormal(2.5, 0.7) * load * cooling * daily * hourly
    return pd.DataFrame(table, index=pd.date_range("2024-01-01", periods=len(hour), freq="h"))


def inject(table: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The readings with anomalies in them; the anomalies: device, kind, start, end."""
    chance = np.random.default_rng(seed)
    changed, rows = table.copy(), []
    for meter in table.columns:
        before = table[meter].to_numpy()
        taken = np.arange(len(before)) < FIRST_HOUR
        for kind in list(HOURS) * EACH:
            begin, happened = _somewhere(before, kind, taken, chance)
            end = begin + len(happened)
            changed.iloc[begin:end, changed.columns.get_loc(meter)] = happened
            taken[max(begin - APART, 0) : end + APART] = True
            start = table.index[begin]
            rows.append((meter, kind, start, start + pd.Timedelta(hours=len(happened))))
    return changed, pd.DataFrame(rows, columns=["device", "kind", "start", "end"])


def _somewhere(
    before: np.ndarray, kind: str, taken: np.ndarray, chance: np.random.Generator
) -> tuple[int, np.ndarray]:
    """Where nothing else is and it changes something: the hour it begins, and the readings it leaves."""
    least, most = HOURS[kind]
    while True:
        hours = int(chance.integers(least, most + 1))
        begin = int(chance.integers(FIRST_HOUR, len(before) - hours))
        was = before[begin : begin + hours]
        happened = {
            "shift": was * 1.35,
            "stuck": np.full(hours, was[0]),
            "outage": was * 0,
            "spike": was * chance.uniform(2.5, 4),
        }[kind]
        shows = np.abs(happened - was).mean() > LEAST_CHANGE * before.mean()
        runs = kind != "stuck" or was[0] > LEAST_CHANGE * before.mean()
        if shows and runs and not taken[begin : begin + hours].any():
            return begin, happened
