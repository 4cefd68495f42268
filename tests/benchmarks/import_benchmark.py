"""How fast a big workbook becomes stored readings: Loadlens, the usual way, and the floor, on one file.

``python tests/benchmarks/import_benchmark.py [--rows N] [--repeat R]``. Each side runs in a process of its
own, with a private server and an empty, indexed collection of its own; the server's start is not counted.
The best of the repetitions counts for every side. Peak memory is that of the importing program.

- ours: `services.importing.import_file`, daily rollup and alerts included.
- usual: `pandas.read_excel` with openpyxl, then `insert_many` of dicts; no rollup, no alerts.
- floor: calamine reads the file, then the same documents as ours, encoded beforehand, are inserted.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import fastexcel
import meter_export
import pandas as pd
from bson import ObjectId
from bson.raw_bson import RawBSONDocument
from pymongo import WriteConcern

from services import accounts, devices, readings
from services.database import opened
from services.importing import import_file
from services.readings.storage import encoding
from services.scope import Scope
from services.settings import Settings

HOURS = 2000
BATCH = 20_000
WORKDIR = Path(__file__).parents[2]


def main() -> None:
    chosen = _arguments()
    if chosen.side:
        print(json.dumps(SIDES[chosen.side](chosen.file)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "export.xlsx")
        meters = max(chosen.rows // HOURS, 1)
        hours = min(HOURS, chosen.rows)
        meter_export.write(path, meters, hours)
        runs = {side: [_measured(side, path) for _ in range(chosen.repeat)] for side in SIDES}
    _print_table(meters * hours, {side: min(of_side, key=_seconds) for side, of_side in runs.items()})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--side", choices=list(SIDES), help=argparse.SUPPRESS)
    parser.add_argument("file", type=Path, nargs="?", help=argparse.SUPPRESS)
    return parser.parse_args()


def _measured(side: str, path: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--side", side, str(path)]
    done = subprocess.run(command, cwd=WORKDIR, stdout=subprocess.PIPE, text=True, check=True)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(f"  {side}: {_seconds(measured):.1f} s", file=sys.stderr)
    return measured


def _seconds(measured: dict[str, float]) -> float:
    return measured["read"] + measured["store"]


def _print_table(rows: int, best: dict[str, dict[str, float]]) -> None:
    ours = _seconds(best["ours"])
    print(f"\n{rows:,} rows\n\n{'':8}{'seconds':>9}{'rows/s':>10}{'peak MB':>9}{'side ÷ ours':>13}")
    for side, measured in best.items():
        seconds = _seconds(measured)
        print(
            f"{side:8}{seconds:9.1f}{rows / seconds:10,.0f}{measured['peak']:9.0f}{seconds / ours:13.2f}",
            ""
            if side == "ours"
            else f"  (reading {measured['read']:.1f} s, inserting {measured['store']:.1f} s)",
        )
    print(f"\nOurs takes {ours / _seconds(best['floor']):.2f} times the floor,", end=" ")
    print(f"and is {_seconds(best['usual']) / ours:.1f} times faster than the usual way.")
    print(f"{best['ours']['alerts']:.0f} alerts, {best['ours']['days']:.0f} days summed.")


@contextmanager
def _facility() -> Iterator[Scope]:
    with tempfile.TemporaryDirectory() as folder:
        with opened(Settings(_env_file=None, loadlens_data_dir=Path(folder))) as db:
            accounts.register(db, "Ada", "Wong", "ada@example.com", "correct horse battery")
            scope = accounts.scope_of(db, "ada@example.com")
            yield accounts.set_timezone(scope, "America/Los_Angeles")


def _ours(path: Path) -> dict[str, float]:
    with _facility() as scope:
        began = time.perf_counter()
        summary = import_file(scope, path)
        seconds = time.perf_counter() - began
        assert summary.added == scope.db["consumption_data"].estimated_document_count()
        assert readings.is_consistent(scope)
        days = len(readings.daily_consumption(scope))
        return {"read": 0.0, "store": seconds, **_peak(), "alerts": len(summary.alerts), "days": days}


def _usual(path: Path) -> dict[str, float]:
    with _facility() as scope:
        began = time.perf_counter()
        frame = pd.read_excel(path, engine="openpyxl")
        read = time.perf_counter()
        ids = {name: ObjectId() for name in frame["Device"].unique()}
        frame["deviceId"] = frame["Device"].map(ids)
        fields = {
            "Date": "date",
            "Consumption (kWh)": "consumption",
            "Category": "category",
            "Location": "location",
        }
        frame = frame.drop(columns="Device").rename(columns=fields)
        frame["userId"] = scope.user_id
        frame["notes"] = ""
        scope.db["consumption_data"].insert_many(frame.to_dict("records"), ordered=False)
        return {"read": read - began, "store": time.perf_counter() - read, **_peak()}


def _floor(path: Path) -> dict[str, float]:
    with _facility() as scope:
        began = time.perf_counter()
        frame = fastexcel.read_excel(path).load_sheet(0).to_arrow().to_pandas()
        read = time.perf_counter()
        documents = _encoded(scope, frame)
        collection = scope.db["consumption_data"].with_options(write_concern=WriteConcern(1))
        inserting = time.perf_counter()
        for begin in range(0, len(documents), BATCH):
            collection.insert_many(documents[begin : begin + BATCH], ordered=False)
        return {"read": read - began, "store": time.perf_counter() - inserting, **_peak()}


def _encoded(scope: Scope, frame: pd.DataFrame) -> list[RawBSONDocument]:
    frame.columns = pd.Index(["date", "device", "consumption", "category", "location"])
    frame["date"] = frame["date"].dt.tz_localize("UTC")
    frame = frame.assign(notes="", seconds=3600)
    known = devices.match_devices(scope, dict(zip(frame["device"], frame["category"], strict=True)))
    arranged = encoding.sort_readings(frame, known)
    encoder = encoding.Encoder(scope, arranged, ObjectId(), encoding.IdRange.new())
    runs = [run for begin in range(0, len(frame), BATCH) for run in encoder.documents(begin, begin + BATCH)]
    return [document for run in runs for document in _apart(run)]


def _apart(documents: bytes) -> Iterator[RawBSONDocument]:
    size = int.from_bytes(documents[:4], "little")
    return (RawBSONDocument(documents[at : at + size]) for at in range(0, len(documents), size))


def _peak() -> dict[str, float]:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"peak": used / (1 << 20 if sys.platform == "darwin" else 1 << 10)}


SIDES: dict[str, Callable[[Path], dict[str, float]]] = {"ours": _ours, "usual": _usual, "floor": _floor}

if __name__ == "__main__":
    main()
