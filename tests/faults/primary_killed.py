"""The primary of a real replica set killed at random moments of imports, by power cut or politely.

``python tests/faults/primary_killed.py [--imports N] [--seed S]``. Three ``mongod`` on loopback ask for a
password; writes are confirmed by a majority. Every file brings new meters and corrects known ones. An import
goes on with the next primary, or ends with a sentence and is taken back; then the member comes back, the
database is opened as at any start, and compared reading by reading. The exit status is 1 if any is lost or
there twice, a failure says nothing, or an import is half there.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import kill_imports
from ground import EMAIL, PASSWORD, PATIENCE_S, Tally, verdict

from services import accounts
from services.database import missing_indexes
from services.settings import Settings
from services.startup import opened

sys.path.insert(0, str(Path(__file__).parents[1]))

from replica_set import ReplicaSet, replica_set

FAULTS = ("lost", "doubled", "partial", "sums off", "unindexed", "half done", "without a sentence")
HOURS = 1500

IMPORT = """
import sys
from pathlib import Path
from services import accounts
from services.database.errors import disconnects_named
from services.errors import LoadlensError
from services.importing import import_file
from services.settings import Settings
from services.startup import opened

try:
    with disconnects_named(), opened(Settings(_env_file=None, loadlens_data_dir=sys.argv[1])) as db:
        print("begins", flush=True)
        import_file(accounts.scope_of(db, sys.argv[3]), Path(sys.argv[2]))
        print("done", flush=True)
except LoadlensError as error:
    print("refused:", error, flush=True)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--imports", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "set").mkdir()
        with replica_set(folder / "set") as replicas:
            return verdict([imports(folder, replicas, chosen.imports, random.Random(chosen.seed))])


def imports(folder: Path, replicas: ReplicaSet, times: int, chance: random.Random) -> Tally:
    tally = Tally("Primary killed during an import", FAULTS)
    settings = Settings(_env_file=None, loadlens_data_dir=folder / "data", mongodb_uri=replicas.uri)
    with opened(settings) as db:
        accounts.register(db, "Ada", "Wong", EMAIL, PASSWORD)
    expected: kill_imports.Expected = {}
    # The first is let through: it tells how long one takes, and is there to be corrected.
    seconds = _trial(settings, replicas, 0, None, 0.0, expected, tally)
    for number in range(1, times + 1):
        how = (signal.SIGKILL, signal.SIGTERM)[number % 4 == 0]
        _trial(settings, replicas, number, how, chance.uniform(0.0, seconds), expected, tally)
        tally.show() if number % 5 == 0 else None
    return tally.done()


def _trial(
    settings: Settings,
    replicas: ReplicaSet,
    number: int,
    how: signal.Signals | None,
    wait: float,
    expected: kill_imports.Expected,
    tally: Tally,
) -> float:
    """One import, and what is there afterwards; how many seconds it took."""
    frame = kill_imports.export(number, HOURS)
    path = settings.data_dir.with_name(f"export {number}.csv")
    frame.to_csv(path, index=False)
    said, seconds = _import(settings, replicas, path, how, wait, tally)
    acknowledged = "done" in said.splitlines()
    tally.add("acknowledged", acknowledged)
    tally.add("refused in a sentence", "refused:" in said)
    tally.add("without a sentence", not acknowledged and "refused:" not in said)
    with opened(settings) as db:
        scope = accounts.scope_of(db, EMAIL)
        whole = db["imports"].count_documents({"file": path.name, "state": "done"}) == 1
        tally.add("whole" if whole else "taken back")
        tally.add("lost", acknowledged and not whole)
        tally.add("half done", db["imports"].count_documents({"state": {"$nin": ["done", "undone"]}}))
        tally.add("unindexed", len(missing_indexes(db)))
        if whole:
            keys = zip(frame["meter"], frame["time"], strict=True)
            expected.update(zip(keys, frame["kWh"], strict=True))
        found: Counter[str] = Counter()
        kill_imports.compare(scope, expected, found)
        for name, count in found.items():
            tally.add(name, count)
    return seconds


def _import(
    settings: Settings,
    replicas: ReplicaSet,
    path: Path,
    how: signal.Signals | None,
    wait: float,
    tally: Tally,
) -> tuple[str, float]:
    """What the program said, and how long it took; a member that was ended is there again."""
    environment = {**os.environ, "MONGODB_URI": replicas.uri}
    with subprocess.Popen(
        [sys.executable, "-c", IMPORT, str(settings.data_dir), str(path), EMAIL],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        program.stdout.readline()
        begun, ended = time.monotonic(), None
        if how is not None:
            time.sleep(wait)
            tally.add("killed too late" if program.poll() is not None else "killed")
            ended = replicas.primary().port
            replicas.kill(ended, how)
        said, _ = program.communicate(timeout=PATIENCE_S)
        seconds = time.monotonic() - begun
    if ended is not None:
        replicas.start(ended)
        replicas.primary()
    return said, seconds


if __name__ == "__main__":
    sys.exit(main())
