"""Readings of meters, and anomalies to put into them, for `detection_benchmark.py`."""

from pathlib import Path

import numpy as np
import pandas as pd

FIRST, APART = 30 * 24, 48
"""Hours at the start, and between two anomalies, in which nothing is wrong."""
LEAST_CHANGE = 0.1
HOURS = {"night": (672, 672), "shift": (168, 168), "stuck": (24, 48), "outage": (6, 24), "spike": (1, 3)}
DAYS = {"shift": (168, 168), "stuck": (96, 144), "outage": (24, 48), "spike": (24, 24)}
"""How many hours an anomaly of a kind lasts, in readings of a day and in finer ones."""
A_YEAR = {"night": 1, "shift": 4, "stuck": 4, "outage": 4, "spike": 4}
"""Anomalies of a kind in each meter."""
NIGHT = (23, 0, 1, 2)
TRIES = 2000


def homes(path: Path) -> pd.DataFrame:
    """kWh (hours, meters) of a file with a row for each Date and Device."""
    long = pd.read_excel(path)
    return long.pivot_table(index="Date", columns="Device", values="Consumption (kWh)").dropna()


def classes(folder: Path) -> dict[str, pd.DataFrame]:
    """kWh (hours, meters) of each CLASS_hourly.csv.gz (date, device, consumption) of a folder, by class."""
    found = {}
    for path in sorted(folder.glob("*_hourly.csv.gz")):
        long = pd.read_csv(path, parse_dates=["date"])
        found[path.name.removesuffix("_hourly.csv.gz")] = long.pivot_table(
            index="date", columns="device", values="consumption"
        ).asfreq("h")
    return found


def half_of(table: pd.DataFrame, which: str) -> list[str]:
    """The meters to tune on, or to report on: in turn, by name. "all" are both."""
    return list(
        table.columns[{"tune": slice(0, None, 2), "report": slice(1, None, 2)}.get(which, slice(None))]
    )


def resample(table: pd.DataFrame, interval: str) -> pd.DataFrame:
    """Readings of a day, whole days only; or of a part of an hour, split at random by 10 % up or down."""
    step = pd.Timedelta(interval)
    if step == pd.Timedelta(hours=1):
        return table
    if step > pd.Timedelta(hours=1):
        return table.resample(interval).sum(min_count=step // pd.Timedelta(hours=1))
    parts = pd.Timedelta(hours=1) // step
    split = table.loc[table.index.repeat(parts)] / parts
    split.index = pd.date_range(table.index[0], periods=len(split), freq=interval)
    return split * np.random.default_rng(0).lognormal(0, 0.1, split.shape)


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
    """The readings with anomalies in them; the anomalies: device, kind, start, end.

    Each lies within the readings of its meter, away from the others, and changes them by a tenth of the
    meter's mean. A meter that has no room for one of a kind goes without.
    """
    chance = np.random.default_rng(seed)
    step = table.index[1] - table.index[0]
    lasting = DAYS if step >= pd.Timedelta(days=1) else HOURS
    changed, rows = table.copy(), []
    first, apart = (pd.Timedelta(hours=hours) // step for hours in (FIRST, APART))
    for meter in table.columns:
        before = table[meter]
        # Long ones need room: they come first.
        missing = before.isna().to_numpy()
        taken = missing | (np.arange(len(before)) < first + missing.argmin())
        years = (~missing).sum() * step / pd.Timedelta(days=365)
        for kind in np.repeat(list(lasting), [max(round(A_YEAR[kind] * years), 1) for kind in lasting]):
            found = _somewhere(before, kind, lasting[kind], taken, chance)
            if found is None:
                continue
            begin, happened = found
            end = begin + len(happened)
            changed.iloc[begin:end, changed.columns.get_loc(meter)] = happened
            taken[max(begin - apart, 0) : end + apart] = True
            start = table.index[begin]
            rows.append((meter, kind, start, start + len(happened) * step))
    return changed, pd.DataFrame(rows, columns=["device", "kind", "start", "end"])


def _somewhere(
    before: pd.Series, kind: str, lasting: tuple[int, int], taken: np.ndarray, chance: np.random.Generator
) -> tuple[int, np.ndarray] | None:
    """Where nothing else is and it changes something: where it begins, and the readings it leaves."""
    step, mean = before.index[1] - before.index[0], before.mean()
    least, most = (pd.Timedelta(hours=hours) // step for hours in lasting)
    at_night = before.index.hour.isin(NIGHT)
    for _ in range(TRIES):
        length = int(chance.integers(least, most + 1))
        begin = int(chance.integers(0, len(before) - length))
        times, more = chance.uniform(2.5, 4), chance.uniform(0.6, 1.2)
        within = slice(begin, begin + length)
        if taken[within].any() or (kind == "night" and before.index[begin].hour != 12):
            continue
        was = before.to_numpy()[within]
        happened = {
            "night": was + more * mean * at_night[within],
            "shift": was * 1.35,
            "stuck": np.full(length, was[0]),
            "outage": was * 0,
            "spike": was * times,
        }[kind]
        shows = np.abs(happened - was).mean() > LEAST_CHANGE * mean
        if shows and (kind != "stuck" or was[0] > LEAST_CHANGE * mean):
            return begin, happened
    return None
