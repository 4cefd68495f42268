"""Daily kWh that forecasts are measured on: homes of a file, classes of a folder, what is generated here."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ml.holidays import is_holiday

FOLDS, HORIZON = 6, 28
WHOLE_DAY = 23
"""Hours that make a day, at least."""
CONSTANT = ["PT2"]
"""Meters of the classes whose seasonal naive hardly errs: nothing can be measured by it."""


@dataclass(frozen=True)
class Set:
    """kWh by day and device; ``known`` is what forecasters are given of it, NaN in gaps."""

    name: str
    actual: pd.DataFrame
    known: pd.DataFrame
    country: str | None = None


def sets(homes: Path) -> list[Set]:
    """All of them; ``homes`` has columns Date, Device, Consumption (kWh), daily or hourly."""
    readings = pd.read_excel(homes)
    days = readings.groupby([readings["Date"].dt.normalize(), "Device"])["Consumption (kWh)"].sum()
    metered = days.unstack().asfreq("D")
    built, region = offices(8, 730, 3), offices(60, 730, 4)
    total = metered.sum(axis=1, min_count=1).to_frame("Facility")
    return [
        Set("homes", metered, metered),
        Set("homes, gappy", metered, _gappy(metered)),
        Set("homes, facility total", total, total),
        Set("offices", built, built, "DE"),
        Set("region", (one := region.sum(axis=1).to_frame("Region")), one, "DE"),
    ]


def classes(folder: Path) -> list[Set]:
    """A set for each CLASS_hourly.csv.gz (date, device, consumption in kWh an hour) of a folder."""
    found = []
    for path in sorted(folder.glob("*_hourly.csv.gz")):
        hours = pd.read_csv(path, parse_dates=["date"])
        name = path.name.removesuffix("_hourly.csv.gz")
        days = hours.groupby([hours["date"].dt.normalize(), "device"])["consumption"].agg(["sum", "size"])
        whole = days.loc[days["size"] >= WHOLE_DAY, "sum"].unstack().asfreq("D")
        metered = whole.drop(columns=CONSTANT, errors="ignore")
        found.append(Set(name, metered, metered))
    return found


def offices(count: int, days: int, seed: int) -> pd.DataFrame:
    """German offices: rest at weekends and on holidays, the weather, changes of level, noise that lingers."""
    rng = np.random.default_rng(seed)
    dates = pd.date_range("2022-01-03", periods=days)
    rest = (dates.day_of_week >= 5) | is_holiday(dates, "DE")
    season = 10 - 10 * np.cos(2 * np.pi * (dates.day_of_year.to_numpy() - 20) / 365.25)
    weather = season + _lingering(rng, days, 0.8, 2.0)
    built = {}
    for number in range(count):
        use = np.where(rest, rng.uniform(0.2, 0.5), 1.0) * np.where(
            dates.day_of_week == 4, rng.uniform(0.8, 1), 1
        )
        cooling = rng.uniform(0, 0.06) * np.clip(weather - 16, 0, None)
        heating = rng.uniform(0, 0.02) * np.clip(12 - weather, 0, None)
        level = np.full(days, rng.lognormal(4, 1))
        for change in rng.integers(0, days, rng.poisson(1.5)):
            level[change:] *= rng.uniform(0.8, 1.2)
        noise = np.exp(_lingering(rng, days, 0.5, 0.04))
        built[f"Office {number + 1}"] = level * use * (1 + cooling + heating) * noise
    return pd.DataFrame(built, index=dates)


def _lingering(rng: np.random.Generator, days: int, share: float, deviation: float) -> np.ndarray:
    """A first-order autoregression."""
    found = np.zeros(days)
    for day in range(1, days):
        found[day] = share * found[day - 1] + rng.normal(0, deviation)
    return found


def _gappy(metered: pd.DataFrame) -> pd.DataFrame:
    """One day in twenty is missing, and runs of two to nine days; two to seven days are zero."""
    rng = np.random.default_rng(5)
    gappy = metered.copy()
    for device in gappy:
        values = gappy[device].to_numpy(copy=True)
        values[rng.random(len(values)) < 0.05] = np.nan
        for start in rng.integers(0, len(values), len(values) // 60):
            values[start : start + rng.integers(2, 10)] = np.nan
        zero = rng.integers(0, len(values))
        values[zero : zero + rng.integers(2, 8)] = 0.0
        gappy[device] = values
    return gappy
