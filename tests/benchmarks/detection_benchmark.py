"""How well anomalies are found: `ml.detection` beside four peers, event by event, in one run.

``python tests/benchmarks/detection_benchmark.py [FILE | FOLDER] [--seeds N] [--half H] [--interval I]``.
Into the readings of real homes (long: Date, Device, Consumption; the sample unless a file is given) and of
made-up steady offices (`detection_data.offices`), or into each class of real meters of a folder
(CLASS_hourly.csv.gz: date, device, consumption), anomalies are put. Four a year of each kind in each meter:
spikes (x2.5 to 4, 1 to 3 hours), outages (6 to 24 hours), stuck values (24 to 48 hours), weeks of +35 %; and
one night load (28 nights, 23:00 to 03:00, 60 to 120 % of the meter's mean more). They come at random times
after the first month, two days apart at least, where they change the readings by a tenth of the meter's
mean. In daily readings spikes last a day, outages one or two and stuck values four to six; there is no night.

An anomaly is found if an event overlaps it; an event that overlaps none is a false alarm, also where
something did happen on the real meter that nobody wrote down: Christmas, say. Precision counts an anomaly
that is found in several pieces once. "Clean" are the events a meter-month in the readings as they were, which
the anomalies put into them can hide: they widen what is usual. The last column says in how many pieces a
night load was told, where it was. A range holds 90 % of what meters drawn anew would give.

Each peer runs with the best of its settings (by F1) on the first seed's anomalies, which are not counted.
Meters are halved by name in turn: the constants of ours were chosen with the "tune" half of the classes,
with other seeds and other made-up offices. All meters of a class are always given together.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import detection_data
import pandas as pd
from detection_peers import PEERS, Find
from detection_score import KINDS, Score

from ml.detection import anomalies

SAMPLE = Path(__file__).parents[2] / "resources/sample/consumption_data.xlsx"
FIRST_SEED = 100

Trial = tuple[pd.DataFrame, pd.DataFrame]
Detector = Callable[[pd.DataFrame], pd.DataFrame]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("readings", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED)
    parser.add_argument("--half", choices=["tune", "report", "all"], default="report", help="of a folder")
    parser.add_argument("--interval", default="1h", help="of the readings, such as 15min or 1D")
    parser.add_argument("--no-peers", action="store_true")
    chosen = parser.parse_args()
    seeds = range(chosen.first_seed, chosen.first_seed + chosen.seeds)
    if chosen.readings.is_dir():
        tables, half = detection_data.classes(chosen.readings), chosen.half
    else:
        tables, half = {"homes": detection_data.homes(chosen.readings)}, "all"
        tables["offices"] = detection_data.offices(seeds.start)
    # The peers know hours only.
    peers = {} if chosen.no_peers or pd.Timedelta(chosen.interval) != pd.Timedelta(hours=1) else PEERS
    print(
        f"{'':34}precision  recall    F1{'':12}  false/month{'':7}   clean",
        *(f"{kind:>7}" for kind in KINDS),
        end="",
    )
    print("  pieces  CPU s")
    for name, table in tables.items():
        _report(name, detection_data.resample(table, chosen.interval), seeds, half, peers)


def _report(
    name: str, table: pd.DataFrame, seeds: range, half: str, peers: dict[str, tuple[Find, tuple[float, ...]]]
) -> None:
    """Print how each detector does on a table (times, meters) of kWh with anomalies put into it."""
    injected = [detection_data.inject(table, seed) for seed in seeds]
    trial = detection_data.inject(table, seeds.start - 1)
    meters = detection_data.half_of(table, half)
    for detector, find in [("loadlens", _ours), *(_at_best(*peer, trial) for peer in peers.items())]:
        begin = time.process_time()
        scores = [Score.of(find(readings), wrong, readings) for readings, wrong in injected]
        untouched = Score.of(find(table), injected[0][1].iloc[:0], table).among(meters)
        seconds = (time.process_time() - begin) / (len(seeds) + 1)
        print(
            f"{name:10}{detector:24}{Score.total(scores).among(meters).row(untouched)}{seconds:7.1f}",
            flush=True,
        )


def _at_best(name: str, peer: tuple[Find, tuple[float, ...]], trial: Trial) -> tuple[str, Detector]:
    find, settings = peer
    readings, wrong = trial
    best = max(settings, key=lambda setting: Score.of(find(readings, setting), wrong, readings).f1)
    return f"{name} ({best:g})", lambda readings: find(readings, best)


def _ours(table: pd.DataFrame) -> pd.DataFrame:
    long = table.rename_axis(index="date", columns="device").stack().rename("consumption").reset_index()
    found = anomalies.find(long.assign(date=long["date"].dt.tz_localize("UTC")))
    events = anomalies.events(found)
    return events.assign(start=events["start"].dt.tz_localize(None), end=events["end"].dt.tz_localize(None))


if __name__ == "__main__":
    main()
