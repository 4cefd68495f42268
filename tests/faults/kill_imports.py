"""Imports killed at random moments, the program and the server in turn: each must be whole or gone.

``python tests/faults/kill_imports.py [--kills N] [--first N] [--seed S]``. Every file brings new meters, and
corrects readings of meters that are known; some are the first, long import of a database of its own. After
each kill the database is opened as at any start, and compared with what the whole imports come to, reading
by reading. The exit status is 1 if anything differs.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pandas as pd
import psutil

from services import accounts, readings
from services.database import schema
from services.scope import Scope
from services.settings import Settings
from services.startup import opened

EMAIL = "ada@example.com"
METERS, HOURS = 20, 500
FIRST_HOURS = 3000
"""So many that the first import's index is made afterwards."""

IMPORT = """
import sys
from pathlib import Path
from services import accounts
from services.importing import import_file
from services.settings import Settings
from services.startup import opened

with opened(Settings(_env_file=None, loadlens_data_dir=sys.argv[1])) as db:
    print("begins", flush=True)
    import_file(accounts.scope_of(db, sys.argv[3]), Path(sys.argv[2]))
    print("done", flush=True)
"""


Expected = dict[tuple[str, pd.Timestamp], float]

FAULTS = ("lost", "doubled", "partial", "sums off", "unindexed")
COUNTED = ("killed", "killed too late", "whole", "gone", *FAULTS)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--first", type=int, default=10, help="how many of the kills hit first imports")
    parser.add_argument("--seed", type=int, default=None)
    chosen = parser.parse_args()
    counts, chance = Counter(dict.fromkeys(COUNTED, 0)), random.Random(chosen.seed)
    _in_a_row(chosen.kills - chosen.first, chance, counts)
    _first_imports(chosen.first, chance, counts)
    print(", ".join(f"{count} {what}" for what, count in counts.items()))
    return 1 if any(counts[what] for what in FAULTS) else 0


def _in_a_row(kills: int, chance: random.Random, counts: Counter[str]) -> None:
    """Kill imports into one database, one after the other."""
    expected: Expected = {}
    with tempfile.TemporaryDirectory() as folder:
        settings = _settings(folder)
        # The first is let through: it tells how long one takes, and is there to be corrected.
        seconds = _trial(settings, 0, HOURS, None, 0, expected, counts)
        for number in range(1, kills + 1):
            victim = ("program", "server")[number % 2]
            _trial(settings, number, HOURS, victim, chance.uniform(0, seconds), expected, counts)


def _first_imports(kills: int, chance: random.Random, counts: Counter[str]) -> None:
    """Kill the first import of a database each time, which is stored in a way of its own."""
    seconds = 0.0
    for number in range(kills + 1 if kills else 0):
        with tempfile.TemporaryDirectory() as folder:
            victim = ("program", "server")[number % 2] if number else None
            wait = chance.uniform(0, seconds)
            took = _trial(_settings(folder), number, FIRST_HOURS, victim, wait, {}, counts)
            seconds = seconds or took


def _settings(folder: str) -> Settings:
    settings = Settings(_env_file=None, loadlens_data_dir=Path(folder, "data"))
    with opened(settings) as db:
        accounts.register(db, "Ada", "Wong", EMAIL, "correct horse battery")
    return settings


def _trial(
    settings: Settings,
    number: int,
    hours: int,
    victim: str | None,
    wait: float,
    expected: Expected,
    counts: Counter[str],
) -> float:
    """One import, and what is there at the next start; how many seconds it took."""
    frame = export(number, hours)
    path = settings.data_dir.with_name(f"export {number}.csv")
    frame.to_csv(path, index=False)
    acknowledged, seconds = _import(settings.data_dir, path, victim, wait)
    counts["killed"] += victim is not None and not acknowledged
    counts["killed too late"] += victim is not None and acknowledged
    with opened(settings) as db:
        scope = accounts.scope_of(db, EMAIL)
        whole = db["imports"].count_documents({"file": path.name, "state": "done"}) == 1
        counts["whole" if whole else "gone"] += 1
        counts["lost"] += acknowledged and not whole
        counts["partial"] += db["imports"].count_documents({"state": {"$ne": "done"}})
        counts["unindexed"] += len(schema.missing_indexes(db))
        if whole:
            keys = zip(frame["meter"], frame["time"], strict=True)
            expected.update(zip(keys, frame["kWh"], strict=True))
        compare(scope, expected, counts)
    return seconds


def export(number: int, hours: int) -> pd.DataFrame:
    times = pd.date_range("2024-05-01", periods=hours, freq="h", tz="UTC")
    old = [f"Old {n}" for n in range(METERS // 2)]
    new = [f"New {number}-{n}" for n in range(METERS // 2)]
    parts = [pd.DataFrame({"time": times, "meter": name, "kWh": 1.0 + number}) for name in old + new]
    return pd.concat(parts, ignore_index=True)


def _import(data: Path, path: Path, victim: str | None, wait: float) -> tuple[bool, float]:
    """Whether the import was acknowledged, and how long it took."""
    command = [sys.executable, "-c", IMPORT, str(data), str(path), EMAIL]
    quiet = subprocess.DEVNULL if victim else None
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=quiet, text=True) as program:
        assert program.stdout is not None
        program.stdout.readline()
        began = time.monotonic()
        if victim:
            time.sleep(wait)
            # An import that is finished by now counts among the whole ones.
            with suppress(FileNotFoundError, psutil.NoSuchProcess):
                server = psutil.Process(json.loads((data / "mongod.json").read_text())["pid"])
                (server if victim == "server" else psutil.Process(program.pid)).kill()
        said = program.stdout.read()
    return "done" in said, time.monotonic() - began


def compare(scope: Scope, expected: dict[tuple[str, pd.Timestamp], float], counts: Counter[str]) -> None:
    stored = readings.interval_data(scope)
    keys = list(zip(stored["device"], stored["date"].dt.tz_convert("UTC"), strict=True))
    counts["doubled"] += len(keys) - len(set(keys))
    counts["partial"] += dict(zip(keys, stored["consumption"], strict=True)) != expected
    counts["sums off"] += not readings.is_consistent(scope)


if __name__ == "__main__":
    sys.exit(main())
