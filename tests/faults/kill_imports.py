"""Imports killed at random moments, the program and the server in turn: each must be whole or gone.

``python tests/faults/kill_imports.py [--kills N] [--seed S]``. Every file brings new meters, and corrects
readings of meters that are known. After each kill the database is opened as at any start, and compared
with what the whole imports come to, reading by reading. The exit status is 1 if anything differs.
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
from services.scope import Scope
from services.settings import Settings
from services.startup import opened

EMAIL = "ada@example.com"
METERS, HOURS = 20, 500

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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=None)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts = run(Path(folder), chosen.kills, random.Random(chosen.seed))
    print(", ".join(f"{count} {what}" for what, count in counts.items()))
    return 1 if counts["lost"] or counts["doubled"] or counts["partial"] or counts["sums off"] else 0


def run(folder: Path, kills: int, chance: random.Random) -> Counter[str]:
    settings = Settings(_env_file=None, loadlens_data_dir=folder / "data")
    with opened(settings) as db:
        accounts.register(db, "Ada", "Wong", EMAIL, "correct horse battery")
    expected: dict[tuple[str, pd.Timestamp], float] = {}
    counts = Counter(
        {
            "killed": 0,
            "killed too late": 0,
            "whole": 0,
            "gone": 0,
            "lost": 0,
            "doubled": 0,
            "partial": 0,
            "sums off": 0,
        }
    )
    seconds = 1.0
    for number in range(kills + 1):
        frame = _file(number)
        path = folder / f"export {number}.csv"
        frame.to_csv(path, index=False)
        # The first is let through: it tells how long one takes, and is there to be corrected.
        victim = None if number == 0 else ("program", "server")[number % 2]
        wait = chance.uniform(0, seconds) if victim else None
        acknowledged, took = _import(settings.data_dir, path, victim, wait)
        seconds = took if victim is None else seconds
        counts["killed"] += victim is not None and not acknowledged
        counts["killed too late"] += victim is not None and acknowledged
        with opened(settings) as db:
            scope = accounts.scope_of(db, EMAIL)
            whole = db["imports"].count_documents({"file": path.name, "state": "done"}) == 1
            counts["whole" if whole else "gone"] += 1
            counts["lost"] += acknowledged and not whole
            counts["partial"] += db["imports"].count_documents({"state": {"$ne": "done"}})
            if whole:
                keys = zip(frame["meter"], frame["time"], strict=True)
                expected.update(zip(keys, frame["kWh"], strict=True))
            _compare(scope, expected, counts)
    return counts


def _file(number: int) -> pd.DataFrame:
    times = pd.date_range("2024-05-01", periods=HOURS, freq="h", tz="UTC")
    old = [f"Old {n}" for n in range(METERS // 2)]
    new = [f"New {number}-{n}" for n in range(METERS // 2)]
    parts = [pd.DataFrame({"time": times, "meter": name, "kWh": 1.0 + number}) for name in old + new]
    return pd.concat(parts, ignore_index=True)


def _import(data: Path, path: Path, victim: str | None, wait: float | None) -> tuple[bool, float]:
    """Whether the import was acknowledged, and how long it took."""
    command = [sys.executable, "-c", IMPORT, str(data), str(path), EMAIL]
    quiet = subprocess.DEVNULL if victim else None
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=quiet, text=True) as program:
        assert program.stdout is not None
        program.stdout.readline()
        began = time.monotonic()
        if wait is not None:
            time.sleep(wait)
            # An import that is finished by now counts among the whole ones.
            with suppress(FileNotFoundError, psutil.NoSuchProcess):
                server = psutil.Process(json.loads((data / "mongod.json").read_text())["pid"])
                (server if victim == "server" else psutil.Process(program.pid)).kill()
        said = program.stdout.read()
    return "done" in said, time.monotonic() - began


def _compare(scope: Scope, expected: dict[tuple[str, pd.Timestamp], float], counts: Counter[str]) -> None:
    stored = readings.interval_data(scope)
    keys = list(zip(stored["device"], stored["date"].dt.tz_convert("UTC"), strict=True))
    counts["doubled"] += len(keys) - len(set(keys))
    counts["partial"] += dict(zip(keys, stored["consumption"], strict=True)) != expected
    counts["sums off"] += not readings.agrees(scope)


if __name__ == "__main__":
    sys.exit(main())
