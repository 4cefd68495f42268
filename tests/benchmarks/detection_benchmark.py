"""How well anomalies are found: `ml.anomalies` beside four peers, event by event, in one run.

``python tests/benchmarks/detection_benchmark.py [READINGS] [--seeds N]``. Into the readings of real homes
(long: Date, Device, Consumption; the sample unless a file is given) and of made-up steady offices
(`detection_data.offices`) anomalies are put, of each kind as many: spikes (x2.5 to 4, 1 to 3 hours), outages
(6 to 24 hours), stuck values (24 to 48 hours) and a week of +35 %; at random times after the first month, two
days apart at least, where they change the readings by a tenth of the meter's mean. An anomaly is found if an
event overlaps it; an event that overlaps none is a false alarm. Precision counts an anomaly that is
found in several pieces once.

Each peer runs with the best of its settings (by F1) on the first seed's anomalies, which are not
counted. The constants of ours were chosen with other seeds and other made-up offices.
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
MONTH = pd.Timedelta(days=30.4)

Trial = tuple[pd.DataFrame, pd.DataFrame]
Detector = Callable[[pd.DataFrame], pd.DataFrame]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("readings", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("--seeds", type=int, default=3)
    chosen = parser.parse_args()
    seeds = range(FIRST_SEED, FIRST_SEED + chosen.seeds)
    _report("homes", detection_data.homes(chosen.readings), seeds)
    _report("offices", detection_data.offices(FIRST_SEED), seeds)


def _report(name: str, table: pd.DataFrame, seeds: range) -> None:
    """Print how each detector does on a table (hours, meters) of kWh with anomalies put into it."""
    injected = [detection_data.inject(table, seed) for seed in seeds]
    trial = detection_data.inject(table, seeds.start - 1)
    months = table.shape[1] * (table.index[-1] - table.index[0]) / MONTH
    count = sum(len(wrong) for _, wrong in injected)
    print(f"\n{name}: {table.shape[1]} meters, {count} anomalies in {months * len(seeds):.0f} meter-months\n")
    print(f"{'':26}precision  recall    F1  false/month", *(f"{kind:>8}" for kind in KINDS), "  CPU s")
    for detector, find in [("loadlens", _ours), *(_at_best(*peer, trial) for peer in PEERS.items())]:
        begin = time.process_time()
        scores = [Score.of(find(readings), wrong) for readings, wrong in injected]
        seconds = (time.process_time() - begin) / len(seeds)
        print(f"{detector:26}{Score.total(scores).row(months * len(seeds))}{seconds:7.1f}", flush=True)


def _at_best(name: str, peer: tuple[Find, tuple[float, ...]], trial: Trial) -> tuple[str, Detector]:
    find, settings = peer
    readings, wrong = trial
    best = max(settings, key=lambda setting: Score.of(find(readings, setting), wrong).f1)
    return f"{name} ({best:g})", lambda readings: find(readings, best)


def _ours(table: pd.DataFrame) -> pd.DataFrame:
    long = table.rename_axis(index="date", columns="device").stack().rename("consumption").reset_index()
    events = anomalies.events(anomalies.find(long.assign(date=long["date"].dt.tz_localize("UTC"))))
    return events.assign(start=events["start"].dt.tz_localize(None), end=events["end"].dt.tz_localize(None))


if __name__ == "__main__":
    main()
