"""What every trial stands on: a data folder with an account and readings, a victim, and a table of counts."""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

import numpy as np
import pandas as pd
import psutil
from pymongo.database import Database

from services import accounts, readings
from services.database import missing_indexes
from services.importing import import_file
from services.scope import Document, Scope
from services.settings import Settings
from services.startup import opened

EMAIL, PASSWORD = "ada@example.com", "correct horse battery"
VICTIM = Path(__file__).with_name("victim.py")
PATIENCE_S = 300
GOES_ON_S = 8
PROGRAM, SERVER = "program", "mongod"


@dataclass
class Tally:
    """Counts of one kind of trial; those named in ``faults`` must stay 0."""

    title: str
    faults: tuple[str, ...]
    counts: Counter[str] = field(default_factory=Counter)
    begun: float = field(default_factory=time.monotonic)
    seconds: float = 0.0

    def add(self, what: str, count: int | bool = 1) -> None:
        self.counts[what] += int(count)

    def done(self) -> "Tally":
        """Itself; from now on it counts no seconds."""
        self.seconds = time.monotonic() - self.begun
        return self

    @property
    def failed(self) -> bool:
        return any(self.counts[name] for name in self.faults)

    def show(self) -> None:
        outcomes = [f"{count} {name}" for name, count in self.counts.items() if name not in self.faults]
        wrong = [f"{self.counts[name]} {name}" for name in self.faults]
        seconds = self.seconds or time.monotonic() - self.begun
        print(f"{self.title} ({seconds:.0f} s): {', '.join(outcomes)} | {', '.join(wrong)}", flush=True)


def verdict(tallies: Sequence[Tally]) -> int:
    """All that was counted, and the exit status: 1 if there was any fault."""
    print()
    for tally in tallies:
        tally.show()
    return 1 if any(tally.failed for tally in tallies) else 0


def settings_in(folder: Path) -> Settings:
    return Settings(_env_file=None, loadlens_data_dir=folder / "data")


def facility(settings: Settings, meters: int, days: int) -> None:
    """An account with hourly readings of so many meters."""
    with opened(settings) as db:
        accounts.register(db, "Ada", "Wong", EMAIL, PASSWORD)
        bring_in(accounts.scope_of(db, EMAIL), settings.data_dir.parent, hourly("Meter", meters, days))


def hourly(name: str, meters: int, days: int, first: str = "2024-01-01", seed: int = 0) -> pd.DataFrame:
    """Hourly readings with days and weeks, and a spike every now and then."""
    hours = pd.date_range(first, periods=24 * days, freq="h")
    day = 1.0 + 2.0 * ((hours.hour > 7) & (hours.hour < 19) & (hours.day_of_week < 5))
    # Meters of other names have other readings, or their import would ask whether they are the same.
    chance, parts = np.random.default_rng([seed, crc32(name.encode())]), []
    for number in range(1, meters + 1):
        kwh = number * day * chance.lognormal(0, 0.1, len(hours))
        kwh[chance.integers(len(hours) // 2, len(hours), 2)] *= 6
        parts.append(pd.DataFrame({"date": hours, "device": f"{name} {number}", "kWh": kwh.round(3)}))
    return pd.concat(parts, ignore_index=True)


def bring_in(scope: Scope, folder: Path, frame: pd.DataFrame) -> None:
    path = folder / "readings.csv"
    frame.to_csv(path, index=False)
    # What a correction changes is more than a person would correct.
    import_file(scope, path, on_conflict="replace")


@dataclass(frozen=True)
class Heard:
    """What a victim said before it died; ``pending`` what it had begun and not acknowledged."""

    acknowledged: list[Document]
    pending: Document
    killed: bool


def run_victim(settings: Settings, work: str, killed: str, wait: float, seed: int) -> Heard:
    """Let a program work until it is killed ``wait`` seconds after its first word, or its server first."""
    command = [sys.executable, str(VICTIM), str(settings.data_dir), work, str(seed)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace"
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        first = program.stdout.readline()
        assert first, program.stderr.read()
        time.sleep(wait)
        hit = program.poll() is None
        # A victim that is done by now was killed too late.
        if killed == SERVER:
            with suppress(FileNotFoundError, psutil.NoSuchProcess):
                psutil.Process(server_pid(settings)).kill()
                # The program starts it again and goes on, for a while.
                time.sleep(GOES_ON_S)
        program.kill()
        said, _complaints = program.communicate(timeout=PATIENCE_S)
    return _heard([first, *said.splitlines()], hit)


def _heard(lines: Iterable[str], killed: bool) -> Heard:
    acknowledged: list[Document] = []
    pending: Document = {}
    for line in lines:
        with suppress(ValueError):  # the last line may be cut short
            said = json.loads(line)
            if "will" in said:
                pending = said["will"]
            elif "done" in said:
                acknowledged.append({**pending, **said["done"]})
                pending = {}
    return Heard(acknowledged, pending, killed)


def server_pid(settings: Settings) -> int:
    pid: int = json.loads((settings.data_dir / "mongod.json").read_text())["pid"]
    return pid


def check_database(db: Database[Document], scope: Scope, tally: Tally) -> None:
    """What must be so after every death: all indexes, whole collections, packed readings that agree."""
    tally.add("without index", len(missing_indexes(db)))
    tally.add("sums off", not readings.is_consistent(scope))
    for name in ("consumption_data", "load_blocks", "devices", "predictions", "alerts"):
        tally.add("damaged", not db.command("validate", name)["valid"])
    once = {"_id": {"user": "$userId", "device": "$deviceId", "date": "$date"}, "count": {"$sum": 1}}
    again = [{"$group": once}, {"$match": {"count": {"$gt": 1}}}, {"$count": "readings"}]
    tally.add("doubled", next(iter(db["consumption_data"].aggregate(again)), {"readings": 0})["readings"])
    tally.add("half done", db["imports"].count_documents({"state": {"$nin": ["done", "undone"]}}))


CHECKED = ("without index", "sums off", "damaged", "doubled", "half done")
