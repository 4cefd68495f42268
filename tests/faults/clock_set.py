"""The clock set back and forward while an import runs: nothing is taken for dead, lost or doubled.

``python tests/faults/clock_set.py [--rounds N]``. In each round one program imports; while it does, another
starts by a clock that was set meanwhile by an hour, a day or a year, as the kernel and the C library tell it
(`unshare` and `faketime` are needed, and the right to use them). It has to find the running server, leave
the running import alone and import a file of its own. At last a database is filled, server and all, by a
clock a year ahead, and opened by the right one. The exit status is 1 if anything differs.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pandas as pd
import psutil

from services import accounts, doctor, readings
from services.settings import Settings
from services.startup import opened

EMAIL = "ada@example.com"
HOUR = 3600
STEPS = (-HOUR, HOUR, -24 * HOUR, 24 * HOUR, -365 * 24 * HOUR, 365 * 24 * HOUR)
FAULTS = ("not started", "second server", "import lost", "readings lost", "readings doubled", "sums off")
SECONDS = 120

IMPORT = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from services import accounts
from services.importing import import_file
from services.settings import Settings
from services.startup import opened

def progress(stage, done, total):
    if stage == "Storing readings" and held:
        held.pop()
        print("holds", flush=True)
        sys.stdin.readline()

held = [True] if sys.argv[4:] else []
with opened(Settings(_env_file=None, loadlens_data_dir=sys.argv[1])) as db:
    added = import_file(accounts.scope_of(db, sys.argv[3]), Path(sys.argv[2]), progress=progress).added
    server = db.client.admin.command("serverStatus")["pid"]
    print(json.dumps({"added": added, "server": server, "now": str(datetime.now(UTC))}))
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=len(STEPS), help="of the steps, one after the other")
    chosen = parser.parse_args()
    if missing := [name for name in ("unshare", "faketime") if shutil.which(name) is None]:
        print(f"Not tried: {', '.join(missing)} is not installed.")
        return 0
    counts = Counter(dict.fromkeys(("rounds", *FAULTS), 0))
    with tempfile.TemporaryDirectory() as folder:
        for number in range(chosen.rounds):
            _round(Path(folder), number, STEPS[number % len(STEPS)], counts)
    with tempfile.TemporaryDirectory() as folder:
        _filled_by_a_clock_ahead(Path(folder), counts)
    print(", ".join(f"{count} {what}" for what, count in counts.items()))
    return 1 if any(counts[what] for what in FAULTS) else 0


def _round(folder: Path, number: int, step: int, counts: Counter[str]) -> None:
    _account(folder)
    first = _start(folder, _meter(folder, f"first {number}", 3000), [], "hold")
    assert first.stdout is not None
    first.stdout.readline()
    second = _start(folder, _meter(folder, f"second {number}", 100), _by_a_clock(folder, step))
    told_second, complaint = second.communicate(timeout=SECONDS)
    told_first, _ = first.communicate("\n", timeout=SECONDS)
    counts["rounds"] += 1
    if second.returncode:
        counts["not started"] += 1
        print(complaint, file=sys.stderr)
        return
    here, there = json.loads(told_first.splitlines()[-1]), json.loads(told_second)
    counts["second server"] += here["server"] != there["server"]
    counts["import lost"] += (here["added"], there["added"]) != (3000, 100)
    _count(folder, 3100 * (number + 1), counts)
    print(f"clock set by {step:+,} s: {there['now'][:19]} there, {here['now'][:19]} here", flush=True)


def _filled_by_a_clock_ahead(folder: Path, counts: Counter[str]) -> None:
    _account(folder, _by_a_clock(folder, STEPS[-1]))
    ahead = _start(folder, _meter(folder, "ahead", 1000), _by_a_clock(folder, STEPS[-1]))
    counts["not started"] += bool(ahead.wait(SECONDS))
    again = _start(folder, _meter(folder, "now", 1000), [])
    counts["not started"] += bool(again.wait(SECONDS))
    _count(folder, 2000, counts)
    with opened(_settings(folder)) as db:
        print(next(c.detail for c in doctor.examine(db, _settings(folder)) if c.name == "clock"))


def _count(folder: Path, expected: int, counts: Counter[str]) -> None:
    with opened(_settings(folder)) as db:
        there = db["consumption_data"].count_documents({})
        counts["readings lost"] += max(0, expected - there)
        counts["readings doubled"] += max(0, there - expected)
        counts["sums off"] += not readings.is_consistent(accounts.scope_of(db, EMAIL))


def _account(folder: Path, clock: list[str] | None = None) -> None:
    """By that clock, unless there is one."""
    code = (
        "import sys; from services import accounts; from services.settings import Settings\n"
        "from services.startup import opened\n"
        "with opened(Settings(_env_file=None, loadlens_data_dir=sys.argv[1])) as db:\n"
        "    if not accounts.everyone(db):\n"
        "        accounts.register(db, 'Ada', 'Wong', sys.argv[2], 'correct horse battery')\n"
    )
    program = [sys.executable, "-c", code, str(folder / "data"), EMAIL]
    subprocess.run([*(clock or []), *program], check=True, timeout=SECONDS)


def _start(folder: Path, meter: Path, clock: list[str], *more: str) -> "subprocess.Popen[str]":
    program = [sys.executable, "-c", IMPORT, str(folder / "data"), str(meter), EMAIL, *more]
    pipe = subprocess.PIPE
    return subprocess.Popen([*clock, *program], stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def _by_a_clock(folder: Path, step: int) -> list[str]:
    """What a program has to be started with to find that the clock was set by so many seconds."""
    told = Path("/proc/stat").read_text()
    booted = int(psutil.boot_time())
    stat = folder / f"stat {time.monotonic_ns()}"
    stat.write_text(told.replace(f"btime {booted}", f"btime {booted + step}"))
    mount = 'mount --bind "$1" /proc/stat; shift; exec "$@"'
    faked = ["faketime", "-f", f"{step:+}s"]
    return ["unshare", "--mount", "sh", "-ec", mount, "sh", str(stat), *faked]


def _meter(folder: Path, name: str, hours: int) -> Path:
    path = folder / f"{name}.csv"
    date = pd.date_range("2023-01-01", periods=hours, freq="h")
    pd.DataFrame({"date": date, "device": name, "kWh": 1.25}).to_csv(path, index=False)
    return path


def _settings(folder: Path) -> Settings:
    return Settings(_env_file=None, loadlens_data_dir=folder / "data")


if __name__ == "__main__":
    sys.exit(main())
