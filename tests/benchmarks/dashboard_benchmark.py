"""How fast the dashboard opens and follows a filter: Loadlens beside an aggregation over the readings.

``python tests/benchmarks/dashboard_benchmark.py [--readings N] [--filters N] [--aggregations N]``. 200 meters
of 15 minutes are stored by the import's own storage in a private server. Then, in the same run:

- ours: `services.dashboard.overview`, all figures (with those of the two periods that they are compared
  with) and all charts: the first after the import, the first of a fresh process, and random changes of days,
  devices, categories, places and resolution in that process. Every call asks the database whether the
  readings have changed.
- aggregation: of the same filters the first few, by two pipelines over `consumption_data`: kWh and highest
  reading of each device on each day, and kWh of each interval, from which the client has all figures and
  charts but the comparisons. The server has had a pass over all readings to warm its cache.

Both sides have to find the same total, peak reading and peak demand.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from bson import ObjectId

from services import accounts, dashboard, devices, readings
from services.dashboard import Filter, Resolution
from services.facility import Facility, Tariff, TariffPeriod, save
from services.forecasts.periods import FACILITY
from services.forecasts.predictions import store_predictions
from services.progress import silent
from services.scope import Scope
from services.settings import Settings
from services.startup import opened

METERS, PER_DAY, AT_ONCE = 200, 96, 20
ZONE = "America/Los_Angeles"
FIRST = date(2023, 1, 1)
EMAIL = "ada@example.com"
RESOLUTIONS: tuple[Resolution, ...] = ("hour", "day", "week", "month")
TARIFF = Tariff(
    0.24, (TariffPeriod("Peak", frozenset(range(6, 10)), frozenset(range(5)), 14, 20, 0.41),), 12.0
)

Chosen = tuple[Filter, Resolution]


def main() -> None:
    chosen = _arguments()
    if chosen.open:
        with opened(_settings(chosen.open)) as db:
            print(json.dumps(_opened(accounts.scope_of(db, EMAIL), chosen.filters)))
        return
    with tempfile.TemporaryDirectory() as folder, opened(_settings(Path(folder))) as db:
        accounts.register(db, "Ada", "Wong", EMAIL, "correct horse battery")
        scope = accounts.set_timezone(accounts.scope_of(db, EMAIL), ZONE)
        days = max(round(chosen.readings / METERS / PER_DAY), 1)
        began = time.perf_counter()
        _store(scope, days)
        print(f"{METERS * PER_DAY * days:,} readings stored in {time.perf_counter() - began:.0f} s")
        first = _measured(Path(folder), 1)
        ours = _measured(Path(folder), chosen.filters)
        theirs = _aggregated(scope, chosen.aggregations, ours["found"])
    _print_table(first, ours, theirs)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--readings", type=int, default=10_000_000)
    parser.add_argument("--filters", type=int, default=200)
    parser.add_argument("--aggregations", type=int, default=5)
    parser.add_argument("--open", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _settings(folder: Path) -> Settings:
    return Settings(_env_file=None, loadlens_data_dir=folder)


def _store(scope: Scope, days: int) -> None:
    """Meters of several sizes that work by day and rest on weekends, in Wh as meters tell them."""
    random = np.random.default_rng(1)
    end = FIRST + timedelta(days=days)
    times = pd.date_range(FIRST, end, freq="15min", tz=ZONE, inclusive="left").tz_convert("UTC").as_unit("ms")
    local = times.tz_convert(ZONE)
    shape = 0.3 + np.exp(-((np.asarray(local.hour) - 13) ** 2) / 18) * np.where(
        local.day_of_week < 5, 1.0, 0.4
    )
    for begin in range(0, METERS, AT_ONCE):
        parts = [_meter(number, times, shape, random) for number in range(begin, begin + AT_ONCE)]
        frame = pd.concat(parts, ignore_index=True)
        found = readings.Readings(frame, [], len(frame), 0, 0)
        readings.store(scope, found, f"meters {begin}.csv", silent)
    _predict(scope, end)
    save(scope, Facility(floor_area=20_000, emission_factor=0.38, tariff=TARIFF, monthly_budget=400_000))


def _predict(scope: Scope, start: date) -> None:
    """Predictions as they are stored; what they say makes no difference to the time."""
    whom = [FACILITY, *(device.id for device in devices.list_devices(scope))]
    days = pd.date_range(start, periods=60)
    months = pd.date_range(start + timedelta(days=1), periods=1, freq="MS")
    predictions = pd.concat(
        pd.DataFrame({"type": period, "device": device, "start": starts})
        for period, starts in (("daily", days), ("monthly", months))
        for device in whom
    )
    bounds = {"predicted": 40.0, "lower_80": 32.0, "upper_80": 48.0, "lower_95": 25.0, "upper_95": 55.0}
    store_predictions(scope, "combination", predictions.assign(**bounds), held_out=False)


def _meter(number: int, times: pd.DatetimeIndex, shape: Any, random: np.random.Generator) -> pd.DataFrame:
    kwh = (shape * random.gamma(8, random.uniform(0.05, 1), len(times))).round(3)
    words = {"category": f"Category {number % 8}", "location": f"Building {number % 12}", "notes": ""}
    return pd.DataFrame(
        {"device": f"Meter {number:03}", "date": times, "consumption": kwh, "seconds": 900, **words}
    )


def _filters(scope: Scope, count: int) -> list[Chosen]:
    """The whole facility, then random choices."""
    random = np.random.default_rng(7)
    known = devices.list_devices(scope)
    categories = sorted({device.category_id for device in known if device.category_id})
    places = readings.locations(scope)
    span = readings.span(scope)
    assert span
    return [(Filter(), "day"), *(_random(random, span, known, categories, places) for _ in range(count))]


def _random(random: np.random.Generator, span: Any, known: Any, categories: Any, places: Any) -> Chosen:
    days = (span[1] - span[0]).days + 1
    start = span[0] + timedelta(days=int(random.integers(0, days)))
    end = min(start + timedelta(days=int(random.integers(1, days + 1))), span[1])
    whole = random.random() < 0.2
    ids = random.choice([device.id for device in known], int(random.integers(1, METERS + 1)), replace=False)
    some = (
        {"device_ids": tuple(map(str, ids))},
        {"category_ids": tuple(map(str, random.choice(categories, 3, replace=False)))},
        {"locations": tuple(map(str, random.choice(places, 4, replace=False)))},
        {},
    )[int(random.integers(0, 4))]
    period = {} if whole else {"start": start, "end": end}
    return Filter(**period, **some), RESOLUTIONS[int(random.integers(0, 4))]


def _opened(scope: Scope, count: int) -> dict[str, Any]:
    """Milliseconds of the first overview and of each change, and what was found."""
    chosen = _filters(scope, count)
    milliseconds, found = [], []
    for filter_, resolution in chosen:
        began = time.perf_counter()
        overview = dashboard.overview(scope, filter_, resolution)
        milliseconds.append((time.perf_counter() - began) * 1000)
        figures = overview.figures
        found.append([figures.total.value, figures.peak_reading.value, figures.peak_demand.value])
    return {"opening": milliseconds[0], "changes": milliseconds[1:], "found": found}


def _measured(folder: Path, count: int) -> dict[str, Any]:
    command = [sys.executable, __file__, "--open", str(folder), "--filters", str(count)]
    done = subprocess.run(
        command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True, check=True
    )
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _aggregated(scope: Scope, count: int, expected: list[list[float]]) -> dict[str, Any]:
    chosen = _filters(scope, max(count, 1))
    _aggregate(scope, chosen[0][0])  # to warm the server's cache
    milliseconds = []
    for (filter_, _), ours in zip(chosen[: count + 1], expected, strict=False):
        began = time.perf_counter()
        found = _aggregate(scope, filter_)
        milliseconds.append((time.perf_counter() - began) * 1000)
        assert np.allclose(found, ours, rtol=1e-9, atol=0), (filter_, found, ours)
    return {"opening": milliseconds[0], "changes": milliseconds[1:]}


def _aggregate(scope: Scope, chosen: Filter) -> list[float]:
    """Total, peak reading and peak demand, by the pipelines that all figures and charts need."""
    match = {"$match": _query(scope, chosen)}
    day = {"$dateTrunc": {"date": "$date", "unit": "day", "timezone": ZONE}}
    sums = {"kwh": {"$sum": "$consumption"}, "peak": {"$max": "$consumption"}, "readings": {"$sum": 1}}
    by_day = {"$group": {"_id": {"device": "$deviceId", "day": day}, **sums}}
    by_interval = {"$group": {"_id": "$date", "kwh": {"$sum": "$consumption"}}}
    collection = scope.db["consumption_data"]
    days = list(collection.aggregate([match, by_day], allowDiskUse=True))
    intervals = list(collection.aggregate([match, by_interval], allowDiskUse=True))
    highest = max(interval["kwh"] for interval in intervals)
    return [sum(day["kwh"] for day in days), max(day["peak"] for day in days), highest * 4]


def _query(scope: Scope, chosen: Filter) -> dict[str, Any]:
    query: dict[str, Any] = {}
    if chosen.category_ids or chosen.device_ids:
        wanted = [
            device.id
            for device in devices.list_devices(scope)
            if device.id in (chosen.device_ids or ()) or device.category_id in (chosen.category_ids or ())
        ]
        query["deviceId"] = {"$in": [ObjectId(device_id) for device_id in wanted]}
    if chosen.locations:
        query["location"] = {"$in": list(chosen.locations)}
    if chosen.start and chosen.end:
        query["date"] = {"$gte": _midnight(chosen.start), "$lt": _midnight(chosen.end + timedelta(days=1))}
    return scope.owned(query)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(ZONE))


def _print_table(first: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    print(f"\n{'milliseconds':34}{'p50':>9}{'p95':>9}{'max':>9}{'aggregation':>13}{'times faster':>14}")
    slow = {"opening": theirs["opening"], "changes": float(np.median(theirs["changes"]))}
    _row("first opening after the import", [first["opening"]], slow["opening"])
    _row("opening in a fresh process", [ours["opening"]], slow["opening"])
    _row(f"{len(ours['changes'])} changes of the filter", ours["changes"], slow["changes"])
    print(f"\naggregation: the opening, and the median of {len(theirs['changes'])} of the same changes.")


def _row(name: str, milliseconds: list[float], aggregation: float) -> None:
    p50, p95 = np.percentile(milliseconds, [50, 95])
    speed = aggregation / p50
    print(f"{name:34}{p50:9.1f}{p95:9.1f}{max(milliseconds):9.1f}{aggregation:13,.0f}{speed:14,.0f}")


if __name__ == "__main__":
    main()
