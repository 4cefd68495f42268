"""Loadlens' forecasts beside those of statsforecast and mlforecast, in one run.

    python tests/benchmarks/forecast_benchmark.py [--homes FILE] [--peers PYTHON] [--only SET]
    python tests/benchmarks/forecast_benchmark.py --classes FOLDER [--peers PYTHON] [--only CLASS]

Daily kWh; six folds of 28 days up to the last. At each fold everybody is fitted anew, to the days before
it alone, and forecasts 28 days; the first 7 of them are the horizon of a week. Loadlens goes through
`services.forecasts.forecast_days`, as `loadlens forecast` does. Peers know no gaps: theirs are filled in by
interpolation. Holidays are known to Loadlens alone, where the set names a country; it is measured without
them, too; and with the LSTM, where PyTorch is installed.

With a folder of classes (`forecast_sets.classes`) the table has a row for each: MASE over that of the
seasonal naive in the same folds, of Loadlens, the best single peer and the peers' median; then coverage.

MASE: mean absolute error, over that of repeating the last known same weekday within the history; mean over
meters, then folds. WAPE: sum of errors over sum of kWh. Coverage: share of days within the intervals of 80
and 95 %; six origins say little of it, see `forecast_coverage`.

The peers run in an environment of their own, made at the first run, unless an interpreter is named.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import venv
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

import numpy as np
import pandas as pd
from forecast_sets import FOLDS, HORIZON, Set, classes, sets

from ml.forecasting import training
from ml.forecasting.models import LSTM, NAIVE, NAMES
from services.forecasts import forecast_days

HERE = Path(__file__).parent
SAMPLE = HERE.parents[1] / "resources" / "sample" / "consumption_data.xlsx"
PACKAGES = ["statsforecast>=2,<3", "mlforecast>=1,<2", "lightgbm>=4", "scikit-learn"]
CLASS_PEERS = ["AutoETS", "DynamicOptimizedTheta", "MSTLwithETS", "LinearRegression"]
WEEK = 7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--homes", type=Path, default=SAMPLE, metavar="FILE")
    parser.add_argument(
        "--peers", type=Path, metavar="PYTHON", help="an interpreter with the peers installed"
    )
    parser.add_argument("--only", metavar="SET", help="the set of that name")
    parser.add_argument("--classes", type=Path, metavar="FOLDER", help="hourly readings of classes of meters")
    chosen = parser.parse_args()
    python = chosen.peers or _interpreter()
    if chosen.classes:
        _print_classes([one for one in classes(chosen.classes) if chosen.only in (None, one.name)], python)
        return
    for one in sets(chosen.homes):
        if chosen.only in (None, one.name):
            print(f"\n{one.name}: {one.actual.shape[1]} meters, {len(one.actual)} days", flush=True)
            _print(_scored(one, python))


def _scored(one: Set, python: Path) -> pd.DataFrame:
    """A row for each forecaster."""
    rows = []
    for name, (country, training.NAMES) in _variants(one).items():
        begun = time.perf_counter()
        found = pd.concat([ours(one, _cut(one, fold), country).assign(fold=fold) for fold in range(FOLDS)])
        rows.append(_scores(one, name, found, time.perf_counter() - begun))
    found, seconds = _peers(one, python)
    for name in seconds:
        rows.append(_scores(one, name, found.rename(columns={name: "consumption"}), seconds[name]))
    return pd.DataFrame(rows)


def _print_classes(those: list[Set], python: Path) -> None:
    """A row for each class as it is done, then their mean."""
    training.NAMES = tuple(name for name in NAMES if name != LSTM)
    rows = {}
    for one in those:
        begun = time.perf_counter()
        found = pd.concat([ours(one, _cut(one, fold), None).assign(fold=fold) for fold in range(FOLDS)])
        rows[one.name] = _class_row(one, found, time.perf_counter() - begun, python)
        print(pd.DataFrame(rows).T.tail(1).to_string(float_format="{:.3f}".format), flush=True)
    table = pd.DataFrame(rows).T
    table.loc["mean"] = table.mean()
    print("\n" + table.to_string(float_format="{:.3f}".format), flush=True)


def _class_row(one: Set, found: pd.DataFrame, seconds: float, python: Path) -> dict[str, float]:
    """MASE relative to the seasonal naive, of Loadlens and its peers, coverage and seconds."""
    peers, _ = _peers(one, python, CLASS_PEERS)
    peers["median"] = peers[CLASS_PEERS].median(axis=1)
    tables = {name: peers.rename(columns={name: "consumption"}) for name in (*CLASS_PEERS, "median")}
    scores = {name: _scores(one, name, table, 0) for name, table in tables.items()}
    mine, naive = _scores(one, "Loadlens", found, 0), _scores(one, NAIVE, _naive(one), 0)
    row = {}
    for days in (WEEK, HORIZON):
        of = {name: score[f"MASE {days}"] / naive[f"MASE {days}"] for name, score in scores.items()}
        row[f"Loadlens {days}"] = mine[f"MASE {days}"] / naive[f"MASE {days}"]
        row[f"best peer {days}"] = min(of[name] for name in CLASS_PEERS)
        row[f"median {days}"] = of["median"]
    return row | {name: mine[name] for name in mine if "%" in name} | {"seconds": seconds}


def _naive(one: Set) -> pd.DataFrame:
    """The last known day of the same weekday, of each fold."""
    parts = []
    for fold in range(FOLDS):
        cut = _cut(one, fold)
        last = _same_weekday(one.known.iloc[:cut]).iloc[-WEEK:].to_numpy()
        days = one.actual.index[cut : cut + HORIZON]
        table = pd.DataFrame(np.tile(last, (HORIZON // WEEK, 1)), days, one.actual.columns)
        long = table.rename_axis(index="ds", columns="unique_id").melt(
            ignore_index=False, value_name="consumption"
        )
        parts.append(long.reset_index().assign(fold=fold))
    return pd.concat(parts)


def _same_weekday(matrix: pd.DataFrame) -> pd.DataFrame:
    """The last known of the days of the same weekday, that day included."""
    return matrix.groupby(np.arange(len(matrix)) % WEEK).ffill()


def _variants(one: Set) -> dict[str, tuple[str | None, tuple[str, ...]]]:
    """Whose holidays Loadlens knows, and which models it trains."""
    usual = tuple(name for name in NAMES if name != LSTM)
    found: dict[str, tuple[str | None, tuple[str, ...]]] = {"Loadlens": (one.country, usual)}
    if one.country:
        found["Loadlens, no holidays"] = None, usual
    if LSTM in NAMES:
        found["Loadlens with LSTM"] = one.country, NAMES
        found["Loadlens' LSTM alone"] = one.country, (NAIVE, LSTM)
    return found


def _cut(one: Set, fold: int) -> int:
    """How many days are known to that fold's forecasts."""
    return len(one.actual) - (FOLDS - fold) * HORIZON


def ours(one: Set, cut: int, country: str | None) -> pd.DataFrame:
    """What Loadlens forecasts from the first so many days: unique_id, ds, consumption and the intervals."""
    known = one.known.iloc[:cut]
    daily = known.rename_axis(index="date", columns="deviceId").melt(
        ignore_index=False, value_name="consumption"
    )
    daily = daily.dropna().reset_index().assign(device="", covered=1.0, readings=1)
    # A meter whose last days are missing is asked for as many days more.
    late = (known.index[-1] - daily.groupby("deviceId")["date"].max().min()).days
    found = forecast_days(daily, HORIZON + late, country)
    return found.rename(columns={"device": "unique_id", "date": "ds"})


def _peers(one: Set, python: Path, names: list[str] | None = None) -> tuple[pd.DataFrame, dict[str, float]]:
    """The forecasts of all peers, or of those named, and their seconds."""
    histories = []
    for fold in range(FOLDS):
        known = one.known.iloc[: _cut(one, fold)].dropna(axis=1, how="all")
        known = known.interpolate(limit_direction="both")
        long = known.rename_axis(index="ds", columns="unique_id").melt(ignore_index=False, value_name="y")
        histories.append(long.reset_index().assign(fold=fold))
    with TemporaryDirectory() as folder:
        files = [str(Path(folder) / name) for name in ("histories.csv", "forecasts.csv", "seconds.json")]
        pd.concat(histories).to_csv(files[0], index=False)
        script = [str(python), str(HERE / "forecast_peers.py"), *files, *(names or [])]
        subprocess.run(script, check=True, env={**os.environ, "PYTHONPATH": ""})
        return pd.read_csv(files[1], parse_dates=["ds"]), json.loads(Path(files[2]).read_text())


def _scores(one: Set, name: str, found: pd.DataFrame, seconds: float) -> dict[str, object]:
    actual = one.actual.rename_axis(index="ds", columns="unique_id")
    long = actual.melt(ignore_index=False, value_name="actual").reset_index()
    told = found.merge(long, on=["ds", "unique_id"])
    first = told["fold"].map({fold: actual.index[_cut(one, fold)] for fold in range(FOLDS)})
    told = told.assign(ahead=(told["ds"] - first).dt.days + 1).query("1 <= ahead <= @HORIZON")
    off = (actual - _same_weekday(actual).shift(WEEK)).abs()
    naive = {
        (fold, device): error
        for fold in range(FOLDS)
        for device, error in off.iloc[: _cut(one, fold)].mean().items()
    }
    told["error"] = (told["consumption"] - told["actual"]).abs()
    told["scaled"] = told["error"] / [naive[key] for key in zip(told["fold"], told["unique_id"], strict=True)]
    row: dict[str, object] = {"model": name}
    for days in (WEEK, HORIZON):
        part = told[told["ahead"] <= days]
        assert len(part) == FOLDS * days * actual.shape[1], f"{name} left days out"
        row[f"MASE {days}"] = part.groupby(["fold", "unique_id"])["scaled"].mean().mean()
        row[f"WAPE {days}"] = part["error"].sum() / part["actual"].sum()
        for level in (80, 95) if "lower_80" in part else ():
            known = part.dropna(subset="actual")
            within = known["actual"].between(known[f"lower_{level}"], known[f"upper_{level}"])
            row[f"{level} % {days}"] = within.mean()
    by_fold = told.groupby(["fold", "unique_id"])["scaled"].mean().groupby("fold").mean()
    return {**row, "last fold": by_fold.iloc[-1], "seconds": seconds}


def _print(table: pd.DataFrame) -> None:
    columns = ["MASE 7", "MASE 28", "WAPE 7", "WAPE 28", "80 % 7", "80 % 28", "95 % 7", "95 % 28"]
    ordered = table.set_index("model")[[*columns, "last fold", "seconds"]]
    print(ordered.to_string(float_format="{:.3f}".format, na_rep="", index_names=False), flush=True)
    peers = ordered[~ordered.index.str.startswith("Loadlens")]
    for column in columns[:2]:
        print(f"best peer, {column}: {peers[column].min():.3f} ({peers[column].idxmin()})", flush=True)


def _interpreter() -> Path:
    """This one where it has the peers, else one in an environment made for them."""
    if all(find_spec(name) for name in ("statsforecast", "mlforecast", "lightgbm")):
        return Path(sys.executable)
    folder = Path(gettempdir()) / "loadlens-forecast-peers"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *PACKAGES], check=True)
    return python


if __name__ == "__main__":
    main()
